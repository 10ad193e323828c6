"""English that gives a value in one picture and another in the other: "open in the first, shut in …"."""

import re

from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

IMAGE = (
    r"(?:image|picture|photo|photograph|view|shot|one|part|item|sample|specimen|object|unit|piece|drawing)"
)
FIRST = rf"(?:the )?(?:(?:first|upper|left|top|reference)(?: {IMAGE})?|{IMAGE} [1a])"
SECOND = rf"(?:the )?(?:(?:second|lower|right|bottom|test|other)(?: {IMAGE})?|{IMAGE} [2b])"
END = r"(?=[ .!]*$)"
_NUMBER = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBER.split("|")[1:], 1)}
_NO_THING = frozenset("DKSdeJERnowzuM%*^~=|FGC")


def plain_thing(text: str) -> bool:
    """Say whether words only name a thing, and the picture that it is in."""
    return not {word.code for word in tokens(text)} & _NO_THING


def _other_value(match: re.Match[str]) -> str:
    """Write "differs" where the value in the one picture is not that in the other."""
    values = [match["one"].strip(), match["other"].strip()]
    known = [" ".join(_DIGITS.get(part, part) for part in value.split()) for value in values]
    codes = {word.code for word in tokens(" ; ".join(values))}
    if known[0] == known[1] or codes & set("DKSdeJERnowzuM%*^~=|raypBVbhv"):
        return match[0]
    return "there is one difference in a detail" if plain_thing(match["what"]) else match[0]


def _counted(match: re.Match[str]) -> str:
    values = [_DIGITS.get(match[one], match[one]) for one in ("one", "other")]
    return match[0] if values[0] == values[1] else "there is one difference in a detail"


_FIRST_ONE = r"\b(?:first|upper|left|top|reference|[1a])\b"
_COUNT = rf"(?:none|nothing|no|zero|several|a few|some|{_NUMBER})"


def _other_count(match: re.Match[str]) -> str:
    """Write "a difference" for "none in the first, but two in the second"."""
    one, other = (_DIGITS.get(match[name], match[name]) for name in ("one", "other"))
    sides = [re.search(_FIRST_ONE, match[name]) is not None for name in ("here", "there")]
    told = f"{match['what']} {match['thing']}"
    if (
        one == other
        or sides[0] == sides[1]
        or {word.code for word in tokens(told)} & set("DdeSsJEuM%*^~=|nowz")
    ):
        return match[0]
    return "there is one difference in a detail"


_OF_PICTURE = later(r"^(?:the |this )?(?:\w+ )?(?:image|picture|photo|photograph|view|scene|camera|whole)\b")
VALUES: tuple[Rule, ...] = (
    (
        later(
            rf"^(?P<what>[\w -]{{2,50}}?) (?:was|were|used to be) (?P<one>[\w-]+)(?: ?[,;])?(?: and"
            rf"| but)? (?:it )?(?:is |are |looks )?now (?:it )?(?:is )?"
            rf"(?P<other>[\w-]+){END}"
        ),
        _other_value,
    ),
    (
        later(
            rf"^(?P<one>[\w-]+) (?P<what>[\w-]+) (?:vs ?\.?|versus"
            rf"|instead of) (?:an? )?(?P<other>[\w-]+)(?: one| (?P=what)){END}"
        ),
        _other_value,
    ),
    (
        later(
            r"^(?:everything|all)(?: else)? (?:but|except|save)(?: for)? (?P<what>the [\w -]{2,30}?) (?:is"
            r"|looks|remains|has stayed|stayed)"
            rf" (?:exactly |just )?(?:the same|identical|unchanged){END}"
        ),
        r"everything is the same except \g<what>",
    ),
    # What is so in the one, and otherwise in the other.
    (
        later(
            rf"^(?P<what>(?:the |an? |one )?[\w -]{{2,50}}?) (?:that|which) (?:is"
            rf"|was) (?P<one>[\w-]+)(?: \w+)? (?:in"
            rf"|on) {FIRST} ?,? (?:is|has become|became|becomes) (?:now )?(?P<other>[\w-]+)(?: \w+)? (?:in"
            rf"|on) {SECOND}{END}"
        ),
        _other_value,
    ),
    (
        later(
            rf"^(?P<what>[\w -]{{2,60}}?) (?:is|was|are|were|shows?|reads?|points?) (?:an? |the "
            rf"|to (?:the )?)?(?P<one>[\w:.'-]+"
            rf"(?: [\w-]+)?) (?:in|on) {FIRST} ?(?:,? (?:and|but|while|whereas)|,|;) (?:it )?(?:is |now "
            rf"|shows |reads |points )*"
            rf"(?:an? |the |to (?:the )?)?(?P<other>[\w:.'-]+(?: [\w-]+)?) (?:in|on) {SECOND}{END}"
        ),
        _other_value,
    ),
    (
        later(
            rf"^(?:there (?:is|are) |i (?:see|count) |now "
            rf"|only )*(?P<one>{_NUMBER}) (?P<what>[a-z][\w -]{{2,24}}?) ?,?"
            rf" (?:vs ?\.?|versus|instead of|rather than|against|as opposed to|compared (?:to|with)|, not"
            rf"|not)"
            rf" (?:the )?(?P<other>{_NUMBER})(?: (?P=what))?{END}"
        ),
        _counted,
    ),
    (
        later(
            rf"^(?P<what>[\w -]{{2,60}}? (?:on|in|of) {SECOND}) (?:is|was|are|were) not (?:there|present"
            rf"|visible|shown"
            rf"|seen|to be seen|found) (?:yet )?(?:in|on) {FIRST}{END}"
        ),
        lambda match: "there is one difference in a detail" if plain_thing(match["what"]) else match[0],
    ),
    (
        later(
            r"\b(?:(?:slightly|a (?:little )?bit|somewhat|much|far|further|clearly) )?(?:to the (?:left"
            r"|right) of"
            r"|above|below|away from|higher than|lower than|behind|in front of|off from|next to|not"
            r"|no longer)"
            r" where (?:it|they) (?:was|were|is|are|used to be|should be|ought to be|sat|stood)\b"
            rf"(?: (?:in|on) {FIRST})?"
        ),
        lambda match: match[0] if _OF_PICTURE.match(match.string) else "misplaced",
    ),
    (
        later(
            rf"^(?P<what>.{{0,60}}?)\b(?P<one>{_COUNT})(?P<thing>(?: [\w-]+){{0,3}}?)(?: (?:are "
            rf"|is )?(?:present|visible|seen|found|there))?"
            rf" (?:in|on) (?P<here>{FIRST}|{SECOND}) ?,? ?(?:but|and|while|whereas|versus|vs ?\.?"
            rf"|as opposed to|compared (?:to|with)"
            rf"|instead of|against|rather than) (?:only |just |there (?:are|is) |i (?:see"
            rf"|count) )*(?P<other>{_COUNT})(?: [\w-]+){{0,3}}?"
            rf" (?:in|on) (?P<there>{FIRST}|{SECOND}){END}"
        ),
        _other_count,
    ),
    (
        later(
            rf"^(?P<one>one|two|three|several|some|a few)(?: of them)? (?:is|are|does|do|has|have) ?,? (?:in"
            rf"|on) {SECOND}{END}"
        ),
        "there is one difference in a detail",
    ),
    (
        later(
            r"\b(?P<verb>is|are|does|do|has|have) not (?P<how>(?!\w+ than)[\w -]{3,40}?) (?:any ?more"
            r"|any longer)\b(?! than)"
        ),
        r"\g<verb> no longer \g<how>",
    ),
    (
        later(
            rf"(?<!no )(?<!not )(?<!any )\b(?:more|less|further|farther) (?!bright|dark|light|expos|lit|blurr"
            rf"|sharp|nois|grain|visible|clear|contrast|close)"
            rf"(?:[\w-]+ )?than (?:it (?:is|was) |they (?:are|were) )?(?=(?:in|on) {FIRST}\b)"
        ),
        "longer than ",
    ),
)
