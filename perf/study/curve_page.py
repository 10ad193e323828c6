"""Writes docs/background/how-many-pictures.md from the records: ``python -m perf.study.curve_page``.

The records are ``training/results/curve.json`` (`training.curve`), ``training/results/photographs.json``
(`training.photographs`) and ``perf/results/photographs.json`` (`perf.photographs`).
"""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from perf import photographs
from perf.study import charts
from perf.study.figures import Estimate
from perf.study.sizes import Way, balanced, by_seed, change, estimate, find, loss, ways
from training.curve import STEPS, runs

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "background" / "how-many-pictures.md"
CHART = ROOT / "docs" / "background" / "how-many-pictures.svg"
LARGE = ("tiny-phi3v-connector", "tiny-phi3v-connector-linked")
KINDS = (("raw", "raw"), ("processed", "`n-soartc`"))

HEAD = """\
# How many pictures do I need?

Adapters of `tiny-phi3v` learned from {sizes} pairs of rendered connectors and were asked about the
same {pairs} pairs of {connectors} connectors that none of them had seen. Half of all pairs are flawed;
four pairs share a reference, as in the shipped suites. Each adapter learned verdicts, and where the
flaws are, from {rows} records; one in four of a linked adapter's was a
linking record: a raw reference beside a processed test picture of the same pairs, or a prism beside a
cylinder. Trained on one {card} (torch {torch}).{missing}

This page is written by `python -m perf.study.curve_page`, sentences included, from
`training/results/curve.json`, `training/results/photographs.json` and `perf/results/photographs.json`;
`python -m training.curve` and `python -m training.photographs` make these anew.
"""

READING = """\
## How to read this

- Figures are means over the seeds, which draw other connectors, first weights and order; they stand in
  the last columns. Intervals (95 %) come from drawing the held-out connectors again, the seeds being as
  they are.
- **loss**: of the right answer's first token, mean over the pairs. An adapter that is sure and wrong
  has a high one, so a loss above the base's says that the pairs were learned by heart.
- An adapter of few pairs was trained until it knew them by heart and no further; it was not stopped
  early, as there are no pairs to spare for that.
- `tiny-phi3v` is 8 million parameters that never saw a photograph. A large model begins from more and
  needs fewer pictures; how many fewer, only its own curve tells.
"""


def figure(of: Estimate, signed: bool = False) -> str:
    """Return a figure with its interval."""
    form = "{:+.2f}" if signed else "{:.2f}"
    return f"{form.format(of.value)} [{form.format(of.low)}, {form.format(of.high)}]"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, its first column to the left."""
    lines = [f"| {' | '.join(head)} |", f"| --- |{' ---: |' * (len(head) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def curve_table(every: Sequence[Way], pictures: str) -> str:
    """Return accuracy, loss and what linking changes, by size."""
    rows = []
    for size in sorted({way.size for way in every if way.pictures == pictures}):
        plain, linked = (find(every, size, pictures, each) for each in (False, True))
        row = [f"{size:,}"]
        for way in (plain, linked):
            row += (
                [figure(estimate(way.sums())), f"{estimate(way.sums(), loss).value:.2f}"]
                if way
                else ["–", "–"]
            )
        row.append(_changed(plain, linked))
        for way in (plain, linked):
            row.append(", ".join(f"{value:.2f}" for value in by_seed(way.sums())) if way else "–")
        rows.append(row)
    head = (
        "pairs",
        "without linking",
        "loss",
        "with linking",
        "loss",
        "linking changes",
        "seeds",
        "seeds, linked",
    )
    return table(head, rows)


def _changed(plain: Way | None, linked: Way | None) -> str:
    if plain is None or linked is None:
        return "–"
    return figure(_linking(plain, linked), signed=True)


def _shared(one: Way, other: Way) -> tuple[Way, Way]:
    """Return both with the seeds that both have."""
    seeds = {run["seed"] for run in one.runs} & {run["seed"] for run in other.runs}
    both = [replace(way, runs=tuple(run for run in way.runs if run["seed"] in seeds)) for way in (one, other)]
    return both[0], both[1]


def _linking(plain: Way, linked: Way, rate: Any = balanced) -> Estimate:
    plain, linked = _shared(plain, linked)
    return change(plain.sums(), linked.sums(), rate)


def linking_sentence(every: Sequence[Way]) -> str:
    """Say at which sizes linking changes the verdicts and the loss beyond chance.

    It does if the interval leaves 0 out and besides no seed with linking lies among those without.
    """
    said = []
    for rate, name, sign in ((balanced, "balanced accuracy", 1), (loss, "loss", -1)):
        better, worse, unclear = [], [], 0
        for way in every:
            plain = find(every, way.size, way.pictures, False)
            if not way.linked or plain is None:
                continue
            of = _linking(plain, way, rate)
            seeds = [sign * value for value in by_seed(way.sums(), rate)]
            others = [sign * value for value in by_seed(plain.sums(), rate)]
            where = f"{way.size:,} {'raw' if way.pictures == 'raw' else '`n-soartc`'} pairs ({of.value:+.2f})"
            if sign * of.value > 0 and (of.above or of.below) and min(seeds) > max(others):
                better.append(where)
            elif sign * of.value < 0 and (of.above or of.below) and max(seeds) < min(others):
                worse.append(where)
            else:
                unclear += 1
        told = (("better", better), ("worse", worse))
        parts = [f"{word} with {', '.join(some)}" for word, some in told if some]
        if unclear:
            parts.append(
                f"not told from chance in {unclear} {'other ' if parts else ''}of {len(every) // 2} rows"
            )
        said.append(f"The {name} with linking pairs is {'; '.join(parts)}.")
    return (
        f"{' '.join(said)} A change counts if its interval leaves 0 out and no seed with linking lies among "
        "those without."
    )


def processing_table(every: Sequence[Way]) -> str:
    """Return what processed pictures are worth at each size."""
    rows = []
    for size in sorted({way.size for way in every if way.pictures == "processed"}):
        row = [f"{size:,}"]
        for linked in (False, True):
            raw, processed = (find(every, size, pictures, linked) for pictures in ("raw", "processed"))
            if raw is None or processed is None:
                row.append("–")
                continue
            raw, processed = _shared(raw, processed)
            row.append(figure(change(raw.sums(), processed.sums()), signed=True))
        rows.append(row)
    return table(("pairs", "without linking", "with linking"), rows)


def forgotten_table(every: Sequence[Way], others: dict[str, Way]) -> str:
    """Return what is left of everyday things and shapes."""
    rows = [
        ["0 (base)", "–", *(f"{others['base'].mean(suite):.2f}" for suite in ("everyday", "shapes")), "", ""]
    ]
    for size in sorted({way.size for way in every}):
        for pictures, name in KINDS:
            found = [find(every, size, pictures, linked) for linked in (False, True)]
            if not any(found):
                continue
            row = [f"{size:,}", name]
            for way in found:
                row += [f"{way.mean(suite):.2f}" for suite in ("everyday", "shapes")] if way else ["–", "–"]
            rows.append(row)
    head = ("pairs", "pictures", "everyday", "shapes", "everyday, linked", "shapes, linked")
    return table(head, rows)


def large_table(others: dict[str, Way]) -> str:
    """Return what the shipped adapters are worth on the same pairs."""
    rows = []
    for name in LARGE:
        if name in others:
            way = others[name]
            grades = way.runs[0]["raw"]["grades"]
            rows.append(
                [f"`{name}`", *(figure(estimate(way.sums(variant))) for variant in ("raw", "processed"))]
                + [f"{grades[grade]:.2f}" for grade in ("easy", "medium", "hard") if grade in grades]
                + [f"{way.mean(suite):.2f}" for suite in ("everyday", "shapes")]
            )
    grades_there = [
        grade for grade in ("easy", "medium", "hard") if grade in others[LARGE[0]].runs[0]["raw"]["grades"]
    ]
    return table(
        ("adapter", "raw", "`n-soartc`", *(f"raw, {grade}" for grade in grades_there), "everyday", "shapes"),
        rows,
    )


def photographs_table() -> str:
    """Return what ways are worth on real photographs."""
    found = photographs.figures()
    names = ["`good-parts`", *photographs.WAYS.values()]
    rows = []
    for (family, size), by_way in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or 99)):
        row = [family, str(size) if size else "all other families"]
        for name in names:
            got = np.array(by_way.get(name, []))
            if not len(got):
                row.append("–")
                continue
            spread = f" ({got[:, 0].min():.2f}–{got[:, 0].max():.2f})" if np.ptp(got[:, 0]) >= 0.005 else ""
            row.append(f"{got[:, 0].mean():.2f}{spread}")
        rows.append(row)
    return table(("family", "pictures", *names), rows)


def photographs_sentence() -> str:
    """Say how often `good-parts` is ahead, and whether rendered connectors helped on real boards."""
    means = {
        key: {name: float(np.mean([got[0] for got in values])) for name, values in by_way.items()}
        for key, by_way in photographs.figures().items()
    }
    untrained, connectors, tuned, both = photographs.WAYS.values()
    rows = [by for (_, size), by in means.items() if size and both in by]
    ahead = sum(by["`good-parts`"] > max(by[tuned], by[both]) for by in rows)
    said = [
        f"`good-parts` is ahead of both fine-tuned adapters in {ahead} of {len(rows)} rows with pictures of "
        "the family."
    ]
    said.append("Does an adapter of rendered connectors help on real boards?")
    for family in ("circuitboard", "deeppcb"):
        of = [
            (size, by) for (name, size), by in sorted(means.items()) if name == family and size and both in by
        ]
        changes = ", ".join(f"{by[both] - by[tuned]:+.2f} with {size}" for size, by in of)
        before = ", ".join(f"{by[connectors] - by[untrained]:+.2f}" for _, by in of)
        said.append(
            f"On `{family}` it changes the base's balanced accuracy by {before}, and what fine-tuning "
            f"reaches by {changes}."
        )
    return " ".join(said)


def missing_sentence(every: Sequence[Way]) -> str:
    """Say which trainings of the plan the record does not hold yet."""
    there = {run["run"] for way in every for run in way.runs}
    counts: dict[int, int] = {}
    for run in runs([*STEPS], (1, 2, 3)):
        if run.name not in there:
            counts[run.size] = counts.get(run.size, 0) + 1
    if not counts:
        return ""
    parts = ", ".join(f"{count} of {size:,} pairs" for size, count in counts.items())
    return f" Of the planned trainings these have not been run: {parts}."


def chart(every: Sequence[Way]) -> str:
    """Draw the curves."""
    rows = []
    for way in every:
        of = estimate(way.sums())
        name = "adapter with linking" if way.linked else "adapter"
        panel = "raw" if way.pictures == "raw" else "n-soartc"
        rows.append(
            {
                "pairs": way.size,
                "model": name,
                "panel": panel,
                "value": of.value,
                "low": of.low,
                "high": of.high,
            }
        )
    return charts.sizes(pd.DataFrame(rows))


def page() -> str:
    """Return the page."""
    every, others = ways()
    first = every[0].runs[0]
    rows = sorted({(way.size, way.runs[0]["steps"] * way.runs[0]["batch"]) for way in every})
    connectors = len(first["raw"]["references"])
    head = HEAD.format(
        sizes=listed(sorted({way.size for way in every})),
        missing=missing_sentence(every),
        pairs=first["held_out_pairs"],
        connectors=connectors,
        rows=listed([seen for _, seen in rows]),
        card=first["card"],
        torch=first["torch"],
    )
    trained = ", ".join(
        f"{way.mean('trained_loss'):.2f}" for way in every if way.pictures == "raw" and not way.linked
    )
    parts = [
        head,
        "## Raw pictures",
        "![Balanced accuracy by the number of pairs](how-many-pictures.svg)",
        curve_table(every, "raw"),
        f"The loss on the pairs that were learned from was, by size, {trained}: what is missing is pictures, "
        "not training.",
        "## Processed pictures",
        curve_table(every, "processed"),
        "Learned and asked on processed pictures, against learned and asked on raw ones:",
        processing_table(every),
        "## Where linking pays",
        linking_sentence(every),
        "## As many as it takes",
        "The adapters that come with the bench learned from connectors without end, 15 minutes on one GPU "
        "(one seed each), all questions, raw and processed pictures. [Trained anew](fresh-connectors.md) "
        "from another seed, the plain one does as well on fresh connectors. On the same held-out pairs:",
        large_table(others),
        "## What is forgotten",
        "Balanced accuracy on 160 pairs of everyday things and 160 of shapes, which the base was trained on:",
        forgotten_table(every, others),
        "## Real photographs",
        PHOTOGRAPHS,
        photographs_table(),
        photographs_sentence(),
        READING.rstrip(),
    ]
    return "\n\n".join(filled(part.rstrip()) for part in parts) + "\n"


def listed(numbers: Sequence[int]) -> str:
    """Return numbers in words such as "16, 64 and 256"."""
    words = [f"{number:,}" for number in numbers]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def filled(part: str) -> str:
    """Return a part of the page with lines of one width; tables, headings and pictures as they are."""
    paragraphs = []
    for text in part.split("\n\n"):
        if text[0] in "|#!" or text.startswith("- "):
            paragraphs.append(text)
        else:
            paragraphs.append(textwrap.fill(text, 110, break_long_words=False, break_on_hyphens=False))
    return "\n\n".join(paragraphs)


PHOTOGRAPHS = """\
So many real photographs of a family, half of them good, were learned from; all others of it were asked
about, each beside a good one that was learned from. `good-parts` was given the good ones alone.
Balanced accuracy, mean of three draws (least–greatest). In the rows "all other families" an adapter
learned every pair of the other families and none of this one; `good-parts` had the family's references
there, as always. Of `deeppcb`, whose pairs show one board each, the column counts pairs, and
`good-parts` compares the two pictures as `pixel-diff` does. There are too few good cookies, tiles,
boards and figures for every size."""


def main() -> None:
    """Write the page and its picture."""
    PAGE.write_text(page(), encoding="utf-8")
    CHART.write_text(chart(ways()[0]), encoding="utf-8")


if __name__ == "__main__":
    main()
