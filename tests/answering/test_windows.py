"""Windows of trials: all that is asked about a case goes together where there is room."""

from pathlib import Path

import pytest

from kurabe.answering.windows import Windows
from kurabe.cases.trials import Selection, Trial, expand
from kurabe.project import Project, participants
from tests.support.project import case, picture, suite

CASES = 6


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    suite(tmp_path, "pins", [case(f"p{n}", "", expect={"verdict": "same", "count": 0}) for n in range(CASES)])
    for number in range(CASES):
        picture(tmp_path / f"cases/pins/images/p{number}.png", shade=100 + number, size=(100, 100))
    picture(tmp_path / "cases/pins/images/good.png", size=(100, 100))
    (tmp_path / "models.toml").write_text('[models.m]\nengine = "pixel-diff"\n', encoding="utf-8")
    there = Project.at(tmp_path)
    chosen = participants(there.registry(), ("m",)).chosen
    trials = expand(there.suites(), Selection(chosen, questions=("verdict", "count"), controls=False))
    assert len(trials) == 2 * CASES
    made = Windows()
    made.plan(trials, {})
    return made


def lengths(windows: Windows, size: int, limit: int = 10**9, *, pairs: bool = False) -> list[int]:
    found: list[int] = []
    first: Trial | None = windows._plan[0]
    while first is not None:
        window = windows.window(first, size, limit, pairs=pairs)
        windows.taken |= {trial.id for trial in window}
        found.append(len(window))
        first = windows.following(window)
    return found


def test_a_window_ends_where_a_case_does(windows: Windows) -> None:
    assert lengths(windows, 5) == [4, 4, 4]


def test_a_window_that_is_smaller_than_a_case_is_filled(windows: Windows) -> None:
    assert lengths(windows, 1) == [1] * 2 * CASES


def test_pairs_count_once_whatever_is_asked_about_them(windows: Windows) -> None:
    assert lengths(windows, 4, pairs=True) == [8, 4]


def test_pictures_limit_a_window(windows: Windows) -> None:
    each = windows._decoded_bytes(windows._plan[0])
    assert each >= 2 * 3 * 100 * 100
    assert lengths(windows, 64, 5 * each, pairs=True) == [4, 4, 4]
