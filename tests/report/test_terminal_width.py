"""The summary at any width: what leads is there in one piece, and names show where they are broken."""

import io
import re
from dataclasses import replace
from itertools import product

import pytest
from rich.cells import cell_len
from rich.console import Console

from kurabe.common.vocabulary import Verdict
from kurabe.report.terminal import print_tables
from kurabe.report.terminal_table import Column, fold, print_table
from kurabe.results.record import Record
from tests.report.made_records import verdict

THIRTY = "tiny-phi3v-connector-linked-ab"
SIXTY = "phi-3.5-vision-instruct-lora-connector-everyday-2026-11-29ab"
UNBROKEN = "nosignatallinthisverylongnamewhichgoesonandonandonandonfor60"
JAPANESE = "外観検査用視覚言語モデル改良版二〇二六年十一月コネクタ端子台"
NAMES = {
    "one": ["pixel-diff"],
    "thirty": [THIRTY, "pixel-diff"],
    "sixty": [SIXTY, UNBROKEN],
    "japanese": [JAPANESE, "検査モデル・コネクタ専用版"],
    "twelve": [f"model-{number:02}-{THIRTY}"[:30] for number in range(12)],
}


def run(models: list[str]) -> list[Record]:
    sides: list[Verdict] = ["same", "different"]
    asked = product(("connector", "everyday"), range(12), models, ("raw", "heatmap"))
    return [
        verdict(
            f"c{i}",
            sides[i % 2],
            sides[(i + (i % 5 == 1)) % 2],
            suite=suite,
            model=model,
            variant=variant,
            p_different=0.3,
        )
        for suite, i, model, variant in asked
    ]


def shown(models: list[str], width: int, *, terminal: bool) -> str:
    file = io.StringIO()
    print_tables(run(models), Console(file=file, width=width, force_terminal=terminal, color_system=None))
    return file.getvalue()


def joined(lines: list[str]) -> str:
    """Put a name together again as a reader does."""
    whole = ""
    for number, line in enumerate(lines):
        whole = whole.removesuffix("\\") + (line.removeprefix("  ") if number else line)
    return whole


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("names", NAMES)
def test_the_leaderboard_is_in_one_piece(names: str, width: int, terminal: bool) -> None:
    text = shown(NAMES[names], width, terminal=terminal)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "(continued)" not in text
    assert text.count("Leaderboard: verdict") == 1
    table = re.split("Not shown|Raw against", text)[0]
    heads = ["bal.acc", "miss", "overkill"] if width >= 80 else ["bal.acc"]
    for head in ("model", "variant", " n ", *heads):
        assert head in table, head
    # No figure is cut: each row has its interval whole.
    intervals = len(re.findall(r"\d\.\d\d \[\d\.\d\d, \d\.\d\d\]", table))
    rows = 2 * 3 * len(NAMES[names])
    assert intervals in ({rows} if width <= 80 else {rows, 2 * rows})  # of accuracy, too, where it has room
    assert (f"Not shown at {width} columns: " in text) or width > 80


@pytest.mark.parametrize("width", [80, 120])
def test_names_come_in_words(width: int) -> None:
    table = shown([THIRTY, SIXTY], width, terminal=False).split("Not shown")[0]
    lines = [line[: line.find("  ", 2)] if line.strip() else "" for line in table.splitlines()]
    parts = [line for line in lines if line.strip() and set(line.strip()) <= set(THIRTY + SIXTY)]
    words = set(re.findall(r"[^-]+-?", THIRTY + "-" + SIXTY))
    told = {word for line in parts for word in re.findall(r"[^-]+-?", line.strip())}
    assert {"vision-", "connector-", "instruct-"} <= told <= words | {"ab", "29ab", "model", "raw"}


@pytest.mark.parametrize("name", [THIRTY, SIXTY, UNBROKEN, JAPANESE, "a b", "x" * 60, "org/model.v2:latest"])
@pytest.mark.parametrize("width", [6, 10, 17, 24, 61])
def test_a_folded_name_fits_and_can_be_put_together(name: str, width: int) -> None:
    lines = fold(name, width)
    assert max(map(cell_len, lines)) <= width
    assert joined(lines).replace(" ", "") == name.replace(" ", "")
    for line in lines[:-1]:
        assert line.endswith(("\\", "-", "/", ".", ":")) or " " in name


def test_a_word_is_broken_only_where_it_has_to_be() -> None:
    assert fold("tiny-phi3v-connector-linked", 16) == ["tiny-phi3v-", "  connector-", "  linked"]
    assert fold("abcdefghij-klm", 8) == ["abcdefg\\", "  hij-", "  klm"]


def test_a_layout_does_not_part_models_that_compete() -> None:
    layouts = {"pixel-diff": "stacked", THIRTY: "separate"}
    mixed = [replace(record, layout=layouts[record.model]) for record in run(list(layouts))]  # type: ignore[arg-type]
    file = io.StringIO()
    print_tables(mixed, Console(file=file, width=80))
    board = file.getvalue().split("Raw against")[0]
    assert board.count("suite: ") == 3
    assert "layout: " not in board
    assert "Not shown at 80 columns: layout, accuracy" in board
    both = [replace(record, layout=layout) for record in mixed for layout in ("stacked", "separate")]
    file = io.StringIO()
    print_tables(both, Console(file=file, width=80))
    assert "layout: stacked, suite: connector" in file.getvalue()


def test_columns_without_a_file_come_as_further_parts() -> None:
    file = io.StringIO()
    columns = [
        Column("model", lambda row: str(row["model"]), text=True, who=True),
        *(Column(f"figure {number}", lambda row: "0.123456789") for number in range(9)),
    ]
    print_table(Console(file=file, width=60), "Compared", columns, [{"model": THIRTY}])
    assert file.getvalue().count("(continued)") >= 2
    assert all(f"figure {number}" in file.getvalue() for number in range(9))
    assert "Not shown" not in file.getvalue()


def test_no_number_is_told_in_more_digits_than_are_read() -> None:
    noise = 0.30000000000000004
    noisy = [
        replace(
            record, p_different=noise * (1 + i % 3), seconds=noise + i / 7, cost=noise / 3, tokens_in=1000 + i
        )
        for i, record in enumerate(run([THIRTY, "pixel-diff"]))
    ]
    file = io.StringIO()
    print_tables(noisy, Console(file=file, width=250), served=True)
    text = file.getvalue()
    assert "What an answer took" in text
    assert re.findall(r"\d\.\d{5,}", text) == []
