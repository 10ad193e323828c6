"""A third reading of an English answer, in open words.

It looks for what decides: an answer that is given in so many words (`answers`), a statement about a statement
(`meta`), a statement that nothing, or something, has been done to a thing (`states`), and two short
descriptions set side by side (`pairs`). All that decides must agree, and the rest is weighed (`weigh`): a
fault, or a thing of the second picture alone, must be found in the first, put down to light, or not be
counted, before "the same" stands.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.english.anew.final import plainly
from kurabe.reading.english.openly.answers import Vote, besides, given
from kurabe.reading.english.openly.meta import framed
from kurabe.reading.english.openly.pairs import (
    expected_in_vain,
    in_second_alone,
    listed_values,
    set_side_by_side,
    two_in_turn,
)
from kurabe.reading.english.openly.states import states_different, states_same
from kurabe.reading.english.openly.weigh import leaves_different, leaves_same, refuses
from kurabe.reading.patterns import later

_MOST = 30
_LONGEST = 400


class Openly(NamedTuple):
    """What the third reading finds, and by which sentence."""

    verdict: Verdict
    text: str


_ASKS_CHANGE = later(r".*\b(?:differ\w*|chang\w*|new|else|happened|altered|wrong|missing)\b.*\?")
_ASKS_SAME = later(r".*\b(?:same|identical|alike|match|equal|unchanged)\b.*\?")
_SHORT_NO = later(
    r"(?:i would say )?(?:no|nope|none|not (?:at all|in the [\w -]+|that i can see)|nothing"
    r"|it is not(?: either)?|they are not)\b.*"
)
_SHORT_YES = later(r"(?:yes|yep|it is|it has|they are|they do)\b.*")
_WOULD = later(r"\b(?:would|could|should|might)\b")
_TAKES_BACK = later(
    r"(?:i (?:retract|withdraw|take back|revise)|at first|my first|first impression"
    r"|although (?:most|some|many)|i was (?:half )?expecting"
    r"|i would love to|there is no defect|there is a defect|hedging aside)\b.*"
)


def read_openly(sentences: Sequence[str]) -> Openly | None:
    """Return what an English answer says in open words; None if it says nothing, or two things."""
    parts = [_plain(one) for one in sentences]
    parts = [part for part in parts if any(char.isalnum() for char in part)]
    if not parts or len(parts) > _MOST or any(len(part) > _LONGEST for part in parts) or refuses(parts):
        return None
    votes = _votes(parts)
    said = set(votes.values())
    if len(said) != 1:
        return None
    verdict = said.pop()
    first = min(votes)
    if verdict == "same":
        told, settled = _weighed(parts, votes)
        strictly = not any(given(parts[place]) for place in votes)
        stands = leaves_same(told, settled, strictly)
    else:
        stands = leaves_different(parts, set(votes), first)
    return Openly(verdict, parts[first]) if stands else None


def _plain(sentence: str) -> str:
    text = _LIST_MARK.sub("", plainly(sentence).strip(" .!*✔✓🔍🙂😊😄"))
    return _ASIDE.sub(" ", " ".join(_HAS.sub(r" has \1", text).split()))


_LIST_MARK = later(r"^(?:\(?\d{1,2}[.)] ?|\d\d:\d\d(?::\d\d)? |q: ?|a: ?)")
_ASIDE = later(r", (?:having|once|when|i believe|as far as|i think|it must be said)[^,]{0,40}, ")
_HAS = later(r"(?:\bis|'s) (been|got|taken|come|grown|begun|happened|lost|gone up|become)\b")
_CLAUSES = later(
    r"\s*(?:;|:(?= )| [–—-] |[–—]|, (?=(?:so|hence|therefore|thus|and (?:so|hence|my|i|it|they|there"
    r"|nothing|nobody|no one)|but my|as|because|since|for|with|despite|only)\b))\s*"
)
_HEDGES = later(
    r"\b(?:if|whether|unless|might|may|could|suppose\w*|thought|think|said|says?|claim\w*|told"
    r"|expect\w*|doubt\w*|not (?:true|that|say|so)|never|hardly"
    r"|untrue|wrong|false|until|before i|notion|idea|rather than|instead|not because|see (?:how"
    r"|whether)|fail|would(?! (?:say|call|answer|conclude)))\b"
)


_ONE_THING = later(
    r"(?!(?:tl;?dr|one word|in short|short answer|long answer|conclusion|result|verdict|answer"
    r"|overall|so|final \w+|my \w+|status)\b)"
    r"(?:the )?[\w-]+(?: [\w-]+)?: "
)
"""What is said of one thing or aspect: "Rim: unchanged"."""
_KEY = later(
    r"[^:]{0,12}\b(?:same|identical|different|equal|match\w*|changed|unchanged|alike|difference)s? ?: "
)


def _clauses(part: str) -> list[str]:
    """Return the clauses of a sentence that may decide; none if a word may deny or report them."""
    if _KEY.match(part) or _ONE_THING.match(part):
        return []
    found = [one for one in _CLAUSES.split(part) if one.strip()]
    return found if len(found) > 1 and not _HEDGES.search(part) else []


def _votes(parts: Sequence[str]) -> dict[int, Vote]:
    """Return which sentences decide, and what each says."""
    votes: dict[int, Vote] = {}
    values = listed_values(parts[:-1]) if len(parts) > 2 else []
    for place, part in enumerate(parts):
        if part.endswith("?") or _TAKES_BACK.fullmatch(part):
            continue
        before = parts[place - 1] if place else ""
        vote = _answered(before, part) or (None if before.endswith("?") else _vote(part))
        if vote is None and before and (told := two_in_turn(before, part)):
            vote = "different" if told == "different" else "same" if len(parts) == 2 else None
        if before and in_second_alone(before, part):
            vote = "different"
        elif before and expected_in_vain(before, part):
            vote = "same"
        if vote:
            votes[place] = vote
    if "different" in values:
        votes[values.index("different")] = "different"
    return votes


def _weighed(parts: Sequence[str], votes: dict[int, Vote]) -> tuple[list[str], set[int]]:
    """Return what is left to be weighed of each sentence, and which of them need not be."""
    told = list(parts)
    settled = set()
    values = listed_values(parts[:-1]) if len(parts) > 2 else []
    for place, part in enumerate(parts):
        if (place < len(values) and values[place] in ("alike", "light")) or (place in votes and framed(part)):
            settled.add(place)
        elif place in votes and besides(part) != part:
            told[place] = besides(part)
        elif place in votes and (clauses := _clauses(part)):
            told[place] = "; ".join(one for one in clauses if not _vote(one))
        elif place in votes:
            settled.add(place)
    return told, settled


def _answered(question: str, part: str) -> Vote | None:
    """Return what a sentence answers to the question before it."""
    if not question.endswith("?") or _WOULD.search(question):
        return None
    no, yes = _SHORT_NO.fullmatch(part), _SHORT_YES.fullmatch(part)
    if not (no or yes):
        return None
    if _ASKS_CHANGE.fullmatch(question):
        return "same" if no else "different"
    if _ASKS_SAME.fullmatch(question):
        return "different" if no else "same"
    return None


def _vote(part: str) -> Vote | None:
    """Return what a sentence decides by itself."""
    if vote := framed(part) or given(part):
        return vote
    side = set_side_by_side(part)
    if side == "different" or states_different(part):
        return "different"
    if states_same(part):
        return "same"
    votes = {vote for clause in _clauses(part) if (vote := _vote(clause))}
    return votes.pop() if len(votes) == 1 else None
