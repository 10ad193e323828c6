"""``kurabe finetune`` as a user has it: a project, a command, an adapter that the bench asks."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kurabe.cli import app
from kurabe.commands.finetune import Order, entry_of, gather
from kurabe.common.errors import ModelError
from kurabe.models import config
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.models.entry_writer import register
from kurabe.project import Project
from tests.finetune.made import pins
from tests.support import checkpoints
from tests.support.project import case, suite

MODELS = """# Mine.
[models.tiny]
engine = "local"
checkpoint = "tiny"   # very small
layout = "side-by-side"

[models.other]
engine = "local"
base = "tiny"
adapter = "elsewhere"

[models.pixel-diff]
engine = "pixel-diff"
"""
QUICK = ["--steps", "2", "--batch-size", "2", "--workers", "0", "--question", "verdict"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    checkpoints.llava(tmp_path / "tiny")
    (tmp_path / "models.toml").write_text(MODELS, encoding="utf-8")
    pins(tmp_path, references=2, variants=("raw", "absdiff"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["finetune", *arguments])
    assert result.exit_code == code, result.output + repr(result.exception)
    return " ".join(result.output.split())


def finetune(*arguments: str, base: str = "tiny", code: int = 0) -> str:
    return run("--base", base, *arguments, *QUICK, code=code)


def test_an_adapter_is_made_registered_and_knows_what_it_saw(project: Path) -> None:
    told = finetune("--suite", "pins", "--link", "raw-processed", "--out", "adapters/pins.v1", "--register")
    assert "added to models.toml" in told
    text = (project / "models.toml").read_text(encoding="utf-8")
    assert text.startswith(MODELS), "comments and entries stay as they were"
    assert text.removeprefix(MODELS).strip().splitlines() == [
        '[models."pins.v1"]',
        'engine = "local"',
        'base = "tiny"',
        'adapter = "adapters/pins.v1"',
        "default = true",
        'layout = "side-by-side"',
        'note = "fine-tuned on pins, raw-processed (linking)"',
    ]
    registry = Project.at(project).registry()
    engine, base = registry.engine("pins.v1"), registry.engine("tiny")
    assert isinstance(engine, LocalEngine)
    assert isinstance(base, LocalEngine)
    assert engine.readiness().ready
    card = json.loads((project / "adapters/pins.v1/card.json").read_text(encoding="utf-8"))
    assert engine.trained_on() == frozenset(card["images"]) != frozenset()
    assert base.trained_on() == frozenset()
    assert card["records"]["link"].keys() == {"none", "raw-processed"}
    assert card["records"]["variant"].keys() == {"raw", "absdiff", "raw/absdiff", "absdiff/raw"}
    assert card["base"]["fingerprint"] == base.fingerprint()
    engine.load()


def test_the_entry_is_printed_where_it_is_not_wanted_in_the_file(project: Path) -> None:
    told = finetune("--suite", "pins", "--out", "out", "--name", "mine")
    assert '[models.mine] engine = "local" base = "tiny" adapter = "out"' in told
    assert "add this to models.toml, or use --register" in told
    assert (project / "models.toml").read_text(encoding="utf-8") == MODELS


def test_a_suite_may_lie_anywhere_and_another_may_be_learned_for_its_sake(project: Path) -> None:
    train = [case("a", "different", split="train"), case("b", "same", split="train")]
    suite(project / "far", "away", train)
    suite(project, "solids", train)
    finetune("--suite", "far/cases/away/away.yaml", "--link", "solids", "--out", "out")
    counted = json.loads((project / "out/card.json").read_text(encoding="utf-8"))["records"]
    assert counted["suite"].keys() == {"away", "solids"}
    assert counted["link"] == {"none": counted["suite"]["away"], "solids": counted["suite"]["solids"]}


def test_linking_raw_and_processed_brings_the_suite_of_that_name(project: Path) -> None:
    train = [case("a", "different", split="train"), case("b", "same", split="train")]
    suite(project, "linking", train)
    finetune("--suite", "pins", "--link", "raw-processed", "--out", "out")
    counted = json.loads((project / "out/card.json").read_text(encoding="utf-8"))["records"]
    assert "linking" in counted["suite"]
    assert counted["link"].keys() == {"none", "raw-processed"}


@pytest.mark.parametrize(
    ("arguments", "base", "message"),
    [
        (["--suite", "pims"], "tiny", "no suite is called 'pims'; did you mean 'pins'?"),
        (["--suite", "absent.yaml"], "tiny", "absent.yaml: cannot be read"),
        (["--suite", "pins", "--link", "untaught"], "tiny", "it has no train cases"),
        (["--suite", "untaught"], "tiny", "cases/untaught/untaught.yaml:1: suite untaught: it has no train"),
        (["--suite", "pins"], "other", "models.toml:7: model other: is itself an adapter"),
        (["--suite", "pins"], "pixel-diff", "is of the engine 'pixel-diff', which cannot be trained"),
        (["--suite", "pins"], "tinny", "no model is called 'tinny'; did you mean 'tiny'?"),
        (["--suite", "pins", "--name", "other", "--register"], "tiny", "a model of this name already"),
        (["--suite", "pins", "--variant", "raw", "--link", "raw-processed"], "tiny", "needs processed"),
        (["--suite", "mixed"], "tiny", "stand in the train split and in the test split"),
        (["--suite", "broken"], "tiny", "there is no image 'images/none.png'"),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_is_told_before_anything_is_written(
    arguments: list[str], base: str, message: str, project: Path
) -> None:
    suite(project, "untaught", [case("a", "same")])
    suite(project, "mixed", [case("a", "same"), case("b", "same", split="train")])
    path = suite(project, "broken", [case("a", "same", split="train")])
    path.write_text(path.read_text(encoding="utf-8").replace("images/a.png", "images/none.png"))
    assert message in finetune(*arguments, "--out", "out", base=base, code=1)
    assert not (project / "out").exists()
    assert (project / "models.toml").read_text(encoding="utf-8") == MODELS


def test_a_folder_in_use_is_told_before_the_model_is_loaded(project: Path) -> None:
    (project / "out").mkdir()
    (project / "out/mine.txt").write_text("x")
    assert "out: is in use, it holds mine.txt" in finetune("--suite", "pins", "--out", "out", code=1)


def test_a_model_whose_weights_are_missing_is_told(project: Path) -> None:
    (project / "tiny/model.safetensors").unlink()
    assert "model 'tiny' cannot be trained here" in finetune("--suite", "pins", "--out", "out", code=1)


def test_names_and_places_are_written_as_toml_needs_them(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text('[models.b]\nengine = "local"\ncheckpoint = "x"', encoding="utf-8")
    entry = config.read(path).entries["b"]
    odd: Any = 'q"uo\\te.d'
    order = Order("b", ["s"], tmp_path / odd)
    register(path, odd, entry_of(odd, order, entry, path))
    made = config.read(path).entries[odd]
    assert made.settings["adapter"] == odd
    with pytest.raises(ModelError, match="there is a model of this name already"):
        register(path, odd, entry_of(odd, order, entry, path))
    register(path, "c", entry_of("c", Order("b", ["s"], Path("/elsewhere/c")), entry, path))
    assert config.read(path).entries["c"].settings["adapter"] == "/elsewhere/c"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["models.toml"]


def test_a_loss_that_is_no_number_is_told_and_the_exit_code_says_so(project: Path) -> None:
    def run_wild(seed: int) -> str:
        return run(
            "--base", "tiny", "--suite", "pins", "--out", f"out{seed}", "--steps", "30", "--batch-size", "2",
            "--learning-rate", "1e38", "--workers", "0", "--question", "verdict", "--evaluate-every", "1",
            "--seed", str(seed), code=1,
        )  # fmt: skip

    told = run_wild(0)
    assert "NaN or infinite at step" in told or "the loss was NaN or infinite. Step" in told


def test_an_interrupted_training_says_how_to_go_on(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kurabe.finetune import trainer

    before = trainer.AnswerTrainer.evaluate

    def evaluate(self: Any, *args: Any, **kwargs: Any) -> dict[str, float]:
        if self.state.global_step == 2:
            raise KeyboardInterrupt
        return before(self, *args, **kwargs)

    monkeypatch.setattr(trainer.AnswerTrainer, "evaluate", evaluate)
    steps = ["--suite", "pins", "--out", "out", "--evaluate-every", "1"]
    assert "interrupted; the same command with --resume goes on" in finetune(*steps, code=1)
    monkeypatch.undo()
    monkeypatch.chdir(project)
    assert "--resume" in finetune(*steps, code=1)
    assert "step 2 of 2" in finetune(*steps, "--resume")


def test_the_shipped_suites_can_be_learned_and_linked() -> None:
    root = Path(__file__).resolve().parents[2]
    entry = config.Entry("tiny", config.Common(engine="local"), {}, root / "models.toml", 1)
    order = Order("tiny", ["connector"], Path("out"), links=["raw-processed", "shapes"])
    counted = Counter((record.suite, record.link) for record in gather(Project.at(root), order, entry))
    assert counted.keys() == {
        ("connector", ""),
        ("connector", "raw-processed"),
        ("linking", "raw-processed"),
        ("shapes", "shapes"),
    }
    assert min(counted.values()) > 100


def test_spots_are_refused_before_a_model_is_loaded_if_no_case_has_a_box(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kurabe.models.engines.local.building.load", lambda *_args, **_options: pytest.fail("it was loaded")
    )
    told = finetune("--suite", "pins", "--out", "out", "--spots", "1", code=1)
    assert "give each difference of a case its 'box'" in told
    assert not (project / "out").exists()
