"""A second look at an answer that was not read clause by clause: what it states, and what could turn that."""

from collections.abc import Callable

from kurabe.reading import english, japanese
from kurabe.reading.answers import AnswerWords, resolve
from kurabe.reading.clauses import Clause
from kurabe.reading.headings import names_differences
from kurabe.reading.last_word import held
from kurabe.reading.lines import lines, split_sentences, unquoted
from kurabe.reading.settle import Settled, settle

_LONGEST = 3_000


def looked_again(
    text: str, words: AnswerWords, sentence: Callable[[str, AnswerWords], list[Clause]]
) -> Settled | None:
    """Return the verdict of an English text whose sentences are read by themselves; None if there is none.

    A table, and a list of differences, is read by its form or not at all.
    """
    if len(text) > _LONGEST or japanese.is_japanese(text):
        return None
    written = lines(text)
    if any(line.cells or line.announced or names_differences(line) for line in written):
        return None
    parts = [unquoted(part).strip() for line in written for part in split_sentences(line.text)]
    for verdict, look in (("same", english.clauses_anew), ("different", english.differing_anew)):
        clauses = look(parts, lambda part: sentence(part, words))
        settled = held(settle(resolve(clauses, words)), text, False) if clauses else None
        if settled and settled.verdict == verdict:
            return settled
    return None


def concluded(
    text: str, words: AnswerWords, sentence: Callable[[str, AnswerWords], list[Clause]], settled: Settled
) -> Settled:
    """Return a verdict held against what an English text concludes in its last sentence, or that conclusion.

    A conclusion is read where nothing was, if what stands before it leaves it standing; a verdict that goes
    against it is none.
    """
    if len(text) > _LONGEST or japanese.is_japanese(text):
        return settled
    written = lines(text)
    if not written or written[-1].cells:
        return settled
    if settled.verdict and not english.concludes(unquoted(split_sentences(written[-1].text)[-1])):
        return settled
    parts = [unquoted(part).strip() for line in written for part in split_sentences(line.text)]
    found = english.conclusion(parts)
    if found is None:
        return settled if settled.verdict else _opened(parts, text, words, sentence, settled)
    last, before = found
    verdict = settle(resolve([last], words)).verdict
    if verdict is None or verdict == settled.verdict:
        return settled
    tabled = any(line.cells or line.announced for line in written)
    if tabled or not english.stands(verdict, before, lambda part: sentence(part, words)):
        against = "what it concludes in the end does not go with what it says before"
        return Settled(None, against) if settled.verdict else settled
    return held(Settled(verdict, rule=f"concluded in the end: “{last.text}”"), text, False)


def _opened(
    parts: list[str],
    text: str,
    words: AnswerWords,
    sentence: Callable[[str, AnswerWords], list[Clause]],
    settled: Settled,
) -> Settled:
    """Return the sameness that an answer states before all else, if nothing behind it speaks against it."""
    clause = english.opening(parts, lambda part: sentence(part, words))
    verdict = settle(resolve([clause], words)).verdict if clause else None
    if clause is None or verdict != "same":
        return settled
    return held(Settled(verdict, rule=f"stated first: “{clause.text}”"), text, False)
