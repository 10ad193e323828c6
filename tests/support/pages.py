"""Runs for the tests of the page: real ones, with pictures, made without pytest.

A suite of drawn boards, models of different skill behind the real protocol, and the session that pytest
would drive: pictures are processed and laid out, answers are read and scored, results are kept.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageChops, ImageDraw
from pydantic import BaseModel, ConfigDict

from kurabe.cases.trials import Trial
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import QUESTIONS, Box, QuestionKind
from kurabe.models.config import Entry
from kurabe.models.protocol import Needs, Readiness
from kurabe.models.registry import Context
from kurabe.plugin.ending import finish
from kurabe.plugin.options import Options
from kurabe.plugin.session import Session
from kurabe.project import Project
from kurabe.results.record import Record
from kurabe.results.run import MANIFEST, RESULTS, Run

SIZE = (160, 120)
KINDS = ("missing", "bent", "scratch")
GRADES = ("easy", "medium", "hard")
VARIANTS = ("raw", "gray")
ADAPTER = "adapters/last"
PER_CASE = 2 * len(VARIANTS)
"""Trials of a case and model: its verdict and its differences, in each variant."""


class Settings(BaseModel):
    """Settings of the engine.

    Attributes:
        skill: Probability of seeing what is there, in [0, 1].
        seed: Decides which pairs a model fails on.
        adapter: A folder whose card the page shows.
    """

    model_config = ConfigDict(extra="forbid")

    skill: float
    seed: int
    adapter: str | None = None


def create(entry: Entry, context: Context) -> "Inspector":
    """Build the engine."""
    return Inspector(entry.name, Settings.model_validate(entry.settings))


class Inspector:
    """Finds what differs by the pixels, and errs as often as its skill says."""

    questions: frozenset[QuestionKind] = frozenset(QUESTIONS)

    def __init__(self, name: str, settings: Settings) -> None:
        self.memory = self.name = name
        self.settings = settings

    def readiness(self) -> Readiness:
        return Readiness(True)

    def needs(self) -> Needs:
        return Needs()

    def fingerprint(self) -> str:
        return f"inspector {self.name} {self.settings}"

    def load(self) -> None:
        """Load nothing."""

    def unload(self) -> None:
        """Unload nothing."""

    def describe(self) -> dict[str, object]:
        return {"skill": self.settings.skill, "device": "cpu", "dtype": "none"}

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        for index, request in enumerate(requests):
            yield index, self._answer(request)

    def _answer(self, request: Request) -> Answer:
        chance = random.Random(f"{self.settings.seed} {self.name} {request.trial}")
        found = None
        if len(request.pair) == 2:
            difference = ImageChops.difference(*request.pair).convert("L").point(lambda v: 255 * (v > 25))
            found = difference.getbbox()
        right = chance.random() < self.settings.skill
        differs = (found is not None) == right
        p = min(max(chance.gauss(0.8 if differs else 0.2, 0.15), 0.0), 1.0)
        told: dict[str, Any] = {"tokens_in": 700 + chance.randrange(99), "seconds": 0.1 + chance.random() / 5}
        if chance.random() < 0.03:
            return Answer("I am not sure what I am looking at.", None, **told)
        if not differs:
            return Answer("No, there is no difference.", p, (), **told)
        left, top, _, bottom = found or (20, 20, 60, 50)
        kind = KINDS[(left // 7 + top // 5) % len(KINDS)] if chance.random() > 0.8 else _kind_of(request)
        shift = 0 if right else chance.randrange(30)
        box = Box(left + shift, top, left + shift + max(8, bottom - top), bottom)
        return Answer(f"Yes, the board has a {kind} pin on the left.", p, (box,), **told)


def _kind_of(request: Request) -> str:
    return next((kind for kind in KINDS if f"-{kind}-" in request.trial), KINDS[0])


def make_run(folder: Path, trials: int = 60, models: int = 3, seed: int = 0) -> Run:
    """Make a project in ``folder`` and a run of it, under ``folder/reports/runs``.

    A second call with the same ``trials`` and ``models`` makes a later run of the same cases, which
    another ``seed`` answers differently.

    Args:
        folder: The project's folder; it is made if need be.
        trials: Number of results, controls and exchanged pairs included.
        models: Number of models, the last of them the best.
        seed: Decides which pairs each model fails on.
    """
    _write_models(folder, models, seed)
    _write_adapter(folder / ADAPTER)
    cases = max(3, -(-trials // (models * (PER_CASE + 1))))
    _write_suite(folder, cases)
    session = Session(Project.at(folder), Options(swap=True))
    plan = _plan(session.trials, trials)
    session.planned = len(plan)
    bench = session.bench(lambda progress: None)
    bench.answering.plan(plan)
    try:
        for trial in plan:
            session.keep(bench.record(trial))
    finally:
        bench.answering.close()
        session.note_loaded()
        session.registry.close()
    finish(session)
    assert session.run is not None
    return session.run


def altered(
    run: Run, into: Path, change: Callable[[Sequence[Record]], list[Record]] = list, **manifest: Any
) -> Run:
    """Return a copy of a run with other results, and with other entries in its manifest."""
    copy = Run(shutil.copytree(run.folder, into / "reports" / "runs" / run.name))
    (copy.folder / RESULTS).unlink()
    for record in change(run.records()):
        copy.append(record)
    copy.close()
    path = copy.folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | manifest), encoding="utf-8")
    return copy


def _plan(trials: Sequence[Trial], wanted: int) -> list[Trial]:
    """Return so many trials, those of all models and questions in equal parts, ordered by model."""
    turns: dict[str, list[Trial]] = {}
    for trial in trials:
        turns.setdefault(trial.model, []).append(trial)
    each = -(-wanted // len(turns))
    chosen: list[Trial] = []
    for number, mine in enumerate(turns.values()):
        plain = [trial for trial in mine if not trial.swapped and not trial.control]
        controls = [trial for trial in mine if trial.control]
        swapped = [trial for trial in mine if trial.swapped]
        extra = [trial for both in zip_longest(controls, swapped) for trial in both if trial is not None]
        share = min(each, wanted - number * each)
        keep = min(len(plain), share - min(len(extra), share // 6))
        chosen += plain[:keep] + extra[: share - keep]
    return chosen


def _write_models(folder: Path, models: int, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    engine = 'engine = "tests.support.pages:create"\ndefault = true'
    entries = [
        f"[models.model-{number:0{len(str(models))}}]\n{engine}\n"
        f"skill = {0.55 + 0.4 * (number + 1) / models:.3f}\nseed = {seed}\n"
        for number in range(models)
    ]
    entries[-1] += f'adapter = "{ADAPTER}"\n'
    (folder / "models.toml").write_text("\n".join(entries), encoding="utf-8")


def _write_adapter(folder: Path) -> None:
    """Write what training leaves beside the weights of an adapter."""
    chance = random.Random(0)
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "base": "model-0",
        "created": "2026-01-02T03:04:05+00:00",
        "settings": {"rank": 8, "alpha": 16, "learning_rate": 2e-4, "epochs": 3, "seed": 0},
        "records": {"verdict": 120, "differences": 80},
        "figures": {"loss": 0.21, "eval_loss": 0.34, "verdict_accuracy": 0.93},
        "images": [f"{number:032x}" for number in range(90)],
    }
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    lines = ["step,epoch,loss,eval_loss,learning_rate"]
    for step in range(1, 61):
        loss = 2.2 * 0.95**step + 0.2 + chance.random() / 10
        evaluated = f"{loss + 0.1:.4f}" if step % 10 == 0 else ""
        lines.append(f"{step},{step / 20:.2f},{loss:.4f},{evaluated},{2e-4 * (1 - step / 60):.2e}")
    (folder / "curve.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_suite(folder: Path, cases: int) -> None:
    """Write the suite "boards"; every third pair is good, and four pairs share a reference."""
    images = folder / "cases" / "boards" / "images"
    if (images.parent / "boards.yaml").is_file():
        return
    images.mkdir(parents=True)
    entries: list[dict[str, Any]] = []
    for number in range(cases):
        chance = random.Random(number)
        reference = images / f"r{number // 4:04}.png"
        if number % 4 == 0:
            good = _board(number)
            good.save(reference)
        kind, grade = KINDS[number % len(KINDS)], GRADES[chance.randrange(3)]
        test, box = good.copy(), None
        noise = chance.randrange(16)
        ImageDraw.Draw(test).rectangle((150, 110, 156, 116), fill=(60 + noise, 70, 80 + number % 20))
        differs = number % 3 != 2
        if differs:
            left, top = 20 + chance.randrange(90), 20 + chance.randrange(60)
            box = [left, top, left + 16 + chance.randrange(12), top + 14 + chance.randrange(12)]
            ImageDraw.Draw(test).rectangle((*box[:2], box[2] - 1, box[3] - 1), fill=(230, 60, 40))
        test.save(images / f"t{number:04}.png")
        one = {"kind": kind, "where": "left", "box": box, "says": [[kind]]}
        entries.append(
            {
                "id": f"b{number:04}-{kind}",
                "reference": f"images/{reference.name}",
                "test": f"images/t{number:04}.png",
                "tags": [kind, grade],
                "expect": {
                    "verdict": "different" if differs else "same",
                    "differences": [one] if differs else [],
                },
            }
        )
    text = yaml.safe_dump({"suite": "boards", "variants": list(VARIANTS), "cases": entries}, sort_keys=False)
    (images.parent / "boards.yaml").write_text(text, encoding="utf-8")


def _board(number: int) -> Image.Image:
    """Draw a board of its own for each number."""
    chance = random.Random(f"board {number}")
    board = Image.new("RGB", SIZE, (18 + chance.randrange(20), 70 + chance.randrange(30), 40))
    draw = ImageDraw.Draw(board)
    for column in range(8):
        for row in range(4):
            shade = 150 + chance.randrange(60)
            left, top = 10 + column * 18, 12 + row * 26
            draw.rectangle((left, top, left + 9, top + 15), fill=(shade, shade, shade - 20))
    return board
