"""The command of the README's first lines, on the checkpoint that is shipped, with one case."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKPOINT = ROOT / "checkpoints" / "tiny-phi3v"


def test_the_shipped_models_answer_a_case_of_the_shipped_suite(tmp_path: Path) -> None:
    if not (CHECKPOINT / "model.safetensors").is_file():
        pytest.skip("checkpoints/tiny-phi3v is not here: it is part of the repository, not of the package")
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "benchmark", "-k", "connector and c001", "--no-controls",
            "--model", "pixel-diff", "--model", "tiny-phi3v", "--reports", str(tmp_path),
            "-p", "no:cacheprovider",
        ],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    results = [json.loads(line) for line in lines]
    assert {(line["model"], line["variant"], line["question"]) for line in results} == {
        (model, variant, question)
        for model in ("pixel-diff", "tiny-phi3v")
        for variant in ("raw", "n-soartc")
        for question in ("verdict", "differences")
    }
    assert {line["outcome"] for line in results} <= {"correct", "wrong"}
    said = [line for line in results if line["model"] == "tiny-phi3v"]
    assert all(line["text"] for line in said)
    assert all(0 < line["p_different"] < 1 for line in said if line["question"] == "verdict")


def test_the_recorded_run_is_of_models_and_cases_that_are_there() -> None:
    import tomllib

    recorded = json.loads((ROOT / "perf/results/default_run.json").read_text(encoding="utf-8"))
    entries = tomllib.loads((ROOT / "models.toml").read_text(encoding="utf-8"))["models"]
    defaults = {name for name, entry in entries.items() if entry.get("default")}
    assert {row["model"] for row in recorded["leaderboard"]} | {*recorded["left_out"]} == defaults
    assert recorded["command"] in (ROOT / "README.md").read_text(encoding="utf-8")
    assert recorded["seconds"] < 180
