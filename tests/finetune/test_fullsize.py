"""The measurement of fine-tuning at full size, run with its tiny model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("family", ["phi", "mllama"])
def test_the_loss_falls_and_the_adapter_that_was_written_gives_the_same_loss(
    family: str, tmp_path: Path
) -> None:
    out = tmp_path / "figures.json"
    command = [sys.executable, "-m", "perf.finetune_fullsize", "--tiny", "--family", family]
    command += ["--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    losses = figures["loss_per_step"]
    assert len(losses) == figures["steps"] == 6
    assert figures["loss_falls"]
    assert sum(losses[-3:]) < sum(losses[:3])
    same = figures["loss_on_the_same_pairs"]
    assert same["base"] == same["base_after_training"]
    assert same["trained"] < same["base"]
    assert same["adapter_put_on_anew"] == pytest.approx(same["trained"], rel=1e-6)
    assert figures["pairs_per_second"] > 0
