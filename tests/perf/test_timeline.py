"""The program that shows what the threads of a run do."""

import json
from pathlib import Path

import pytest

from perf import timeline


def test_it_tells_what_a_run_on_the_cpu_spends_its_time_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = timeline.main(["--cpu", "--pairs", "4", "--out", str(tmp_path / "timeline.json")])
    assert json.loads((tmp_path / "timeline.json").read_text()) == found
    for part in ("cold", "warm"):
        sums = found[part]["sums"]
        assert found[part]["pairs"] == sums["pictures made"]["times"] == 4
        assert sums["row made"]["times"] == 4
        assert sums["4 rows handed over"]["times"] == sums["waited for a batch"]["times"] == 1
        assert 0 < found[part]["batches_milliseconds"][0] < 1000 * found[part]["seconds"]
        assert found[part]["between_milliseconds"] == []
    assert "window made ready" in capsys.readouterr().out
