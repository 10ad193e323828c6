"""Measure the reader on the third corpus: ``python -m tests.reading.third.measure open`` (or ``held``).

``--wrong`` prints the answers of the open half that are not read right. It refuses the held half: who has looked at
that one can no longer measure with it.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kurabe.reading import affirms, read

HERE = Path(__file__).parent
YES = {"en": ("Yes", "yes"), "ja": ("はい",)}
NO = {"en": ("No", "no"), "ja": ("いいえ",)}

Row = dict[str, Any]


def rows(half: str) -> list[Row]:
    """The answers of one half."""
    with (HERE / f"{half}.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def judged(row: Row) -> str:
    """How an answer was read: ``right``, ``unparsed``, ``reversed``, or ``decided`` where it says nothing."""
    text, language, expected = row["text"], row["language"], row["expected"]
    if row["kind"] == "describe":
        return "right" if affirms(text, row["word"]) == expected else "reversed"
    if row["kind"] == "verdict":
        got: str | int | None = read("verdict", text, language, yes=YES[language], no=NO[language]).verdict
    elif row["kind"] == "differences":
        got = read("differences", text, language).verdict
    elif row["kind"] == "count":
        got = read("count", text, language).count
    else:
        options = tuple(row["options"])
        chosen = read("choice", text, language, options=options).choice
        got = None if chosen is None else "ABCD"[options.index(chosen)]
    if expected is None:
        return "right" if got is None else "decided"
    if got is None:
        return "unparsed"
    return "right" if got == expected else "reversed"


def table(found: Iterable[tuple[Row, str]]) -> Iterator[str]:
    """Lines of a table: how many answers of each kind, language and form were read how."""
    cells: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row, outcome in found:
        form = row["form"] if row["expected"] is not None else "says nothing"
        cells[row["kind"], row["language"], form][outcome] += 1
    yield f"{'kind':12}{'':4}{'form':14}{'n':>5}{'right':>7}{'%':>7}{'unparsed':>10}{'reversed':>10}{'decided':>9}"
    for (kind, language, form), count in sorted(cells.items()):
        total = count.total()
        share = 100 * count["right"] / total
        yield (
            f"{kind:12}{language:4}{form:14}{total:5}{count['right']:7}{share:7.1f}"
            f"{count['unparsed']:10}{count['reversed']:10}{count['decided']:9}"
        )


def items(half: str) -> str:
    """How well the items of ``differences`` were cut: as many as findings, each with its word."""
    good = total = 0
    for row in rows(half):
        if row["kind"] != "differences" or row["expected"] != "different":
            continue
        total += 1
        found = read("differences", row["text"], row["language"]).items or ()
        words = row["items"]
        good += len(found) == len(words) and all(
            word in item for word, item in zip(words, found, strict=True)
        )
    return f"items of differences cut right: {good} of {total}"


def main() -> None:
    """Print the table of one half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=("open", "held"))
    parser.add_argument("--wrong", action="store_true", help="print what is not read right (open half only)")
    options = parser.parse_args()
    found = [(row, judged(row)) for row in rows(options.half)]
    print("\n".join(table(found)))
    print(items(options.half))
    if options.wrong and options.half == "held":
        parser.error("the held half is for measuring only")
    for row, outcome in found if options.wrong else ():
        if outcome != "right":
            print(
                f"{outcome:9} {row['kind']} {row['language']} {row['form']} {row['expected']}: {row['text']!r}"
            )


if __name__ == "__main__":
    main()
