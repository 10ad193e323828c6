"""A real browser for the tests of the page: Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
HOW = (
    "no Chromium was found: install one (Debian and Ubuntu: apt-get install chromium fonts-noto-cjk; "
    "elsewhere: playwright install chromium), or name it in KURABE_CHROMIUM"
)
QUIET = [
    "--no-sandbox",  # it opens files that the tests made; containers rarely allow a sandbox
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-gpu",  # Debian's wrapper asks for it, and frames drawn by its stand-in once stopped for good
    "--no-first-run",
]
READY = "html[data-ready]"
COMPLETE = "html[data-complete]"
PATIENCE = 30_000
"""Milliseconds; a machine that is busy with other tests draws slowly."""

Visit = Callable[..., Page]


def chromium(playwright: Any) -> str | None:
    """Return Chromium's path: as named, as installed on this machine, or as Playwright installed it."""
    named = os.environ.get("KURABE_CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).is_file() else None)


def absent() -> NoReturn:
    """Skip for want of a browser; on CI, where there always is one, fail."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(HOW)
    pytest.skip(HOW)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            absent()
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens pages, and fails the test if one reports an error or asks anything of a network.

    ``visit(path, "trial=…", scheme="dark", size=(1280, 800), expected="ERR_FILE_NOT_FOUND")`` returns the
    page once its figures and first cards are there. Errors that hold ``expected`` are no errors.
    """
    pages: list[Page] = []
    problems: list[str] = []

    def open_page(
        path: Path,
        state: str = "",
        *,
        scheme: Any = "light",
        size: tuple[int, int] = (1280, 800),
        expected: str | None = None,
        wait: str = READY,
        touch: bool = False,
    ) -> Page:
        def note(problem: str) -> None:
            if expected is None or expected not in problem:
                problems.append(problem)

        def on_console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                note(f"{message.type}: {message.text}")

        def on_request(request: Request) -> None:
            if not stays(request.url):
                problems.append(f"request: {request.url}")

        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, has_touch=touch
        )
        pages.append(page)
        page.set_default_timeout(PATIENCE)
        page.on("console", on_console)
        page.on("pageerror", lambda error: note(f"uncaught: {error}"))
        page.on("request", on_request)
        page.goto(path.as_uri() + (f"#{state}" if state else ""))
        page.wait_for_selector(wait, state="attached")
        return page

    yield open_page
    for page in pages:
        with suppress(Exception):
            page.close()
    assert problems == []


def stays(url: str) -> bool:
    """Say whether a request stays on this machine."""
    return urlsplit(url).scheme in ("file", "data", "blob")
