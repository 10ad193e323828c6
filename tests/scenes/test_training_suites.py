"""Suites for training alone: other pictures than the shipped ones, as many as asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from kurabe.cases import suites
from kurabe.finetune.records import check_splits
from scenes import everyday
from scenes.__main__ import TRAINING, load
from scenes.everyday_suite import _with_room
from scenes.pair import RenderedPair
from scenes.suite import rendered, write

CASES = Path(__file__).resolve().parents[2] / "cases"


@pytest.mark.parametrize("name", TRAINING)
def test_a_training_suite_shares_no_picture_with_the_shipped_one(name: str, tmp_path: Path) -> None:
    write(load(name, 1, 1), tmp_path, 2)
    made = suites.read([tmp_path / f"{name}.yaml"])
    assert not made.problems
    suite = made.good[0]
    assert len(suite.cases) == 3 * 4
    assert {suite.split(case) for case in suite.cases} == {"train"}
    shipped = suites.read([CASES / name / f"{name}.yaml"]).good[0]
    check_splits([suite, shipped])


def test_processes_change_nothing(tmp_path: Path) -> None:
    for processes in (1, 2):
        write(load("shapes", 1, 1), tmp_path / str(processes), processes)
    one, two = (sorted((tmp_path / str(number)).rglob("*.*")) for number in (1, 2))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_what_was_rendered_is_a_suite_when_rendering_breaks_off(tmp_path: Path) -> None:
    planned = load("shapes", 2, 1)
    last = list(dict.fromkeys(plan.reference for plan in planned.plans))[-1]  # as they are rendered
    kept = [plan for plan in planned.plans if plan.reference != last]

    def broken() -> RenderedPair:
        raise KeyboardInterrupt

    plans = [replace(plan, render=broken) if plan.reference == last else plan for plan in planned.plans]
    with pytest.raises(KeyboardInterrupt):
        write(replace(planned, plans=tuple(plans)), tmp_path, small=False)
    (suite,) = suites.read([tmp_path / "shapes.yaml"]).good
    assert sorted(case.id for case in suite.cases) == sorted(plan.id for plan in kept)
    assert kept


def test_a_seed_without_room_gives_way_to_another() -> None:
    tried: list[int] = []

    def program(seed: int) -> None:
        tried.append(seed)
        if len(tried) < 3:
            raise ValueError("no room")

    rendered(program, 7)  # type: ignore[arg-type]
    assert tried == [7, 10_000_007, 20_000_007]
    with pytest.raises(ValueError, match="no room"):
        rendered(lambda seed: [][seed] if seed < 0 else (_ for _ in ()).throw(ValueError("no room")), 1)


def test_a_table_that_is_full_gets_another_kind_of_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everyday, "AMOUNT", dict.fromkeys(everyday.AMOUNT, (40, 40)))
    monkeypatch.setattr(everyday, "STEP", dict.fromkeys(everyday.STEP, 500.0))  # nothing can be moved
    everyday.setup.cache_clear()
    try:
        for number, kind in enumerate(everyday.KINDS):
            pair = _with_room(number, "hard", (kind,), reference_seed=7, fine=1)
            assert len(pair.differences) == 1
            if kind == "moved":
                assert pair.differences[0].kind != kind
    finally:
        everyday.setup.cache_clear()
