"""The measurements of 8 bits, of sampled answers and of the first answer, with tiny models on the CPU."""

import json
from pathlib import Path

import pytest

from perf import first_answer, fp8, sampling, sharing_generic, speed_page
from perf.models import FAMILIES


def test_both_types_are_measured_and_compared(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    found = fp8.main(["--cpu", "--pairs", "4", "--out", str(out)])
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(json.dumps(found))
    assert found["layers"] == 60
    assert found["products"][0]["fp8"] > 0
    assert found["verdict_fp8"]["warm"]["pairs"] == found["verdict_bfloat16"]["warm"]["pairs"] == 4
    assert 0 < found["compared"]["mean_difference_of_p"] <= found["compared"]["largest_difference_of_p"] < 0.1
    assert found["compared"]["verdict_ratio"] > 0
    assert f"| {found['compared']['verdict_ratio']:.2f} |" in speed_page.eights(found)


def test_repeats_share_their_prompt_and_draw_the_same_in_any_batch(tmp_path: Path) -> None:
    found = sampling.main(["--cpu", "--out", str(tmp_path / "figures.json")])
    assert found["draws"]["texts_equal"] == found["draws"]["compared"] == 2
    assert found["draws"]["different_texts"] == 2
    sampled, greedy = found["sampled"], found["greedy"]
    assert sampled["trials"] == 2 * greedy["trials"] == 8
    assert sampled["counts"]["prefill_tokens"] == greedy["counts"]["prefill_tokens"]
    assert found["ratios"]["sampled_to_generate"] > 0
    assert "2 of 2 answers" in speed_page.sampled(found)


def test_a_run_is_followed_to_its_first_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        first_answer, "BENCH", (*first_answer.BENCH, "--question", "verdict", "--variant", "raw")
    )
    models = tmp_path / "models.toml"
    checkpoint = FAMILIES["phi"].tiny(tmp_path)
    models.write_text(first_answer.entry("phi", checkpoint, None, True), encoding="utf-8")
    found = first_answer.run(tmp_path, models)
    marks = found["marks"]
    assert found["error"] is None
    order = ("collected", "torch imported", "weights there", "batch ready", "first answer")
    times = [marks[name] for name in order]
    assert times == sorted(times)
    shown = first_answer.table({"again": found})
    assert shown.splitlines()[-1].startswith("first answer")


def test_a_run_without_an_answer_says_why(tmp_path: Path) -> None:
    models = tmp_path / "models.toml"
    models.write_text(first_answer.entry("phi", tmp_path / "nothing", None, True), encoding="utf-8")
    with pytest.raises(SystemExit, match="no answer after"):
        first_answer.run(tmp_path, models)


def test_other_families_share_and_answer_alike(tmp_path: Path) -> None:
    found = sharing_generic.main(["--pairs", "1", "--out", str(tmp_path / "figures.json")])
    for name in ("llava", "qwen2_vl"):
        assert found[name]["equal_texts"] == found[name]["questions"] == 3
        assert 0 < found[name]["tokens_reused"] < found[name]["tokens_in"]
    assert "3 of 3 texts equal" in speed_page.sharing(found)
