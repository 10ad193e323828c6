"""The summary in Japanese: every word of it, at any width, and on terminals that have no Japanese letters."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

from kurabe.common.language import spoken
from kurabe.common.vocabulary import Verdict
from kurabe.report.compare import compare
from kurabe.report.gate import parse_gate
from kurabe.report.remarks import remarks
from kurabe.report.rules import Wanted
from kurabe.report.speech import Speech
from kurabe.report.tables import make_tables
from kurabe.report.terminal import print_comparison, print_tables
from kurabe.report.terminal_judge import print_judge
from kurabe.report.terminal_table import Terminal
from kurabe.results.record import Record
from tests.report.made_records import count, verdict
from tests.report.test_terminal import LONG, run

NAMES = {"connector", "everyday", "pixel", "diff", "phi", "vision", "lora", "raw", "suite", "parts", "latest"}
"""Words of names, which stay as they are."""
TERMS = {"auroc", "ece", "mcc", "cuda", "gpu", "gib", "ppm", "csv", "kurabe", "all", "cases", "jpeg", "mib"}
"""What Japanese engineers write in Latin letters, and names of options and files."""
FIGURES = {"miss", "rate", "balanced", "accuracy", "decisions", "errors", "p50", "p95", "hi"}
"""Columns of tables as gates and files name them."""


def records() -> list[Record]:
    """Return results with everything that the summary can tell."""
    made = [*run(), verdict("e1", said=None, outcome="error", error="x", model=LONG)]
    for i in range(8):
        truth: Verdict = "same" if i % 2 else "different"
        bought: dict[str, Any] = {"tokens_in": 100, "tokens_out": 2, "cost": 0.25}
        made.append(verdict(f"r{i}", truth, suite="everyday", model="pixel-diff", seconds=0.5, **bought))
        again = verdict(f"r{i}", truth, "same", suite="everyday", model="pixel-diff", repeat=1)
        made.append(replace(again, trial=f"{again.trial}-again"))
        shaken = verdict(f"r{i}", truth, "same", suite="everyday", model="pixel-diff", shake="light 1")
        made.append(replace(shaken, trial=f"{shaken.trial}-light"))
    parts = {"found": [], "missed": ["a"], "expected": 1, "claimed": 2, "matched": 0}
    made += [verdict(f"d{i}", question="differences", outcome="wrong", score=parts) for i in range(6)]
    made.append(count("c2", "wrong", {"count": 5, "count_error": 2}))
    return made


LEFT_OUT = {
    "large": "needs a CUDA device, and none is here",
    "huge": "needs about 8.0 GiB on the GPU, which has 16 MiB",
}
NOTES = [
    *remarks(
        ["connector"],
        LEFT_OUT,
        {"phi": 1, "vision": 12},
        {"connector": (2, 6)},
        "3 of 9 trials were not asked",
    ),
    "5 of 9 trials are missing: the run did not end by itself",
]


def summary(lang: Any, width: int = 80, terminal: bool = True, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Terminal(file=file, width=width, force_terminal=terminal, color_system=None, lang=lang)
    found = records()
    line = {"bad_share": 0.01, "escape_cost": 200.0, "overkill_cost": 2.0, "parts_per_hour": 900.0}
    tables = make_tables(found, "r", Wanted.of(["miss_rate <= 0.1", "miss_rate <= 0.6"], line))
    print_tables(found, console, NOTES, tables, {"connector": (2, 6), "everyday": (3, 9)})
    print_comparison(compare(run(), run(shift=2)), console)
    file.flush()
    return raw.getvalue().decode(encoding)


def english(text: str) -> set[str]:
    words = {word.lower() for word in re.findall(r"[A-Za-z][A-Za-z0-9]+", text)}
    return words - NAMES - TERMS - FIGURES


@pytest.mark.parametrize("width", [160, 400])
def test_no_english_is_left(width: int) -> None:
    told = re.sub(r"\w+/\S+|\w+\.csv", "", summary("ja", width))  # without ids of trials and names of files
    assert english(told) == {"large", "huge"}
    assert len(english(summary("en", width))) > 30  # this test sees English words


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_line_is_wider_than_the_console_in_cells(width: int, terminal: bool) -> None:
    told = summary("ja", width, terminal)
    tables = told[told.index("リーダーボード") : told.index(Speech.of("ja")(NOTES[0]))]
    assert max(map(cell_len, tables.splitlines())) <= width
    assert "…" not in told
    for head in ("バランス正解率", "見逃し", "過検出", "検出率"):
        assert head in told


def test_columns_stand_below_each_other_in_cells() -> None:
    lines = summary("ja", 200).splitlines()
    title = next(n for n, line in enumerate(lines) if line.startswith("リーダーボード: 判定"))
    head, _, *rows = lines[title + 1 : title + 6]
    end = cell_len(head[: head.index("件数") + 2])
    for row in rows:
        cells, place = 0, 0
        while cells < end:
            cells, place = cells + cell_len(row[place]), place + 1
        assert cells == end  # no letter reaches over the column's edge
        assert row[place - 1].isdigit(), row


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_japanese_letters_is_spoken_to_in_english(encoding: str) -> None:
    assert "Leaderboard: verdict" in summary("ja", terminal=False, encoding=encoding)


def test_shift_jis_has_the_letters() -> None:
    assert "リーダーボード: 判定" in summary("ja", terminal=False, encoding="cp932")


def test_a_judge_is_told_in_japanese() -> None:
    row = {"judge": "phi", "model": "pixel-diff", "question": "describe", "first": "phi", "second": "vision"}
    figures: dict[str, Any] = {
        "statements": 9,
        "agreement": 0.5,
        "kappa": None,
        "first_only": 1,
        "second_only": 2,
    }
    import pandas as pd

    table = pd.DataFrame([row | figures | {"unread": 1, "kappa": None, "kappa_lo": None, "kappa_hi": None}])
    raw = io.StringIO()
    print_judge(table, Terminal(file=raw, width=160, force_terminal=True, color_system=None, lang="ja"))
    assert english(raw.getvalue()) == set()
    assert "定義なし" in raw.getvalue()
    assert "説明" in raw.getvalue()


@pytest.mark.parametrize(
    "gate",
    ["balanced_accuracy >= 0.9", "miss_rate <= 0.9", "miss_rate <= 0", "errors <= 9", "model=none ece < 1"],
)
def test_gates_are_told_in_japanese(gate: str) -> None:
    checked = parse_gate(f"suite=everyday question=verdict {gate}").check(make_tables(records()).leaderboard)
    says = Speech.of("ja")
    for line in checked.lines:
        told = says(line if checked.holds else f"FAILED {line}").replace(
            f"'suite=everyday question=verdict {gate}'", ""
        )
        assert english(told) == set(), told


@pytest.mark.parametrize(
    ("asked", "environment", "lang"),
    [
        (None, {}, "en"),
        (None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP"}, "ja"),
        (None, {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "ja", "LC_ALL": ""}, "ja"),
        (None, {"LANG": "jam_JM.UTF-8"}, "en"),
        ("en", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("ja", {}, "ja"),
    ],
)
def test_the_language_is_asked_for_or_that_of_the_locale(asked: Any, environment: Any, lang: str) -> None:
    assert spoken(asked, environment) == lang


def test_what_is_no_sentence_of_ours_stays_as_it_is() -> None:
    says = Speech.of("ja")
    for text in ("its engine is on strike", "page", "the model: a of b cases", "x" * 10_000, "", "wrote "):
        assert says(text) == text
    assert says("page: a {b} \\1") == "ページ: a {b} \\1"
    assert says.name("model", "all") == "all"  # a model may be called so
    with pytest.raises(ValueError, match="en, ja"):
        Speech.of("fr")
