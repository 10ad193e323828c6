import csv
import dataclasses
import errno
import random
import stat
import time
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from kurabe.common.vocabulary import Outcome, Verdict
from kurabe.report import tables
from kurabe.report.columns import KEYS, TAKEN
from kurabe.report.csv_files import read_cell
from kurabe.report.leaderboard import leaderboard
from kurabe.report.paired_table import raw_vs_processed
from kurabe.report.stability import stability
from kurabe.results.record import Record
from tests.report.made_records import count, verdict

DESIGNED_LEADERBOARD = (
    "model,variant,layout,suite,question,n,accuracy,accuracy_lo,accuracy_hi,balanced_accuracy,mcc,"
    "overkill_rate,miss_rate,auroc,ece,difference_recall,difference_precision,count_mae,unparsed_rate,"
    "seconds_per_trial,balanced_accuracy_lo,balanced_accuracy_hi,n_good,n_bad,missed,overkilled,"
    "miss_rate_hi,overkill_rate_hi,errors,unparsed,references,run,unit,n_p,tokens_in_per_trial,"
    "tokens_out_per_trial,cost,cost_per_trial,latency_p50,latency_p95"
)
DESIGNED_RAW_VS_PROCESSED = (
    "model,layout,suite,question,variant,n,references,raw_balanced_accuracy,processed_balanced_accuracy,"
    "delta_balanced_accuracy,delta_balanced_accuracy_lo,delta_balanced_accuracy_hi,raw_accuracy,"
    "processed_accuracy,delta,delta_lo,delta_hi,raw_only_correct,processed_only_correct,p_value,p_holm,"
    "mcnemar_p,unit"
)


def row(table: pd.DataFrame, **wanted: str) -> dict[Any, Any]:
    """Return the one row that has the wanted values."""
    rows = [r for r in table.to_dict("records") if all(r[key] == value for key, value in wanted.items())]
    assert len(rows) == 1, rows
    return rows[0]


FOUR_GOOD_FIVE_BAD: list[tuple[Verdict, Verdict | None]] = [
    *[("same", said) for said in ("same", "same", "different", None)],
    *[("different", said) for said in ("different", "different", "different", "same", "same")],
]


def mixed(**other: Any) -> list[Record]:
    return [verdict(f"c{i}", truth, said, **other) for i, (truth, said) in enumerate(FOUR_GOOD_FIVE_BAD)]


def test_the_columns_are_the_designed_ones_with_and_without_rows() -> None:
    for records in ([], mixed()):
        assert ",".join(leaderboard(records).columns) == DESIGNED_LEADERBOARD
    for records in ([], mixed() + mixed(variant="diff")):
        assert ",".join(raw_vs_processed(records).columns) == DESIGNED_RAW_VS_PROCESSED


def test_a_leaderboard_counted_by_hand() -> None:
    table = leaderboard(mixed())
    assert table["suite"].tolist() == ["all", "connector"]
    found = row(table, suite="connector")
    assert found["n"] == 9
    assert found["accuracy"] == pytest.approx(5 / 9)
    assert found["balanced_accuracy"] == pytest.approx((2 / 4 + 3 / 5) / 2)
    assert 0 < found["balanced_accuracy_lo"] < 0.55 < found["balanced_accuracy_hi"] < 1
    assert (found["n_good"], found["overkilled"], found["overkill_rate"]) == (4, 2, 2 / 4)
    assert (found["n_bad"], found["missed"], found["miss_rate"]) == (5, 2, 2 / 5)
    limit = binomtest(2, 5, alternative="less").proportion_ci(method="exact").high
    assert found["miss_rate_hi"] == pytest.approx(limit)
    assert (found["errors"], found["unparsed"], found["references"], found["unit"]) == (0, 1, 9, "reference")
    assert found["unparsed_rate"] == pytest.approx(1 / 9)
    assert found["seconds_per_trial"] == 0.5
    assert [
        found[name] for name in ("auroc", "ece", "difference_recall", "difference_precision", "count_mae")
    ] == [None] * 5


def test_undefined_is_none_and_never_nan() -> None:
    only_good = leaderboard([verdict("c1", "same", "same"), verdict("c2", "same", "different")])
    found = row(only_good, suite="connector")
    assert (found["balanced_accuracy"], found["mcc"], found["miss_rate"]) == (None, None, None)
    assert found["overkill_rate"] == 0.5
    counts = row(leaderboard([count("c1", "correct", {"count": 3, "count_error": 0})]), suite="all")
    assert (counts["balanced_accuracy"], counts["overkill_rate"], counts["accuracy"]) == (None, None, 1.0)
    one_reference = raw_vs_processed(
        [verdict(variant=variant, reference="connector/one.png") for variant in ("raw", "diff")]
    )
    assert row(one_reference, suite="all")["delta_lo"] is None
    for table in (only_good, one_reference):
        assert not any(isinstance(cell, float) and cell != cell for cell in table.to_numpy().ravel())


def test_the_total_is_over_all_suites() -> None:
    records = [
        verdict("c1", suite="connector"),
        *[verdict(f"e{i}", said="same", suite="everyday") for i in range(3)],
    ]
    table = leaderboard(records)
    assert row(table, suite="all")["accuracy"] == 0.25
    assert row(table, suite="all")["n"] == 4
    assert row(table, suite="everyday")["accuracy"] == 0


def test_controls_and_exchanged_pictures_move_no_figure() -> None:
    plain = leaderboard(mixed())
    more = [
        *mixed(),
        *mixed(swapped=True),
        *[verdict(f"k{i}", "same", "different", control=True) for i in range(5)],
    ]
    pd.testing.assert_frame_equal(leaderboard(more), plain)


def test_an_error_is_wrong_but_took_no_time_and_has_no_probability() -> None:
    records = [
        verdict("c1", p_different=0.9),
        verdict("c2", "same", "same", p_different=0.1, seconds=1.5),
        verdict("c3", said=None, outcome="error", error="out of memory", seconds=0.0),
    ]
    found = row(leaderboard(records), suite="all")
    assert found["n"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["balanced_accuracy"] == 0.75
    assert (found["miss_rate"], found["missed"], found["unparsed_rate"], found["errors"]) == (0.5, 1, 0, 1)
    assert found["seconds_per_trial"] == 1.0
    assert found["auroc"] == 1
    assert found["ece"] == pytest.approx(0.1)


def test_what_answers_took_is_told_of_those_that_tell_it() -> None:
    records = [
        verdict("c1", tokens_in=100, tokens_out=2, seconds=1.0, cost=0.5, cached=True),
        verdict("c2", tokens_in=200, tokens_out=4, seconds=2.0, cost=1.0),
        verdict("c3", said=None, outcome="error", error="refuses", tokens_in=300, seconds=9.0, cost=2.5),
        verdict("c4", seconds=None),
    ]
    found = row(leaderboard(records), suite="all")
    assert (found["tokens_in_per_trial"], found["tokens_out_per_trial"]) == (200, 3)
    assert (found["cost"], found["cost_per_trial"]) == (4.0, pytest.approx(4 / 3))
    assert (found["latency_p50"], found["latency_p95"]) == (1.5, pytest.approx(1.95))
    nothing = row(leaderboard([verdict("c1", seconds=None)]), suite="all")
    assert [nothing[name] for name in TAKEN] == [None] * 6


def test_a_missing_probability_is_left_out_and_counted() -> None:
    some = [verdict("c1", p_different=0.9), verdict("c2", "same", "same", p_different=0.1), verdict("c3")]
    found = row(leaderboard(some), suite="all")
    assert (found["auroc"], found["ece"], found["n_p"]) == (1.0, pytest.approx(0.1), 2)


def test_repeats_have_a_table_of_their_own() -> None:
    once = leaderboard(mixed())
    often = [*mixed(), *mixed(repeat=1), verdict("c0", "same", "different", repeat=2)]
    pd.testing.assert_frame_equal(leaderboard(often), once)
    found = row(stability(often), suite="connector")
    # One case changed its answer, and one was never read.
    assert (found["n"], found["times"], found["stable"]) == (9, 3, pytest.approx(7 / 9))
    assert (found["kind"], found["answers"], found["flipped"]) == ("repeat", 10, 2)
    assert stability(mixed()).empty


def shaken(records: list[Record], shake: str, flipped: int = 0) -> list[Record]:
    """Return the records as answered about changed pictures, so many with the other verdict."""
    other: dict[Verdict | None, Verdict] = {"same": "different", "different": "same"}
    made = []
    for i, record in enumerate(records):
        said = other[record.verdict] if i < flipped else record.verdict
        outcome: Outcome = "correct" if said == record.expected_verdict else "wrong"
        trial = f"{record.trial}-shake1-{shake.split()[0]}"
        made.append(replace(record, trial=trial, shake=shake, verdict=said, outcome=outcome))
    return made


def test_changed_pictures_have_a_table_of_their_own() -> None:
    usual = [verdict(f"c{i}", "different" if i % 2 else "same", "same") for i in range(40)]
    records = [*usual, *shaken(usual, "light 0.90", 4), *shaken(usual, "jpeg 80")]
    pd.testing.assert_frame_equal(leaderboard(records), leaderboard(usual))
    pd.testing.assert_frame_equal(raw_vs_processed(records), raw_vs_processed(usual))
    assert tables.consistency(records).empty
    table = stability(records)
    light, jpeg = (row(table, suite="connector", kind=kind) for kind in ("light", "jpeg"))
    assert (light["n"], light["answers"], light["flipped"], light["to_wrong"]) == (40, 40, 4, 2)
    assert light["stable"] == pytest.approx(0.9)
    # Each reference has one answer of the kind: Clopper and Pearson's limit, by another way.
    exact = binomtest(4, 40, alternative="less").proportion_ci(0.95, method="exact").high
    assert light["flip_rate_hi"] == pytest.approx(exact, abs=0.01)
    assert jpeg["flip_rate_hi"] == pytest.approx(1 - 0.05 ** (1 / 40))
    both = row(table, suite="all", kind="shake")
    assert (both["n"], both["times"], both["answers"], both["flipped"]) == (40, 3, 80, 4)
    assert both["flip_rate"] == pytest.approx(0.05)


def test_an_exchanged_pair_is_held_against_the_same_repetition() -> None:
    answers: tuple[Verdict, Verdict] = ("same", "different")
    records = [
        verdict(f"c{i}", said=said, swapped=swapped, repeat=repeat)
        for i in range(6)
        for repeat, said in enumerate(answers)  # it flips when it is asked again …
        for swapped in (False, True)  # … and not when the pictures are exchanged
    ]
    table = stability(records)
    assert row(table, suite="connector", kind="repeat")["flip_rate"] == 1
    swap = row(table, suite="connector", kind="swap")
    assert (swap["answers"], swap["flipped"], swap["stable"]) == (12, 0, 1)


def test_an_answer_that_cannot_be_read_has_flipped() -> None:
    usual = [verdict(f"c{i}", said=None) for i in range(5)]
    unread = [replace(each, shake="blur 0.80", trial=each.trial + "-shake1-blur") for each in usual]
    found = row(stability([*usual, *unread]), suite="connector", kind="blur")
    assert (found["flipped"], found["to_wrong"], found["flip_rate_hi"]) == (5, 0, 1)


@pytest.mark.parametrize(("said", "outcome"), [(None, "unparsed"), (None, "error")])
def test_a_model_that_says_nothing_of_use_misses_everything(said: None, outcome: Outcome) -> None:
    records = [
        verdict(f"c{i}", truth, said, outcome=outcome) for i, (truth, _) in enumerate(FOUR_GOOD_FIVE_BAD)
    ]
    found = row(leaderboard(records), suite="all")
    assert (found["miss_rate"], found["overkill_rate"], found["balanced_accuracy"]) == (1, 1, 0)
    assert found["mcc"] <= 0


def test_counts_stay_whole_beside_rows_that_have_none(tmp_path: Path) -> None:
    tables.write_tables([*mixed(), count("c1", "correct", {"count": 3, "count_error": 0})], tmp_path)
    with (tmp_path / "leaderboard.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["question"]: row for row in csv.DictReader(file) if row["suite"] == "all"}
    names = ("n", "n_good", "n_bad", "missed", "overkilled", "errors", "unparsed", "references", "n_p")
    assert [rows["verdict"][name] for name in names] == ["9", "4", "5", "2", "2", "0", "1", "9", "0"]
    assert [rows["count"][name] for name in names] == ["1", "", "", "", "", "0", "0", "1", ""]


def test_few_references_make_way_for_specimens_and_test_pictures() -> None:
    def asked(**other: Any) -> list[Record]:
        return [
            verdict(f"c{i}", "same" if i % 2 else "different", reference="r", test=f"t{i // 2}", **other)
            for i in range(12)
        ]

    found = row(leaderboard(asked()), suite="all")
    assert (found["unit"], found["references"]) == ("test", 6)
    shared = [replace(record, specimen=f"s{i // 2}") for i, record in enumerate(asked())]
    assert row(leaderboard(shared), suite="all")["unit"] == "specimen"
    both = [*asked(), *mixed(suite="everyday")]
    assert row(leaderboard(both), suite="all")["unit"] == "reference+test"


def test_with_too_few_units_there_is_no_interval() -> None:
    found = row(
        leaderboard([verdict(f"c{i}", reference="r", test=f"t{i % 4}") for i in range(40)]), suite="all"
    )
    assert (found["accuracy"], found["accuracy_lo"], found["accuracy_hi"]) == (1.0, None, None)
    assert found["miss_rate_hi"] == pytest.approx(1 - 0.05 ** (1 / 4))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["same", "different", None]))))
@settings(deadline=None)
def test_balanced_accuracy_is_what_miss_and_overkill_leave(
    trials: list[tuple[bool, Verdict | None]],
) -> None:
    records = [verdict("c0"), verdict("c1", "same", "same")]
    records += [
        verdict(f"c{i + 2}", "different" if bad else "same", said) for i, (bad, said) in enumerate(trials)
    ]
    found = row(leaderboard(records), suite="all")
    assert found["balanced_accuracy"] == pytest.approx(1 - (found["miss_rate"] + found["overkill_rate"]) / 2)
    assert found["balanced_accuracy"] == pytest.approx(
        1 - (found["missed"] / found["n_bad"] + found["overkilled"] / found["n_good"]) / 2
    )


def test_recall_and_precision_add_up_over_trials() -> None:
    parts = [
        {"found": ["a", "b"], "missed": [], "expected": 2, "claimed": 2, "matched": 2},
        {"found": [], "missed": ["a", "b"], "expected": 2, "claimed": 3, "matched": 0},
        {"found": [], "missed": [], "expected": 0, "claimed": 4, "matched": None},  # not to be judged
    ]
    records = [verdict(f"c{i}", question="differences", score=p) for i, p in enumerate(parts)]
    found = row(leaderboard(records), suite="all")
    assert found["difference_recall"] == 2 / 4
    assert found["difference_precision"] == 2 / 5


def test_the_error_of_counts_is_absolute_and_over_what_was_read() -> None:
    records = [
        count("c1", "wrong", {"count": 1, "count_error": -2}),
        count("c2", "wrong", {"count": 4, "count_error": 1}),
        count("c3", "unparsed", {"reason": "no number"}),
    ]
    found = row(leaderboard(records), suite="all")
    assert found["count_mae"] == 1.5
    assert (found["accuracy"], found["unparsed_rate"]) == (0, pytest.approx(1 / 3))


def test_the_best_comes_first() -> None:
    records = [
        *[verdict(f"c{i}", said="same" if i < wrong else "different", model=model)
          for model, wrong in (("a", 3), ("b", 0), ("c", 2)) for i in range(4)],
    ]  # fmt: skip
    table = leaderboard(records)
    assert table[table["suite"] == "all"]["model"].tolist() == ["b", "c", "a"]


def paired(raw: str, processed: str, **other: Any) -> list[Record]:
    """Return the trials of cases, written as 1 (right) or 0: a good and a bad case a reference."""
    sides: tuple[Verdict, Verdict] = ("same", "different")
    return [
        verdict(f"c{i}", sides[i % 2], sides[i % 2] if mark == "1" else sides[1 - i % 2], variant=variant,
                reference=f"connector/{i // 2}.png", **other)
        for variant, marks in (("raw", raw), ("diff", processed)) for i, mark in enumerate(marks)
    ]  # fmt: skip


def test_raw_against_processed_by_hand() -> None:
    found = row(raw_vs_processed(paired("1100000011", "1011111011")), suite="connector")
    assert (found["n"], found["raw_only_correct"], found["processed_only_correct"]) == (10, 1, 5)
    assert (found["references"], found["unit"]) == (5, "reference")
    assert (found["raw_accuracy"], found["processed_accuracy"]) == (0.4, 0.8)
    assert found["delta"] == pytest.approx(0.4)
    assert found["raw_balanced_accuracy"] == pytest.approx(0.4)
    assert found["delta_balanced_accuracy"] == pytest.approx(0.4)
    assert found["mcnemar_p"] == pytest.approx(binomtest(1, 6).pvalue)
    # Of five references one got worse by a case, one better by one, two better by two, one did not change:
    # 2 of the 16 ways to set the signs of four sums to -1, 1, 2, 2 are at least as far from 0 as 4.
    sums = [-1, 2, 2, 1]
    far = [sum(s * x for s, x in zip(signs, sums, strict=True)) for signs in product((-1, 1), repeat=4)]
    assert found["p_value"] == pytest.approx(sum(abs(x) >= 4 for x in far) / 16)
    assert found["delta_balanced_accuracy_lo"] <= 0.4 <= found["delta_balanced_accuracy_hi"]


def test_calling_everything_different_gains_nothing_that_leads() -> None:
    def everything(variant: str, said: Verdict | None = None) -> list[Record]:
        made = []
        for i in range(40):
            truth: Verdict = "same" if i % 4 == 0 else "different"
            guess: Verdict = said or ("different" if i // 4 % 2 else "same")
            made.append(verdict(f"c{i}", truth, guess, variant=variant, reference=f"connector/{i // 4}.png"))
        return made

    found = row(raw_vs_processed(everything("raw") + everything("diff", "different")), suite="all")
    assert found["delta"] > 0.2
    assert abs(found["delta_balanced_accuracy"]) < 0.2
    assert found["delta_balanced_accuracy_lo"] < 0


def test_holm_is_over_the_models() -> None:
    records = [
        *paired("0" * 16, "1" * 16, model="a"),
        *paired("0" * 16, "1" * 12 + "0000", model="b"),
        *paired("0" * 16, "0" * 16, model="c"),
    ]
    table = raw_vs_processed(records)
    found = [row(table, suite="all", model=model) for model in "abc"]
    assert [r["p_value"] for r in found] == pytest.approx([2 / 256, 2 / 64, 1])
    assert [r["p_holm"] for r in found] == pytest.approx([6 / 256, 4 / 64, 1])


def test_a_question_without_verdicts_has_no_balanced_accuracy_and_no_test_of_it() -> None:
    records = [
        replace(count(f"c{i}", "correct", {"count": 3, "count_error": 0}), variant=variant)
        for i in range(4) for variant in ("raw", "diff")
    ]  # fmt: skip
    found = row(raw_vs_processed(records), suite="all")
    assert found["delta"] == 0
    assert (found["delta_balanced_accuracy"], found["p_value"], found["p_holm"]) == (None, None, None)


def test_asking_again_makes_no_new_pairs() -> None:
    once = raw_vs_processed(paired("1100", "1011"))
    often = raw_vs_processed([r for i in range(5) for r in paired("1100", "1011", repeat=i)])
    pd.testing.assert_frame_equal(once, often)


def test_a_trial_without_its_raw_twin_is_not_compared() -> None:
    records = [*paired("10", "11"), verdict("c9", variant="diff"), verdict("c8")]
    assert row(raw_vs_processed(records), suite="all")["n"] == 2
    assert raw_vs_processed(mixed()).empty


def test_the_tables_do_not_depend_on_the_order_of_the_trials() -> None:
    records = [*mixed(), *mixed(variant="diff"), *paired("1100", "1011", model="b"), *mixed(swapped=True)]
    shuffled = records[:]
    random.Random(3).shuffle(shuffled)
    for table in (leaderboard, raw_vs_processed, tables.controls, tables.consistency):
        pd.testing.assert_frame_equal(table(records), table(shuffled))


def test_controls_are_counted() -> None:
    calls: list[Verdict | None] = ["same", "different", None]
    records = [verdict(f"k{i}", "same", said, control=True) for i, said in enumerate(calls)] + [verdict("c1")]
    assert tables.controls(records).to_dict("records") == [
        {
            "model": "pixel-diff",
            "variant": "raw",
            "layout": "stacked",
            "n": 3,
            "called_different": 1,
            "unparsed": 1,
            "errors": 0,
        }
    ]


def test_consistency_compares_both_orders() -> None:
    said: list[tuple[Verdict | None, Verdict | None]] = [
        ("different", "different"),  # alike and right
        ("same", "same"),  # alike and wrong
        ("different", "same"),
        (None, None),  # unreadable answers are not alike
    ]
    records = [
        verdict(f"c{i}", said=answer, swapped=swapped)
        for i, answers in enumerate(said)
        for swapped, answer in zip((False, True), answers, strict=True)
    ]
    found = row(tables.consistency(records), suite="connector")
    assert (found["n"], found["consistent"], found["both_correct"]) == (4, 0.5, 0.25)


def test_consistency_of_counts_is_of_the_numbers() -> None:
    records = [
        count("c1", "wrong", {"count": first, "count_error": 1}, swapped=swapped)
        for swapped, first in ((False, 4), (True, 5))
    ]
    assert row(tables.consistency(records), suite="all")["consistent"] == 0


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_are_written_whole_and_only_where_there_is_something_to_tell(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "run"
    written = tables.write_tables(
        [*mixed(), *mixed(swapped=True), verdict("k", "same", "same", control=True)], folder
    )
    names = ["trials.csv", "leaderboard.csv", "raw_vs_processed.csv", "controls.csv", "consistency.csv"]
    names += ["stability.csv", "decisions.csv"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert stat.S_IMODE((folder / "trials.csv").stat().st_mode) == 0o644
    leaderboard = read_csv(folder / "leaderboard.csv")
    assert leaderboard[0]["n"] == "9"
    assert leaderboard[0]["auroc"] == ""
    assert tables.write_tables(tables.make_tables(mixed()), folder) == [*written[:3], written[-1]]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names[:3], names[-1]])


def test_a_failure_leaves_the_earlier_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.write_tables(mixed(), tmp_path)
    before = (tmp_path / "trials.csv").read_bytes()

    def breaks(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", breaks)
    with pytest.raises(OSError, match="disk full"):
        tables.write_tables(mixed()[:1], tmp_path)
    assert (tmp_path / "trials.csv").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd", "'+cmd"),
        ("- pin 3 is bent", "'- pin 3 is bent"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-3", "-3"),
        ("+0.5", "+0.5"),
        ("pin 3 = bent", "pin 3 = bent"),
        ("曲がり、\n「ピン」", "曲がり、\n「ピン」"),
        ("half a \ud83d pair", "half a \\ud83d pair"),
    ],
)
def test_no_spreadsheet_runs_an_answer(tmp_path: Path, text: str, cell: str) -> None:
    tables.write_tables([verdict(text=text)], tmp_path)
    assert read_csv(tmp_path / "trials.csv")[0]["text"] == cell


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    tables.write_tables(
        [
            count("c1", "wrong", {"count": 1, "count_error": -2}),
            *paired("11", "00"),
            verdict("c9", tokens_in=1539),
        ],
        tmp_path,
    )
    trials = read_csv(tmp_path / "trials.csv")
    assert (trials[0]["count"], trials[0]["count_error"]) == ("1", "-2")
    assert (trials[-1]["tokens_in"], trials[-1]["count"]) == ("1539", "")
    assert pd.read_csv(tmp_path / "raw_vs_processed.csv")["delta"].tolist() == [-1.0, -1.0]


def test_parts_of_the_score_have_columns() -> None:
    parts = {"found": ["a", "b"], "missed": ["c"], "claimed": 3, "matched": 2}
    trial = tables.trials([verdict(question="differences", score=parts, tags=("smoke", "ja"))]).to_dict(
        "records"
    )[0]
    assert (trial["found"], trial["missed"], trial["claimed"], trial["matched"]) == ("a; b", "c", 3, 2)
    assert trial["tags"] == "smoke; ja"
    assert trial["count"] is None


def test_forty_thousand_trials_are_no_burden(tmp_path: Path) -> None:
    rng = random.Random(0)
    sides: list[Verdict] = ["same", "different"]
    records = [
        verdict(f"c{i}", rng.choice(sides), rng.choice([*sides, None]), suite=f"s{i % 4}", model=model,
                variant=variant, reference=f"r{i // 3}", p_different=rng.random())
        for i in range(2500) for model in ("a", "b", "c", "d") for variant in ("raw", "x", "y", "z")
    ]  # fmt: skip
    tables.write_tables(records[:200], tmp_path)  # imports
    begin = time.process_time()
    tables.write_tables(records, tmp_path)
    assert time.process_time() - begin < 10  # 2 s on an idle core
    assert len(read_csv(tmp_path / "leaderboard.csv")) == 16 * 5
    assert set(KEYS) <= set(read_csv(tmp_path / "leaderboard.csv")[0])


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "＝1+1", "－1+1", "＋1", "＠cmd", "'=1", "=a,\"b\"\n"],
)  # fmt: skip
def test_cells_mean_nothing_to_a_spreadsheet_and_can_be_read_back(tmp_path: Path, text: str) -> None:
    name = f"{text}.png \"quoted\" 'too'"
    record = dataclasses.replace(verdict("c1", model=text, reference=name), text=text, tags=(text, "easy"))
    tables.write_tables([record], tmp_path)
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        (cells,) = csv.DictReader(file)
    for column, was in {"text": text, "model": text, "reference": name, "tags": f"{text}; easy"}.items():
        assert cells[column] == f"'{was}"
        assert read_cell(cells[column]) == was


@pytest.mark.parametrize("text", ["\r=1", "fine\r=1", "fine\r\n=1"])
def test_a_carriage_return_begins_no_row(tmp_path: Path, text: str) -> None:
    tables.write_tables([dataclasses.replace(verdict("c1"), text=text)], tmp_path)
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        (cells,) = csv.DictReader(file)
    assert cells["text"].lstrip("'\n") in ("=1", "fine\n=1")
    assert cells["text"][0] in "'f"


def test_numbers_stay_numbers_in_a_table(tmp_path: Path) -> None:
    records = [dataclasses.replace(verdict("c1"), text=text) for text in ("-1.5", "+3", "12")]
    tables.write_tables(records, tmp_path)
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ["-1.5", "+3", "12"]
