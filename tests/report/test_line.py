"""What an operating point means on a line, by hand."""

from typing import Any

import pandas as pd
import pytest

from kurabe.report.columns import LINE
from kurabe.report.line import line_of, parse_line
from kurabe.report.rules import Wanted
from kurabe.report.tables import make_tables
from kurabe.results.record import Record
from tests.report.made_records import verdict

TOLD = {
    "bad_share": 0.02,
    "escape_cost": 200,
    "overkill_cost": 1.5,
    "parts_per_hour": 900,
    "shift_hours": 7.5,
}


def records() -> list[Record]:
    made = []
    for i in range(40):
        bad = i % 2 == 0
        wrong = i in (0, 1, 3)  # one of 20 bad parts missed, two of 20 good parts overkilled
        called = bad is not wrong
        made.append(
            verdict(
                f"c{i}",
                "different" if bad else "same",
                "different" if called else "same",
                reference=f"r{i}",
                p_different=0.9 if called else 0.1,
                seconds=1.0 + i / 10,
                tokens_in=100 + i,
                tokens_out=2,
            )
        )
    return made


def shipped(line: dict[str, float]) -> Any:
    table = make_tables(records(), wanted=Wanted.of([], line)).line
    assert list(table.columns) == LINE
    return table[table["rule"] == "shipped"].iloc[0]


def test_figures_by_hand() -> None:
    row = shipped(TOLD)
    # Of a million parts 20,000 are bad, of which 1,000 escape; of 980,000 good ones 882,000 are passed.
    assert row["outgoing_ppm"] == pytest.approx(1e6 * 1000 / (1000 + 882_000))
    assert row["false_rejects_per_shift"] == pytest.approx(900 * 7.5 * 0.98 * 0.1)
    assert row["cost_per_thousand"] == pytest.approx(20 * 0.05 * 200 + 980 * 0.1 * 1.5)
    times = pd.Series([1.0 + i / 10 for i in range(40)])
    assert row["parts_per_hour_p50"] == pytest.approx(3600 / times.median())
    assert row["parts_per_hour_p95"] == pytest.approx(3600 / times.quantile(0.95))
    assert (row["tokens_in"], row["tokens_out"]) == (119.5, 2.0)
    assert row["cost_per_thousand_hi"] > row["cost_per_thousand"]


def test_what_is_not_known_stays_empty() -> None:
    row = shipped({"bad_share": 0.02})
    assert row["outgoing_ppm"] is not None
    assert row["false_rejects_per_shift"] is None
    assert row["cost_per_thousand"] is None
    assert row["parts_per_hour_p50"] is not None


def test_without_a_line_there_is_no_table() -> None:
    assert make_tables(records()).line.empty


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bad_share", "says nothing"),
        ("bad_share=few", "says nothing"),
        ("bad_shar=0.1", "did you mean 'bad_share'"),
        ("bad_share=2", "0.01"),
        ("parts_per_hour=0", "above 0"),
        ("escape_cost=nan", "takes a number"),
    ],
)
def test_what_is_no_line_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_line(text)


def test_a_line_in_one_option() -> None:
    assert parse_line("bad_share=0.02, escape_cost=200") == {"bad_share": 0.02, "escape_cost": 200}
    assert line_of({"parts_per_hour": None}).shift_hours == 8
