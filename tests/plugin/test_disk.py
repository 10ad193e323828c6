"""Disks that are full or may not be written to: told once, without a traceback, and nothing is left."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import MAIN, case, project, suite


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of 1 MiB, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def run(root: Path, reports: Path, *more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        *MAIN,
        "-p",
        "no:cacheprovider",
        "--kurabe-reports",
        str(reports),
    ]
    return subprocess.run([*command, *more], cwd=root, env=kept, capture_output=True, text=True, timeout=200)


def test_a_disk_that_is_full_is_told_at_the_start(tmp_path: Path, disk: Path) -> None:
    (disk / "ballast").write_bytes(bytes(2**20))
    done = run(project(tmp_path), disk / "reports")
    out = done.stdout + done.stderr
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, out
    assert out.count("cannot be written (No space left on device)") == 1
    assert "--kurabe-reports" in out
    assert "INTERNALERROR" not in out
    assert "Traceback" not in out
    assert not list(disk.rglob("*.tmp"))


def test_a_disk_that_fills_up_stops_the_run_and_keeps_what_is_there(tmp_path: Path, disk: Path) -> None:
    root = project(tmp_path)
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(40)])
    (root / "conftest.py").write_text(f"""
from contextlib import suppress

from kurabe.plugin.session import Session

keep = Session.keep

def kept(self, record, line=None):
    if len(self.records) == 20:
        with suppress(OSError), open({str(disk / "ballast")!r}, "wb", buffering=0) as ballast:
            while ballast.write(bytes(4096)) == 4096:
                pass
    keep(self, record, line)

Session.keep = kept
""")
    done = run(root, disk / "reports", "--kurabe-no-pictures")
    out = done.stdout + done.stderr
    assert done.returncode == 1, out
    assert "INTERNALERROR" not in out
    assert "Traceback" not in out
    assert out.count("No space left on device") <= 2  # where it stopped, and in the summary
    assert "Leaderboard" in out
    (disk / "ballast").unlink()
    assert not list(disk.rglob("*.tmp"))
    lines = (next((disk / "reports" / "runs").iterdir()) / "results.jsonl").read_text().splitlines()
    assert 15 <= len(lines) <= 41
    assert all(line.endswith("}") for line in lines)
