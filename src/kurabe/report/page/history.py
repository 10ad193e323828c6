"""The runs before a run: how the figures went over time, and what was fixed and broken since."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import KurabeError
from kurabe.report.columns import LEADERBOARD
from kurabe.report.compare import Comparison, compare
from kurabe.report.csv_files import read_cell
from kurabe.report.leaderboard import leaderboard
from kurabe.report.tables import Tables
from kurabe.results.record import Record
from kurabe.results.run import Run, runs_of

if TYPE_CHECKING:
    import pandas as pd

RUNS = 50
"""Runs that the history goes back."""

ROWS = 5000
"""Rows of the history; with a thousand models it goes back fewer runs, so that the page stays small."""

COMPARED = 5
"""Runs that a run is held against; fewer, but one, where their rows together would exceed `ROWS`."""

LOOKED_AT = 10
"""Runs that are read to find those with trials in common."""

CHANGES = 400
"""Figures of a comparison that go into the page."""

_WHO = ("model", "suite", "variant", "layout", "question")
_FIGURES = ("n", "balanced_accuracy", "accuracy")
_MOVED = (
    "balanced_accuracy", "accuracy", "overkill_rate", "miss_rate", "difference_recall",
    "difference_precision", "count_mae", "unparsed_rate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """What the page tells of the runs before.

    Attributes:
        history: The leaderboards of all runs up to this one, oldest first.
        comparisons: What changed since an earlier run, by its name; the newest first.
        unread: Earlier runs that could not be read, and why.
    """

    history: list[dict[str, Any]] = field(default_factory=list)
    comparisons: dict[str, dict[str, Any]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def past_of(run: Run, manifest: Mapping[str, Any], records: Sequence[Record], tables: Tables) -> Past:
    """Return what is known of the runs beside ``run`` that began before it.

    Args:
        run: The run.
        manifest: Its manifest.
        records: Its results.
        tables: Their tables.
    """
    past = Past()
    past.history.append(_entry(run.name, manifest, len(records), _rows(tables.leaderboard)))
    held = len(past.history[0]["rows"])
    compared_with = max(1, min(COMPARED, ROWS // max(1, held)))
    looked_at = 0
    parts = {part.get("run") for part in manifest.get("parts", ())}  # of a merged run they are no past
    for earlier in reversed([each for each in runs_of(run.reports) if each.name < run.name]):
        if earlier.name in parts:
            continue
        if len(past.history) >= RUNS or held > ROWS:
            break
        try:
            looked_at += 1
            results = earlier.records() if looked_at <= LOOKED_AT else None
            entry = _earlier(earlier, results)
        except (KurabeError, OSError, ValueError) as error:
            past.unread[earlier.name] = str(error)
            continue
        held += len(entry["rows"])
        past.history.insert(0, entry)
        if results and len(past.comparisons) < compared_with and records:
            compared = compare(results, records)
            if compared.shared:
                past.comparisons[earlier.name] = _compared(compared, results)
    return past


def _earlier(run: Run, records: Sequence[Record] | None) -> dict[str, Any]:
    """Return the history's entry of an earlier run: of its table, or of its results if it was killed."""
    manifest = run.manifest() if run.has_manifest else {}
    path = run.folder / "leaderboard.csv"
    if path.is_file():
        rows = _read_rows(path)
    else:
        records = run.records() if records is None else records
        rows = _rows(leaderboard(records))
    answered = manifest.get("answered", 0) if manifest.get("finished") else None
    return _entry(run.name, manifest, answered, rows)


def _entry(
    name: str, manifest: Mapping[str, Any], answered: int | None, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    planned = manifest.get("planned")
    whole = manifest.get("finished") is not None and answered is not None
    complete = whole and (not isinstance(planned, int) or (answered or 0) >= planned)
    return {"run": name, "started": manifest.get("started"), "complete": complete, "rows": rows}


def _rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    rows = table[[*_WHO, *_FIGURES]].to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def _read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a leaderboard's table.

    Raises:
        ValueError: If it is not one.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and not {*_WHO, *_FIGURES} <= rows[0].keys():
        raise ValueError(f"{path} lacks columns of {', '.join(LEADERBOARD)}")
    return [
        {name: read_cell(row[name]) for name in _WHO}
        | {"n": int(row["n"])}
        | {name: float(row[name]) if row[name] else None for name in _FIGURES[1:]}
        for row in rows
    ]


def _compared(comparison: Comparison, earlier: Sequence[Record]) -> dict[str, Any]:
    flipped = {*comparison.fixed, *comparison.broken}
    moved = [
        {"row": change.row, "metric": change.metric, "old": change.old, "new": change.new}
        for metric in _MOVED
        for change in comparison.changes
        if change.metric == metric and change.old != change.new
    ]
    return {
        "fixed": list(comparison.fixed),
        "broken": list(comparison.broken),
        # What the earlier run said of them.
        "said": {each.trial: (each.verdict, each.p_different) for each in earlier if each.trial in flipped},
        "only_old": len(comparison.only_old),
        "only_new": len(comparison.only_new),
        "shared": comparison.shared,
        "changes": moved[:CHANGES],
    }
