"""What a short run imports, and when: most of its time goes there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import seen

ROOT = Path(__file__).parents[2]


def _run(reports: Path, *more: str) -> dict[str, Any]:
    """Put one trial to a small model in a process of its own; return what `tests.support.seen` saw."""
    note = reports / "seen.json"
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "tests.support.seen", "-p", "no:cacheprovider"),
        *("benchmark", "-k", "connector/c001-verdict-raw", "--model", "tiny-mllama"),
        *("--kurabe-reports", str(reports), *more),
    ]
    environment = {**os.environ, seen.FILE: str(note)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nanobind" not in done.stderr  # what is frozen when Python ends is told as a leak
    found: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a run that asks has imported, and the same run answered from the cache."""
    reports = tmp_path_factory.mktemp("reports")
    return _run(reports), _run(reports)


def test_a_cached_run_imports_no_library_of_models(runs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    asked, cached = runs
    assert {"torch", "transformers"} <= set(asked["heavy"])
    assert "hypothesis" not in asked["heavy"]
    assert cached["heavy"] == []


def test_reports_are_imported_while_a_model_answers(runs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    asked, cached = runs
    assert (asked["reports_early"], cached["reports_early"]) == (True, False)


def test_pytest_looks_for_no_garbage_in_torch(runs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    asked, cached = runs
    assert asked["frozen"] > 100_000
    assert cached["frozen"] == 0


def test_beside_tests_of_ones_own_pytest_looks_for_all_garbage(tmp_path: Path) -> None:
    own = tmp_path / "test_connector_c001_verdict_raw.py"
    own.write_text("import torch\n\n\ndef test_connector_c001_verdict_raw() -> None: ...\n", encoding="utf-8")
    found = _run(
        tmp_path,
        str(own),
        "-k",
        "test_connector or (c001-verdict-raw and pixel-diff)",
        "--model",
        "pixel-diff",
    )
    assert {"torch", "hypothesis"} <= set(found["heavy"])  # whose plugin is asked for its summary
    assert found["frozen"] == 0
