"""The adapters that come with the bench: small, apart from the test split, and worth what is said of them."""

from pathlib import Path

import pytest

from kurabe.cases import suites
from kurabe.finetune.records import picture_files
from kurabe.imaging.load import load_image
from kurabe.models.adapters.card import picture_hash, read_card, trained_on
from kurabe.results.record import Record
from perf.study.kept import BASE, RESULTS, read

ROOT = Path(__file__).resolve().parent.parent
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


@pytest.mark.parametrize("kind", FOLDERS)
def test_an_adapter_has_at_most_two_megabytes(kind: str) -> None:
    assert (FOLDERS[kind] / "adapter_model.safetensors").stat().st_size <= 2_000_000


def test_all_checkpoints_together_stay_small() -> None:
    sizes = [path.stat().st_size for path in (ROOT / "checkpoints").rglob("*") if path.is_file()]
    assert max(sizes) <= 16_000_000
    assert sum(sizes) <= 40_000_000


@pytest.mark.parametrize("kind", FOLDERS)
def test_no_picture_of_the_test_split_was_learned(kind: str) -> None:
    suite = suites.read([ROOT / "cases" / "connector" / "connector.yaml"]).good[0]
    asked = {picture_hash(load_image(path)) for path in picture_files(suite, "test")}
    learned = trained_on(FOLDERS[kind])
    assert len(learned) > 10_000
    assert not asked & learned


@pytest.mark.parametrize("kind", FOLDERS)
def test_the_shipped_adapter_is_one_of_the_study(kind: str) -> None:
    card = read_card(FOLDERS[kind])
    assert card is not None
    told = read(ROOT / RESULTS).facts["adapters"][f"{kind}-{SEED}"]
    assert card["summary"]["settings"]["seed"] == SEED
    assert {name: told[name] for name in ("steps", "best_step")} == {
        name: card["summary"][name] for name in ("steps", "best_step")
    }


@pytest.mark.parametrize("kind", FOLDERS)
def test_it_beats_its_base_on_the_suite_s_own_variants(kind: str) -> None:
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
    own = [record for record in verdicts if (record.model, record.repeat) == (kind, SEED)]
    assert len(own) == len(base) == 64 * len(variants)
    assert balanced(own) >= balanced(base) + GAIN
