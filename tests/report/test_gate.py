import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.common.vocabulary import Outcome
from kurabe.report.columns import FIGURES
from kurabe.report.gate import parse_gate
from kurabe.report.leaderboard import leaderboard
from kurabe.results.record import Record
from tests.report.made_records import count, verdict

# pixel-diff: connector 3 of 4, everyday 0 of 2; phi: connector 4 of 4.
RECORDS = [
    verdict("c1"),
    verdict("c2", said="same"),
    verdict("c3", "same", "same"),
    verdict("c4", "same", "same"),
    verdict("e1", said="same", suite="everyday"),
    verdict("e2", "same", "different", suite="everyday"),
    *[verdict(f"c{i}", "same", "same", model="phi") for i in range(2)],
    *[verdict(f"c{i}", model="phi") for i in range(2, 4)],
    count("c1", "correct", {"count": 3, "count_error": 0}),
]
BOARD = leaderboard(RECORDS)


@pytest.mark.parametrize(
    "gate",
    [
        "accuracy >= 0.5",
        "model=phi balanced_accuracy >= 0.9",
        "model=phi  balanced_accuracy>=90%",
        "model=p* suite=connector question=verdict balanced_accuracy > 0.7",
        "model='pixel-diff' suite=connector question=verdict variant=raw layout=stacked overkill_rate <= .05",
        "suite=everyday accuracy == 0",
        "model=phi miss_rate < 1",
        "count_mae <= 0",
        "question=count suite=connector n != 0",
    ],
)
def test_gates_that_hold(gate: str) -> None:
    checked = parse_gate(gate).check(BOARD)
    assert checked.holds
    (line,) = checked.lines
    assert line.startswith(f"gate '{gate}' holds for ")


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        (
            "model=pixel-diff question=verdict accuracy >= 0.9",
            "accuracy is 0.5 for pixel-diff on all, verdict, raw, stacked",
        ),
        ("suite=connector balanced_accuracy >= 0.9", "balanced_accuracy is 0.75 for pixel-diff on connector"),
        ("auroc >= 0.5", "auroc is undefined"),
        ("model=nobody accuracy >= 0", "no row of the leaderboard is meant"),
        (
            "question=count balanced_accuracy >= 0",
            "balanced_accuracy is undefined for pixel-diff on all, count",
        ),
    ],
)
def test_gates_that_do_not_hold_say_what_was_found(gate: str, found: str) -> None:
    checked = parse_gate(gate).check(BOARD)
    sentences = checked.lines
    assert not checked.holds
    assert all(sentence.startswith(f"gate '{gate}' does not hold: ") for sentence in sentences)
    assert found in sentences[0]


def test_every_selected_row_must_hold() -> None:
    checked = parse_gate("suite=* question=verdict model=pixel-diff accuracy > 0.6").check(BOARD)
    assert len(checked.lines) == 2


def test_a_gate_on_nothing_at_all_does_not_hold() -> None:
    assert not parse_gate("accuracy >= 0").check(leaderboard([])).holds


def test_questions_that_a_column_means_nothing_for_are_passed_over() -> None:
    assert parse_gate("model=phi balanced_accuracy == 1").check(BOARD).holds
    assert parse_gate("model=pixel-diff suite=connector balanced_accuracy >= 0.7").check(BOARD).holds


@pytest.mark.parametrize(
    ("gate", "named"),
    [
        ("balanced_acuracy >= 0.9", "balanced_accuracy"),
        ("overkill <= 0.1", "overkilled"),
        ("modle=phi accuracy >= 0.9", "'model'"),
        ("zzz >= 1", "did you mean"),
        ("accuracy", "COLUMN >= NUMBER"),
        ("accuracy >= high", "COLUMN >= NUMBER"),
        ("accuracy => 0.9", "COLUMN >= NUMBER"),
        ("accuracy >= nan", "COLUMN >= NUMBER"),
        ("accuracy >= 0.9 and miss_rate <= 0.1", "COLUMN >= NUMBER"),
        ("phi accuracy >= 0.9", "COLUMN >= NUMBER"),
        ("model= accuracy >= 0.9", "COLUMN >= NUMBER"),
        ("model='phi accuracy >= 0.9", "COLUMN >= NUMBER"),
        ("", "COLUMN >= NUMBER"),
    ],
)
def test_a_bad_gate_says_what_is_meant(gate: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse_gate(gate)


@given(st.sampled_from(FIGURES), st.sampled_from([">=", "<=", ">", "<", "==", "!="]), st.floats(-5, 5))
def test_gates_mean_what_they_say(column: str, sign: str, bound: float) -> None:
    gate = parse_gate(f"model=phi {column} {sign} {bound:.6f}")
    (condition,) = gate.conditions
    assert (condition.column, condition.sign) == (column, sign)
    assert condition.bound == pytest.approx(bound, abs=1e-6)
    assert gate.selectors == {"suite": "all", "model": "phi"}


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_gate_or_a_value_error(text: str) -> None:
    try:
        gate = parse_gate(text)
    except ValueError:
        return
    assert all(condition.column in FIGURES for condition in gate.conditions)


def test_expressions_are_checked_without_pandas() -> None:
    code = "import kurabe.report.gate, kurabe.report.compare, sys; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def parts(missed: int, bad: int, **other: Any) -> list[Record]:
    """Return verdicts on so many bad parts, each of a reference of its own, and on as many good ones."""
    made = [verdict(f"b{i}", said="same" if i < missed else "different", **other) for i in range(bad)]
    return made + [verdict(f"g{i}", "same", "same", **other) for i in range(bad)]


def test_a_rate_that_the_sample_cannot_carry_holds_with_its_limit_and_what_proof_would_take() -> None:
    checked = parse_gate("miss_rate <= 0.05").check(leaderboard(parts(0, 2)))
    assert checked.holds
    (line,) = checked.lines
    assert "miss_rate is 0 (0 of 2 bad parts; at most 0.78 with 95 % confidence)" in line
    assert "59 bad parts with none missed would, if parts are independent" in line


@pytest.mark.parametrize(("bound", "needed"), [("5%", 59), ("0.02", 149), ("0.01", 299)])
def test_what_a_claim_needs(bound: str, needed: int) -> None:
    (line,) = parse_gate(f"overkill_rate <= {bound}").check(leaderboard(parts(0, 10))).lines
    assert f"{needed} good parts with none overkilled would" in line


def test_a_gate_on_the_limit_demands_proof() -> None:
    assert not parse_gate("miss_rate_hi <= 0.05").check(leaderboard(parts(0, 58))).holds
    checked = parse_gate("miss_rate_hi <= 0.05").check(leaderboard(parts(0, 59)))
    assert checked.holds
    assert "proof" not in parse_gate("miss_rate <= 0.05").check(leaderboard(parts(0, 59))).lines[0]


def test_a_row_with_errors_does_not_pass_unless_the_gate_allows_them() -> None:
    broken = [*parts(0, 5), verdict("x", said=None, outcome="error", error="the server is down")]
    (line,) = parse_gate("accuracy >= 0.5").check(leaderboard(broken)).lines
    assert "1 trial ended in an error" in line
    assert "add 'errors <= 1' to allow that" in line
    assert parse_gate("accuracy >= 0.5 errors <= 1").check(leaderboard(broken)).holds
    assert not parse_gate("errors < 1 accuracy >= 0.5").check(leaderboard(broken)).holds


@pytest.mark.parametrize("outcome", ["unparsed", "error"])
def test_a_model_that_says_nothing_of_use_passes_no_gate(outcome: Outcome) -> None:
    silent = [replace(record, verdict=None, outcome=outcome) for record in parts(0, 10)]
    for gate in (
        "miss_rate <= 0.05",
        "overkill_rate <= 0.5 errors <= 99",
        "balanced_accuracy >= 0.1 errors <= 99",
    ):
        assert not parse_gate(gate).check(leaderboard(silent)).holds
