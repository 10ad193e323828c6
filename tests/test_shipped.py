"""The adapters that come with the bench: small, apart from the test split, and worth what is said of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from kurabe.models.adapters.card import read_card
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


@pytest.fixture(autouse=True)
def there() -> None:
    if not all(folder.is_dir() for folder in FOLDERS.values()):
        pytest.skip("the checkpoints are part of the repository, not of the package")


@pytest.mark.parametrize("kind", ["plain", "linked"])
def test_an_adapter_is_small(kind: str) -> None:
    assert (FOLDERS[kind] / "adapter_model.safetensors").stat().st_size <= 8_000_000


def test_all_checkpoints_together_stay_small() -> None:
    sizes = [path.stat().st_size for path in (ROOT / "checkpoints").rglob("*") if path.is_file()]
    assert max(sizes) <= 16_000_000
    assert sum(sizes) <= 45_000_000


@pytest.mark.parametrize(("kind", "runs"), [("plain", "adapt-[12]"), ("linked", "adapt-linked-[12]")])
def test_what_an_adapter_learns_from_is_none_of_the_suite(kind: str, runs: str) -> None:
    """It keeps no pictures: the connectors that its runs began with are others than the suite's."""

    def first(key: list[int], grade: Grade) -> str:
        rng = np.random.default_rng(key)
        part = draw_part(rng, grade)
        return repr((part, first_shot(rng, part, SIZE)))

    own = {first([seed, len(grade)], grade) for seed in range(16) for grade in GRADES}
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RUNS.glob(f"{runs}.json"))]
    seeds = [1000 * int(run["settings"]["seed"]) + number for run in found for number in range(16)]
    learned = {first([seed, STREAM], "easy") for seed in seeds}
    assert len(found) == 2
    assert len(learned) == len(seeds)
    assert not own & learned
    card = read_card(FOLDERS[kind])
    assert card is not None
    assert card["summary"]["steps"] == sum(run["log"][-1]["steps"] for run in found)


def test_both_adapters_learned_alike_but_for_the_linking_pairs() -> None:
    """Or holding them against each other would say nothing about linking."""
    cards = [read_card(FOLDERS[kind]) for kind in ("plain", "linked")]
    settings = [dict(card["summary"]["settings"]) for card in cards if card is not None]
    assert len(settings) == 2
    for each in settings:
        del each["steps"]
    assert settings[0] == settings[1]


@pytest.mark.parametrize("kind", ["plain", "linked"])
def test_an_adapter_sees_more_than_pixel_diff_on_fresh_pairs(kind: str) -> None:
    """As recorded by perf/default_run.py, raw and processed."""
    rows = json.loads(RECORDED.read_text(encoding="utf-8"))["fresh"]
    found = {(row["model"], row["variant"]): row["balanced_accuracy"] for row in rows}
    for variant in ("raw", "n-soartc"):
        own = found[FOLDERS[kind].name, variant]
        assert own >= 0.8
        assert own >= found["pixel-diff", variant] + 0.05
