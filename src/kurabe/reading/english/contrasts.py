"""English sentences that set the two pictures against each other.

"Red, not blue", "on in one and off in the other", "more holes in the second than in the first".
"""

import re

from kurabe.reading.clauses import Clause
from kurabe.reading.english.compounds import Word
from kurabe.reading.english.tokens import tokens
from kurabe.reading.patterns import later

_PICTURE = r"(?:image|picture|photo|photograph|part|one|sample|specimen|item|unit|piece|view|shot)"
_ONE = (
    r"(?:the )?(?:first|second|upper|lower|top|bottom|left|right|other|reference|test|inspected"
    r"|former|latter"
    r"|original|suspect|one|good)"
)
_EITHER = rf"(?:{_ONE}|{_PICTURE} [12ab])"
_STANDS = (
    r"(?:is|are|was|looks|points?|faces?|reads?|says|shows?|leans?|sits?|stands?|has|ends|begins"
    r"|starts|hangs|bends|turns)"
)
_PLAIN = r"(?:(?!not\b|no\b|never\b|same\b)[\w\"'.-]+)"

_NOT_BUT = later(
    rf"^(?P<what>[^,;]{{3,90}}?) {_STANDS} (?P<is>{_PLAIN}(?:"
    rf" {_PLAIN}){{0,2}}),? (?:and )?not (?P<was>{_PLAIN})[ .!]*$"
)
_IN_EACH = later(
    rf"^(?P<what>[^,;]{{3,70}}?) {_STANDS} (?P<is>{_PLAIN}(?: {_PLAIN})?) (?:in"
    rf"|on) (?P<here>{_EITHER})(?: {_PICTURE})?,?"
    rf" (?:and|but|while|whereas) (?:it is )?(?P<was>{_PLAIN}(?: {_PLAIN})?) (?:in|on) (?P<there>{_EITHER})"
    rf"(?: {_PICTURE})?[ .!]*$"
)
_MORE_THAN = later(
    r"^(?:there (?:is|are) |i (?:can )?(?:see|count) )?(?:clearly |visibly |slightly |noticeably )?"
    rf"(?:more|fewer|less|one more|one fewer|one less) (?P<what>[\w -]{{3,40}}?) (?:in"
    rf"|on) (?P<here>{_EITHER})"
    rf"[\w ]{{0,20}}? than (?:there (?:is|are) )?(?:in|on) (?P<there>{_EITHER})[\w ]{{0,20}}[ .!]*$"
)
_HARMLESS = frozenset("gqlxQGFVArpya")


def set_against(plain: str) -> bool:
    """Say whether a sentence names a thing that is not alike in the two pictures.

    What is said of light, and what is not understood, sets nothing against anything.
    """
    plain = re.sub(r" (?=[,.;!])", "", plain).rstrip(" .!")
    told = _NOT_BUT.match(plain)
    if told is not None:
        return _other_value(tokens(told["what"]), tokens(told["is"]), tokens(told["was"]))
    told = _IN_EACH.match(plain)
    if told is not None:
        values = [tokens(told["is"]), tokens(told["was"])]
        words = [word for value in values for word in value]
        return (
            told["here"] != told["there"]
            and values[0] != values[1]
            and _of_a_thing(tokens(told["what"]))
            and all(word.code in _HARMLESS and not _LIGHT.match(word.text) for word in words)
        )
    told = _MORE_THAN.match(plain)
    return told is not None and told["here"] != told["there"] and _of_a_thing(tokens(told["what"]))


_LIGHT = later(
    r"(?:bright|dark|light|dim|pale|sharp|blurr?|soft|clear|shad|nois|grain|reflect|visible|centred"
    r"|centered)"
)


def _of_a_thing(words: list[Word]) -> bool:
    """Say whether words name a thing, and nothing of light, sameness or denial."""
    codes = {word.code for word in words}
    return bool(codes & set("QxF")) and not codes & set("ENnowzuM%SsdeJDKULR*^~=|")


def _other_value(what: list[Word], stands: list[Word], was: list[Word]) -> bool:
    """Say whether "the wire in the second picture is red, not blue" holds two values of one kind."""
    codes = {word.code for word in what}
    pictures = sum(word.code == "I" for word in what)
    if pictures != 1 or codes & set("ENnowzuM%SsdeJDKULR*^~=|"):
        return False
    here = [word for word in stands if word.code not in "par"]
    there = [word for word in was if word.code not in "par"]
    if len(here) != 1 or len(there) != 1 or here[0].text == there[0].text:
        return False
    return here[0].code == there[0].code and here[0].code in "gql" and not _LIGHT.match(here[0].text)


_NO_MORE = later(
    r"^[^,;]*\b(?:no|not any|not) (?:more|fewer|less) [^,;]*\bthan\b"
    r"(?! (?:one|two|three|four|five|six|seven|eight|nine|ten|\d))[^,;]*$"
)
_ALL_BUT = later(
    r"\b(?:all|every|each|no|none|any)\b[\w ]{0,40}? (?:but|except|save)(?: for)?"
    r" (?:one|two|three|a few|some) \w"
)


def contrast(plain: str, sentence: str) -> Clause | None:
    """Return what a sentence says by setting the two against each other; None if it does not."""
    if _ALL_BUT.search(plain):
        return Clause("turn", sentence)  # "every feature but one matches"
    if _NO_MORE.match(plain):
        return Clause("alike", sentence)
    return Clause("different", sentence, named=True) if set_against(plain) else None
