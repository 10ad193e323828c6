"""The measurement of throughput, run with its tiny model on the CPU, and the pairs that it asks about."""

import json
from pathlib import Path

import pytest
from PIL import Image

from perf import speed_page, throughput
from perf.models import ROOT
from perf.pairs import Pair, distinct, of_suites, with_shared_references


def test_every_section_leaves_its_figures(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    returned = throughput.main(["--cpu", "--pairs", "4", "--out", str(out)])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found == json.loads(json.dumps(returned))
    assert set(throughput.SECTIONS) < set(found)
    assert found["words"]["warm"]["pairs"] == found["verdict"]["warm"]["pairs"] == 4
    assert found["words"]["warm"]["new_tokens_per_second"] == pytest.approx(
        64 * found["words"]["warm"]["pairs_per_second"], rel=0.02
    )
    for question in ("verdict", "words"):
        single = found["single"][question]
        assert single["compared"] == single["texts_equal"] == 4
        assert found[question]["warm"]["ceiling_pairs_per_second"] > 0
    assert found["single"]["verdict"]["largest_difference_of_p"] < 1e-4
    assert found["float32"]["texts_equal"] == found["float32"]["compared"] > 0
    assert found["reuse"]["with"]["counts"]["prefix_tokens_reused"] > 0
    assert found["reuse"]["without"]["counts"]["prefix_tokens_reused"] == 0
    assert "skipped" in found["idle"]
    assert set(found["ratios"]) == {
        f"{question}_against_{what}"
        for question in ("verdict", "words")
        for what in ("batches_of_one", "plain_generate")
    }
    records = {"phi": found}
    assert "the bench, warm" in speed_page.throughput(records)
    assert "at the ceilings" in speed_page.throughput(records)
    assert "texts equal in 4 of 4" in speed_page.held(records)


def test_the_page_holds_the_figures_of_the_records() -> None:
    page = (ROOT / "docs" / "background" / "speed.md").read_text(encoding="utf-8")
    assert speed_page.renewed(page) == page


def test_no_section_begins_behind_the_limit(tmp_path: Path) -> None:
    found = throughput.main(["--cpu", "--pairs", "4", "--section", "ceilings", "--limit", "0"])
    assert found["ceilings"]["skipped"].endswith("s had passed")


def _pictures(folder: Path, number: int) -> list[Path]:
    paths = [folder / f"{name}.png" for name in range(number)]
    for shade, path in enumerate(paths):
        Image.linear_gradient("L").rotate(20 + shade).resize((32, 24)).save(path)
    return paths


def test_no_two_pairs_have_a_picture_in_common(tmp_path: Path) -> None:
    a, b, c, d = _pictures(tmp_path, 4)
    chosen = distinct([Pair(a, b), Pair(a, c), Pair(c, d)], 4, tmp_path / "more")
    assert chosen[:2] == [Pair(a, b), Pair(c, d)]
    pictures = [path for pair in chosen for path in (pair.before, pair.after)]
    contents = {Image.open(path).convert("RGB").tobytes() for path in pictures}
    assert len(contents) == len(pictures) == 8


def test_more_pairs_than_can_be_had_are_an_error(tmp_path: Path) -> None:
    a, b = _pictures(tmp_path, 2)
    with pytest.raises(ValueError, match="9 pairs without a common picture are asked for, 8 can be had"):
        distinct([Pair(a, b)], 9, tmp_path / "more")


def test_each_reference_is_shown_with_several_tests(tmp_path: Path) -> None:
    pairs = [Pair(tmp_path / f"r{n}", tmp_path / f"t{n}") for n in range(9)]
    shared = with_shared_references(pairs, 4)
    assert [pair.before.name for pair in shared] == ["r0"] * 4 + ["r4"] * 4
    assert [pair.after.name for pair in shared] == [f"t{n}" for n in range(8)]


def test_the_shipped_suites_hold_pairs() -> None:
    assert len(of_suites(ROOT / "cases")) > 100
