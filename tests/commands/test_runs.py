"""`kurabe runs`: what there is, what it is called, and what may go."""

import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kurabe.cli import app
from kurabe.results.run import RESULTS, Run, find_run
from tests.report.made_records import verdict


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for day in range(1, 6):
        left(tmp_path / "reports", f"2026010{day}-120000", finished="2026-01-01T12:00:00+00:00")
    return tmp_path / "reports"


def left(reports: Path, name: str, **manifest: object) -> Run:
    run = Run(reports / "runs" / name)
    run.folder.mkdir(parents=True)
    run.write_manifest({"models": {"pixel-diff": {}}, **manifest})
    run.append(verdict("b1"))
    run.close()
    return run


def kurabe(*words: str, code: int = 0, typed: str = "") -> Result:
    result = CliRunner().invoke(app, words, input=typed)
    assert result.exit_code == code, result.output
    return result


def names(reports: Path) -> list[str]:
    return sorted(path.name[:8] for path in (reports / "runs").iterdir())


def test_runs_are_listed_newest_first_with_their_state(reports: Path) -> None:
    killed = left(reports, "20251231-120000")
    long_ago = time.time() - 86_400
    for file in killed.folder.iterdir():
        os.utime(file, (long_ago, long_ago))
    left(reports, "20260106-120000")
    lines = kurabe("runs").output.splitlines()
    assert lines[1].split()[:3] == ["20260106-120000", "running", "1"]
    assert lines[2].split()[:4] == ["20260105-120000", "full,", "latest", "1"]
    assert lines[-1].split()[:3] == ["20251231-120000", "killed", "1"]
    assert "pixel-diff" in lines[2]


def test_a_project_without_runs_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "no runs yet" in kurabe("runs").output


def test_a_run_is_found_by_the_name_that_it_was_given(reports: Path) -> None:
    kurabe("runs", "name", "20260102-120000", "before the new lamp")
    assert find_run(reports, "before the new lamp").name == "20260102-120000"
    assert "before the new lamp" in kurabe("runs").output
    assert "already" in kurabe("runs", "name", "latest", "before the new lamp", code=1).output
    assert "already" in kurabe("runs", "name", "latest", "20260101-120000", code=1).output
    for bad in ("latest", "../x", " x"):
        kurabe("runs", "name", "latest", bad, code=1)
    kurabe("runs", "name", "before the new lamp", "")
    assert "before the new lamp" not in kurabe("runs").output


def test_prune_keeps_the_newest_the_named_the_latest_and_the_running(reports: Path) -> None:
    kurabe("runs", "name", "20260102-120000", "baseline")
    for day in (6, 7):
        left(reports, f"2026010{day}-120000", partial="one case", finished="2026-01-01T12:00:00+00:00")
    left(reports, "20260100-120000")  # no end yet, written to just now
    assert "4 runs would go" in kurabe("runs", "prune", "--keep", "1", "--dry-run").output
    assert len(names(reports)) == 8
    kurabe("runs", "prune", "--keep", "1", code=1, typed="n\n")
    assert len(names(reports)) == 8
    kurabe("runs", "prune", "--keep", "1", "--yes")
    assert names(reports) == ["20260100", "20260102", "20260105", "20260107"]
    assert kurabe("runs", "prune", "--keep", "1", "--yes").output == "nothing to prune\n"
    assert (reports / "runs/20260105-120000" / RESULTS).is_file()
