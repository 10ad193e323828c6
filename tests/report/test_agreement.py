"""Attribute agreement: AIAG's published rates, and what counts as a part, a trial and a rater."""

from pathlib import Path
from typing import Any

import pytest

from kurabe.common.errors import CaseError, KurabeError
from kurabe.report.agreement import (
    AgreementLimits,
    Study,
    agreement_table,
    cases_of,
    parse_limit,
    parts_table,
    study_of,
)
from kurabe.report.agreement_files import write_agreement
from kurabe.report.raters import Call, read_raters
from tests.report.made_records import verdict

# The attribute study of AIAG's MSA manual (4th edition): 50 parts, 16 of them bad, three appraisers, three
# trials. Per appraiser: parts called rightly in all trials, misses of 48 decisions, false alarms of 102,
# kappa with the reference, and what the manual prints of them.
AIAG = {
    "A": (42, 3, 5, 0.88, "84.0 %", "6.3 %", "4.9 %"),
    "B": (45, 3, 2, 0.92, "90.0 %", "6.3 %", "2.0 %"),
    "C": (40, 6, 9, 0.77, "80.0 %", "12.5 %", "8.8 %"),
}


def aiag() -> Study:
    """Build calls with the published counts; which parts were misjudged does not matter for the rates."""
    bad = {f"p{i:02}": i < 16 for i in range(50)}
    calls: dict[str, dict[str, list[bool | None]]] = {}
    for rater, (right, misses, alarms, *_) in AIAG.items():
        mine: dict[str, list[bool | None]] = {part: [is_bad] * 3 for part, is_bad in bad.items()}
        wrong_parts = 50 - right
        of_bad = round(wrong_parts * misses / (misses + alarms))
        for errors, places in ((misses, range(of_bad)), (alarms, range(16, 16 + wrong_parts - of_bad))):
            for k in range(errors):
                part = f"p{places[k % len(places)]:02}"
                mine[part][k // len(places)] = not bad[part]
        calls[rater] = mine
    return Study(bad, calls, frozenset())


def rows(study: Study) -> dict[tuple[str, str | None, str | None], dict[Any, Any]]:
    table = agreement_table(study).to_dict("records")
    return {(row["measure"], row["rater"], row["other"]): row for row in table}


def test_the_rates_are_those_that_aiag_publishes() -> None:
    found = rows(aiag())
    for rater, (right, misses, alarms, kappa, *printed) in AIAG.items():
        measures = ("effectiveness", "miss_rate", "false_alarm_rate")
        got = [found[measure, rater, None] for measure in measures]
        assert [row["count"] for row in got] == [right, misses, alarms]
        assert [f"{100 * row['value']:.1f} %" for row in got] == [
            text.replace("6.3", "6.2") for text in printed
        ]
        assert round(found["truth_kappa", rater, None]["value"], 2) == kappa
    # The manual's 95 % interval of A's effectiveness is 71 to 93 %.
    a = found["effectiveness", "A", None]
    assert (round(a["value_lo"], 2), round(a["value_hi"], 2)) == (0.71, 0.93)


def test_judgements_are_aiags_and_can_be_set() -> None:
    found = rows(aiag())
    judged = {
        rater: [found[m, rater, None]["judgement"] for m in AgreementLimits().acceptable] for rater in AIAG
    }
    assert judged == {
        "A": ["marginal", "unacceptable", "acceptable"],
        "B": ["acceptable", "unacceptable", "acceptable"],
        "C": ["marginal", "unacceptable", "marginal"],
    }
    assert found["effectiveness", "B", None]["shown"] is False
    limits = AgreementLimits()
    limits.acceptable["miss_rate"] = 0.3
    row = next(r for r in agreement_table(aiag(), limits).to_dict("records") if r["measure"] == "miss_rate")
    assert (row["judgement"], row["shown"]) == ("acceptable", True)


def test_a_specimens_shots_and_repeats_are_trials() -> None:
    records = [
        verdict("c1", said="different", specimen="s/p1"),
        verdict("c2", said="same", specimen="s/p1"),
        verdict("c3", "same", "same"),
        verdict("c3", "same", "different", repeat=1),
        verdict("c4", "same", "same", control=True),
        verdict("c1", said="same", swapped=True, specimen="s/p1"),
        verdict("c1", said="same", shake="light 0.90", specimen="s/p1"),
        verdict("c1", said="same", question="differences", specimen="s/p1"),
    ]
    study = study_of(records)
    assert study.calls == {"pixel-diff": {"s/p1": [True, False], "connector/c3": [False, True]}}
    assert study.bad == {"s/p1": True, "connector/c3": False}
    assert cases_of(records) == ["connector/c1", "connector/c2", "connector/c3"]


def test_variants_are_raters_of_their_own() -> None:
    records = [verdict("c1"), verdict("c1", variant="diff"), verdict("c1", model="other")]
    assert set(study_of(records).calls) == {"pixel-diff (raw)", "pixel-diff (diff)", "other (raw)"}


def test_shots_that_contradict_each_other_are_told() -> None:
    records = [verdict("c1", specimen="s/p1"), verdict("c2", "same", specimen="s/p1")]
    with pytest.raises(KurabeError, match="specimen s/p1"):
        study_of(records)
    with pytest.raises(KurabeError, match="no answers"):
        study_of([verdict("c1", question="differences")])


def test_an_unread_answer_is_wrong_and_agrees_with_none() -> None:
    records = [verdict(f"c{i}", said=None, repeat=repeat) for i in range(4) for repeat in range(2)]
    found = rows(study_of(records))
    assert found["within", "pixel-diff", None]["value"] == 0
    assert found["miss_rate", "pixel-diff", None]["value"] == 1


def test_two_raters_are_held_against_each_other_part_by_part() -> None:
    records = [
        verdict(f"c{i}", "different" if i < 5 else "same", "different" if i < 6 else "same")
        for i in range(10)
    ]
    people = [Call("Ann", f"connector/c{i}", 1, i < 4, i) for i in range(8)]
    people.append(Call("Ann", "another/c1", 1, True, 9))
    found = rows(study_of(records, people))
    between = found["between", "pixel-diff", "Ann"]
    assert (between["parts"], between["count"]) == (8, 6)
    # Of 8 parts 4 are bad and 2 good to both, 2 bad to one only: (6/8 - 1/2) / (1/2).
    assert found["between_kappa", "pixel-diff", "Ann"]["value"] == pytest.approx(0.5)
    assert found["all", None, None]["parts"] == 8
    assert found["all_truth", None, None]["count"] == 6


def test_the_parts_that_split_the_raters_come_first() -> None:
    study = Study(
        {"a": True, "b": False, "c": True},
        {
            "m": {"a": [True], "b": [False], "c": [True]},
            "Ann": {"a": [True, True], "b": [True, False], "c": [None, True]},
        },
        frozenset({"m"}),
    )  # fmt: skip
    table = parts_table(study)
    assert list(table["part"]) == ["b", "c", "a"]
    assert list(table["Ann"]) == ["different same", "? different", "different different"]
    assert table["split"].tolist() == pytest.approx([1 / 3, 1 / 3, 0])


def test_limits_are_read_or_refused() -> None:
    assert parse_limit("miss_rate <= 0.02") == ("miss_rate", 0.02)
    assert parse_limit("effectiveness>=90%") == ("effectiveness", 0.9)
    for text, says in (
        ("miss_rate", "write it like"),
        ("mis_rate <= 1", "'miss_rate'"),
        ("miss_rate >= 1", "<="),
    ):
        with pytest.raises(ValueError, match=says):
            parse_limit(text)


def test_files_and_page_in_both_languages(tmp_path: Path) -> None:
    for lang, word in (("en", "unacceptable"), ("ja", "不可")):
        _, files = write_agreement(aiag(), "RUN", tmp_path, lang)  # type: ignore[arg-type]
        assert [file.name for file in files] == ["agreement.csv", "agreement_parts.csv", "agreement.html"]
        page = files[-1].read_text(encoding="utf-8")
        assert word in page
        assert "<script" not in page
        assert "http" not in page


def test_a_name_cannot_become_markup(tmp_path: Path) -> None:
    study = Study({"p": True}, {"<b>x": {"p": [True]}, "y": {"p": [False]}}, frozenset())
    page = write_agreement(study, "RUN", tmp_path)[1][-1].read_text(encoding="utf-8")
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page.replace("<b>&lt;", "")


# raters.csv

CASES = ("s/a1", "s/a2", "t/a2")


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_spreadsheets_files_are_read(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = ["Rater,Case,Trial,Verdict", "佐藤,a1,1,不良", "佐藤,t/a2,2,OK", "", "佐藤,s/a2,1,"]
    text = "\r\n".join(lines).replace(",", separator)
    calls = read_raters(write(tmp_path / "raters.csv", text, encoding), CASES)
    assert [(c.rater, c.case, c.trial, c.bad, c.line) for c in calls] == [
        ("佐藤", "s/a1", 1, True, 2), ("佐藤", "t/a2", 2, False, 3), ("佐藤", "s/a2", 1, None, 5),
    ]  # fmt: skip


def test_everything_that_is_wrong_is_told_by_line(tmp_path: Path) -> None:
    text = "rater,case,trial,verdict\nAnn,a9,1,ok\nAnn,a2,1,ok\nAnn,a1,0,ok\nAnn,a1,1,1\n"
    text += "m,a1,1,ok\n,a1,1,ok\nAnn,a1\nBob,a1,1,ok\nBob,s/a1,1,ng\n"
    path = write(tmp_path / "raters.csv", text)
    with pytest.raises(CaseError) as told:
        read_raters(path, CASES, ["m"])
    lines = str(told.value).splitlines()
    for line, (number, says) in zip(
        lines,
        [
            (2, "there is no case 'a9'"), (3, "in several suites: write s/a2 or t/a2"),
            (4, "a number from 1"),
            (5, "the verdict '1' is unknown"), (6, "the name of a model"), (7, "the rater is empty"),
            (8, "cells only"), (10, "as in line 9"),
        ],
        strict=True,
    ):  # fmt: skip
        assert line.startswith(f"{path}:{number}: ")
        assert says in line


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"rater,case,verdict\n", "the column 'trial' is missing"),
        (b"rater,case,trial,verdict\n", "no rows"),
        (b"rater\x81\x20", "neither UTF-8 nor Shift-JIS"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "raters.csv"
    path.write_bytes(data)
    with pytest.raises(KurabeError, match=says):
        read_raters(path, CASES)
    with pytest.raises(KurabeError, match="no such file"):
        read_raters(tmp_path / "none.csv", CASES)


def test_verdicts_of_either_language_are_known(tmp_path: Path) -> None:
    said: dict[str, bool] = {
        "NG": True,
        "bad": True,
        "不合格": True,
        "different": True,
        "Good": False,
        "良": False,
    }
    text = "rater,case,trial,verdict\n" + "".join(f"A,a1,{i + 1},{word}\n" for i, word in enumerate(said))
    calls = read_raters(write(tmp_path / "raters.csv", text), CASES)
    assert [call.bad for call in calls] == list(said.values())
