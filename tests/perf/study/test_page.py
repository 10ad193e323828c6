"""The study's page in the repository is what the kept files give, and its parts hang together."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from perf.study.kept import RESULTS, read
from perf.study.page import PAGE, pages, write
from tests.perf.study.made import Made

ROOT = Path(__file__).resolve().parents[3]
LIMIT = 400_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return pages(Made().kept(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def kept() -> Path:
    """The kept files; only where there is no page either has the study not been run yet."""
    if not (ROOT / RESULTS).is_dir() and not (ROOT / "docs" / "background" / PAGE).is_file():
        pytest.skip("the study has not been run: python -m perf.study run --adapters FOLDER")
    return ROOT / RESULTS


@pytest.fixture(scope="module")
def real(kept: Path) -> dict[str, str]:
    return pages(read(kept))


def test_the_page_is_made_of_the_kept_files(real: dict[str, str]) -> None:
    assert (ROOT / "docs" / "background" / PAGE).read_text(encoding="utf-8") == real[PAGE], (
        "python -m perf.study write"
    )


def test_the_figures_are_made_of_the_kept_files(real: dict[str, str]) -> None:
    for name in real.keys() - {PAGE}:
        # Where text stands depends on the fonts of the machine; what it says and the marks' shapes do not.
        drawn, kept = real[name], (ROOT / "docs" / "background" / name).read_text(encoding="utf-8")
        for pattern in (r">([^<>]+)</text>", r'aria-label="([^"]*)"'):
            assert re.findall(pattern, drawn) == re.findall(pattern, kept), (
                f"{name}: python -m perf.study write"
            )


def test_what_is_kept_is_small(kept: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in kept.iterdir()}
    assert sum(sizes.values()) < LIMIT, sizes
    curves = {name for name in sizes if name.endswith(".csv")}
    assert curves == {f"{kind}-{seed}.csv" for kind in ("plain", "linked") for seed in range(3)}


def test_every_figure_is_shown_and_is_an_image(made: dict[str, str]) -> None:
    shown = re.findall(r"\]\(([^)]+\.svg)\)", made[PAGE])
    assert sorted(shown) == sorted(made.keys() - {PAGE})
    for name in shown:
        root = ElementTree.fromstring(made[name])
        assert root.tag.endswith("svg")
        # A mark that could not be placed is drawn nowhere.
        assert "NaN" not in made[name]
        assert "undefined" not in made[name]


def test_text_fits_the_page_and_tables_are_whole(made: dict[str, str]) -> None:
    columns = 0
    for line in made[PAGE].splitlines():
        if not line.startswith("|"):
            columns = 0
            assert len(line) <= 110, line
            continue
        columns = columns or line.count("|")
        assert line.count("|") == columns, line
    assert "nan" not in made[PAGE]


def test_what_is_written_is_what_is_made(made: dict[str, str], tmp_path: Path) -> None:
    files = write(Made().kept(tmp_path / "study"), tmp_path / "docs")
    assert {path.name: path.read_text(encoding="utf-8") for path in files} == made
