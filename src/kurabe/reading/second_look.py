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
