"""Pictures on their way to a model: nothing is processed twice, and nothing stale is shown."""

from pathlib import Path

import pytest
from PIL import Image, ImageOps

from kurabe.answering.pictures import Pictures
from kurabe.cases import suites
from kurabe.cases.trials import Participant, Selection, Trial, expand
from kurabe.common.vocabulary import Layout
from kurabe.imaging import processors
from tests.support.project import case, project, suite


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Register a processor that notes the size of each pair that it gets."""
    monkeypatch.setattr(processors, "_registry", dict(processors._registry))
    calls: list[tuple[int, int]] = []

    @processors.processor("counted", version="1")
    def invert(reference: Image.Image, test: Image.Image) -> tuple[Image.Image, Image.Image]:
        calls.append(test.size)
        return ImageOps.invert(reference), ImageOps.invert(test)

    return calls


def trials(root: Path) -> list[Trial]:
    found = suites.read(suites.find(root / "cases"))
    assert not found.problems
    asker = Participant("m", "stacked", frozenset({"verdict", "count"}))
    other = Participant("n", "separate", frozenset({"verdict", "count"}))
    selection = Selection([asker, other], variants=["counted"], controls=False, processors=processors.names())
    return expand(found, selection)


def test_a_pair_is_processed_once_for_all_questions_models_and_runs(
    tmp_path: Path, counted: list[tuple[int, int]]
) -> None:
    project(tmp_path)
    suite(tmp_path, "pins", [case("a1", "different") | {"expect": {"count": 1}}, case("a2", "same")])
    asked = trials(tmp_path)
    assert len(asked) == 2 * (2 + 1)
    first = Pictures(tmp_path / "kept")
    shown = [first.show(trial) for trial in asked]
    assert len(counted) == 2
    later = Pictures(tmp_path / "kept")
    again = [later.show(trial) for trial in asked]
    assert len(counted) == 2
    for one, other in zip(shown, again, strict=True):
        assert [p.tobytes() for p in one.pictures] == [p.tobytes() for p in other.pictures]


def test_another_picture_or_version_is_processed_anew(tmp_path: Path, counted: list[tuple[int, int]]) -> None:
    project(tmp_path)
    asked = trials(tmp_path)[0]
    Pictures(tmp_path / "kept").show(asked)
    Image.open(asked.suite.image(str(asked.case.test))).point(lambda v: v // 2).save(
        asked.suite.image(str(asked.case.test))
    )
    Pictures(tmp_path / "kept").show(asked)
    assert len(counted) == 2

    del processors._registry["counted"]

    @processors.processor("counted", version="2")
    def mirror(reference: Image.Image, test: Image.Image) -> tuple[Image.Image, Image.Image]:
        return ImageOps.mirror(reference), ImageOps.mirror(test)

    shown = Pictures(tmp_path / "kept").show(asked)
    raw = Image.open(asked.suite.image(str(asked.case.test)))
    assert shown.pair[1].tobytes() == ImageOps.mirror(raw).tobytes()


def test_a_kept_picture_that_was_cut_off_is_made_again(
    tmp_path: Path, counted: list[tuple[int, int]]
) -> None:
    project(tmp_path)
    asked = trials(tmp_path)[0]
    whole = Pictures(tmp_path / "kept").show(asked)
    (stored,) = (tmp_path / "kept").rglob("*.png")
    stored.write_bytes(stored.read_bytes()[:-40])
    again = Pictures(tmp_path / "kept").show(asked)
    assert len(counted) == 2
    assert [p.tobytes() for p in whole.pair] == [p.tobytes() for p in again.pair]


def test_an_instance_of_another_size_is_fitted_and_it_is_said(
    tmp_path: Path, counted: list[tuple[int, int]]
) -> None:
    project(tmp_path)
    entry = case("a1", "different", relation="instance")
    path = suite(tmp_path, "pins", [entry])
    target = path.parent / "images/a1.png"
    Image.open(target).resize((60, 40)).save(target)
    for pictures in (Pictures(tmp_path / "kept"), Pictures(tmp_path / "kept")):
        shown = pictures.show(trials(tmp_path)[0])
        assert "fitted to the reference's size" in shown.note
        assert shown.pair[1].size == shown.pair[0].size == (48, 32)
    assert len(counted) == 1


def test_only_what_is_shown_as_it_was_read_has_a_file(tmp_path: Path, counted: list[tuple[int, int]]) -> None:
    project(tmp_path)
    suite(tmp_path, "pins", [case("a1", "same"), case("a2", "same") | {"ignore": [[0, 0, 2, 2]]}])
    found = suites.read(suites.find(tmp_path / "cases"))
    assert not found.problems
    layouts: tuple[Layout, ...] = ("stacked", "separate")
    askers = [Participant(layout, layout, frozenset({"verdict"})) for layout in layouts]
    selection = Selection(askers, variants=["raw", "counted"], processors=processors.names())
    pictures = Pictures()
    named = 0
    for trial in expand(found, selection):
        shown = pictures.show(trial)
        assert len(shown.files) == len(shown.pictures)
        if trial.layout == "separate" and trial.variant == "raw" and not trial.suite.ignore(trial.case):
            own = [trial.suite.image(str(trial.case.good[0])), trial.suite.image(str(trial.case.test))]
            expected = [own[0], None] if trial.control else own[::-1] if trial.swapped else own
            assert list(shown.files) == expected
            named += 1
        else:
            assert set(shown.files) == {None}
    assert named
    assert counted
