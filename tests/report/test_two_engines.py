"""Two back ends of one model: what parts, how sure that is, and what it is called."""

from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from kurabe.common.vocabulary import Outcome, QuestionKind, Verdict
from kurabe.report.columns import ENGINES, ENGINES_TRIALS
from kurabe.report.intervals import upper_limit
from kurabe.report.terminal_engines import print_engines
from kurabe.report.terminal_table import Terminal
from kurabe.report.two_engines import TwoEngines, compare_engines
from kurabe.results.record import Record

NAMES = ("plain", "served")


def side(
    model: str, said: list[Verdict | None], p: list[float | None] | None = None, **more: Any
) -> list[Record]:
    """Return verdicts; every other part is bad, and each has a good part of its own."""
    found = []
    for number, verdict in enumerate(said):
        expected: Verdict = "different" if number % 2 else "same"
        outcome: Outcome = "unparsed" if verdict is None else "correct" if verdict == expected else "wrong"
        found.append(
            Record(
                trial=f"s/c{number}-verdict-raw-{model}", suite="s", case=f"s/c{number}",
                reference=f"good{number}", question="verdict", variant="raw", layout="stacked", model=model,
                control=False, swapped=False, repeat=0, expected=expected, expected_verdict=expected,
                text=str(verdict), verdict=verdict, p_different=p[number] if p else None, outcome=outcome,
                **more,
            )
        )  # fmt: skip
    return found


VERDICTS: list[Verdict | None] = ["same", "different"]
TRUTH: list[Verdict | None] = ["different" if number % 2 else "same" for number in range(40)]


def of(first: list[Record], second: list[Record]) -> tuple[TwoEngines, dict[str, Any]]:
    found = compare_engines(first, second, NAMES)
    (row,) = [row for row in found.table.to_dict("records") if row["suite"] == "all"]
    return found, {str(key): value for key, value in row.items()}


def test_equal_answers_have_an_honest_bound() -> None:
    found, row = of(side("a", TRUTH), side("b", TRUTH))
    assert (row["n"], row["same_text"], row["flipped"], row["n_p"]) == (40, 40, 0, 0)
    assert row["flip_rate_hi"] == pytest.approx(float(upper_limit(np.array([0.0]), np.array([40.0]))[0]))
    assert (row["direction_p"], row["p_value"], row["mcnemar_p"]) == (1, 1, 1)
    assert found.trials.empty
    (words,) = found.words
    assert "no difference was found: 40 of 40 texts are equal, none of 40 answers flipped" in words
    assert "at most 7.22% of such answers flip" in words
    assert list(found.table.columns) == ENGINES
    assert list(found.trials.columns) == ENGINES_TRIALS


def test_flips_in_one_direction_are_a_change_by_mcnemars_exact_test() -> None:
    said = list(TRUTH)
    for number in (0, 2, 4, 6, 8, 10, 12, 14):  # good parts, now called different
        said[number] = "different"
    found, row = of(side("a", TRUTH), side("b", said))
    assert (row["flipped"], row["to_different"], row["to_same"]) == (8, 8, 0)
    assert (row["first_only_correct"], row["second_only_correct"]) == (8, 0)
    assert row["direction_p"] == pytest.approx(binomtest(8, 8).pvalue)
    assert row["mcnemar_p"] == pytest.approx(binomtest(8, 8).pvalue)
    assert row["p_value"] == pytest.approx(binomtest(8, 8).pvalue)
    assert row["delta"] == pytest.approx(-8 / 40)  # overkill of 8 in 20 good parts
    assert "yes, it changed: served does worse than plain (-0.200)" in found.words[0]
    assert list(found.trials["case"]) == [f"s/c{number}" for number in range(0, 16, 2)]


def test_flips_both_ways_are_told_from_a_change() -> None:
    said = list(TRUTH)
    said[0], said[1], said[3] = "different", "same", None
    found, row = of(side("a", TRUTH), side("b", said))
    assert (row["flipped"], row["to_different"], row["to_same"]) == (3, 1, 1)
    assert "single answers changed, but in no direction that goes beyond chance: 3 of 40" in found.words[0]


def test_verdicts_may_shift_though_as_many_are_right() -> None:
    # Eight pairs of a good and a bad part are called rightly; the rest all the same, then all different.
    before, said = (VERDICTS * 8 + [verdict] * 24 for verdict in VERDICTS)
    found, row = of(side("a", before), side("b", said))
    assert row["delta"] == 0
    assert row["p_value"] == 1
    assert "yes, it changed: served says 'different' more often than plain" in found.words[0]


def test_cases_that_share_a_good_part_are_no_evidence_of_their_own() -> None:
    said = list(TRUTH)
    for number in range(0, 16, 2):
        said[number] = "different"
    sides = [
        [replace(r, reference=f"good{n // 8}") for n, r in enumerate(side(m, s))]
        for m, s in (("a", TRUTH), ("b", said))
    ]
    _, row = of(*sides)
    assert (row["references"], row["unit"]) == (5, "reference")
    assert row["direction_p"] == pytest.approx(0.5)  # two of five units changed, alike
    assert row["mcnemar_p"] == pytest.approx(binomtest(8, 8).pvalue)
    assert row["flip_rate_hi"] > 0.4


def test_p_and_flips_near_the_threshold() -> None:
    p: list[float | None] = [0.1 + 0.8 * (number % 2) for number in range(40)]
    p[0], p[2], p[3] = 0.48, 0.2, None
    q = [None if each is None else each + 0.01 for each in p]
    q[0], q[2] = 0.53, 0.7
    said = list(TRUTH)
    said[0] = said[2] = "different"
    found, row = of(side("a", TRUTH, p), side("b", said, q))
    assert row["n_p"] == 39
    assert row["max_abs_delta_p"] == pytest.approx(0.5)
    assert row["median_abs_delta_p"] == pytest.approx(0.01)
    known = [(a, b) for a, b in zip(p, q, strict=True) if a is not None and b is not None]
    assert row["mean_delta_p"] == pytest.approx(np.mean([b - a for a, b in known]))
    assert row["p_correlation"] == pytest.approx(np.corrcoef(np.array(known).T)[0, 1])
    assert (row["near"], row["near_flips"]) == (1, 1)
    assert "1 of the flips lie within 0.1 of the threshold" in found.words[0]


def test_an_error_is_no_agreement() -> None:
    broken = [
        replace(r, text="", verdict=None, outcome="error", error="gone") if n == 5 else r
        for n, r in enumerate(side("b", TRUTH))
    ]
    found, row = of(side("a", TRUTH), broken)
    assert (row["errors"], row["flipped"], row["same_text"]) == (1, 1, 39)
    assert list(found.trials["text_b"]) == ["error: gone"]
    both_failed = [replace(r, model="a") for r in broken]
    assert of(both_failed, broken)[1]["flipped"] == 1


def test_other_words_of_one_meaning_part_but_do_not_flip() -> None:
    other = [replace(r, text=f"{r.text}.") for r in side("b", TRUTH)]
    found, row = of(side("a", TRUTH), other)
    assert (row["same_text"], row["flipped"], len(found.trials)) == (0, 0, 40)
    assert "no answer changed its meaning: 0 of 40 texts are equal" in found.words[0]


def test_counts_flip_by_their_number_and_descriptions_by_being_right() -> None:
    def of_question(model: str, question: QuestionKind, outcome: Outcome, score: dict[str, Any]) -> Record:
        (made,) = side(model, ["same"])
        return replace(
            made, question=question, verdict=None, expected_verdict=None, outcome=outcome, score=score
        )

    first = [
        of_question("a", "count", "wrong", {"count": 2, "count_error": 1}),
        of_question("a", "describe", "correct", {"hit": ["plug"]}),
    ]
    second = [
        of_question("b", "count", "wrong", {"count": 3, "count_error": 2}),
        of_question("b", "describe", "wrong", {"hit": []}),
    ]
    found = compare_engines(first, second, NAMES)
    rows = {row["question"]: row for row in found.table.to_dict("records") if row["suite"] == "all"}
    assert {question: row["flipped"] for question, row in rows.items()} == {"count": 1, "describe": 1}
    assert {row["direction_p"] for row in rows.values()} == {None}
    assert rows["describe"]["delta"] == -1
    assert compare_engines(first, first, NAMES).table["flipped"].sum() == 0


def test_nothing_in_common_is_no_table() -> None:
    found = compare_engines(side("a", TRUTH), [], NAMES)
    assert found.table.empty
    assert found.words == ()


def test_eighty_columns_hold_it() -> None:
    said = list(TRUTH)
    said[0], said[1], said[3] = "different", "same", None
    found, _ = of(side("a", TRUTH, [0.4] * 40), side("b", said, [0.45] * 40))
    file = StringIO()
    print_engines(found, Terminal(file=file, width=80, highlight=False))
    lines = file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert "3 trials part, flips first:" in lines
    assert "  served: None" in lines
