"""An adapter is never scored on what it was trained on: a real one, by the card that its training wrote."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kurabe.cli import app
from kurabe.imaging.content import Listed, content_id
from kurabe.imaging.load import load_image
from kurabe.models.protocol import Engine, trained_on
from tests.finetune.made import pins
from tests.support import checkpoints, instant
from tests.support.desk import Desk, Watched, desks

MAIN = (
    "--pyargs",
    "kurabe.plugin.test_pairs",
    "-p",
    "no:cacheprovider",
    "--kurabe-split",
    "all",
    "--kurabe-question",
    "verdict",
)
MODELS = '[models.tiny]\nengine = "local"\ncheckpoint = "tiny"\ndevice = "cpu"\ndefault = true\n'
FINETUNE = [
    "finetune", "--base", "tiny", "--suite", "pins", "--out", "learned", "--register", "--steps", "1",
    "--batch-size", "2", "--workers", "0", "--question", "verdict", "--validation", "0",
]  # fmt: skip
TRAIN = {f"pins/{verdict}{number}" for verdict in ("same", "different") for number in (0, 1)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("refusal")
    checkpoints.llava(root / "tiny")
    (root / "models.toml").write_text(MODELS, encoding="utf-8")
    pins(root, references=2, variants=("raw", "absdiff"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        made = CliRunner().invoke(app, FINETUNE)
        assert made.exit_code == 0, made.output
    return root


def run(root: Path, *options: str) -> tuple[list[dict[str, Any]], dict[str, Any], str]:
    """Run the bench in a process of its own; return results, manifest and what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *MAIN, *options], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = sorted((root / "reports" / "runs").iterdir())[-1]
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [json.loads(line) for line in lines], manifest, done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("--kurabe-no-pictures",)])
def test_what_it_has_learned_is_left_out_and_counted(root: Path, options: tuple[str, ...]) -> None:
    results, manifest, printed = run(root, *options)
    asked = {model: [line for line in results if line["model"] == model] for model in ("tiny", "learned")}
    # Four train pairs, one test pair, and three references against themselves, raw and processed.
    assert len(asked["tiny"]) == 16
    assert Counter(line["case"] for line in asked["learned"]) == {
        "pins/unseen": 2,
        "pins/control.test_good": 2,
    }
    assert manifest["refused"] == {"learned": 12}
    assert manifest["planned"] == manifest["answered"] == 20
    assert "12 trials left out: learned was trained on their pictures" in printed
    assert "12 skipped" in printed
    rows = (root / "reports" / "leaderboard.csv").read_text(encoding="utf-8").splitlines()
    assert {row.split(",")[5] for row in rows if row.startswith("learned,")} == {"1"}


def test_neither_does_an_answer_that_is_in_the_cache_count(root: Path) -> None:
    card = root / "learned" / "card.json"
    whole = card.read_text(encoding="utf-8")
    card.write_text(json.dumps(json.loads(whole) | {"images": []}), encoding="utf-8")
    try:
        results, _, _ = run(root)
        assert len(results) == 32  # so that all is in the cache
    finally:
        card.write_text(whole, encoding="utf-8")
    results, manifest, _ = run(root)
    assert not {line["case"] for line in results if line["model"] == "learned"} & TRAIN
    assert manifest["refused"] == {"learned": 12}


def test_a_session_without_any_other_trial_says_why(root: Path) -> None:
    before = len(list((root / "reports" / "runs").iterdir()))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *MAIN, "--kurabe-model", "learned", "-k", "same0"],
        cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "2 trials left out: learned was trained on their pictures" in done.stdout
    assert len(list((root / "reports" / "runs").iterdir())) == before


def test_a_card_that_cannot_be_read_is_an_error_of_every_trial(root: Path, tmp_path: Path) -> None:
    card = root / "learned" / "card.json"
    whole = card.read_text(encoding="utf-8")
    card.write_text("{", encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *MAIN, "--kurabe-model", "learned", "-k", "unseen"],
            cwd=root, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        card.write_text(whole, encoding="utf-8")
    assert done.returncode == 1
    assert "nobody knows which pictures the adapter saw" in done.stdout


def test_a_run_that_is_reported_again_says_it_too(root: Path) -> None:
    run(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        told = CliRunner().invoke(app, ["report", "latest"])
    assert "12 trials left out: learned was trained on their pictures" in " ".join(told.output.split())
    assert "missing" not in told.output


class Knowing(Watched):
    """An engine of one's own that was trained on a picture, told by the first half of its id."""

    def __init__(self, engine: Watched, picture: Path) -> None:
        super().__init__(engine.memory, instant.Settings())
        self._listed = content_id(load_image(picture))[:16]

    def trained_on(self) -> frozenset[str]:
        return frozenset({self._listed})


def test_any_engine_may_say_what_its_model_was_trained_on(tmp_path: Path) -> None:
    with desks(tmp_path) as make:
        desk: Desk = make()
        knowing = Knowing(desk.engine(), tmp_path / "cases/pins/images/p3.png")
        desk.registry._engines["m"] = knowing
        refused = {trial.case.id: desk.answering.answer(trial).refused for trial in desk.trials}
        assert [name for name, why in refused.items() if why] == ["p3"]
        assert refused["p3"] == "m was trained on these pictures"
        assert all("p3" not in trial for window in knowing.windows for trial in window)


def test_an_engine_that_says_nothing_was_trained_on_nothing() -> None:
    engine: Engine = instant.Instant("m", instant.Settings())
    assert trained_on(engine) == frozenset()


def test_beginnings_of_any_length_are_known() -> None:
    listed = Listed(["abcd", "123456"])
    assert "abcdef00" in listed
    assert "12345678" in listed
    assert "12340000" not in listed
    assert "abcdef00" not in Listed([])
