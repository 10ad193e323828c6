"""Operating points and what they mean on the line, for the terminal."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Console

from kurabe.report.columns import ALL
from kurabe.report.gate import whose
from kurabe.report.rules import BALANCED, SHIPPED, short
from kurabe.report.terminal_table import Column, Row, is_plain, print_table

if TYPE_CHECKING:
    from kurabe.report.tables import Tables


def print_decisions(tables: "Tables", console: Console) -> None:
    """Print which rows have a threshold that is off; the operating points where any were asked for."""
    rows = tables.decisions.to_dict("records")
    asked = any(row["rule"] not in (SHIPPED, BALANCED.text) for row in rows) or not tables.line.empty
    line = {_key(row): row for row in tables.line.to_dict("records")}
    for question in dict.fromkeys(row["question"] for row in rows) if asked else ():
        mine = _once([row for row in rows if row["question"] == question])
        title = f"Operating points, cross-fitted: {question}"
        print_table(console, title, _POINTS, mine, "decisions.csv and on the page")
        on_line = [line[_key(row)] for row in mine if _key(row) in line]
        print_table(console, f"On the line: {question}", _LINE, on_line, "line.csv")
    for gap in told_once(tables.gaps):
        words = f"{whose(gap)}: {gap['words']} (decisions.csv)"
        if is_plain(console):
            words = words.replace("→", "to").replace("≥", ">=")
        console.print(words, markup=False, highlight=False, soft_wrap=True)


def told_once(gaps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what there is to say of suites; of the total only where no suite of its row says it."""
    own = {_row(gap) for gap in gaps if gap["suite"] != ALL}
    return [gap for gap in gaps if gap["suite"] != ALL or _row(gap) not in own]


def _row(row: Row) -> tuple[str, ...]:
    return row["model"], row["variant"], row["layout"], row["question"]


def _key(row: Row) -> tuple[Any, ...]:
    return (*_row(row), row["suite"], row["rule"])


def _once(rows: list[Row]) -> list[Row]:
    """Leave out the total where it would repeat the only suite."""
    return rows if len({row["suite"] for row in rows} - {ALL}) > 1 else [r for r in rows if r["suite"] != ALL]


def _threshold(row: Row) -> str:
    if row["threshold"] is None:
        return row.get("needs") or ""
    high = row["threshold_hi"]
    return short(row["threshold"]) if high is None else f"{short(row['threshold'])} to {short(high)}"


def _rate(name: str, part: str, whole: str, row: Row) -> str:
    if row[name] is None:
        return ""
    limit = row[f"{name}_hi"]
    return f"{row[name]:.2f} ({row[part]}/{row[whole]}, max {limit:.2f})"


def _rate_column(head: str, name: str, part: str, whole: str) -> Column:
    brief = f"{head}\n(max)", partial(_brief_rate, name)
    return Column(head, partial(_rate, name, part, whole), leads=True, brief=brief)


def _brief_rate(name: str, row: Row) -> str:
    return "" if row[name] is None else f"{row[name]:.2f} ({row[f'{name}_hi']:.2f})"


def _balanced(row: Row) -> str:
    if row["balanced_accuracy"] is None:
        return ""
    low, high = row["balanced_accuracy_lo"], row["balanced_accuracy_hi"]
    ends = "too few" if low is None else f"{low:.2f}, {high:.2f}"
    return f"{row['balanced_accuracy']:.2f} [{ends}]"


def _undecided(row: Row) -> str:
    return f"{row['undecided'] / row['n']:.2f} ({row['undecided']}/{row['n']})" if row["undecided"] else ""


def _at_most(name: str, row: Row) -> str:
    value, high = row[name], row[f"{name}_hi"]
    return "" if value is None else f"{value:,.0f} (max {high:,.0f})"


def _number(name: str, row: Row) -> str:
    return "" if row[name] is None else f"{row[name]:,.0f}"


def _text(name: str) -> Column:
    above = name in ("layout", "suite")
    return Column(name, lambda row: str(row[name]), text=True, who=True, above=above, spare=name == "layout")


_WHO = [*map(_text, ("model", "variant", "layout", "suite")), _text("rule")]
_POINTS = [
    *_WHO,
    Column("P from", _threshold, text=True, leads=True),
    _rate_column("miss", "miss_rate", "missed", "n_bad"),
    _rate_column("overkill", "overkill_rate", "overkilled", "n_good"),
    Column("to a person", _undecided),
    Column("bal.acc", _balanced),
    Column("fitted", lambda row: str(row["fitted"]), text=True),
]
_LINE = [
    *_WHO,
    Column("outgoing ppm", partial(_at_most, "outgoing_ppm")),
    Column("false rejects/shift", partial(_at_most, "false_rejects_per_shift")),
    Column("cost/1000 parts", partial(_at_most, "cost_per_thousand")),
    Column("parts/h at p50", partial(_number, "parts_per_hour_p50")),
    Column("at p95", partial(_number, "parts_per_hour_p95")),
    Column("tokens in", partial(_number, "tokens_in")),
    Column("out", partial(_number, "tokens_out")),
]
