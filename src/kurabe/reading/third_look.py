"""A last look at an answer that all other readings have left unparsed, in open words."""

from kurabe.reading.answers import AnswerWords
from kurabe.reading.english.openly import read_openly
from kurabe.reading.japanese import is_japanese
from kurabe.reading.japanese.asides import stated
from kurabe.reading.japanese.decided import read_decided
from kurabe.reading.japanese.second import has_kana
from kurabe.reading.last_word import held
from kurabe.reading.lines import lines, split_sentences, unquoted
from kurabe.reading.literals import find
from kurabe.reading.openings import cut_off
from kurabe.reading.settle import Settled
from kurabe.reading.vetoes import vetoed

_LONGEST = 3_000


_FINAL = (
    "it says both",
    "it corrects",
    "it ends in",
    "it has not seen",
    "the answer is",
    "the JSON",
)
"""Why an answer was not read, where nothing can be found in it by reading on."""


def may_be_read_further(settled: Settled) -> bool:
    """Say whether an answer was not read, and a further reading may find something in it."""
    return settled.verdict is None and not settled.reason.startswith(_FINAL)


def may_be_read_apart(settled: Settled) -> bool:
    """Say whether an answer was not read, and may say something without what turns nothing in it."""
    return settled.verdict is None and not settled.reason.startswith(_FINAL[1:])


def third_in_english(text: str, words: AnswerWords) -> Settled:
    """Return the verdict of an English text that is read in open words; none of any other.

    A prompt that asks for sameness, or for words of its own, is answered in another way, and a table is read
    by its form or not at all.
    """
    if (
        len(text) > _LONGEST
        or is_japanese(text)
        or words.asks == "sameness"
        or words.special
        or not words.usual
    ):
        return Settled(None)
    written = lines(text)
    if any(line.cells for line in written) or "{" in text or cut_off(find(text).rest):
        return Settled(None)
    found = read_openly([unquoted(part).strip() for line in written for part in split_sentences(line.text)])
    if found is None:
        return Settled(None)
    rule = f"in open words, and nothing speaks against it: “{found.text[:80]}”"
    return vetoed(held(Settled(found.verdict, rule=rule), text, False), text)


def last_in_japanese(text: str, words: AnswerWords) -> Settled:
    """Return the verdict of a Japanese text by what its sentences decide at their ends; none of any other."""
    if (
        len(text) > _LONGEST
        or not has_kana(text)
        or words.asks == "sameness"
        or words.special
        or not words.usual
    ):
        return Settled(None)
    rest = stated(text)
    written = lines(rest)
    if any(line.cells for line in written) or "{" in text or cut_off(rest):
        return Settled(None)
    found = read_decided([unquoted(part).strip() for line in written for part in split_sentences(line.text)])
    if found is None:
        return Settled(None)
    rule = f"decided at the end of a sentence, and nothing speaks against it: “{found.text[:80]}”"
    return vetoed(Settled(found.verdict, rule=rule), text)
