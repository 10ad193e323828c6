"""The page on paper: what it holds is readable without a screen, and nothing asks to be clicked."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kurabe.report.page.bundle import page_words
from tests.support.browser import COMPLETE, Visit

PAPER = (688, 1017)
"""A4 between margins of 14 mm, in CSS pixels."""


def printed(
    visit: Visit, html: Path, size: tuple[int, int] = (1440, 900), scheme: str = "dark", state: str = ""
) -> Page:
    """Return a page as its print is laid out."""
    page = visit(html, state, size=size, scheme=scheme, wait=COMPLETE)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    return page


def test_nothing_asks_to_be_clicked(html: Path, visit: Visit) -> None:
    page = printed(visit, html)
    for control in ("button.small", ".tools button", "input[type=range]", "input[type=search]", ".pickers"):
        found = page.locator(control)
        assert found.count()
        assert not any(each.is_visible() for each in found.all()), control
    framed = page.locator("main button, main select, .filters select").evaluate_all(
        "(all) => all.filter((each) => each.checkVisibility()"
        " && parseFloat(getComputedStyle(each).borderBottomWidth) > 0).map((each) => each.outerHTML)"
    )
    assert framed == []
    expect(page.locator("nav").first).to_be_hidden()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_hints_for_the_screen_are_not_printed(html: Path, visit: Visit, lang: str) -> None:
    words = page_words(lang)
    hints = ("board.click", "decide.points_click", "decide.histogram_note")
    page = printed(visit, html, state=f"lang={lang}")
    assert page.locator("main").inner_text().count(words["board.reading"]) == 1
    for hint in hints:
        assert words[hint] not in page.locator("main").inner_text()
    page.emulate_media(media="screen")
    for hint in hints:
        assert words[hint] in page.locator("main").inner_text()


def test_tables_are_whole_and_names_are_words(html: Path, visit: Visit) -> None:
    page = printed(visit, html)
    cut = page.locator(".panel, .links, .chart-legend").evaluate_all(
        "(all) => all.filter((each) => each.checkVisibility()"
        " && getComputedStyle(each).overflowX !== 'visible'"
        " && each.scrollWidth > each.clientWidth).map((each) => each.id || each.className)"
    )
    assert cut == []
    wide = page.locator("table.grid").evaluate_all(
        "(all, paper) => all.filter((each) => each.getBoundingClientRect().right > paper)"
        ".map((each) => each.innerText)",
        PAPER[0],
    )
    assert wide == []
    for table in ("board-table", "paired-table", "heat-table"):
        name = page.locator(f"#{table} tbody td.who").first
        box = name.bounding_box()
        assert box
        assert box["width"] > 50  # "model-2" in one line
    lists = page.locator("#compare .links").evaluate_all(
        "(all) => all.every((each) => each.scrollHeight <= each.clientHeight + 1)"
    )
    assert lists


@pytest.mark.parametrize("size", [(390, 800), (1024, 768), (1440, 900)])
def test_charts_fit_and_their_words_are_as_large_as_on_the_screen(
    html: Path, visit: Visit, size: tuple[int, int]
) -> None:
    page = printed(visit, html, size)
    chart = page.locator("#history svg.marks")
    drawn, shown = chart.evaluate(
        "(each) => [each.viewBox.baseVal.width, each.getBoundingClientRect().width]"
    )
    assert shown <= PAPER[0]
    assert shown / drawn > 0.95
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_function("() => document.querySelector('#history svg.marks').viewBox.baseVal.width > 800")


def test_the_gallery_says_what_is_not_printed(thousand: Path, visit: Visit) -> None:
    page = visit(thousand, wait=COMPLETE)
    note = page.locator("#cards-left")
    expect(note).to_be_hidden()
    page.emulate_media(media="print")
    cards = page.locator(".card").count()
    expect(note).to_be_visible()
    expect(note).to_contain_text(f"{cards} of ")
    page.emulate_media(media="screen")
    page.evaluate("async () => (await import('kurabe/state.js')).set({ outcome: 'unparsed' })")
    page.emulate_media(media="print")
    expect(note).to_be_empty()


def test_lines_are_told_apart_without_colour(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    forms = page.locator("#roc .swatch-of").evaluate_all(
        "(all) => all.map((each) => [each.querySelector('line').getAttribute('stroke-dasharray'),"
        " each.querySelector('path').getAttribute('d')].join())"
    )
    assert len(forms) == 6
    assert len(set(forms)) == 6
