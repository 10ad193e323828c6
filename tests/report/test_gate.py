import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.report.columns import METRICS
from kurabe.report.gate import parse_gate
from kurabe.report.tables import leaderboard
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
    assert parse_gate(gate).violations(BOARD) == []


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
    sentences = parse_gate(gate).violations(BOARD)
    assert sentences
    assert all(sentence.startswith(f"gate '{gate}' does not hold: ") for sentence in sentences)
    assert found in sentences[0]


def test_every_selected_row_must_hold() -> None:
    assert len(parse_gate("suite=* question=verdict model=pixel-diff accuracy > 0.6").violations(BOARD)) == 2


def test_a_gate_on_nothing_at_all_does_not_hold() -> None:
    assert parse_gate("accuracy >= 0").violations(leaderboard([]))


def test_questions_that_a_column_means_nothing_for_are_passed_over() -> None:
    assert parse_gate("model=phi balanced_accuracy == 1").violations(BOARD) == []
    assert parse_gate("model=pixel-diff suite=connector balanced_accuracy >= 0.7").violations(BOARD) == []


@pytest.mark.parametrize(
    ("gate", "named"),
    [
        ("balanced_acuracy >= 0.9", "balanced_accuracy"),
        ("overkill <= 0.1", "overkill_rate"),
        ("modle=phi accuracy >= 0.9", "'model'"),
        ("zzz >= 1", "did you mean"),
        ("accuracy", "accuracy"),
        ("accuracy >= high", "COLUMN >= NUMBER"),
        ("accuracy => 0.9", "COLUMN >= NUMBER"),
        ("accuracy >= nan", "COLUMN >= NUMBER"),
        ("phi accuracy >= 0.9", "COLUMN=PATTERN"),
        ("model= accuracy >= 0.9", "COLUMN=PATTERN"),
        ("model='phi accuracy >= 0.9", "quotation"),
        ("", "COLUMN >= NUMBER"),
    ],
)
def test_a_bad_gate_says_what_is_meant(gate: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse_gate(gate)


@given(st.sampled_from(METRICS), st.sampled_from([">=", "<=", ">", "<", "==", "!="]), st.floats(-5, 5))
def test_gates_mean_what_they_say(column: str, sign: str, bound: float) -> None:
    gate = parse_gate(f"model=phi {column} {sign} {bound:.6f}")
    assert (gate.column, gate.sign) == (column, sign)
    assert gate.bound == pytest.approx(bound, abs=1e-6)
    assert gate.selectors == {"suite": "all", "model": "phi"}


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_gate_or_a_value_error(text: str) -> None:
    try:
        gate = parse_gate(text)
    except ValueError:
        return
    assert gate.column in [*METRICS, "n"]


def test_expressions_are_checked_without_pandas() -> None:
    code = "import kurabe.report.gate, kurabe.report.compare, sys; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
