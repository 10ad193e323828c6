"""The page in a real browser: its numbers are those of the tables, and open exactly what they count."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import special

from kurabe.report import intervals
from kurabe.report import statistics as stats
from kurabe.report.columns import COUNTS, METRICS, TAKEN
from kurabe.report.leaderboard import leaderboard
from kurabe.report.page.render import write_page
from kurabe.report.paired import sign_flips, units_needed
from kurabe.report.paired_table import raw_vs_processed
from kurabe.report.units import UnitChanges, UnitSums
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit
from tests.support.pages import altered

ROWS = "async () => (await import('kurabe/board.js')).boardRows()"
SET = "async (filters) => (await import('kurabe/state.js')).set(filters)"
SHOWN = ["n", *(name for name in METRICS if name != "mcc"), *COUNTS, *TAKEN, "unit"]
"""The columns of the leaderboard that the page computes itself; it does not show MCC."""


UNDER: list[tuple[dict[str, str], Callable[[Record], bool]]] = [
    ({}, lambda record: True),
    ({"suite": "boards"}, lambda record: record.suite == "boards"),
    ({"variant": "raw"}, lambda record: record.variant == "raw"),
    ({"tag": "bent"}, lambda record: "bent" in record.tags),
    ({"tag": "scratch", "variant": "gray"}, lambda r: "scratch" in r.tags and r.variant == "gray"),
]  # fmt: skip


@pytest.mark.parametrize("question", ["verdict", "differences"])
@pytest.mark.parametrize("which", ["run", "spoilt"])
def test_figures_under_filters_are_those_of_the_tables(
    request: pytest.FixtureRequest, tmp_path: Path, visit: Visit, question: str, which: str
) -> None:
    made: Run = request.getfixturevalue(which)
    page = visit(write_page(made, tmp_path))
    for filters, keep in UNDER:
        page.evaluate(SET, {"question": question, "suite": "", "tag": "", "variant": "", **filters})
        wanted = python_rows([record for record in made.records() if keep(record)], question)
        shown = {(row["model"], row["variant"], row["layout"]): row for row in page.evaluate(ROWS)}
        assert shown.keys() == wanted.keys()
        for key, row in wanted.items():
            for name in SHOWN:
                near = row[name] if isinstance(row[name], str | None) else pytest.approx(row[name], abs=1e-9)
                assert shown[key][name] == near, (name, key, filters)


def python_rows(records: Sequence[Record], question: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = leaderboard(records).to_dict("records")
    return {
        (row["model"], row["variant"], row["layout"]): {str(key): value for key, value in row.items()}
        for row in rows
        if row["suite"] == "all" and row["question"] == question
    }


def test_special_functions_are_those_of_scipy(html: Path, visit: Visit) -> None:
    page = visit(html)
    chance = np.random.default_rng(0)
    shape = [float(f"{10**x:.3g}") for x in chance.uniform(-1, 4, 600)]
    asked = [
        (shape[2 * i], shape[2 * i + 1], float(p)) for i, p in enumerate(chance.uniform(0.001, 0.999, 300))
    ]
    asked += [(0.25, 2, 0.025), (1e-9 + 0.25, 7.75, 0.025), (21, 1e-6, 0.95), (1, 59, 0.95)]
    call = "const f = await import('kurabe/beta.js'); return asked.map((each) =>"
    got = page.evaluate(f"async (asked) => {{ {call} f.betaincinv(...each)); }}", asked)
    assert got == pytest.approx([special.betaincinv(*each) for each in asked], abs=1e-11, rel=1e-9)
    got = page.evaluate(f"async (asked) => {{ {call} f.betainc(...each)); }}", asked)
    assert got == pytest.approx([special.betainc(*each) for each in asked], abs=1e-12, rel=1e-9)
    quantiles = [(df, p) for df in (1, 2, 3, 4, 7, 15, 99, 2000) for p in (0.025, 0.3, 0.95, 0.975)]
    got = page.evaluate(f"async (asked) => {{ {call} f.stdtrit(...each)); }}", quantiles)
    assert got == pytest.approx([special.stdtrit(*each) for each in quantiles], rel=1e-10)
    normal = page.evaluate("async () => (await import('kurabe/beta.js')).stdtrit(Infinity, 0.975)")
    assert normal == pytest.approx(special.ndtri(0.975), rel=1e-13)


def test_intervals_are_those_of_python(html: Path, visit: Visit) -> None:
    page = visit(html)
    chance = np.random.default_rng(1)
    tables = []
    for number in range(400):
        units = int(chance.integers(1, 40))
        cases = chance.integers(0, 4, (2, units)) * (chance.random((2, 1)) > 0.08)
        cases[number % 2, cases.sum(0) == 0] = 1
        skill = chance.choice([0.0, 0.5, 0.8, 0.95, 1.0], (2, 1))
        right = chance.binomial(cases, np.clip(skill + chance.normal(0, 0.2, (1, units)), 0, 1))
        tables.append({"cases": cases.tolist(), "right": right.tolist()})
    got = page.evaluate(
        """async (tables) => {
            const f = await import("kurabe/intervals.js");
            const of = [f.accuracy, f.balancedAccuracy, f.missLimit, f.overkillLimit];
            return tables.map((sums) => of.map((each) => each(sums)));
        }""",
        tables,
    )
    for table, (*two_sided, miss, overkill) in zip(tables, got, strict=True):
        counts = [np.array(table[name], dtype=np.float64) for name in ("cases", "right")]
        sums = UnitSums(1, np.zeros(counts[0].shape[1], dtype=np.int64), *counts)
        for shown, made in zip(
            two_sided, (intervals.accuracy(sums), intervals.balanced_accuracy(sums)), strict=True
        ):
            assert shown["units"] == made.units[0]
            for name in ("estimate", "low", "high"):
                same(shown[name], getattr(made, name)[0])
        for shown, limit in (
            (miss, intervals.miss_limit(sums)),
            (overkill, intervals.overkill_limit(sums)),
        ):
            for name in ("rate", "high", "parts", "wrong"):
                same(shown[name], getattr(limit, name)[0])


def same(shown: float | None, made: float) -> None:
    assert (shown is None) == bool(np.isnan(made))
    assert shown is None or shown == pytest.approx(made, abs=1e-9)


def test_paired_tests_are_those_of_python(html: Path, visit: Visit) -> None:
    page = visit(html)
    chance = np.random.default_rng(2)
    tables = []
    for number in range(120):
        units = int(chance.integers(1, 60)) if number else 900
        cases = chance.integers(0, 4, (2, units))
        change = chance.integers(-cases, cases + 1) * (chance.random(units) < 0.5)
        tables.append((cases, change))
    asked = [
        {
            "units": [{"good": int(g), "bad": int(b)} for g, b in change.T],
            "cases": {"good": int(cases[0].sum()), "bad": int(cases[1].sum())},
        }
        for cases, change in tables
    ]
    for balanced in (True, False):
        got = page.evaluate(
            """async ([asked, balanced]) => {
                const { signFlips } = await import("kurabe/flips.js");
                return asked.map(({ units, cases }) => signFlips(units, cases, balanced));
            }""",
            [asked, balanced],
        )
        for number, ((cases, change), shown) in enumerate(zip(tables, got, strict=True)):
            row = np.zeros(cases.shape[1], dtype=np.int64)
            parts = [each.astype(np.float64) for each in (cases, change, change**2)]
            (p,) = sign_flips(UnitChanges(1, row, *parts), balanced=balanced)
            drawn = balanced and number == 0  # by draws of signs on both sides, which differ
            assert (shown is None) == bool(np.isnan(p))
            assert shown is None or shown == pytest.approx(p, rel=1e-6, abs=0.02 if drawn else 1e-12)
    needed = page.evaluate(
        "async (of) => { const f = await import('kurabe/flips.js'); return of.map(f.unitsNeeded); }",
        list(range(1, 40)),
    )
    assert needed == [units_needed(number) for number in range(1, 40)]
    p = [0.01, 0.04, 0.03, 0.005, 0.9, 0.04]
    adjusted = page.evaluate("async (p) => (await import('kurabe/flips.js')).holm(p)", p)
    assert adjusted == pytest.approx(stats.holm(p))


def test_raw_against_processed_leads_with_balanced_accuracy(
    spoilt: Run, spoilt_html: Path, visit: Visit
) -> None:
    page = visit(spoilt_html, wait=COMPLETE)
    rows = raw_vs_processed(spoilt.records()).to_dict("records")
    rows = [row for row in rows if row["suite"] == "all" and row["question"] == "verdict"]
    row = max(rows, key=lambda each: each["delta_balanced_accuracy"])
    line = page.locator("#paired-table tbody tr").first
    shown = line.locator("td").all_inner_texts()
    assert shown[0] == row["model"]
    assert shown[2:6] == [
        str(row["n"]),
        str(row["references"]),
        f"{row['raw_balanced_accuracy']:.2f}",
        f"{row['processed_balanced_accuracy']:.2f}",
    ]
    ends = [row[f"delta_balanced_accuracy{end}"] for end in ("", "_lo", "_hi")]
    assert re.findall(r"[+−±][\d.]+", shown[6]) == [signed(value) for value in ends]
    assert [shown[7], shown[8].removesuffix(" *")] == [f"{row[name]:.3f}" for name in ("p_value", "p_holm")]
    ends = [row[f"delta{end}"] for end in ("", "_lo", "_hi")]
    assert re.findall(r"[+−±][\d.]+", shown[9]) == [signed(value) for value in ends]
    assert shown[12] == f"{row['mcnemar_p']:.3f}"
    assert page.locator("#paired-picture svg[role=img]").count() == len(rows)
    line.get_by_role("button", name="Which cases each side won").click()
    sides = page.locator("#paired-cases")
    expect(sides).to_contain_text(f"Only processed right ({row['processed_only_correct']})")
    expect(sides).to_contain_text(f"Only raw right ({row['raw_only_correct']})")
    sides.locator("button").first.click()
    expect(page.locator("#viewer")).to_be_visible()


def test_a_change_that_rounds_to_zero_has_no_direction(html: Path, visit: Visit) -> None:
    page = visit(html)
    values = [0.0, -0.0, 0.004, -0.004, -0.0049, 0.006, -0.006, 0.125, -0.125, -1.0]
    told = page.evaluate(
        "async (values) => { return values.map((await import('kurabe/words.js')).signed); }",
        values,
    )
    assert told == [signed(value) for value in values]
    assert told[:5] == ["±0.00"] * 5


def signed(value: float) -> str:
    size = f"{abs(value):.2f}"
    return ("±" if float(size) == 0 else "+" if value > 0 else "−") + size


def test_too_few_units_are_told(run: Run, tmp_path: Path, visit: Visit) -> None:
    few = altered(
        run,
        tmp_path / "4",
        lambda records: [r for r in records if "/b000" in r.case and r.case < "boards/b0004"],
    )
    page = visit(write_page(few, few.folder), wait=COMPLETE)
    expect(page.locator("#board-table")).to_contain_text("too few")
    expect(page.locator("#board-note")).to_contain_text("over 4 test pictures, given these good parts")
    expect(page.locator("#board-note")).to_contain_text("fewer than 5")
    expect(page.locator("#paired-table")).to_contain_text("too few")
    note = page.locator("#paired-note")
    expect(note).to_contain_text("With 4 units no p-value can get below 0.05")
    expect(note).to_contain_text(f"over 3 models: that takes at least {units_needed(3)}")


def test_each_row_has_a_curve_of_its_own_with_its_auroc(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, wait=COMPLETE)
    rows = python_rows(spoilt.records(), "verdict")
    for chart, word, name in (("roc", "AUROC", "auroc"), ("reliability", "calibration error", "ece")):
        legend = page.locator(f"#{chart} .line-of").all_text_contents()
        assert sorted(legend) == sorted(
            f"{model} · {variant}: {word} {row[name]:.2f} (n = {row['n_p']})"
            for (model, variant, _), row in rows.items()
        )
    without = sum(row["n"] - row["n_p"] for row in rows.values())
    assert without > 5
    expect(page.locator("#probability-note")).to_contain_text(f"{without} trials of these rows have no P")
    # The last point of a ROC curve is one for each row, and none is of a model as a whole.
    assert page.locator("#roc svg .mark-line path[stroke^='var(--model-']").count() == len(rows)


def shown_trials(page: Page) -> int:
    """Return how many cards the gallery shows, once it says so many."""
    count = int(page.locator("#outcomes .tab .count").first.inner_text())
    expect(page.locator(".card")).to_have_count(count)
    return count


@pytest.mark.parametrize("question", ["verdict", "differences"])
def test_a_cell_of_the_kinds_opens_the_trials_that_it_counts(
    spoilt: Run, spoilt_html: Path, visit: Visit, question: str
) -> None:
    page = visit(spoilt_html, f"question={question}", wait=COMPLETE)
    heads = page.locator("#heat-table th").all_inner_texts()
    assert any(text.startswith("no kind") for text in heads)
    cells = page.locator("#heat-table button.heat-cell")
    told: list[str] = []
    for cell in cells.all():
        missed, whole = re.findall(r"\d+", str(cell.get_attribute("title")).split(": ")[1])
        assert f"{missed}/{whole}" in cell.inner_text()
        cell.evaluate("(button) => button.click()")
        assert shown_trials(page) == int(missed) > 0
        told.append(missed)
    assert len(told) > 12
    expect(page).to_have_url(re.compile("only=what%3Dmissed"))
    page.reload()
    page.wait_for_selector(COMPLETE, state="attached")
    assert shown_trials(page) == int(told[-1])
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(page).not_to_have_url(re.compile("only="))


def test_kinds_count_unread_answers_and_errors_and_parts_without_a_kind(
    spoilt: Run, spoilt_html: Path, visit: Visit
) -> None:
    page = visit(spoilt_html, wait=COMPLETE)
    bad = [
        record
        for record in spoilt.records()
        if record.question == "verdict" and record.expected_verdict == "different"
        and not (record.control or record.swapped or record.repeat)
    ]  # fmt: skip
    heads = page.locator("#heat-table th").all_inner_texts()
    lost = 0
    for model, variant in {(record.model, record.variant) for record in bad}:
        line = page.locator("#heat-table tbody tr", has_text=model).filter(has_text=variant)
        for title, kinds in (("bent", "bent"), ("no kind", "")):
            mine = [
                r for r in bad
                if (r.model, r.variant) == (model, variant) and (kinds in r.kinds if kinds else not r.kinds)  # type: ignore[operator]
            ]  # fmt: skip
            missed = [record for record in mine if record.verdict != "different"]
            lost += sum(record.verdict is None for record in missed)
            column = next(place for place, text in enumerate(heads) if text.startswith(title))
            cell = line.locator("td").nth(column).locator(".heat-cell")
            assert cell.get_attribute("title") == f"{title}: {len(missed)} of {len(mine)} missed"
    assert lost > 0


def test_the_numbers_of_the_board_open_their_trials(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html)
    rows = python_rows(spoilt.records(), "verdict")
    opened = 0
    for line in page.locator("#board-table tbody tr").all():
        model, variant, n, _, miss, overkill, unparsed, errors = line.locator("td").all_inner_texts()[:8]
        row = rows[model.split()[0], variant, "stacked"]
        for text, rate, part, whole in (
            (miss, "miss_rate", "missed", "n_bad"),
            (overkill, "overkill_rate", "overkilled", "n_good"),
        ):
            wanted = f"{row[rate]:.2f} ({row[part]}/{row[whole]}, max {row[f'{rate}_hi']:.2f})"
            assert text == wanted
        assert [n, unparsed, errors] == [str(row[name]) for name in ("n", "unparsed", "errors")]
        for column, name in ((2, "n"), (4, "missed"), (5, "overkilled"), (6, "unparsed"), (7, "errors")):
            button = line.locator("td").nth(column).locator("button")
            assert button.count() == bool(row[name])
            if row[name]:
                button.evaluate("(each) => each.click()")
                assert shown_trials(page) == row[name]
                opened += 1
    assert opened > 18
    assert sum(row["errors"] for row in rows.values()) > 3


def test_differences_lead_with_recall_and_precision(html: Path, visit: Visit) -> None:
    page = visit(html, "question=differences")
    heads = [text.split("\n")[0] for text in page.locator("#board-table th").all_inner_texts()]
    assert heads[3:9] == ["Recall", "Precision", "Exact", "Balanced accuracy", "Miss", "Overkill"]
    assert page.locator("#board-table th").nth(3).get_attribute("aria-sort") == "descending"


def test_what_answers_took_is_shown_where_they_have_a_price(
    run: Run, spoilt: Run, tmp_path: Path, visit: Visit
) -> None:
    page = visit(write_page(run, tmp_path))
    expect(page.locator("#taken")).to_be_hidden()
    page = visit(write_page(spoilt, tmp_path, name="priced.html"))
    expect(page.locator("#taken-table thead")).to_contain_text("Cost / trial")
    expect(page.locator("#taken-table tbody tr").first).to_contain_text("model-")
    page.evaluate(SET, {"suite": "boards", "tag": "no such tag"})
    expect(page.locator("#taken")).to_be_hidden()
