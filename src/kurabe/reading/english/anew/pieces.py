"""An English sentence in pieces, each with what joins it to the one before."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kurabe.reading.english.tokens import side_of, tokens
from kurabe.reading.patterns import later


class Piece(NamedTuple):
    """A part of a sentence.

    Attributes:
        text: Its words.
        join: What stands before it: "" at the beginning, "," for a mark that only separates, or a word.
    """

    text: str
    join: str = ""


CONTRASTS = frozenset(
    ("but", "yet", "however", "although", "though", "even though", "even if", "despite", "albeit")
)
"""What announces that the piece goes against what stands round it."""

_TURNS = r"but|yet|however|although|even though|even if|though|despite|albeit"
_LEVELS = (
    later(rf"\s*(?:;|:(?= )| [–—-] |[–—]|\(|\)|, (?={_TURNS}\b| so\b)| (?=(?:{_TURNS}) ))\s*"),
    later(r"\s*,\s*(?:and |or |nor )?|(?<=\w) (?=(?:because|since|so|which|while) )"),
    later(r"\s+(?:and|or|nor|as well as)\s+"),
)
DEEPEST = len(_LEVELS)
_JOIN = later(
    rf"(?:and )?(?P<join>{_TURNS}|because|since|so that|so|therefore|thus|hence|while|whereas|whilst"
    r"|which is why)\b,?\s*"
)


def pieces(text: str, level: int) -> Iterator[Piece]:
    """Cut a text where a level cuts: at its strong marks and turns, at commas, at "and"."""
    for part in _LEVELS[level].split(text):
        part = re.sub(r"^(?:and|or|nor) | and$", "", part.strip(" ,.!;:"))
        if not part:
            continue
        join = _JOIN.match(part)
        if join is None:
            yield Piece(part, ",")
        elif part[join.end() :].strip():
            yield Piece(part[join.end() :].strip(), join["join"])


_ADVERB = r"(?:therefore|thus|hence|now|then|also|only|\w+ly|clearly) "
_LEAD = later(
    r"(?:so|hence|therefore|thus|then|and|overall|altogether|consequently|accordingly|now|well|okay|ok"
    r"|also|again"
    r"|in (?:short|summary|conclusion|sum|total|other words|brief|the end|fact)|to (?:sum up|conclude"
    r"|summari[sz]e)"
    r"|all in all|all told|on balance|as a result|for (?:that|this|these) reasons?|because of (?:this|that)"
    r"|given (?:all )?(?:this|that)|indeed|clearly|evidently|obviously|finally|thankfully|happily|here"
    r"|as expected"
    r"|(?:from|judging by|going by) (?:what|everything|all) (?:that )?(?:i|one|we) (?:can )?(?:see"
    r"|tell|have seen)"
    r"|as far as (?:i|one|the eye|we|you) can (?:see|tell|judge|make out)|to me|to my eyes?|for me"
    r"|in my (?:view|opinion|judge?ment|eyes|estimation)|without (?:a|any) doubt|no doubt"
    r"|beyond (?:any )?doubt"
    r"|point (?:by|for) point|(?:detail|feature|element|part|item|line) (?:by|for) (?:detail|feature"
    r"|element|part|item|line)"
    r"|(?:the |my |overall |final |short |visual |inspection )*(?:summary|conclusion|decision|verdict"
    r"|result|answer"
    r"|finding|assessment|judge?ment|reasoning|explanation|note|comment|disposition|outcome"
    r"|observation|status)s? ?:"
    r")(?: then)?(?: ?,)? (?=\w)"
    r"|(?:that|this|it|which|all (?:of )?this|all (?:of )?that) (?:\w+ly |just |then )?(?:means|shows"
    r"|tells me|confirms"
    r"|implies|suggests|indicates|leads me to (?:say|conclude))(?: to me)?(?: that)? "
    r"|(?:and )?(?:that|this|which) is (?:why|the reason why|the reason)(?: that)? "
    r"|it (?:is|would be|is therefore|seems) (?:only )?(?:fair|safe|reasonable|clear|obvious|evident"
    r"|plain|apparent)"
    r"(?: to (?:say|conclude|state))?(?: that)? "
    rf"|(?:i|we) (?:{_ADVERB})?(?:(?:would|will|can|must|have to|am going to) )?(?:{_ADVERB})?(?:say"
    r"|answer(?: that)?|conclude|state"
    r"|confirm|find|found|judge|report|maintain|see|take it|believe|reckon|am (?:satisfied|confident"
    r"|sure|certain|convinced))"
    r"(?: here| now)?(?: that)? (?!so\b|what|how)"
    rf"|(?:i|we) (?:{_ADVERB})?(?:(?:would|will|can|must|have to|am going to"
    rf"|am) )?(?:{_ADVERB})?(?:arrive at|go with|going with|settle on|end up with"
    r"|come to|am left with|left with|opt for|decide for|decide on|stay with|stick with) (?:the "
    r"|a )?(?:(?:answer|conclusion|verdict|result) )?(?:that )?"
    r"|(?:it )?looks to me (?:like|as if|as though) |the (?:\w+ )?(?:answer|conclusion|verdict|result"
    r"|upshot|outcome)"
    r" (?:to your question |here )?is(?: that)? (?!not\b|un)"
)


def without_lead(text: str) -> str:
    """Return a piece without what only leads to its statement: "so", "I'd say that", "in my view"."""
    for _ in range(5):
        lead = _LEAD.match(text)
        if lead is None:
            break
        text = text[lead.end() :].lstrip(" ,:")
    return text.strip()


def one_side(text: str) -> int:
    """Return the picture that a text speaks of alone; 0 if of none or both."""
    sides = {side_of(word) for word in tokens(text) if word.code == "I"}
    return next(iter(sides)) if len(sides) == 1 else 0
