import io
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from kurabe.common.vocabulary import Verdict
from kurabe.report.compare import compare
from kurabe.report.rules import signed
from kurabe.report.terminal import print_comparison, print_tables
from kurabe.report.terminal_table import Terminal
from kurabe.results.record import Record
from tests.report.made_records import count, verdict

LONG = "phi-3.5-vision-lora-connector"


def run(shift: int = 0) -> list[Record]:
    sides: list[Verdict] = ["same", "different"]
    asked = product(("connector", "everyday"), range(6), ("pixel-diff", LONG), ("raw", "diff"), (False, True))
    records = []
    for suite, i, model, variant, swapped in asked:
        right = (i + (variant == "diff")) % 4 != shift
        said = sides[(i + (not right)) % 2]
        other: dict[str, Any] = {"swapped": swapped, "p_different": 0.9 if said == "different" else 0.2}
        records.append(
            verdict(f"c{i}", sides[i % 2], said, suite=suite, model=model, variant=variant, **other)
        )
    records.append(verdict("k1", "same", "different", control=True))
    records.append(count("c1", "wrong", {"count": 5, "count_error": 2}))
    return records


def shown(records: Sequence[Record], width: int, *, terminal: bool, notes: Sequence[str] = ()) -> str:
    file = io.StringIO()
    print_tables(records, Console(file=file, width=width, force_terminal=terminal, color_system=None), notes)
    return file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_line_is_wider_than_the_console_and_no_figure_is_cut(width: int, terminal: bool) -> None:
    text = shown(run(), width, terminal=terminal)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text
    assert "bal.acc" in text


def test_a_log_file_gets_ascii() -> None:
    assert shown(run(), 80, terminal=False, notes=["phi was not run: no CUDA device."]).isascii()


def test_a_dumb_terminal_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    file = io.StringIO()
    print_tables(run(), Console(file=file, width=80, force_terminal=True))
    assert file.getvalue().isascii()


def test_what_is_there_is_shown() -> None:
    text = shown(run(), 160, terminal=True, notes=["phi [big] was not run."])
    for part in (
        "Leaderboard: verdict", "Leaderboard: count", "Raw against processed", "Controls",
        "Pictures exchanged", LONG, "everyday", "AUROC", "p (Holm)", "phi [big] was not run.",
    ):  # fmt: skip
        assert part in text
    assert "recall" not in text  # no differences were asked for


@pytest.mark.parametrize("width", [40, 80, 240])
def test_no_column_is_lost_at_any_width(width: int) -> None:
    text = re.sub(r"\s+", " ", shown(run(), width, terminal=True))
    for column in ("bal.acc", "miss", "overkill", "AUROC", "accuracy", "MCC", "s/trial", "McNemar p"):
        assert column in text, column
    assert "(continued)" not in text
    assert (f"Not shown at {width} columns: " in text) == (width < 240)
    assert ("They are in leaderboard.csv and on the page." in text) == (width < 240)


def test_what_answers_took_is_shown_where_it_matters() -> None:
    own = [verdict(f"c{i}", tokens_in=100, tokens_out=2) for i in range(3)]
    assert "What an answer took" not in shown(own, 120, terminal=True)
    bought = [replace(record, cost=0.25) for record in own]
    text = shown(bought, 120, terminal=True)
    table = text[text.index("What an answer took: verdict") :]
    assert all(word in table for word in ("tokens in", "100", "cost/trial", "0.25", "0.75", "s p95"))
    file = io.StringIO()
    print_tables(own, Console(file=file, width=120), served=True)
    assert "What an answer took" in file.getvalue()
    assert "cost/trial" not in file.getvalue()


def test_a_table_of_differences_leads_with_what_was_found() -> None:
    parts = {"found": [], "missed": ["a"], "expected": 1, "claimed": 2, "matched": 0}
    found = [verdict(f"c{i}", question="differences", outcome="wrong", score=parts) for i in range(6)]
    table = shown(found, 80, terminal=True).split("Not shown")[0]
    assert "recall" in table
    assert "exact" in table
    assert "0.00" in table


def test_rates_come_with_counts_and_limits() -> None:
    asked = [verdict(f"c{i}", said="same" if i < 2 else "different") for i in range(10)]
    assert "0.20 (2/10, max 0.51)" in shown(asked, 120, terminal=True)


def test_undefined_is_a_dash_and_a_lone_suite_is_shown_once() -> None:
    records = [
        verdict("c1", p_different=0.5),
        verdict("c2", "same", p_different=0.7),
        verdict("c1", model="b"),
    ]
    text = shown(records, 160, terminal=True)
    assert "–" in text  # the second model has no probabilities
    assert " all " not in text


def test_figures_come_with_their_intervals() -> None:
    few = [verdict(f"c{i}", "same" if i % 2 else "different", reference=f"r{i // 2}") for i in range(4)]
    assert "0.50 [too few]" in shown(few, 120, terminal=True)
    sides: list[Verdict] = ["same", "different"]
    many = [verdict(f"c{i}", sides[i % 2], sides[i % 2]) for i in range(20)]
    assert re.search(r"1\.00 \[0\.\d\d, 1\.00\]", shown(many, 120, terminal=True))


def test_errors_are_told() -> None:
    text = shown([verdict("c1"), verdict("c2", said=None, outcome="error", error="x")], 80, terminal=False)
    assert text.startswith("1 of 2 trials ended in an error; they count as wrong.")


def test_no_trials_no_tables() -> None:
    assert shown([], 80, terminal=True, notes=["nothing was asked"]).strip() == "nothing was asked"


@pytest.mark.parametrize("width", [80, 120])
def test_a_comparison_names_what_changed(width: int) -> None:
    file = io.StringIO()
    console = Console(file=file, width=width)
    print_comparison(compare(run(), run(shift=2)), console, ["limit [5%] does not hold"])
    text = file.getvalue()
    assert text.isascii()
    for part in (
        "Against the earlier run",
        "fixed: connector/c",
        "broken: ",
        " more",
        "limit [5%] does not hold",
    ):
        assert part in text
    assert "better" in text
    assert "worse" in text


def test_nothing_changed_is_said_in_one_line() -> None:
    file = io.StringIO()
    print_comparison(compare(run(), run()), Console(file=file, width=80))
    assert file.getvalue().strip() == (
        f"{len(run())} trials in both runs, 0 fixed, 0 broken; 0 only in the earlier run, 0 only in this one."
    )


def test_nothing_of_others_reaches_the_terminal_raw() -> None:
    evil = "\x1b[2J\x1b]0;mine\x07\rm"
    records = [verdict(f"c{i}", "same", "same", suite=f"s{evil}", model=f"m{evil}") for i in range(3)]
    records.append(verdict("c9", "same", None, outcome="error", error=evil, model=f"m{evil}"))
    file = io.StringIO()
    console = Terminal(file=file, width=200, force_terminal=True, color_system=None)
    print_tables(records, console, [f"note {evil}"])
    print_comparison(
        compare(records, [*records[1:], verdict("c0", "same", "different", model=f"m{evil}")]), console
    )
    assert r"\x1b[2J\x1b]0;mine\x07\r" in file.getvalue()
    assert not set(file.getvalue()) & set("\x1b\x07\r")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (0.0, "+0.00"),
        (-0.0, "+0.00"),
        (-0.004, "+0.00"),
        (0.004, "+0.00"),
        (-0.006, "-0.01"),
        (0.25, "+0.25"),
    ],
)
def test_a_change_that_rounds_to_zero_is_not_negative(change: float, told: str) -> None:
    assert signed(change) == told
