"""Engines by name: found or refused with the line, loaded once, and unloaded when memory is short."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from kurabe.common.errors import ModelError
from kurabe.models import registry as module
from kurabe.models.config import Entry, read
from kurabe.models.device import free_memory
from kurabe.models.engines.local import engine as local_engine
from kurabe.models.protocol import Needs, Readiness
from kurabe.models.registry import Context, Registry, engines
from kurabe.project import Project
from tests.support.instant import Instant, Settings

HERE = "tests.models.test_registry"
EVENTS: list[str] = []


class NeedySettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    share: int = 0
    """Bytes that the engine wants."""
    base: str = ""


class Needy(Instant):
    """The instant engine, with a need for memory that it says, takes and gives back."""

    def __init__(self, name: str, settings: NeedySettings, context: Context) -> None:
        super().__init__(name, Settings())
        self.name = name
        self.memory = settings.base or name
        self.wants = settings.share
        self.shared = context.shared

    def needs(self) -> Needs:
        return Needs(self.wants)

    def load(self) -> None:
        EVENTS.append(f"load {self.name}")
        self.shared[self.memory] = self.wants

    def unload(self) -> None:
        EVENTS.append(f"unload {self.name}")
        self.shared.pop(self.memory, None)


def create(entry: Entry, context: Context) -> Needy:
    return Needy(entry.name, NeedySettings.model_validate(entry.settings), context)


def create_nothing(entry: Entry, context: Context) -> Needy:
    raise ModelError(f"{entry.name} builds on an entry that is not there")


def registry(folder: Path, text: str, say: Callable[[str], None] = print) -> Registry:
    (folder / "models.toml").write_text(text, encoding="utf-8")
    return Registry(read(folder / "models.toml"), say=say)


def entry(name: str, **settings: object) -> str:
    lines = "".join(f"{key} = {value!r}\n" for key, value in settings.items())
    return f'[models.{name}]\nengine = "{HERE}:create"\n{lines}'


@pytest.fixture(autouse=True)
def no_events() -> None:
    EVENTS.clear()


# Finding engines


def test_the_built_in_engines_are_there_and_cannot_be_replaced() -> None:
    assert {"pixel-diff", "local"} <= set(engines())
    assert engines()["local"]() is local_engine.create


def test_an_engine_is_found_by_module_and_function_and_made_once(tmp_path: Path) -> None:
    made = registry(tmp_path, entry("a")).engine("a")
    assert isinstance(made, Needy)
    with_two = registry(tmp_path, entry("a") + entry("b"))
    assert with_two.engine("a") is with_two.engine("a")
    assert with_two.engine("a") is not with_two.engine("b")


def test_an_engine_of_another_package_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package is nothing but its metadata on the path, which an installer would have put there."""
    info = tmp_path / "packages" / "other_engines-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: other-engines\nVersion: 1.0\n", encoding="utf-8"
    )
    points = f"[kurabe.engines]\nother = {HERE}:create\nlocal = {HERE}:create\ngone = no_such_module:create\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "packages")])
    engines.cache_clear()
    try:
        found = registry(tmp_path, '[models.a]\nengine = "other"\n\n[models.b]\nengine = "gone"\n')
        assert isinstance(found.engine("a"), Needy)
        assert engines()["local"]() is local_engine.create
        with pytest.raises(
            ModelError, match=r"models\.toml:4: model b: .*'gone' cannot be imported: .*no_such"
        ):
            found.engine("b")
    finally:
        engines.cache_clear()


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("nosuch", "no engine is called 'nosuch'; there are"),
        ("no_such_module:create", "cannot be imported: No module named 'no_such_module'"),
        (f"{HERE}:no_such", "cannot be imported: .*no_such"),
        (f"{HERE}:", "cannot be imported"),
        (":create", "cannot be imported"),
    ],
)
def test_an_engine_that_is_not_there_is_told_with_its_line(tmp_path: Path, engine: str, says: str) -> None:
    text = f'[models.good]\nengine = "pixel-diff"\n\n[models.a]\nengine = "{engine}"\n'
    with pytest.raises(ModelError, match=rf"models\.toml:4: model a: .*{says}"):
        registry(tmp_path, text).engine("a")


def test_a_near_engine_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="did you mean 'pixel-diff'"):
        registry(tmp_path, '[models.a]\nengine = "pixeldiff"\n').engine("a")


def test_wrong_settings_are_told_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"models\.toml:3: model a: sare: unknown key"):
        registry(tmp_path, entry("a", sare=1)).engine("a")


def test_a_model_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="did you mean 'phi'"):
        registry(tmp_path, entry("phi")).engine("phy")


# Loading


def test_an_engine_is_loaded_when_it_is_needed_and_unloaded_at_the_end(tmp_path: Path) -> None:
    models = registry(tmp_path, entry("a") + entry("b"))
    models.engine("a")
    assert (EVENTS, models.loaded_names()) == ([], [])
    assert models.ready("a") is models.engine("a")
    assert models.loaded_names() == ["a"]
    models.close()
    assert EVENTS == ["load a", "unload a"]
    assert models.loaded_names() == []
    models.close()
    assert EVENTS == ["load a", "unload a"]


def test_the_least_recently_used_one_leaves_when_memory_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    models = registry(tmp_path, "".join(entry(name, share=40) for name in "abc"), said.append)
    # A machine of 100 bytes, of which the loaded engines hold what they say.
    monkeypatch.setattr(module, "free_memory", lambda device: 100 - sum(models._context.shared.values()))
    for name in ("a", "b", "a", "c"):
        models.ready(name)
    assert EVENTS == ["load a", "load b", "load a", "unload b", "load c"]
    assert models.loaded_names() == ["a", "c"]
    assert said == ["unloaded b to make room for c: 0 MiB came free"]
    models.ready("b")
    assert EVENTS[-2:] == ["unload a", "load b"]


def test_several_leave_if_one_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = registry(tmp_path, entry("a", share=30) + entry("b", share=30) + entry("c", share=90))
    monkeypatch.setattr(module, "free_memory", lambda device: 100 - sum(models._context.shared.values()))
    for name in "abc":
        models.ready(name)
    assert EVENTS == ["load a", "load b", "unload a", "unload b", "load c"]


def test_engines_of_one_base_need_its_memory_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = registry(tmp_path, "".join(entry(name, share=60, base="phi") for name in "ab"))
    monkeypatch.setattr(module, "free_memory", lambda device: 100 - sum(models._context.shared.values()))
    models.ready("a")
    models.ready("b")
    assert EVENTS == ["load a", "load b"]
    assert models.loaded_names() == ["a", "b"]


def test_a_model_that_can_never_fit_says_how_much_it_needs(tmp_path: Path) -> None:
    models = registry(tmp_path, entry("a") + entry("b", share=free_memory("cpu") + 2**40))
    models.ready("a")
    with pytest.raises(
        ModelError, match=r"b needs about 1\d{3}\.\d GiB on cpu, .* GiB are free: .*quantization"
    ):
        models.ready("b")
    assert "load b" not in EVENTS


# Information


def test_information_lists_every_entry_also_the_wrong_ones(tmp_path: Path) -> None:
    text = entry("a", default=True).replace("True", "true") + entry("b", sare=1)
    text += '[models.c]\nengine = "nosuch"\n' + f'[models.d]\nengine = "{HERE}:create_nothing"\n'
    infos = registry(tmp_path, text).info()
    assert [(info.name, info.default, info.readiness.ready) for info in infos] == [
        ("a", True, True),
        ("b", False, False),
        ("c", False, False),
        ("d", False, False),
    ]
    assert infos[0].facts == {"threshold": 64}
    assert "models.toml:6: model b: sare: unknown key" in infos[1].readiness.reason
    assert "no engine is called 'nosuch'" in infos[2].readiness.reason
    assert infos[3].readiness.reason == "d builds on an entry that is not there"
    assert EVENTS == []


def test_information_can_be_had_of_some(tmp_path: Path) -> None:
    infos = registry(tmp_path, entry("a") + entry("b")).info(["b"])
    assert [info.name for info in infos] == ["b"]


class Odd(Instant):
    """An engine whose parts fail or say something else, as its setting says."""

    def __init__(self, says: object) -> None:
        super().__init__("odd", Settings())
        self.says = says

    def readiness(self) -> Any:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def describe(self) -> Any:
        raise KeyError("facts")

    def fingerprint(self) -> Any:
        raise OSError("weights")


def create_odd(entry: Entry, context: Context) -> object:
    says = {"text": "yes", "nothing": None, "fails": ZeroDivisionError("in there"), "good": Readiness(True)}
    return Odd(says[str(entry.settings["says"])])


def create_other(entry: Entry, context: Context) -> object:
    return {"text": "an engine", "nothing": None}[str(entry.settings["gives"])]


def create_fails(entry: Entry, context: Context) -> object:
    raise MemoryError


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            'engine = "{here}:create_other"\ngives = "text"',
            "returned an object of type str, which lacks questions",
        ),
        ('engine = "{here}:create_other"\ngives = "nothing"', "returned None, which lacks questions"),
        ('engine = "{here}:create_fails"', "cannot be made: MemoryError"),
        ('engine = "{here}:EVENTS"', "cannot be made: TypeError"),
    ],
)
def test_what_makes_no_engine_is_told_with_its_line(tmp_path: Path, entry: str, says: str) -> None:
    text = f"[models.mine]\n{entry.format(here=HERE)}\n[models.pixel-diff]\nengine = 'pixel-diff'\n"
    (tmp_path / "models.toml").write_text(text, encoding="utf-8")
    registry = Registry(read(tmp_path / "models.toml"))
    with pytest.raises(ModelError, match=rf"models\.toml:1: model mine: .*{says}"):
        registry.engine("mine")
    broken, good = registry.info()
    assert says in broken.readiness.reason
    assert good.readiness.ready


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("text", "says an object of type str instead of a Readiness"),
        ("nothing", "says None instead of a Readiness"),
        ("fails", "fails to say whether it is ready: ZeroDivisionError: in there"),
    ],
)
def test_an_engine_that_fails_at_questions_about_itself_is_not_ready(
    tmp_path: Path, says: str, reason: str
) -> None:
    text = f"[models.mine]\nengine = '{HERE}:create_odd'\nsays = '{says}'\n"
    (tmp_path / "models.toml").write_text(text, encoding="utf-8")
    registry = Registry(read(tmp_path / "models.toml"))
    (found,) = registry.info()
    assert reason in found.readiness.reason
    assert (found.readiness.ready, registry.fingerprint("mine")) == (False, None)
    assert registry.facts("mine") == {"error": "KeyError: 'facts'"}


def test_a_models_file_may_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("\ufeff[models.pixel-diff]\nengine = 'pixel-diff'\n", "utf-8")
    assert Registry(read(tmp_path / "models.toml")).engine("pixel-diff").readiness().ready


def test_python_code_of_a_file_outside_the_project_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text(f'[models.mine]\nengine = "{HERE}:create"\n', encoding="utf-8")
    (tmp_path / "project").mkdir()
    project = Project.at(tmp_path / "project", models=str(outside))
    with pytest.raises(ModelError, match=r"outside\.toml:1: .*lies outside the project.*KURABE_ALLOW_CODE=1"):
        project.registry().engine("mine")
    monkeypatch.setenv("KURABE_ALLOW_CODE", "1")
    assert project.registry().engine("mine").memory == "mine"
