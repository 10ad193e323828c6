"""Whether what stands before a marked conclusion leaves it standing.

Not every word before "so no" has to be understood, for it sums up what was weighed. But what states a
difference must be taken back before it, as what was only light, was found in both, or was thought at first;
and what states sameness before "so yes" must be turned by a "but".
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from kurabe.common.vocabulary import Verdict
from kurabe.reading.clauses import Act, Clause
from kurabe.reading.english.anew.conclusions import same
from kurabe.reading.english.anew.differing import different, leaves_standing, supposed
from kurabe.reading.english.anew.final import Concluded, final_of, of_a_part, plainly
from kurabe.reading.english.anew.harmless import Told, judged_harmless
from kurabe.reading.english.anew.pieces import one_side
from kurabe.reading.english.anew.remarks import IMPRESSION
from kurabe.reading.english.attitude import doubts, is_polite, refuses
from kurabe.reading.english.dismissals import DOES_NOT_COUNT
from kurabe.reading.english.frames import comments, judged, taken_back
from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_LIGHT = (
    r"\b(?:light\w*|lamps?|flash|sun\w*|illuminat\w*|brightness|exposure|contrast|noise|grain|blur\w*|focus"
    r"|shadows?"
    r"|shade|reflect\w*|glare|highlights?|perspective|camera|lens|angle|viewpoint|viewing|shift\w*"
    r"|white balance"
    r"|optical|zoom\w*|glow|mirrors|picture as a whole|whole (?:picture|frame|image)|background"
    r"|surroundings)\b"
)
_IN_BOTH = (
    r"\b(?:both|either|each|neither|twice|also|too|as well|again|recurs?|likewise|same|already|beforehand"
    r"|before"
    r"|everywhere|identical\w*|unchanged|no more than|as (?:\w+ )?as (?:before|ever|in)|equally|alike"
    r"|so does|so is"
    r"|so has|repeated|common to|shared|in turn|as (?:does|do|is|are|has|have) (?:the|its)|match\w*"
    r"|corresponds?|agrees?|from the start)\b"
)
_UNREAL = (
    r"\b(?:if|were|would|might|could|thought|seem\w*|looks? (?:as|like|raised|longer|larger|bigger|smaller)"
    r"|as though"
    r"|wanted|at first|first (?:thought|impression|look|took|sight)|glance|initially|suspected|took"
    r"|taken for|tempted|expect\w*|look(?:ed)? for|searched|someone"
    r"|whether|in case|nearly|almost|appear\w*)\b"
)
_DENIES = (
    r"(?:\b(?:not|no|none|nothing|never|nor|without|cannot|neither|nobody|only|just|merely|simply|turns out"
    r"|however"
    r"|but|yet|actually|in fact|after all|closer|magnif\w*|still|normal|usual|permitted|tolerances?|ignor\w*"
    r"|disregard\w*|set aside|count\w*|discount\w*|attribut\w*|harmless|irrelevant|dirt on the lens|due to"
    r"|down to)\b)"
)
_TAKES_BACK = later("|".join((_LIGHT, _IN_BOTH, _UNREAL, _DENIES)))
_LIT = later(_LIGHT)
_NOUN = later(
    r"\b(?!(?:picture|image|photo|photograph|second|first|shows|have|been|with|that|this|from"
    r"|both)s?\b)[a-z]{4,}\b"
)
_GOES_BACK = later(
    r"\b(?:it|its|this|that|these|those|they|them|there|which|such|all|both|everything|neither|nothing|none"
    r"|so)\b"
)
"""What a sentence goes back to an earlier one by, where it does not name the same thing."""
_SAYS_ITSELF = later("|".join((_LIGHT, _IN_BOTH, _UNREAL)))
_SEEMED_OR_LIGHT = later("|".join((_LIGHT, _UNREAL)))
_OF_ALL = later(r"\b(?:not|n't|no longer|never) (?:\w+ )?(?:the same|identical|alike|match|equal)\b|\bdiffer")
_TURNS = later(
    r"\b(?:but|however|yet|though|although|except|only|actually|wait|closer|apart from|while|whereas|then"
    r"|when|until"
    r"|nevertheless|nonetheless|still|on the other hand|that said|even so|not the|instead)\b"
)
_SEEMED = later(
    r"\b(?:seem\w*|appear\w*|at first|initially|glance|sight|thought|wanted|expected|tempted|might|may|would"
    r"|if|most"
    r"|almost|nearly|someone|somebody|people|one could|parts?|rest|otherwise|first listed)\b"
)
_LISTENS = later(
    r"\b(?:says?|said|claims?|claimed|asks?|asked|told|reports?|reported|states?|stated|suggests?|suggested"
    r"|insists?"
    r"|argues?|believes?|rumou?r\w*|would have been|allegedly|notion|idea|myth|assum\w*)\b"
)
_UNSAID = later(
    r"\b(?:hardly|scarcely|barely|far from|anything but|allegedly|false|untrue|incorrect|nonsense|myth"
    r"|opposite"
    r"|rest|else|other|others|otherwise|remaining|remainder|further|more|apart from|except|unless|if"
    r"|provided|assuming|suppose\w*|supposing|almost|nearly|might|may|maybe|perhaps)\b"
)

_UNSAID_ANSWER = later(
    r"\b(?:hardly|scarcely|barely|far from|anything but|allegedly|unless|if|provided|assuming|suppose\w*"
    r"|almost|nearly"
    r"|might|may|maybe|perhaps|not)\b"
)
_ANSWER_HEADING = later(
    r"\W*(?:(?:the|my|final|short|overall) )*(?:answer|conclusion|verdict|result|decision|judge?ment|reply"
    r"|response)\W*"
)
_AS_IT_WAS = later(r"\b(?:is|are) as (?:it|they) (?:was|were)\b|\bis not affected\b")
_STRONG = later(
    r"\b(?:missing|absent|gone|broken|bent|torn|crack\w*|scratch\w*|dent\w*|damag\w*|lost|snapped|chip(?:s"
    r"|ped)?|deform\w*"
    r"|defect\w*|differ\w*|added|removed|replaced|loose|detached|wrong|extra|corro\w*|rust\w*|burnt?|burned"
    r"|stain\w*"
    r"|smudg\w*|peel\w*|fray\w*|lacks?|swapped|fallen|fell|shattered|split|warped|melted|dirty|contaminat\w*"
    r"|misaligned"
    r"|crooked|crushed|pierced|punctured|worn|changed|no longer|has been|have been|has (?:\w+ed|come|slipped"
    r"|moved))\b"
)
"""What a good part has not, whatever it is; a cut, a lean or a spot may only describe it."""
_DENIED = later(r"\b(?:no|none|nothing|neither|never) [^,;]*|\b(?:is|are|was|were|has|have) not [^,;]*")
_NO_THREAT = later(r"(?:so |but |now )?(?:i|we) (?:have )?changed my mind")
_ASIDE = later(r", [^,]{3,60}, ")
_LOOKED_FOR = later(
    r"(?:i|we)(?: have)?(?: also| carefully| then)? (?:checked|looked|examined|verified|tested|searched"
    r"|inspected|asked"
    r" myself|wondered|watched|compared)(?: both(?: \w+)?| them| the two(?: \w+)?)?(?: to see)? (?:whether"
    r"|if|for"
    r"|out for)\b(?P<what>.+)"
)
_GENERAL = later(r"\b(?:alter\w*|chang\w*|differ\w*|deviat\w*)\b")
_NONE_SUCH = later(
    r"(?:(?:and|but|so) )?(?:(?:that|this|it) (?:is|was|does|did|has) not(?: the case| so| happen(?:ed)?)?"
    r"|(?:they|it"
    r"|none|nothing) (?:has|have|is|are|did|does|do) not(?: been| changed| altered)?|(?:i|we) (?:found|saw"
    r"|see|find|noticed"
    r"|could find|can see) (?:none|nothing)(?: of (?:the (?:sort|kind)|that|them|these))?(?: (?:in"
    r"|on) (?:either|both|any)"
    r"(?: \w+)?)?|(?:none|nothing)(?: of (?:the (?:sort|kind)|that|them|these))? (?:was|were|is|are|can be"
    r"|could be|came up"
    r"|turned up|has been)(?: found| seen| there| present| visible| the case)?(?: (?:in|on) (?:either|both"
    r"|any)(?: \w+)?)?"
    r"|(?:there (?:is|are|was|were) )?no such \w+(?: (?:came up|turned up|(?:was|were|is|are"
    r"|can be) (?:found|seen"
    r"|visible|there|present)|showed up))?(?: [\w ]+)?|there (?:is|are|was|were) none(?: \w+){0,3})"
)

Sentence = Callable[[str], list[Clause]]
_MOST = 60
_LONGEST = 500


def _shown(parts: Sequence[str]) -> list[str]:
    """Return the sentences of an answer up to its conclusion, without the courtesies behind it."""
    kept = [plain for plain in map(plainly, parts) if any(map(str.isalnum, plain))]
    while len(kept) > 1 and is_polite(kept[-1].strip(" .!")) and final_of(kept[-1]) is None:
        kept.pop()
    return kept


def concludes(text: str) -> bool:
    """Say whether a sentence may be a conclusion."""
    return final_of(plainly(text)) is not None


def conclusion(parts: Sequence[str]) -> tuple[Clause, list[str]] | None:
    """Return what an answer concludes in its last sentence, and all that stands before; None if it does not.

    Behind a conclusion, one or two sentences may follow that only describe.
    """
    if not parts or len(parts) > _MOST or any(len(part) > _LONGEST for part in parts):
        return None
    shown = _shown(parts)
    for place in range(len(shown) - 1, max(len(shown) - 4, -1), -1):
        found = _concludes(shown[place], shown[:place])
        if found is not None:
            return found if place == len(shown) - 1 or found[0].act in ("different", "yes") else None
        if not _describes(shown[place]):
            return None
    return None


@lru_cache(maxsize=4096)
def _describes(text: str) -> bool:
    """Say whether a sentence behind a conclusion only describes, and can take nothing back."""
    bare = text.strip(" .!")
    return judged_harmless(bare, Told()) in ("neutral", "alike", "fine") and leaves_standing(
        _AS_IT_WAS.sub("", bare)
    )


def _concludes(last: str, shown: list[str]) -> tuple[Clause, list[str]] | None:
    """Return what a sentence concludes, with all that stands before its conclusion."""
    found = final_of(last)
    if found is None:
        found = Concluded("same", last) if shown and none_such(shown[-1], last) else None
    if found is None:
        return None
    answers = found.said in ("yes", "no")
    tail = found.tail.strip(" .!")
    if (_UNSAID_ANSWER if answers else _UNSAID).search(tail) or (not answers and taken_back(tail)):
        return None
    if judged(tokens(tail)) or supposed(last):
        return None
    before = shown + ([found.more] if found.more else [])
    if answers and len(last.strip(" .!").split()) == 1 and before and not _may_be_summed_up(before[-1]):
        return None
    return Clause(found.said, tail, named=found.said == "different", first=True, answer=answers), before


def opening(parts: Sequence[str], usual: Sentence) -> Clause | None:
    """Return the statement of sameness that an answer opens with, if nothing behind it speaks against it.

    What follows explains; a difference in it must be taken back in its own sentence.
    """
    short = 1 < len(parts) <= _MOST and all(len(part) <= _LONGEST for part in parts)
    shown = _shown(parts) if short else []
    for place, part in enumerate(shown[:3]):
        found = _concludes(part, [])
        if found is None:
            continue
        clause, head = found
        bare = clause.act == "no" and len(part.strip(" .!").split()) < 3
        if clause.act not in ("no", "same") or bare:
            return None
        rest = shown[:place] + head + shown[place + 1 :]
        if any(_GOES_AGAINST.match(one) or one.endswith("?") or supposed(one) for one in rest):
            return None
        if any(
            taken_back(one) or judged(tokens(one)) or comments(one) or _COMMENT.match(one) for one in rest
        ):
            return None
        opened = _told_apart(rest) or not all(_explained(one, usual) for one in rest)
        return None if opened else clause
    return None


def _explained(part: str, usual: Sentence) -> bool:
    """Say whether a sentence behind a statement of sameness holds no difference, or takes it back."""
    acts = {clause.act for clause in usual(part)}
    if refuses(part) or doubts(part) or {"refusal", "ask_same", "ask_different", "yes", "rest"} & acts:
        return False
    if _RESTRICTS.search(part):
        return False
    if judged_harmless(part.strip(" .!"), Told()) is not None:
        return not _threatens(part, acts)
    lit = _IN_THE_LIGHT.sub(" ", part)
    return _EXPLAINED.search(lit) is not None and "different" not in acts


_EXPLAINED = later(
    "|".join(
        (
            _IN_BOTH,
            _UNREAL,
            rf"\b(?:is|are|was|were|be|by|to|from|of|only|just|merely|in) (?:\w+ ){{0,2}}{_LIGHT}",
        )
    )
)
_IN_THE_LIGHT = later(r"\b(?:in|under|by|with) the same \w+")
_RESTRICTS = later(
    r"\b(?:though|but|however|except\w*|exceptions?|only|apart|besides|aside|yet)\b"
    r"|\b(?:do|does|is|are|has|have|did|was|were) not\b"
)
_GOES_AGAINST = later(
    r"(?:but|however|yet|still|wait|actually|though|although|only|except|apart|unless|until"
    r"|on the other hand|that said"
    r"|then again|oh|hmm|no|not|never|unfortunately)\b"
)
_COMMENT = later(
    r"(?:this|that|it|which) (?:is|was|would be) (?!in|on|at|found|there|seen|the same|due|only|just)\b"
)


def none_such(before: str, text: str) -> bool:
    """Say whether a sentence denies what the one before it looked for: changes, or three kinds of fault."""
    looked = _LOOKED_FOR.fullmatch(before.strip(" .!"))
    if looked is None or _NONE_SUCH.fullmatch(text.strip(" .!")) is None:
        return False
    listed = looked["what"].count(",") + len(re.findall(r"\b(?:and|or)\b", looked["what"]))
    return _GENERAL.search(looked["what"]) is not None or listed > 1


def _may_be_summed_up(text: str) -> bool:
    """Say whether a bare "no" behind a sentence can be the answer, and not a retort to that sentence."""
    if _ANSWER_HEADING.fullmatch(text):
        return True
    return not (
        text.endswith(("?", ":"))
        or _LISTENS.search(text)
        or IMPRESSION.fullmatch(text.strip(" .!"))
        or supposed(text)
        or comments(text)
    )


def stands(verdict: Verdict, before: Sequence[str], usual: Sentence) -> bool:
    """Say whether what stands before a conclusion leaves it standing."""
    acts = [{clause.act for clause in usual(part)} for part in before]
    if any("refusal" in one or "ask_same" in one or "ask_different" in one for one in acts):
        return False
    if any(refuses(part) or doubts(part) for part in before):
        return False
    if verdict == "same":
        return not _told_apart(before) and all(
            not _threatens(part, one) or _taken_back(part, before[place + 1 : place + 4])
            for place, (part, one) in enumerate(zip(before, acts, strict=True))
        )
    told = [part for part in before if not part.endswith(":")]
    if told and (all(map(_of_light, told)) or _of_light(told[-1]) or DOES_NOT_COUNT.match(told[-1])):
        return False
    stated = [
        bool({"different", "defect"} & one) or different(part.strip(" .!"))
        for part, one in zip(before, acts, strict=True)
    ]
    alike = any({"same", "alike", "fine"} & one for one in acts)
    if alike and not any(stated) and all(one <= _LIKE for one in acts):
        return False
    return all(
        not ({"same", "no"} & one or same(part.strip(" .!")))
        or stated[place]
        or _SEEMED.search(part)
        or any(stated[place + 1 :])
        or (any(stated) and of_a_part(_ASIDE.sub(" ", part)))
        or _TURNS.search(" ".join(before[place:]))
        for place, (part, one) in enumerate(zip(before, acts, strict=True))
    )


_LIKE: frozenset[Act] = frozenset(("same", "alike", "fine", "neutral", "both"))


def _threatens(part: str, acts: set[Act]) -> bool:
    """Say whether a sentence may hold a difference, which a conclusion of sameness must not pass over."""
    bare = part.strip(" .!")
    if _NO_THREAT.fullmatch(bare):
        return False
    if {"different", "yes"} & acts or different(bare):
        return True
    if {"defect", "hint", "heading"} & acts and (
        _STRONG.search(_DENIED.sub(" ", bare)) or one_side(bare) == 2
    ):
        return True
    alone = one_side(bare) == 2 and bool({"open", "side", "rest", "turn"} & acts)
    return alone and judged_harmless(bare, Told()) is None


def _told_apart(parts: Sequence[str]) -> bool:
    """Say whether something is told of the second picture alone, with nothing of the first, or of light."""
    told = Told()
    for part in parts:
        judged_harmless(part.strip(" .!"), told)
    return told.apart() and not any(map(_SAYS_ITSELF.search, parts))


def _taken_back(part: str, after: Sequence[str]) -> bool:
    """Say whether a difference is taken back where it is stated, or behind that."""
    itself = _SEEMED_OR_LIGHT if _OF_ALL.search(part) or re.match(r"(?:yes|no)\b", part) else _SAYS_ITSELF
    if itself.search(part):
        return True
    named = set(_NOUN.findall(part))
    return any(
        _LIT.search(one)
        or (_TAKES_BACK.search(one) and (_GOES_BACK.search(one) or named & set(_NOUN.findall(one))))
        for one in after
    )


def _of_light(part: str) -> bool:
    return judged_harmless(part.strip(" .!"), Told()) == "light"
