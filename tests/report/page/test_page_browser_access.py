"""The page in a real browser: axe finds nothing serious, in any theme, language or width."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from kurabe.report.page.render import write_page
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit


def serious(page: Page, within: str = "html") -> list[str]:
    """Return what axe takes seriously, with the places."""
    found_at_all = Axe().run(page, context=within, options={"resultTypes": ["violations"]})
    response: dict[str, Any] = found_at_all.response
    return [
        f"{found['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for found in response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en"), ("dark", "en"), ("light", "ja")])
def test_axe_finds_nothing_serious(run: Run, tmp_path: Path, visit: Visit, scheme: str, lang: str) -> None:
    html = write_page(run, tmp_path, lang=lang, pictures_at=run.pictures.as_uri() + "/")
    page = visit(html, scheme=scheme, wait=COMPLETE)
    # Three screens of cards say what a thousand would, in a fraction of axe's time.
    page.evaluate("() => [...document.querySelectorAll('.card')].slice(12).forEach((card) => card.remove())")
    assert serious(page) == []
    page.locator(".card a").first.click()
    assert serious(page, "#viewer") == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert serious(page, "#help") == []


def test_a_phone_needs_no_sideways_scrolling(html: Path, visit: Visit) -> None:
    page = visit(html, size=(390, 800), wait=COMPLETE)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert serious(page) == []
