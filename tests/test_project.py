"""A project's places, and who takes part in a run of it."""

from pathlib import Path

import pytest

from kurabe.common.errors import CaseError, ModelError
from kurabe.models.config import Entry
from kurabe.models.protocol import Readiness
from kurabe.models.registry import Context
from kurabe.project import Project, participants, processor_names
from tests.support.instant import Instant, Settings
from tests.support.project import case, project, suite

ENTRY = '[models.{}]\nengine = "tests.support.instant:create"\n'
FETCHABLE = '[models.{}]\nengine = "tests.test_project:create"\n'


class Fetchable(Instant):
    """An engine that lacks nothing but its weights."""

    def readiness(self) -> Readiness:
        return Readiness(False, "its weights are not on this machine", fetchable=True)


def create(entry: Entry, context: Context) -> Fetchable:
    return Fetchable(entry.name, Settings.model_validate(entry.settings))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path)


def test_places_are_the_usual_ones_unless_others_are_named(tmp_path: Path) -> None:
    usual = Project.at(tmp_path)
    assert usual.cases == tmp_path / "cases"
    assert usual.models == tmp_path / "models.toml"
    assert usual.reports == tmp_path / "reports"
    assert usual.cache == tmp_path / "reports" / "cache"
    other = Project.at(tmp_path, "my cases", "m.toml", "/elsewhere/out")
    assert other.cases == tmp_path / "my cases"
    assert other.models == tmp_path / "m.toml"
    assert other.cache == Path("/elsewhere/out/cache")


def test_a_project_without_cases_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"there is no folder .*cases: make it, or name another with --cases"):
        Project.at(tmp_path).suites()
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "prompts.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(CaseError, match="holds no suite: write one with 'kurabe new'"):
        Project.at(tmp_path).suites()


def test_a_project_without_models_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"models\.toml: there is no such file"):
        Project.at(tmp_path).registry()


def test_prompts_of_the_project_and_of_a_suite_lie_over_the_defaults(root: Path) -> None:
    suite(root, "other", [case("b1", "same")], prompts={"count": {"en": "The suite's count?"}})
    (root / "cases" / "prompts.yaml").write_text("verdict: {en: The project's verdict?}\n", encoding="utf-8")
    made = Project.at(root)
    prompts = made.prompts(made.suites())
    asked = {
        (name, question): prompts[name].render(question, "en", "stacked", "aligned").text
        for name in ("pins", "other")
        for question in ("verdict", "count")
    }
    assert all("The project's verdict?" in asked[name, "verdict"] for name in ("pins", "other"))
    assert "The suite's count?" in asked["other", "count"]
    assert "The suite's count?" not in asked["pins", "count"]


def test_wrong_prompts_are_told_with_file_and_line(root: Path) -> None:
    suite(root, "other", [case("b1", "same")], prompts={"verdict": {"en": {"text": 3}}})
    made = Project.at(root)
    with pytest.raises(CaseError, match=r"other\.yaml:\d+: .*verdict"):
        made.prompts(made.suites())
    (root / "cases" / "prompts.yaml").write_text("verdict:\n  en: {yess: [Yes]}\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"prompts\.yaml:2: "):
        made.prompts(made.suites())


# Who takes part


def names(root: Path, text: str, *patterns: str) -> tuple[list[str], dict[str, str]]:
    (root / "models.toml").write_text(text, encoding="utf-8")
    found = participants(Project.at(root).registry(), patterns)
    return [participant.name for participant in found.chosen], found.left_out


FOUR = (
    ENTRY.format("a") + "default = true\n"
    + ENTRY.format("b")
    + ENTRY.format("c") + "default = true\nbroken = true\n"
    + ENTRY.format("d") + "broken = true\n"
)  # fmt: skip


def test_by_default_those_marked_so_that_can_run(root: Path) -> None:
    assert names(root, FOUR) == (["a"], {"c": "declared broken"})


def test_a_name_takes_one_whatever_its_default(root: Path) -> None:
    assert names(root, FOUR, "b") == (["b"], {})
    assert names(root, FOUR, "b", "a") == (["a", "b"], {})


def test_a_glob_leaves_out_what_cannot_run_and_a_name_does_not(root: Path) -> None:
    assert names(root, FOUR, "*") == (["a", "b"], {"c": "declared broken", "d": "declared broken"})
    with pytest.raises(ModelError, match="model 'c' cannot run here: declared broken"):
        names(root, FOUR, "*", "c")


def test_weights_that_can_be_fetched_are_for_a_name_and_not_for_a_default(root: Path) -> None:
    text = ENTRY.format("a") + "default = true\n" + FETCHABLE.format("big") + "default = true\n"
    assert names(root, text) == (["a"], {"big": "its weights are not on this machine"})
    assert names(root, text, "big") == (["big"], {})
    assert names(root, text, "bi*", "a") == (["a"], {"big": "its weights are not on this machine"})


def test_a_run_without_any_model_is_an_error_with_the_reasons(root: Path) -> None:
    with pytest.raises(ModelError, match=r"no model can run here \(c: declared broken\)"):
        names(root, ENTRY.format("c") + "default = true\nbroken = true\n")
    with pytest.raises(ModelError, match="none is marked default"):
        names(root, ENTRY.format("b"))
    with pytest.raises(ModelError, match="did you mean 'inst'"):
        names(root, ENTRY.format("inst"), "insd")


def test_a_participant_has_its_entrys_layout_and_its_engines_questions(root: Path) -> None:
    (root / "models.toml").write_text(
        ENTRY.format("a") + 'default = true\nlayout = "separate"\n', encoding="utf-8"
    )
    (one,) = participants(Project.at(root).registry(), ()).chosen
    assert (one.layout, one.questions) == ("separate", Instant.questions)


def test_the_processors_that_the_mission_names_are_there() -> None:
    assert {"raw", "gray", "diff"} <= set(processor_names())
