"""The adapters that come with the bench: small, apart from the test split, and worth what is said of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from kurabe.cases import suites
from kurabe.finetune.records import picture_files
from kurabe.imaging.load import load_image
from kurabe.models.adapters.card import picture_hash, read_card, trained_on
from kurabe.results.record import Record
from perf.study.kept import BASE, RESULTS, read
from scenes.connector import SIZE, draw_part, first_shot
from scenes.pair import GRADES, Grade
from training.connectors.draw import STREAM

ROOT = Path(__file__).resolve().parent.parent
RUNS = ROOT / "training" / "results"
RECORDED = ROOT / "perf" / "results" / "default_run.json"
FOLDERS = {
    "plain": ROOT / "checkpoints" / "tiny-phi3v-connector",
    "linked": ROOT / "checkpoints" / "tiny-phi3v-connector-linked",
}
SEED = 1
"""The seed whose plain adapter was the best on the references that its own training held out."""

GAIN = 0.25
"""Balanced accuracy above the base, raw and processed pairs together; raw alone gains less."""


@pytest.fixture(autouse=True)
def there() -> None:
    if not all(folder.is_dir() for folder in FOLDERS.values()):
        pytest.skip("the checkpoints are part of the repository, not of the package")


def balanced(records: list[Record]) -> float:
    """Return the balanced accuracy of verdicts; what is not read counts as wrong."""
    shares = []
    for expected in ("same", "different"):
        own = [record.outcome == "correct" for record in records if record.expected_verdict == expected]
        shares.append(sum(own) / len(own))
    return sum(shares) / 2


@pytest.mark.parametrize(("kind", "most"), [("plain", 8_000_000), ("linked", 2_000_000)])
def test_an_adapter_is_small(kind: str, most: int) -> None:
    assert (FOLDERS[kind] / "adapter_model.safetensors").stat().st_size <= most


def test_all_checkpoints_together_stay_small() -> None:
    sizes = [path.stat().st_size for path in (ROOT / "checkpoints").rglob("*") if path.is_file()]
    assert max(sizes) <= 16_000_000
    assert sum(sizes) <= 40_000_000


def test_no_picture_of_the_test_split_was_learned() -> None:
    suite = suites.read([ROOT / "cases" / "connector" / "connector.yaml"]).good[0]
    asked = {picture_hash(load_image(path)) for path in picture_files(suite, "test")}
    learned = trained_on(FOLDERS["linked"])
    assert len(learned) > 10_000
    assert not asked & learned


def test_what_the_plain_adapter_learns_from_is_none_of_the_suite() -> None:
    """It keeps no pictures: the connectors that its runs began with are others than the suite's."""

    def first(key: list[int], grade: Grade) -> str:
        rng = np.random.default_rng(key)
        part = draw_part(rng, grade)
        return repr((part, first_shot(rng, part, SIZE)))

    own = {first([seed, len(grade)], grade) for seed in range(16) for grade in GRADES}
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RUNS.glob("adapt-*.json"))]
    seeds = [1000 * int(run["settings"]["seed"]) + number for run in runs for number in range(16)]
    learned = {first([seed, STREAM], "easy") for seed in seeds}
    assert len(runs) == 2
    assert len(learned) == len(seeds)
    assert not own & learned
    card = read_card(FOLDERS["plain"])
    assert card is not None
    assert card["summary"]["steps"] == sum(run["log"][-1]["steps"] for run in runs)


def test_the_linked_adapter_is_one_of_the_study() -> None:
    card = read_card(FOLDERS["linked"])
    assert card is not None
    told = read(ROOT / RESULTS).facts["adapters"][f"linked-{SEED}"]
    assert card["summary"]["settings"]["seed"] == SEED
    assert {name: told[name] for name in ("steps", "best_step")} == {
        name: card["summary"][name] for name in ("steps", "best_step")
    }


def test_the_linked_adapter_beats_its_base_on_the_suite_s_own_variants() -> None:
    variants = suites.read([ROOT / "cases" / "connector" / "connector.yaml"]).good[0].file.variants
    verdicts = [
        record
        for record in read(ROOT / RESULTS).records
        if record.suite == "connector"
        and record.question == "verdict"
        and record.variant in variants
        and not record.control
    ]
    base = [record for record in verdicts if record.model == BASE]
    own = [record for record in verdicts if (record.model, record.repeat) == ("linked", SEED)]
    assert len(own) == len(base) == 64 * len(variants)
    assert balanced(own) >= balanced(base) + GAIN


def test_the_plain_adapter_sees_more_than_pixel_diff_on_fresh_pairs() -> None:
    """As recorded by perf/default_run.py, raw and processed."""
    rows = json.loads(RECORDED.read_text(encoding="utf-8"))["fresh"]
    found = {(row["model"], row["variant"]): row["balanced_accuracy"] for row in rows}
    for variant in ("raw", "n-soartc"):
        own = found["tiny-phi3v-connector", variant]
        assert own >= 0.8
        assert own >= found["pixel-diff", variant] + 0.05
