"""What the tests of the page share: a browser, and runs that were really made."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kurabe.report.page.render import write_page
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.browser import browser, visit
from tests.support.pages import altered, make_run

__all__ = ["browser", "earlier_and_later", "html", "run", "spoilt", "spoilt_html", "thousand", "visit"]


@pytest.fixture(scope="session")
def earlier_and_later(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """Two runs of the same trials."""
    folder = tmp_path_factory.mktemp("runs")
    return make_run(folder, 240, 3, 1), make_run(folder, 240, 3, 2)


@pytest.fixture(scope="session")
def run(earlier_and_later: tuple[Run, Run]) -> Run:
    return earlier_and_later[1]


@pytest.fixture(scope="session")
def html(run: Run) -> Path:
    """The page of a run of 240 trials, with a run before it."""
    return write_page(run, run.folder)


@pytest.fixture(scope="session")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of a thousand trials."""
    run = make_run(tmp_path_factory.mktemp("thousand"), 1000, 4)
    return write_page(run, run.folder)


def spoil(records: Sequence[Record]) -> list[Record]:
    """Spread cases over 8 references, and put in all that figures have to bear."""
    made = []
    for place, record in enumerate(records):
        found = re.search(r"/b(\d{4})", record.case)
        number = int(found[1]) if found else 0
        changed = replace(record, reference=f"{number % 8:032x}")
        if place % 17 == 3:
            down: dict[str, Any] = {"outcome": "error", "verdict": None, "text": "", "score": {}}
            changed = replace(changed, **down, error="the server is down")
        if place % 13 == 2:
            changed = replace(changed, p_different=None)
        if place % 11 == 5:
            changed = replace(changed, seconds=None)
        if place % 7:
            changed = replace(changed, tokens_in=100 + place, tokens_out=number, cost=place / 1000)
        if number in (3, 4):
            changed = replace(changed, kinds=())
        made.append(changed)
        if place % 5 == 0:  # asked again, and answered wrongly each time
            again: dict[str, Any] = {"trial": f"{record.trial}-r2", "repeat": 1, "outcome": "wrong"}
            made.append(replace(changed, **again, verdict="same"))
    return made


@pytest.fixture(scope="session")
def spoilt(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return altered(run, tmp_path_factory.mktemp("spoilt"), spoil)


@pytest.fixture(scope="session")
def spoilt_html(spoilt: Run) -> Path:
    return write_page(spoilt, spoilt.folder)
