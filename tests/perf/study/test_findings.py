"""Other figures give other sentences: each finding in every direction."""

from pathlib import Path

import pytest

from perf.study import figures
from perf.study.findings import Finding
from perf.study.page import pages, results
from tests.perf.study.made import Made

ALL = ("raw", "n-soartc", "soart3")


def found(made: Made, folder: Path) -> list[Finding]:
    kept = made.kept(folder)
    return results(kept, figures.cases_of(kept.records, "verdict"))


def same(kind: str, share: float) -> dict[tuple[str, str], float]:
    return {(kind, variant): share for variant in ALL}


@pytest.mark.parametrize(
    ("general", "connector", "misses", "verdict", "words"),
    [
        (0.97, 0.6, True, "holds", "what it does not see it calls good"),
        (0.97, 0.6, False, "holds in part", "not shown to miss more"),
        (0.6, 0.97, True, "does not hold", "better than what it was trained on"),
        (0.9, 0.9, True, "cannot be told", "no change as well as a change"),
    ],
)
def test_sight(
    general: float, connector: float, misses: bool, verdict: str, words: str, tmp_path: Path
) -> None:
    first = found(Made(general=general, right=same("base", connector), misses=misses), tmp_path)[0]
    assert first.verdict == verdict, first.reason
    assert words in first.reason


@pytest.mark.parametrize(
    ("plain", "linked", "verdict", "words"),
    [
        ((0.3, 0.31, 0.32), (0.2, 0.21, 0.22), "holds", "lower loss than every one"),
        ((0.2, 0.21, 0.22), (0.3, 0.31, 0.32), "does not hold", "higher loss than every one"),
        ((0.2, 0.3, 0.4), (0.21, 0.28, 0.35), "cannot be told", "as much as linking does"),
    ],
)
def test_loss(
    plain: tuple[float, ...], linked: tuple[float, ...], verdict: str, words: str, tmp_path: Path
) -> None:
    second = found(Made(loss={"base": (3.0,), "plain": plain, "linked": linked}), tmp_path)[1]
    assert second.verdict == verdict, second.reason
    assert words in second.reason


@pytest.mark.parametrize(
    ("raw", "first", "second", "verdict"),
    [
        (0.6, 0.97, 0.6, "holds"),
        (0.97, 0.6, 0.97, "does not hold"),
        (0.75, 0.99, 0.4, "holds in part"),
        (0.97, 0.97, 0.97, "cannot be told"),
    ],
)
def test_processing(raw: float, first: float, second: float, verdict: str, tmp_path: Path) -> None:
    right = {("linked", "raw"): raw, ("linked", "n-soartc"): first, ("linked", "soart3"): second}
    third = found(Made(right=right), tmp_path)[2]
    assert third.verdict == verdict, third.reason
    assert ("`n-soartc`" in third.reason.partition("Better:")[2]) == (first > raw)


def test_a_ceiling_is_told(tmp_path: Path) -> None:
    full = found(Made(right={**same("plain", 1.0), **same("linked", 1.0)}), tmp_path)[2]
    assert "the adapter and the adapter with linking have" in full.reason
    low = found(Made(right={**same("plain", 0.6), **same("linked", 0.6)}), tmp_path)[2]
    assert "little room" not in low.reason


def test_other_figures_make_another_page(tmp_path: Path) -> None:
    one = pages(Made(right=same("plain", 0.95)).kept(tmp_path / "one"))
    other = pages(Made(right=same("plain", 0.5), misses=False).kept(tmp_path / "other"))
    assert one.keys() == other.keys()
    for name in ("study.md", "study-variants.svg", "study-kinds.svg"):
        assert one[name] != other[name], name
    assert "Fine-tuning itself raises" in one["study.md"]
    assert "Fine-tuning itself lowers" in other["study.md"] or "not shown" in other["study.md"]
