"""The study's run from beginning to end, with a model of a few thousand weights."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kurabe.cases import suites
from kurabe.common.errors import ModelError
from perf.study import losses
from perf.study.kept import read
from perf.study.page import PAGE, pages
from perf.study.run import VARIANTS, Plan, run
from tests.support import checkpoints

ROOT = Path(__file__).resolve().parents[3]
ADAPTER = ROOT / "tests" / "data" / "adapters" / "lm_only"
CASES = 2


def adapter(folder: Path, images: list[str] | None = None) -> None:
    """Write an adapter as training leaves it."""
    shutil.copytree(ADAPTER, folder)
    settings = {"rank": 4, "alpha": 8, "learning_rate": 0.1, "batch_size": 8, "seed": 0}
    card = {
        "settings": settings,
        "records": {"training": 9, "validation": 1, "link": {"none": 10}},
        "images": images or [],
        "steps": 3,
        "best_step": 3,
        "stopped": "",
        "seconds": 1.0,
        "device": "CPU",
    }
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (folder / "curve.csv").write_text("step,loss,eval_loss\n0,,3\n3,2,2\n", encoding="utf-8")


def some(name: str) -> list[str]:
    """Return a few cases of a suite's test split, such as are asked everything if there are any."""
    [suite] = suites.read([ROOT / "cases" / name / f"{name}.yaml"]).good
    cases = [case for case in suite.cases if case.test and suite.split(case) == "test"]
    return [case.id for case in sorted(cases, key=lambda case: -len(case.ask or ()))][:CASES]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("study")
    checkpoints.golden_phi3v(folder / "base")
    pictures = folder / "base" / "preprocessor_config.json"
    settings = json.loads(pictures.read_text(encoding="utf-8"))
    pictures.write_text(json.dumps(settings | {"num_crops": 1}), encoding="utf-8")
    for name in ("plain-0", "linked-0", "plain-1"):
        adapter(folder / "adapters" / name)
    only = " or ".join(
        f"{suite}/{case}-" for suite in ("connector", "everyday", "shapes") for case in some(suite)
    )
    return Plan(folder / "base", folder / "adapters", ROOT / "cases", 1, references=1, only=only)


def test_everything_is_asked_and_kept_and_the_page_made_of_it(plan: Plan, tmp_path: Path) -> None:
    run(plan, tmp_path / "kept")
    kept = read(tmp_path / "kept")
    asked = Counter((r.suite, r.model, r.repeat) for r in kept.records if r.question == "verdict")
    assert asked["connector", "plain", 0] == asked["connector", "plain", 1] == CASES * len(VARIANTS)
    assert asked["connector", "base", 0] == asked["connector", "linked", 0] == CASES * len(VARIANTS)
    assert asked["everyday", "base", 0] == asked["shapes", "base", 0] == CASES
    assert ("everyday", "plain", 0) not in asked
    assert {r.question for r in kept.records if (r.model, r.repeat) == ("plain", 1)} == {
        "verdict", "differences"}  # fmt: skip
    assert sum(r.question == "choice" for r in kept.records if r.model == "linked") == 2 * CASES
    held = kept.facts["held_out"]
    assert held == {"references": 3, "pairs": 9, "records": 9 * 2 * len(VARIANTS)}
    models = {("base", 0), ("plain", 0), ("plain", 1), ("linked", 0)}
    assert {
        (kind, seed) for kind, seed in zip(kept.losses["kind"], kept.losses["seed"], strict=True)
    } == models
    assert len(kept.losses) == 4 * held["records"]
    by_model = kept.losses.groupby(["kind", "seed"])["loss"].sum()
    assert by_model["plain", 0] == by_model["linked", 0] == by_model["plain", 1] != by_model["base", 0]
    assert set(kept.curves) == {"plain-0", "plain-1", "linked-0"}
    assert "## What came out" in pages(kept)[PAGE]


def test_an_adapter_that_saw_a_held_out_picture_is_refused(plan: Plan, tmp_path: Path) -> None:
    held = losses.HeldOut.render(tmp_path / "held-out", 1, 1)
    assert held.pairs == 9
    assert len(held.pictures) == 9 + 3
    adapter(tmp_path / "adapters" / "plain-0", sorted(held.pictures)[:2])
    cards = {"plain-0": json.loads((tmp_path / "adapters" / "plain-0" / "card.json").read_text("utf-8"))}
    with pytest.raises(ModelError, match="plain-0 was trained on 2 of the pictures"):
        held.check(cards)


def test_the_parts_of_the_held_out_records_are_the_whole(tmp_path: Path) -> None:
    held = losses.HeldOut.render(tmp_path, 1, 1)
    whole = {record.id for record in losses.records(held.file, ROOT / "cases", VARIANTS)}
    parts = [{r.id for r in losses.records(held.file, ROOT / "cases", VARIANTS, k, 2)} for k in (0, 1)]
    assert parts[0] | parts[1] == whole
    assert not parts[0] & parts[1]
    assert {record.target for record in losses.records(held.file, ROOT / "cases", ["raw"])} >= {"Yes", "No"}


def test_a_folder_without_adapters_is_told(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(SystemExit, match="holds no adapter"):
        run(Plan(plan.base, tmp_path / "none", plan.cases), tmp_path / "kept")
