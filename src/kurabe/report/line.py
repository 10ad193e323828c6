"""What an operating point means on a line: escapes, false rejects, cost and flow.

Undecided parts of a band go to a person, who is taken to judge them rightly.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from kurabe.results.record import Record

MILLION, THOUSAND, HOUR = 1_000_000, 1000, 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A production line; None where something is not known.

    Attributes:
        bad_share: Share of bad parts among those that are inspected, in (0, 1).
        escape_cost: Cost of a bad part that is called good.
        overkill_cost: Cost of a good part that is called bad, in the same unit.
        parts_per_hour: Parts that the line makes an hour.
        shift_hours: Hours of a shift.
    """

    bad_share: float | None = None
    escape_cost: float | None = None
    overkill_cost: float | None = None
    parts_per_hour: float | None = None
    shift_hours: float = 8.0

    @property
    def costs(self) -> tuple[float, float, float] | None:
        """Share of bad parts and both costs, if all are known."""
        if self.bad_share is None or self.escape_cost is None or self.overkill_cost is None:
            return None
        return self.bad_share, self.escape_cost, self.overkill_cost


NAMES = tuple(field.name for field in fields(Line))


def line_of(told: Mapping[str, Any]) -> Line:
    """Make a line of its keys.

    Raises:
        ValueError: If a key is unknown, or a value is no number that it can have.
    """
    for name, value in told.items():
        if name not in NAMES:
            raise ValueError(f"unknown key {name!r} of the line{did_you_mean(name, NAMES)}")
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{name} takes a number, not {value!r}")
        if name == "bad_share" and not 0 < value < 1:
            raise ValueError(f"bad_share is a share between 0 and 1, not {value:g}; 1 % is 0.01")
        if value < 0 or (value == 0 and not name.endswith("_cost")):
            raise ValueError(f"{name} takes a number above 0, not {value:g}")
    return Line(**{name: float(value) for name, value in told.items() if value is not None})


def parse_line(text: str) -> dict[str, float]:
    """Read ``bad_share=0.01 escape_cost=200 overkill_cost=2 parts_per_hour=900``.

    Raises:
        ValueError: If it cannot be read.
    """
    found = {}
    for word in text.replace(",", " ").split():
        name, sign, value = word.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            sign = ""
        if not sign:
            keys = ", ".join(NAMES)
            raise ValueError(f"{word!r} says nothing of a line: write KEY=NUMBER, the keys are {keys}")
    line_of(found)
    return found


def line_table(decisions: "pd.DataFrame", records: "Sequence[Record]", line: Line | None) -> "pd.DataFrame":
    """Return what each operating point means on the line: `kurabe.report.columns.LINE`.

    Args:
        decisions: The operating points.
        records: The results, for their times and tokens.
        line: The line; without one the table is empty.
    """
    import pandas as pd

    from kurabe.report.columns import KEYS, LINE
    from kurabe.report.frame import plain

    if line is None:
        return pd.DataFrame(columns=LINE)
    flow = _flow(records)
    rows = [
        {name: row[name] for name in [*KEYS, "rule", "threshold", "threshold_hi", "fitted"]}
        | _figures(row, line)
        | flow.get(tuple(row[name] for name in KEYS), {})
        for row in decisions.to_dict("records")
        if row["miss_rate"] is not None or row["overkill_rate"] is not None
    ]
    return plain(pd.DataFrame(rows, columns=LINE, dtype=object))


def _figures(row: Mapping[Any, Any], line: Line) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for end in ("", "_hi"):
        miss, overkill = row[f"miss_rate{end}"], row[f"overkill_rate{end}"]
        share, costs, parts = line.bad_share, line.costs, line.parts_per_hour
        if share is not None and miss is not None and overkill is not None:
            escaped, passed = share * miss, (1 - share) * (1 - overkill)
            shipped = escaped + passed
            found[f"outgoing_ppm{end}"] = MILLION * escaped / shipped if shipped > 0 else None
            if parts is not None:
                found[f"false_rejects_per_shift{end}"] = parts * line.shift_hours * (1 - share) * overkill
        if costs is not None and miss is not None and overkill is not None:
            one = costs[0] * miss * costs[1] + (1 - costs[0]) * overkill * costs[2]
            found[f"cost_per_thousand{end}"] = THOUSAND * one
    return found


def _flow(records: "Sequence[Record]") -> dict[tuple[str, ...], dict[str, float | None]]:
    """Return times and tokens of each row: parts an hour at the median and the 95 % quantile of the time."""
    from kurabe.report.columns import KEYS
    from kurabe.report.frame import frame, ordinary, with_total

    trials = with_total(ordinary(frame(records)))
    found: dict[tuple[str, ...], dict[str, float | None]] = {}
    for keys, part in trials.groupby(KEYS, sort=False, observed=True):
        seconds = part.loc[part["timed"], "seconds"]
        one: dict[str, float | None] = {}
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            time = float(seconds.quantile(share)) if len(seconds) else 0.0
            one[f"seconds_{name}"] = time if len(seconds) else None
            one[f"parts_per_hour_{name}"] = HOUR / time if time > 0 else None
        for name in ("tokens_in", "tokens_out"):
            known = part[name].dropna()
            one[name] = float(known.mean()) if len(known) else None
        found[tuple(map(str, keys))] = one
    return found
