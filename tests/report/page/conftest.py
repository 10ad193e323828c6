"""What the tests of the page share: a browser, and runs that were really made."""

from pathlib import Path

import pytest

from kurabe.report.page.render import write_page
from kurabe.results.run import Run
from tests.support.browser import browser, visit
from tests.support.pages import make_run

__all__ = ["browser", "earlier_and_later", "html", "run", "thousand", "visit"]


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
