"""Fresh connectors: what is asked, what the record keeps, and the page that is written from it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perf import fresh_connectors
from perf.study import fresh_page


def _seed(said: str, anew: str) -> dict[str, Any]:
    """Return what the record holds of a seed: three grades, each with a good and two bad pairs."""
    pairs = [
        [f"ref{grade}", name, bad, size, kinds]
        for grade, name in enumerate(("easy", "medium", "hard"))
        for bad, size, kinds in ((0, 0.0, []), (1, 9.0, ["bent"]), (1, 30.0, ["bent", "missing"]))
    ]
    letters = {"pixel-diff": "sss" * 3, "tiny-phi3v-connector": said, "connector-seed-1": anew}
    both = {model: {"raw": text, "n-soartc": text} for model, text in letters.items()}
    return {"pairs": pairs, "said": both, "seconds": 1.0}


RECORD = {"train": 1, "seeds": {"2": _seed("sdd" * 3, "sdd" * 3), "3": _seed("sddsdds-d", "dddddd---")}}


def test_rates_are_of_all_seeds_and_what_is_not_read_is_wrong() -> None:
    of = fresh_page.fresh(RECORD)
    assert of.reference.max() + 1 == 6  # the same names in two seeds are other connectors
    right = of.right["tiny-phi3v-connector", "raw"]
    assert right.tolist() == [True] * 16 + [False, True]
    assert not of.right["connector-seed-1", "raw"][15:].any()
    hard = of.sums("tiny-phi3v-connector", "raw", of.grade == 2).sum((0, 1))
    assert hard.tolist() == [2, 2, 4, 3, 0]


def test_each_size_and_kind_counts_its_own_pairs() -> None:
    of = fresh_page.fresh(RECORD)
    sizes = {name: int(which.sum()) for name, which in fresh_page.classes_of_size(of).items()}
    assert sizes["8 to 10"] == sizes["24 and more"] == 6
    assert sum(sizes.values()) == int(of.bad.sum())
    kinds = fresh_page.classes_of_kind(of)
    assert {name: int(which.sum()) for name, which in kinds.items()} == {
        "bent": 6,
        "missing": 0,
        "several": 6,
    }
    small = fresh_page.share(of, "tiny-phi3v-connector", "raw", of.bad & (of.size == 9))
    assert small.value == pytest.approx(5 / 6)
    assert small.low < small.value <= small.high


def test_what_was_aimed_at_is_held_against_what_was_measured() -> None:
    """A figure that falls short is called so."""
    told = fresh_page.demands(fresh_page.fresh(RECORD)).splitlines()
    assert "| easy, raw | 1.00 | 0.97 | yes |" in told
    short = {"train": 1, "seeds": {"2": _seed("ssd" * 3, "sdd" * 3)}}
    told = fresh_page.demands(fresh_page.fresh(short)).splitlines()
    assert "| easy, raw | 0.75 | 0.97 | no |" in told


def test_the_page_is_written_from_its_record() -> None:
    record = json.loads(fresh_page.RECORD.read_text(encoding="utf-8"))
    assert fresh_page.page(record) == fresh_page.PAGE.read_text(encoding="utf-8")
    of = fresh_page.fresh(record)
    assert len(of.bad) >= 3 * 300
    assert np.unique(of.seed).tolist() == [0, 1, 2]


def test_models_are_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "fresh.json"
    asked = ["--seed", "8", "--train", "1", "--model", "pixel-diff", "--out", str(out)]
    fresh_connectors.main(asked)
    found = json.loads(out.read_text(encoding="utf-8"))["seeds"]["8"]
    assert len(found["pairs"]) == 12
    assert {variant: len(said) for variant, said in found["said"]["pixel-diff"].items()} == {
        "raw": 12,
        "n-soartc": 12,
    }
    assert {grade for _, grade, *_ in found["pairs"]} == {"easy", "medium", "hard"}
    bad = [pair for pair in found["pairs"] if pair[2]]
    assert all(pair[3] > 2 and pair[4] for pair in bad)
    monkeypatch.setattr(fresh_connectors, "measured", lambda *_: pytest.fail("asked again"))
    fresh_connectors.main(asked)


def test_another_adapter_is_put_beside_the_shipped_models(tmp_path: Path) -> None:
    from kurabe.models import config

    folder = Path("checkpoints/tiny-phi3v-connector").resolve()
    file = fresh_connectors.models_file([f"again={folder}"], tmp_path)
    assert {"tiny-phi3v", "again"} <= set(config.read(file).entries)
