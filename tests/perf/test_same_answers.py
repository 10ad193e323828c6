"""Two runs are told apart by what was answered, not by how long it took."""

import json
from pathlib import Path
from typing import Any

from perf.same_answers import differences, results_of

ANSWER = {"trial": "a", "text": "Yes", "verdict": "different", "outcome": "correct", "p_different": 0.75}


def run(folder: Path, **change: Any) -> Path:
    folder.mkdir()
    (folder / "results.jsonl").write_text(json.dumps(ANSWER | change) + "\n", encoding="utf-8")
    return folder


def test_time_and_last_bits_do_not_count(tmp_path: Path) -> None:
    old, new = run(tmp_path / "old", seconds=1.0), run(tmp_path / "new", seconds=2.0, p_different=0.75 + 1e-8)
    assert differences(results_of(old), results_of(new)) == []


def test_words_outcomes_probabilities_and_missing_trials_count(tmp_path: Path) -> None:
    old = results_of(run(tmp_path / "old"))
    changes: list[dict[str, Any]] = [
        {"text": "No"}, {"outcome": "wrong"}, {"p_different": 0.7}, {"p_different": None}, {"trial": "b"},
    ]  # fmt: skip
    for number, change in enumerate(changes):
        assert differences(old, results_of(run(tmp_path / f"new{number}", **change)))
