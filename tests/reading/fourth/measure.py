"""Measure the reader on the fourth corpus: ``python -m tests.reading.fourth.measure dev`` (or ``held``).

``answers/*.txt`` holds answers in the manner of current models, each worded on its own, written before their
author had seen the reader's rules; ``later_*.txt`` was written afterwards, for the development half. A heading
``# kind language form`` says what they answer, ``## …`` why they are read so. Where every answer under a
heading is read alike, it says how (``# verdict en prose same``); elsewhere ``[…]`` before an answer does. The
hash of an answer's text gives its half. ``--wrong`` prints what is not read right, of the half for development
only: who has looked at the held half can no longer measure with it.
"""
# ruff: noqa: T201, E501 - a program that prints, with one answer a line

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from kurabe.common.vocabulary import Language
from kurabe.reading import affirms, read

HERE = Path(__file__).parent
YES = {"en": ("Yes", "yes"), "ja": ("はい",)}
NO = {"en": ("No", "no"), "ja": ("いいえ",)}

Half = Literal["dev", "held"]
Fate = Literal["right", "unparsed", "reversed", "decided"]


@dataclass(frozen=True)
class Row:
    """An answer, and how it is to be read; ``expected`` is None where it decides nothing."""

    kind: str
    language: Language
    form: str
    text: str
    expected: str | None
    why: str
    options: tuple[str, ...] = ()
    word: str = ""

    @property
    def half(self) -> Half:
        """The half that the answer belongs to."""
        if self.why.startswith("written later"):
            return "dev"
        return "held" if int(hashlib.sha256(self.text.encode()).hexdigest()[:8], 16) % 2 else "dev"


def rows(folder: Path = HERE / "answers", names: str = "*.txt") -> Iterator[Row]:
    """Every answer of a corpus: of the files in a folder, and in those below it.

    Raises:
        ValueError: An answer stands before the headings, or nothing says how it is read.
    """
    for file in sorted(folder.rglob(names)):
        heading: list[str] = []
        why = ""
        options: tuple[str, ...] = ()
        word = ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("# "):
                heading = line[2:].split()
            elif line.startswith("## "):
                name, _, rest = (why := line[3:]).partition(": ")
                options = tuple(rest.split("; ")) if name == "options" else ()
                word = rest if name == "word" else ""
            elif len(heading) == 4:
                expected = None if heading[3] == "open" else heading[3]
                yield _row(heading, _text(line), expected, why)
            elif len(heading) == 3 and line.startswith("["):
                answer, _, text = line[1:].partition("] ")
                expected = None if answer == "?" else answer
                yield replace(_row(heading, _text(text), expected, why), options=options, word=word)
            else:
                raise ValueError(f"{file.name}, line {number}: nothing says how this answer is to be read")


def _row(heading: Sequence[str], text: str, expected: str | None, why: str) -> Row:
    kind, language, form = heading[:3]
    return Row(kind, cast("Language", language), form, text, expected, why)


def _text(line: str) -> str:
    return line.replace("\\n", "\n")


def fate(row: Row) -> Fate:
    """How an answer was read; ``decided``: it says nothing that decides, and was read all the same."""
    got = _read(row)
    if row.kind == "differences" and row.expected not in (None, "0") and got == "0":
        return "reversed"
    if got == row.expected:
        return "right"
    if row.expected is None:
        return "decided"
    if got is None or (row.kind == "differences" and "0" not in (got, row.expected)):
        return "unparsed"
    return "reversed"


def _read(row: Row) -> str | None:
    if row.kind == "describe":
        return "yes" if affirms(row.text, row.word) else "no"
    if row.kind == "verdict":
        return read("verdict", row.text, row.language, yes=YES[row.language], no=NO[row.language]).verdict
    if row.kind == "differences":
        reading = read("differences", row.text, row.language)
        return None if reading.verdict is None else str(len(reading.items))
    if row.kind == "count":
        count = read("count", row.text, row.language).count
        return None if count is None else str(count)
    chosen = read("choice", row.text, row.language, options=row.options).choice
    return None if chosen is None else "ABCD"[row.options.index(chosen)]


def table(found: Iterable[tuple[Row, Fate]]) -> Iterator[str]:
    """Lines of a table: how many answers of each kind, language and form were read how."""
    cells: dict[tuple[str, str, str], Counter[Fate]] = defaultdict(Counter)
    for row, outcome in found:
        form = (
            row.form if row.expected is not None else "says nothing" + row.form[len(row.form.split(",")[0]) :]
        )
        cells[row.kind, row.language, form][outcome] += 1
    heads = ("n", 5), ("right", 7), ("%", 7), ("unparsed", 10), ("reversed", 10), ("decided", 9)
    yield f"{'kind':12}{'':4}{'form':20}" + "".join(f"{head:>{width}}" for head, width in heads)
    for (kind, language, form), count in sorted(cells.items()):
        total = count.total()
        yield (
            f"{kind:12}{language:4}{form:20}{total:5}{count['right']:7}{100 * count['right'] / total:7.1f}"
            f"{count['unparsed']:10}{count['reversed']:10}{count['decided']:9}"
        )


def main(corpus: Callable[[], Iterable[tuple[Half, Row]]], told: str | None = __doc__) -> None:
    """Print the table of a half of a corpus, whose answers come with theirs."""
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("half", choices=("dev", "held", "all"))
    parser.add_argument(
        "--wrong", action="store_true", help="print what is not read right (half for development only)"
    )
    options = parser.parse_args()
    if options.wrong and options.half != "dev":
        parser.error("the held half is for measuring only")
    found = [(row, fate(row)) for half, row in corpus() if options.half in (half, "all")]
    print("\n".join(table(found)))
    for row, outcome in found if options.wrong else ():
        if outcome != "right":
            print(f"{outcome:9} {row.kind} {row.language} {row.form} {row.expected}: {row.text!r}")


if __name__ == "__main__":
    main(lambda: ((row.half, row) for row in rows()))
