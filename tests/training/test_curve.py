"""Learning curves: what a fixed number of pairs is learned from, and how real photographs are split."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from kurabe.finetune.train import InMemory
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from training.connectors.draw import TAKES, TESTS
from training.connectors.few import SHARES, Few, pairs_of
from training.connectors.gallery import Flawed, Gallery
from training.connectors.rows import Asker
from training.course import Course, Name
from training.curve import runs
from training.items import Turn
from training.photographs import SIZE, Album, fitted, leans
from training.splits import LEAST, read, written
from training.tiny import encode

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def base() -> InMemory:
    """Return the base that adapters are trained on."""
    return Base(LocalSettings(checkpoint=str(ROOT / "checkpoints" / "tiny-phi3v"), device="cpu"), ROOT).load()


@pytest.fixture
def gallery() -> Gallery:
    """Return eight connectors of noise, one of which has a flaw that cannot be seen."""
    made = Gallery.empty(8, "cpu")
    made.pictures.random_(1, 255, generator=torch.Generator().manual_seed(0))
    made.valid[:], made.count = True, 8
    made.valid[0, 1] = False
    for connector in range(8):
        for test in range(TESTS):
            made.differences[connector][test] = (Flawed(test, "row 1, pin 2", (10, 20, 40, 60)),)
    return made


def test_pairs_are_half_flawed_and_only_of_what_can_be_seen(gallery: Gallery) -> None:
    """Each test comes once, so no picture tells what its twin is."""
    pairs = pairs_of(gallery, 16)
    assert sum(bool(pair.flaws) for pair in pairs) == 8
    tests = [(pair.place, (pair.second - pair.place * TAKES - 1) % TESTS) for pair in pairs]
    assert len(set(tests)) == 16
    assert (0, 1) not in tests
    for pair in pairs:
        assert (pair.second - pair.place * TAKES > TESTS) == bool(pair.flaws)
    assert pairs_of(gallery, 8) == pairs[:8]
    with pytest.raises(ValueError, match="8 connectors have 31 pairs, not 32"):
        pairs_of(gallery, 32)


@pytest.mark.parametrize(("amount", "size"), [(64, 16), (12, 31)])
def test_a_batch_shows_what_its_shares_say(base: InMemory, gallery: Gallery, amount: int, size: int) -> None:
    """Linking rows hold a raw reference beside a processed test; verdicts and boxes follow the pair."""
    asker = Asker(base.processor, ROOT / "cases")
    pad = int(base.processor.tokenizer.pad_token_id)
    pairs = pairs_of(gallery, size)
    processed = torch.full((size, *gallery.pictures.shape[2:]), 7, dtype=torch.uint8)
    bodies = torch.full((2, *gallery.pictures.shape[2:]), 9, dtype=torch.uint8)
    row = encode("phi3v", base.processor, Turn("Is the body the same?", "Yes"), 2)
    items = (bodies, [(np.full((3, 5), -1, np.float32), [row])])
    yes = asker.answers(True)
    seen: dict[str, int] = {}
    few = Few(gallery.flat(), processed, pairs, items, asker, pad, 1)
    for _ in range(4):
        batch = few.draw(amount, SHARES["raw", True])
        for number in range(amount):
            first, second = (int(batch.pictures[place].max()) for place in batch.which[number])
            kind = "bodies" if first == 9 else "linked" if 7 in (first, second) else "raw"
            seen[kind] = seen.get(kind, 0) + 1
            if kind != "bodies":
                said = int(batch.ids[number, batch.answers[number]])
                assert (said == yes) == bool(batch.boxes[number, 0, 4] >= 0)
            if kind == "linked":
                assert (first, second) == (254, 7)
    assert seen["raw"] > 3 * seen["linked"]
    assert set(seen) == {"raw", "linked", "bodies"}
    only = few.draw(amount, SHARES["processed", False])
    assert {int(only.pictures[place].max()) for pair in only.which for place in pair} == {0, 7}


def test_each_size_is_trained_with_and_without_links_by_each_seed() -> None:
    """Large sizes on raw pictures alone."""
    names = [run.name for run in runs([256, 1024], (1, 2))]
    assert len(names) == len(set(names)) == 2 * 4 + 2 * 2
    assert {"256-processed-linked-2", "1024-raw-plain-1"} <= set(names)
    assert not any(name.startswith("1024-processed") for name in names)


def test_an_adapter_that_is_put_on_changes_what_is_told_and_comes_off() -> None:
    """And a course that begins anew says again what the base says."""
    course = Course(Name.of("plain-4-0"), "cpu", compiled=False)
    own = {name: weight.clone() for name, weight in course.weights().items()}
    course.put_on(ROOT / "checkpoints" / "tiny-phi3v-connector")
    changed = course.weights()
    assert all(not torch.equal(changed[name], weight) for name, weight in own.items())
    course.take_off()
    course.begin(3)
    for name, weight in course.weights().items():
        torch.testing.assert_close(weight, own[name])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of five families of coloured pictures."""
    rows = []
    for family in ("circuitboard", "alien", "cookie", "magtile", "deeppcb"):
        aligned = family == "deeppcb"
        for number in range(24):
            bad = number % 2
            names = [f"{family}{number if aligned else number // 3}a.png", f"{family}{number}b.png"]
            for place, name in enumerate(names):
                Image.new("RGB", (40, 20 + place), (10 * number, 100 * bad, 50)).save(tmp_path / name)
            label = "different" if bad else "same"
            kind = "aligned" if aligned else "instance"
            rows.append([f"{family}-{number}", *names, label, kind, family])
    path = tmp_path / "pairs.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "before", "after", "label", "pair_type", "family"], *rows])
    return path


def test_no_picture_is_learned_from_and_asked_about(table: Path, tmp_path: Path) -> None:
    """References aside, which are good ones that were learned from; files hold what was drawn."""
    found = written(table, 2, tmp_path / "splits.json")
    assert read(tmp_path / "splits.json") == found
    for split in found:
        learned = {name for pair in split.train for name in (pair.reference, pair.test)}
        assert not learned & {pair.test for pair in split.asked}
        bad = sum(pair.different for pair in split.asked)
        assert bad >= LEAST
        assert len(split.asked) - bad >= LEAST
        if not split.size:
            assert split.family not in {pair.family for pair in split.train}
        elif split.family == "deeppcb":
            assert not learned & {pair.reference for pair in split.asked}
            assert len(split.train) == split.size
        else:
            assert len(learned) == split.size
            assert {pair.reference for pair in split.asked} <= set(split.good)
    names = {split.name for split in found}
    assert {"alien-5-1", "alien-10-2", "deeppcb-10-1", "cookie-0-1"} <= names
    assert len(names) == len(found)


def test_photographs_are_fitted_and_asked_in_the_words_of_their_relation(table: Path, tmp_path: Path) -> None:
    """A picture of another shape lies in the middle of white; each pair gets its own lean."""
    picture = fitted(table.parent / "alien0a.png")
    assert picture.shape == (*SIZE, 3)
    assert (picture[0] == 255).all()
    assert (picture[SIZE[0] // 2, SIZE[1] // 2] != 255).any()
    splits = [split for split in written(table, 1, tmp_path / "splits.json") if split.name == "alien-0-1"]
    course = Course(Name.of("plain-4-0"), "cpu", compiled=False)
    album = Album(splits, table.parent, course.processor, "cpu")
    mixed = [splits[0].train[0], splits[0].asked[0], splits[0].train[-1]]
    alone = [leans(course, album, [pair])[0] for pair in mixed]
    assert [pair.aligned for pair in mixed] == [False, False, True]
    assert leans(course, album, mixed) == pytest.approx(alone, abs=0.1)
    drawn = album.drawn(splits[0].train, 16, np.random.default_rng(0))
    assert drawn.which.tolist() == [[2 * number, 2 * number + 1] for number in range(16)]
    assert json.dumps(alone)
