"""A second reading of what the first one left unparsed, or read as a difference that cannot be one."""

import re

from kurabe.reading.answers import AnswerWords, resolve
from kurabe.reading.clauses import Act, Clause
from kurabe.reading.japanese import is_japanese
from kurabe.reading.japanese.answered import answer_given, read_by_answer
from kurabe.reading.japanese.asides import stated
from kurabe.reading.japanese.conclusion import concluded
from kurabe.reading.japanese.guard import held_against, only_second_has
from kurabe.reading.japanese.scope import Says
from kurabe.reading.japanese.second import cannot_differ, has_kana, read_again, said_in
from kurabe.reading.japanese.weighing import Second
from kurabe.reading.keys import polarity
from kurabe.reading.last_word import ends_in_sameness, lies_around, says_nothing_of_the_pair
from kurabe.reading.literals import find
from kurabe.reading.openings import cut_off
from kurabe.reading.patterns import later
from kurabe.reading.settle import Settled, settle
from kurabe.reading.verdict import clauses_of, read_verdict
from kurabe.reading.verdict import said_in as first_said_in


def again_in_japanese(text: str, words: AnswerWords, first: Settled) -> Settled:
    """Return what the later readings of a Japanese text find, or else what the first one said."""
    if not has_kana(text):
        return _held(text, words, first) if is_japanese(text) else first
    return _held(text, words, _read_further(text, words, first))


def _held(text: str, words: AnswerWords, settled: Settled) -> Settled:
    """Return a verdict held against everything else that the text says."""
    if settled.verdict is None or not words.usual or words.special or find(text).values:
        return settled
    if settled.verdict == "same":
        contradicted = only_second_has(text)
        return Settled(None, "it names what only the second picture has") if contradicted else settled
    quoted = re.search("“(.*)”", settled.rule)
    against = held_against(text, words, quoted[1] if quoted else "")
    if against == "picture":
        return Settled("same", rule="only the picture is said to differ, and not the thing")
    return Settled(None, "another sentence may deny the difference") if against == "open" else settled


def _read_further(text: str, words: AnswerWords, first: Settled) -> Settled:
    settled = _second(text, words, first)
    found = find(text)
    if found.values or found.broken or cut_off(found.rest):
        return settled
    rest = stated(found.rest)
    given = answer_given(rest, words) if settled.verdict else None
    if given and given != settled.verdict:
        return Settled(None, "its yes or no speaks against the rest, or counts for a part alone")
    third = read_by_answer(rest, words)
    if third.verdict is None or third.verdict == settled.verdict:
        return settled
    if settled.verdict:
        return Settled(None, f"it answers otherwise than it describes: “{third.text[:80]}”")
    return Settled(
        third.verdict, rule=f"it answers explicitly, and nothing speaks against it: “{third.text[:80]}”"
    )


def _second(text: str, words: AnswerWords, first: Settled) -> Settled:
    """Return what the second reading of a Japanese text finds, or else what the first one said."""
    found = find(text)
    if first.verdict and not found.values and _lost(found.rest, words, first):
        return Settled(None, "it asks for something, or a system speaks, and nothing else gives a verdict")
    if first.verdict == "same":
        return first
    if first.verdict:
        if found.values or _TELLS.search(found.rest) or not cannot_differ(found.rest):
            return first
        again = read_again(found.rest, words)
        if again.verdict == "same":
            return _settled(again)
        return Settled(None, "nothing that it says tells of a difference")
    if found.broken or cut_off(found.rest) or says_nothing_of_the_pair(found.rest):
        return first
    keyed = found.values or _KEYED.search(found.rest)
    again = Second(None) if found.values else read_again(stated(found.rest), words)
    if again.verdict is None and keyed:
        settled = settle(concluded(resolve(clauses_of(text, words, _loosely), words), text))
        turned = settled.verdict == "different" and not found.values and ends_in_sameness(found.rest)
        return settled if settled.verdict and not turned else first
    if again.verdict is None:
        return first
    if again.verdict == "different" and (ends_in_sameness(found.rest) or lies_around(f"“{again.text}”")):
        return first
    return _settled(again)


def _settled(again: Second) -> Settled:
    told = "a difference or a defect is stated" if again.verdict == "different" else "sameness is stated"
    return Settled(again.verdict, rule=f"{told}, and no other clause can turn it: “{again.text[:80]}”")


def _lost(text: str, words: AnswerWords, first: Settled) -> bool:
    """Say whether a verdict came of a request, or of a message of the system."""
    left = stated(text)
    return left != text and read_verdict(left, words).verdict != first.verdict


def none_in_japanese(text: str, words: AnswerWords) -> bool:
    """Say whether a Japanese answer that was to list differences says in open words that there is none."""
    found = find(text)
    if not has_kana(text) or found.values or found.broken or cut_off(found.rest):
        return False
    return read_again(found.rest, words).verdict == "same"


_TELLS = later(
    r"違いが(?:あ|見|認)|違いは[^。]{2,60}(?:点|こと|ところ)(?:です|である|だ)|違って|異なっ|差(?:異)?が(?:あ|見|認)|じゃ(?:ない|なく|あり)"
    r"|同(?:じ|一性?)\s*[:：=＝]\s*(?:いいえ|なし|無し|ない|no|false)",
    re.IGNORECASE,
)
"""Words that tell of a difference by themselves, whatever the pieces round them were taken for."""
_KEYED = later(r"^[^\n:：、。]{1,12}[:：]", re.MULTILINE)
_REASON = later(r"^[\s・*-]*(?P<key>[^\n:：、。]{1,12})[:：]\s*(?P<value>[^\n]+)$")
_UNREAD = frozenset(("open", "turn", "defect", "hint", "side"))
_ACTS: dict[Says, Act] = {
    "same": "same",
    "alike": "alike",
    "fine": "alike",
    "sound": "fine",
    "different": "different",
    "differs": "different",
    "fault": "different",
    **dict.fromkeys(("both", "only_light", "light", "varies", "shape", "calm"), "neutral"),
}


def _loosely(prose: str, words: AnswerWords) -> list[Clause]:
    """Return the clauses of lines of prose; where the first reading stops, those of the second."""
    found: list[Clause] = []
    for line in re.split(r"\n(?!\s*\|)", prose):  # the rows of a table stay beside its head
        keyed = _REASON.match(line)
        reason = keyed["value"] if keyed and polarity(keyed["key"]).kind == "prose" else None
        said = first_said_in(line, words)
        if any(clause.act in _UNREAD for clause in said) and (reason or not keyed):
            said = _in_open_words(reason or line) or said
        found += said
    return found


def _in_open_words(line: str) -> list[Clause]:
    """Return the clauses of a line as the second reading takes them; nothing if it does not take them all."""
    pieces = said_in(line)
    if any(one.says not in _ACTS for one in pieces):
        return []
    return [Clause(_ACTS[one.says], one.piece.text, named=one.says in ("differs", "fault")) for one in pieces]
