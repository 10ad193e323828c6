"""The manifest as data: what a session tells, and what this process runs with."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kurabe.results.manifest import Manifest

MANIFEST = Manifest(
    run="20261128-120000",
    started=datetime(2026, 11, 28, 12, 0, 0, 123456, tzinfo=UTC),
    finished=None,
    planned=5,
    answered=3,
    options={"models": ("a",)},
    command=["cases"],
    models={"a": {"fingerprint": "f"}},
    cards={},
    left_out={"b": "no GPU"},
    refused={"a": 2},
    fewer={"pins": (2, 6)},
    suites={"pins": 6},
    broken=[],
    messages=["said"],
    partial=None,
)


def test_what_the_session_tells_is_in_it_as_json_has_it(tmp_path: Path) -> None:
    told = json.loads(json.dumps(MANIFEST.told(tmp_path)))
    assert told["started"] == "2026-11-28T12:00:00+00:00"
    assert told["finished"] is None
    assert told["options"] == {"models": ["a"]}
    assert told["fewer"] == {"pins": [2, 6]}
    assert (told["planned"], told["answered"], told["refused"]) == (5, 3, {"a": 2})
    assert told["packages"]["pytest"]
    assert told["python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert told["git"] == {}  # no repository
    done = replace(MANIFEST, finished=datetime(2026, 11, 28, 12, 1, tzinfo=UTC)).told(tmp_path)
    assert done["finished"] == "2026-11-28T12:01:00+00:00"


def test_the_commit_is_in_it_and_whether_files_were_changed(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(["git", *who, *words], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-q")
    (tmp_path / "file").write_text("1", encoding="utf-8")
    git("add", "file")
    git("commit", "-q", "-m", "one")
    assert MANIFEST.told(tmp_path)["git"] == {"commit": git("rev-parse", "HEAD"), "dirty": False}
    (tmp_path / "file").write_text("2", encoding="utf-8")
    assert MANIFEST.told(tmp_path)["git"]["dirty"] is True


def test_the_manifest_imports_no_models_and_no_pytest() -> None:
    program = (
        "import sys, kurabe.results.manifest;"
        "print(sorted(name for name in sys.modules if name.startswith(('kurabe.models', 'kurabe.plugin'))"
        " or name in ('pytest', 'torch', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
