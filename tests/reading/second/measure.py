"""Measures the reader on the second grammar: right, unparsed, reversed per kind, language and form.

``python -m tests.reading.second.measure --half dev --faults faults.md`` writes what went wrong.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any, Literal

from kurabe.cases.case import Describe, Expect
from kurabe.common.request import Answer
from kurabe.reading import read
from kurabe.scoring import score
from tests.reading.second.grammar import HALVES, Made, answers

Fate = Literal["right", "unparsed", "reversed", "miscounted", "decided"]
FATES: tuple[Fate, ...] = ("right", "unparsed", "reversed", "miscounted", "decided")
Row = tuple[str, str, str]
"""Kind, language, form; open answers have the form ``open``."""
Table = dict[Row, dict[str, Counter[Fate]]]
"""Row → frame → how often an answer of that frame fared so."""


def fate(made: Made) -> tuple[Fate, str]:
    """Return what became of an answer, and what was read.

    ``miscounted``: a list of differences that was read as one, with another number of items. ``decided``: an
    answer that leaves the question open was read as a decision.
    """
    if made.kind == "describe":
        return _described(made)
    got = read(made.kind, made.text, made.language, made.options, **_asked(made))
    found = {"count": got.count, "choice": got.choice}.get(made.kind, got.verdict)
    shown = f"{found}{list(got.items) if got.items else ''} ({got.rule or got.reason})"
    if is_open(made):
        return ("right" if found is None and not got.items else "decided"), shown
    if found is None:
        return ("right" if made.may_be_open else "unparsed"), shown
    wanted = {"count": made.number, "choice": made.choice}.get(made.kind, made.verdict)
    if found != wanted or (made.kind == "differences" and bool(got.items) and wanted == "same"):
        return "reversed", shown
    if made.kind == "differences" and made.number is not None and len(got.items) != made.number:
        return "miscounted", shown
    return "right", shown


def _asked(made: Made) -> dict[str, Any]:
    """Return how the prompt declares what it asks for: by ``asks`` or by its words, in turn."""
    if made.asks == "difference" or len(made.text) % 2:
        return {"asks": made.asks}
    yes, no = {"en": (("Yes", "yes"), ("No", "no")), "ja": (("はい",), ("いいえ",))}[made.language]
    return {"yes": no, "no": yes}


def _described(made: Made) -> tuple[Fate, str]:
    expect = Expect(describe=Describe(says=[[made.word]]))
    result = score("describe", expect, read("describe", made.text, made.language), Answer(made.text))
    says = bool(result.parts["hit"])
    return ("right" if says == made.says else "reversed"), f"says {made.word}: {says}"


def is_open(made: Made) -> bool:
    """Return whether a careful reader leaves it open."""
    return made.verdict is None and made.number is None and made.choice is None and made.says is None


def measure(made: Iterable[Made]) -> tuple[Table, list[tuple[Fate, str, Made]]]:
    """Read all of them; return the table and everything that is not right."""
    table: Table = defaultdict(lambda: defaultdict(Counter))
    faults: list[tuple[Fate, str, Made]] = []
    for one in made:
        what, shown = fate(one)
        table[one.kind, one.language, "open" if is_open(one) else one.form][one.frame][what] += 1
        if what != "right":
            faults.append((what, shown, one))
    return table, faults


def as_markdown(table: Table) -> str:
    """Return the table: percent of the row's answers, with the counts of what went wrong.

    ``by frame`` is the share of right answers if each frame weighs the same, however many words it takes.
    """
    lines = ["| kind | language | form | n | right | by frame | unparsed | reversed | miscounted | decided |"]
    lines.append("|---|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for row, frames in sorted(table.items()):
        counts = sum(frames.values(), Counter[Fate]())
        n = counts.total()
        cells = [f"{counts[what]} ({counts[what] / n:.2%})" if counts[what] else "0" for what in FATES]
        by_frame = fmean(frame["right"] / frame.total() for frame in frames.values())
        lines.append(f"| {' | '.join(row)} | {n} | {cells[0]} | {by_frame:.1%} | {' | '.join(cells[1:])} |")
    return "\n".join(lines)


def faults_as_markdown(faults: list[tuple[Fate, str, Made]], most: int) -> str:
    """Return the faults, the worst first, by kind and frame; at most ``most`` texts of a frame."""
    groups: dict[tuple[int, str, str, str, str], list[tuple[str, Made]]] = defaultdict(list)
    worst: tuple[Fate, ...] = ("reversed", "decided", "miscounted", "unparsed")
    for what, shown, one in faults:
        groups[worst.index(what), one.kind, one.language, one.form, one.frame].append((shown, one))
    lines, section = [], None
    for (rank, kind, language, form, frame), found in sorted(groups.items()):
        if section != (section := (rank, kind, language, form)):
            lines.append(f"\n## {worst[rank]}: {kind} {language} {form}\n")
        one = found[0][1]
        truth = one.verdict or one.choice or (one.says if one.kind == "describe" else one.number)
        lines.append(f"- frame `{frame}`: {len(found)} texts; truth {truth} ({one.why})")
        for shown, made in found[:most]:
            options = f" options {list(made.options)}" if made.options else ""
            number = f" [true number {made.number}]" if made.number is not None else ""
            lines.append(f"    - {made.text!r}{options}{number} → {shown}")
    return "\n".join(lines)


def main() -> None:
    """Print the table of one half or of both; write the faults if a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=60, help="answers of one frame at most")
    parser.add_argument("--faults", type=Path, help="file for the texts that went wrong")
    parser.add_argument("--shown", type=int, default=3, help="texts of one frame in that file")
    args = parser.parse_args()
    for half in args.half or HALVES:
        made = answers(half, args.seed, args.most)
        table, faults = measure(made)
        frames = {one.frame for one in made}
        print(f"{half}: {len(made)} answers, {len(frames)} frames\n\n{as_markdown(table)}\n")  # noqa: T201
        if args.faults:
            args.faults.write_text(faults_as_markdown(faults, args.shown), encoding="utf-8")


if __name__ == "__main__":
    main()
