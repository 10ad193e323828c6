"""The page in a real browser: many models, told apart by form, and what is shown of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kurabe.report.page.render import write_page
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit
from tests.support.pages import altered

MODELS = 20


@pytest.fixture(scope="module")
def many(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of twenty models."""

    def multiply(records: Sequence[Record]) -> list[Record]:
        few = [r for r in records if r.question == "verdict" and r.variant == "raw"]
        own = [r for r in few if not (r.control or r.swapped) and r.model == "model-0"]
        return [
            replace(r, model=f"m{number:02}", trial=f"{r.trial}-{number:02}", p_different=_shifted(r, number))
            for number in range(MODELS)
            for r in own
        ]

    made = altered(run, tmp_path_factory.mktemp("many"), multiply)
    return write_page(made, made.folder)


def _shifted(record: Record, number: int) -> float | None:
    p = record.p_different
    return None if p is None else min(1.0, p * (1 - number / 60))


def test_each_of_many_models_has_a_form_of_its_own(many: Path, visit: Visit) -> None:
    page = visit(many, wait=COMPLETE)
    for chart in ("#reliability", "#roc", "#history"):
        lines = page.locator(f"{chart} .line-of")
        expect(lines).to_have_count(MODELS)
    # Without any colour: sign and filling alone. That holds for every eye, and on grey paper.
    forms = page.locator("#roc .line-of path").evaluate_all(
        "(all) => all.map((e) => e.getAttribute('d') + (e.getAttribute('fill') === e.getAttribute('stroke')))"
    )
    assert len(set(forms)) == MODELS
    drawn = page.locator("#roc svg.marks path[stroke^='var(--model-']")
    assert drawn.count() >= MODELS


@pytest.mark.parametrize("by", ["key", "mouse", "touch"])
def test_a_legend_hides_and_shows(many: Path, visit: Visit, by: str) -> None:
    page = visit(many, wait=COMPLETE, touch=by == "touch")
    lines = page.locator("#roc .line-of")
    strokes = page.locator("#roc svg.marks .mark-line path")
    before = strokes.count()
    name = str(lines.nth(2).get_attribute("data-line"))
    mine = page.locator(f'#roc .line-of[data-line="{name}"]')
    if by == "key":
        mine.focus()
        page.keyboard.press("Enter")
    elif by == "mouse":
        mine.click()
    else:
        mine.tap()
    expect(mine).to_have_attribute("aria-pressed", "false")
    expect(strokes).to_have_count(before - 1)
    if by == "key":
        expect(mine).to_be_focused()
    expect(page).to_have_url(re.compile("off="))
    page.reload()
    expect(mine).to_have_attribute("aria-pressed", "false")
    mine.click()
    expect(strokes).to_have_count(before)
    expect(page).not_to_have_url(re.compile("off="))


def test_models_are_picked_and_the_choice_is_kept(many: Path, visit: Visit) -> None:
    page = visit(many, wait=COMPLETE)
    rows = page.locator("#board-table tbody tr")
    expect(rows).to_have_count(MODELS)
    page.locator("#pick-models summary").click()
    page.locator("#pick-models label", has_text="m03").click()
    expect(rows).to_have_count(MODELS - 1)
    expect(page.locator("#pick-models summary")).to_contain_text("19 of 20")
    expect(page.locator("#roc .line-of")).to_have_count(MODELS - 1)
    page.goto(many.as_uri() + "?tomorrow")
    page.wait_for_selector(COMPLETE, state="attached")
    expect(rows).to_have_count(MODELS - 1)
    page.locator("#pick-models summary").click()
    page.locator("#pick-models input[type=search]").fill("m1")
    page.locator("#pick-models .only-found").click()
    expect(rows).to_have_count(10)
    page.go_back()
    expect(rows).to_have_count(MODELS - 1)
    page.locator("#pick-models").get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(MODELS)


def test_columns_are_picked_and_the_choice_is_kept(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    head = page.locator("#board-table th", has_text="Overkill")
    page.locator("#pick-columns summary").focus()
    page.keyboard.press("Enter")
    page.locator("#pick-columns label", has_text="Overkill").locator("input").focus()
    page.keyboard.press("Space")
    expect(head).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#pick-columns summary")).to_be_focused()
    page.goto(html.as_uri() + "?tomorrow")
    page.wait_for_selector(COMPLETE, state="attached")
    expect(head).to_have_count(0)
    page.go_back()
    page.wait_for_selector(COMPLETE, state="attached")
    page.locator("#pick-columns summary").click()
    page.get_by_role("button", name="Show all").click()
    expect(head).to_have_count(1)


def test_the_order_of_the_leaderboard_is_in_the_address(html: Path, visit: Visit) -> None:
    page = visit(html, "order=miss.asc", wait=COMPLETE)
    head = page.locator("#board-table th", has_text="Miss")
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.locator("#board-table th.leading").click()
    expect(page).not_to_have_url(re.compile("miss"))
    page.go_back()
    expect(head).to_have_attribute("aria-sort", "ascending")
