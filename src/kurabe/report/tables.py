"""All tables of a run, from its records alone.

Cells hold plain Python values, None where a figure is undefined.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from kurabe.report import decisions as decided
from kurabe.report.columns import CONSISTENCY, CONTROLS, DECISIONS, KEYS
from kurabe.report.csv_files import write_csv
from kurabe.report.frame import frame, plain, rank, with_total
from kurabe.report.leaderboard import leaderboard
from kurabe.report.line import line_table
from kurabe.report.paired_table import raw_vs_processed
from kurabe.report.points import all_points
from kurabe.report.rules import Wanted
from kurabe.report.stability import stability
from kurabe.results.album import PICTURES
from kurabe.results.record import Record, scored


def controls(records: Sequence[Record]) -> pd.DataFrame:
    """Return how often each model called an identical pair different."""
    trials = frame([record for record in scored(records) if record.control])
    if trials.empty:
        return pd.DataFrame(columns=CONTROLS)
    trials["called_different"] = trials["verdict"] == "different"
    trials["errors"] = trials["error"]
    grouped = trials.groupby(CONTROLS[:3], sort=True)
    table = grouped[["called_different", "unparsed", "errors"]].sum().astype(int)
    table.insert(0, "n", grouped.size())
    return plain(table.reset_index()[CONTROLS])


def consistency(records: Sequence[Record]) -> pd.DataFrame:
    """Return how often a model answers a pair alike in both orders, and rightly in both.

    Two answers that cannot be read are not alike.
    """
    trials = frame([record for record in scored(records) if not (record.control or record.shake)])
    pair = ["model", "variant", "layout", "suite", "question", "case", "repeat"]
    columns = [*pair, "correct", "said"]
    swapped = trials.loc[trials["swapped"], columns]
    both = swapped.merge(trials.loc[~trials["swapped"], columns], on=pair, suffixes=("_swapped", ""))
    if both.empty:
        return pd.DataFrame(columns=CONSISTENCY)
    both["consistent"] = both["said"].notna() & (both["said"] == both["said_swapped"])
    both["both_correct"] = both["correct"] & both["correct_swapped"]
    grouped = with_total(both).groupby(KEYS, sort=False)
    table = grouped[["consistent", "both_correct"]].mean()
    table.insert(0, "n", grouped.size())
    table = table.reset_index().sort_values(["suite", "question", "model", "variant", "layout"], key=rank)
    return plain(table[CONSISTENCY])


def trials(records: Sequence[Record], run: str | None = None) -> pd.DataFrame:
    """Return the records as a flat table, one row a trial, the parts of the scores in columns of their own.

    Lists become text with semicolons between their entries; boxes stay JSON. Pictures are told as paths from
    the folder of reports, which are the same wherever the table stands.
    """
    folder = f"{PICTURES}/" if run is None else f"runs/{run}/{PICTURES}/"
    rows = []
    for record in records:
        parts = {name: _flat(record.score.get(name)) for name in _PARTS}
        row = {name: getattr(record, name) for name in _TRIAL} | parts
        row |= {name: _flat(getattr(record, name)) or None for name in ("tags", "kinds")}
        reference, test = _pictures(record)
        rows.append(
            row
            | {
                "prompt": record.prompt,
                "reference_picture": reference and f"{folder}{reference}.png",
                "test_picture": test and f"{folder}{test}.png",
                "boxes": _boxes(record.boxes),
                "predicted_boxes": _boxes(record.score.get("boxes")),
                "run": run,
            }
        )
    return plain(pd.DataFrame(rows, columns=TRIALS, dtype=object))


def _boxes(boxes: Sequence[Sequence[float]] | None) -> str | None:
    return json.dumps([list(map(float, box)) for box in boxes]) if boxes else None


def _pictures(record: Record) -> tuple[str | None, str | None]:
    """Return the content ids of good part and test as their files are; None where they were not kept."""
    raw = record.raw or ()
    if len(raw) < 2:
        return None, raw[0] if raw else None
    return (raw[-1], raw[0]) if raw_is_turned(record) else (raw[0], raw[-1])


def raw_is_turned(record: Record) -> bool:
    """Say whether the test picture stands first in `raw`: only where pictures were exchanged."""
    return (
        record.swapped
        and len(record.raw or ()) > 1
        and record.raw is not None
        and record.raw[0] == record.test
    )


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a run, so that they are computed once; the names are those of the files.

    ``gaps`` is no file, but what there is to say of rows that rank well at a threshold that is off.
    """

    trials: pd.DataFrame
    leaderboard: pd.DataFrame
    raw_vs_processed: pd.DataFrame
    controls: pd.DataFrame
    consistency: pd.DataFrame
    stability: pd.DataFrame
    decisions: pd.DataFrame
    leaderboard_at: pd.DataFrame
    line: pd.DataFrame
    gaps: tuple[dict[str, Any], ...]


def make_tables(records: Sequence[Record], run: str | None = None, wanted: Wanted | None = None) -> Tables:
    """Return all tables of a run, which may have a name.

    Args:
        records: The results.
        run: The run's name.
        wanted: Operating points that are asked for besides the usual ones, and the line that they are for.
    """
    wanted = wanted or Wanted()
    board = leaderboard(records, run)
    points = all_points(records, wanted.rules)
    table = decided.decisions(points)
    return Tables(
        trials(records, run),
        board,
        raw_vs_processed(records),
        controls(records),
        consistency(records),
        stability(records),
        table,
        decided.leaderboard_at(board, table, wanted.at),
        line_table(table, records, wanted.line),
        tuple(decided.gaps(points)),
    )


_OPTIONAL = ("controls", "consistency", "stability", "leaderboard_at", "line")
"""Tables that are there only where the run asked for them."""


def write_tables(run: Sequence[Record] | Tables, folder: Path, *, bom: bool = False) -> list[Path]:
    """Write the tables as CSV (UTF-8), each complete or not at all.

    Those of `_OPTIONAL` are written only if there is something to tell; those of an earlier run are removed,
    so that the tables of a folder always belong together.

    Args:
        run: The records of a run, or its tables.
        folder: Where to; it is made if need be.
        bom: Begin the files with a byte order mark, without which Excel takes UTF-8 for another encoding.

    Returns:
        The files that were written.

    Raises:
        OSError: If the folder cannot be written to.
    """
    tables = run if isinstance(run, Tables) else make_tables(run)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in (field.name for field in fields(Tables) if field.name != "gaps"):
        table, path = getattr(tables, name), folder / f"{name}.csv"
        if name == "decisions":
            table = table[DECISIONS]
        if table.empty and name in _OPTIONAL:
            path.unlink(missing_ok=True)
            continue
        write_csv(table, path, bom=bom)
        written.append(path)
    return written


_NOT_IN_TABLE = {"score", "prompt", "boxes", "raw", "pair", "shown", "heat"}
_TRIAL = [field.name for field in fields(Record) if field.name not in _NOT_IN_TABLE]
_PARTS = [
    "found", "missed", "claimed", "matched", "count", "count_error", "choice", "hit", "forbidden", "reason",
]  # fmt: skip
TRIALS = [
    *_TRIAL, *_PARTS, "prompt", "reference_picture", "test_picture", "boxes", "predicted_boxes", "run",
]  # fmt: skip
"""All columns of ``trials.csv``, in their order: new ones come last."""


def _flat(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value
