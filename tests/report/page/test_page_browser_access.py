"""The page in a real browser: axe finds nothing, in any theme, language or width."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kurabe.report.page.render import write_page
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit


def findings(page: Page, within: str = "html") -> list[str]:
    """Return all that axe finds, with the places."""
    found_at_all = Axe().run(page, context=within, options={"resultTypes": ["violations"]})
    response: dict[str, Any] = found_at_all.response
    return [
        f"{found['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for found in response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en"), ("dark", "en"), ("light", "ja")])
def test_axe_finds_nothing(run: Run, tmp_path: Path, visit: Visit, scheme: str, lang: str) -> None:
    html = write_page(run, tmp_path, lang=lang, pictures_at=run.pictures.as_uri() + "/")
    page = visit(html, scheme=scheme, wait=COMPLETE)
    # Three screens of cards say what a thousand would, in a fraction of axe's time.
    page.evaluate("() => [...document.querySelectorAll('.card')].slice(12).forEach((card) => card.remove())")
    assert findings(page) == []
    page.locator("#pick-columns summary").click()
    assert findings(page, "#pick-columns") == []
    page.locator(".card a").first.click()
    for mode in ("pair", "flip", "swipe", "difference"):
        page.locator(f"#viewer-{mode}").click()
        assert findings(page, "#viewer") == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert findings(page, "#help") == []


def test_a_phone_needs_no_sideways_scrolling(html: Path, visit: Visit) -> None:
    page = visit(html, size=(390, 800), wait=COMPLETE)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert findings(page) == []


@pytest.mark.parametrize("size", [(390, 800), (1024, 768), (1440, 900)])
def test_a_tap_tells_what_a_mouse_reads_by_staying(html: Path, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(html, size=size, touch=True, wait=COMPLETE)
    head = page.locator("#board-table th", has_text="Miss")
    tip = page.locator(".tip")
    expect(tip).to_be_hidden()
    head.tap()
    expect(tip).to_be_visible()
    expect(tip).to_have_text(str(head.get_attribute("title")))
    box = tip.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    page.locator("#board-title").tap()
    expect(tip).to_be_hidden()


def test_the_keyboard_reads_it_too(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    page.locator("#help-open").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_a_point_of_a_chart_tells_by_a_tap(html: Path, visit: Visit) -> None:
    page = visit(html, touch=True, wait=COMPLETE)
    page.locator("#reliability svg.marks .mark-symbol path").first.tap(force=True)
    expect(page.locator(".tip")).to_contain_text("P(different)")
