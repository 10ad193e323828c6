"""An agreement analysis on a terminal."""

from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Console

from kurabe.report.terminal_table import Column, Row, print_table

if TYPE_CHECKING:
    import pandas as pd

_OF_RATER = (
    ("effectiveness", "effectiveness"),
    ("miss rate", "miss_rate"),
    ("false alarm", "false_alarm_rate"),
    ("within", "within"),
    ("kappa (truth)", "truth_kappa"),
)
_OF_PAIR = (("agree", "between"), ("Cohen's kappa", "between_kappa"))
_OF_ALL = (("agree", "all"), ("and right", "all_truth"), ("Fleiss' kappa", "all_kappa"))


def print_agreement(table: "pd.DataFrame", console: Console) -> None:
    """Print raters against the truth, two raters each, and all together."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in table.to_dict("records"):
        key = (row["rater"] or "", row["other"] or "")
        group = found.setdefault(key, {"rater": key[0], "other": key[1], "parts": 0})
        group[row["measure"]] = row
        group["parts"] = max(group["parts"], row["parts"])
    groups = (
        (
            "Raters against the truth",
            _OF_RATER,
            [row for (one, two), row in found.items() if one and not two],
        ),
        ("Raters against each other", _OF_PAIR, [row for (_, two), row in found.items() if two]),
        ("All raters together", _OF_ALL, [row for (one, _), row in found.items() if not one]),
    )
    for title, measures, rows in groups:
        who = [
            Column(name, partial(_word, name), text=True, who=True) for name in ("rater", "other", "parts")
        ]
        figures = [Column(head, partial(_figure, name)) for head, name in measures]
        print_table(console, title, [*who, *figures], rows)


def _word(name: str, row: Row) -> str:
    return str(row[name])


def _figure(name: str, row: Row) -> str:
    """Return a figure with its interval and what it amounts to."""
    figure = row.get(name)
    if figure is None or figure["value"] is None:
        return ""
    told = f"{figure['value']:.2f} [{figure['value_lo']:.2f}, {figure['value_hi']:.2f}]"
    return f"{told} {figure['judgement']}" if figure["judgement"] else told
