"""Disks that are full or may not be written to: told once, without a traceback, and nothing is left."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
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


def run(root: Path, reports: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
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
    return subprocess.run(
        [*command, *more], cwd=root, env=kept | environment, capture_output=True, text=True, timeout=200
    )


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


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Locks folders, so that nobody can write below them, the system's administrator neither."""
    mounted: list[Path] = []

    def lock(folder: Path) -> None:
        folder.chmod(0o555)
        if os.access(folder, os.W_OK):
            bound = subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False)
            if bound.returncode:
                pytest.skip("an administrator who may not mount can write anywhere")
            mounted.append(folder)
            subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)

    yield lock
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)
    for folder in tmp_path.rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)


def told(done: subprocess.CompletedProcess[str]) -> str:
    out = done.stdout + done.stderr
    assert "INTERNALERROR" not in out
    assert "Traceback" not in out, out
    return out


def lines(reports: Path) -> list[str]:
    return (next((reports / "runs").iterdir()) / "results.jsonl").read_text().splitlines()


@pytest.mark.parametrize("where", ["reports", "reports/cache"])
def test_a_folder_that_may_not_be_written_is_told_at_the_start(
    tmp_path: Path, locked: Callable[[Path], None], where: str
) -> None:
    root = project(tmp_path)
    folder = root / where
    folder.mkdir(parents=True)
    locked(folder)
    done = run(root, root / "reports")
    out = told(done)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, out
    assert out.count("cannot be written (") == 1
    assert f"{folder}" in out
    assert "--kurabe-reports" in out


@pytest.mark.parametrize(
    "where", ["reports", "reports/cache", "reports/runs", "reports/cache/answers.sqlite"]
)
def test_a_file_in_place_of_a_folder_or_a_folder_in_place_of_a_file_is_told(
    tmp_path: Path, where: str
) -> None:
    root = project(tmp_path)
    path = root / where
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix:
        path.mkdir()
    else:
        path.write_text("mine")
    done = run(root, root / "reports")
    out = told(done)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, out
    assert out.count(str(path)) == 1, out
    assert path.is_dir() or path.read_text() == "mine"
    assert not list(root.rglob("*.tmp"))


REMOVING = """
import shutil
from pathlib import Path

from kurabe.plugin.session import Session

keep = Session.keep

def kept(self, record, line=None):
    if len(self.records) == 20:
        shutil.rmtree({folder!r})
    keep(self, record, line)

Session.keep = kept
"""


@pytest.mark.parametrize("where", ["reports", "reports/cache"])
def test_a_folder_that_vanishes_during_the_run_takes_no_result_with_it(tmp_path: Path, where: str) -> None:
    root = project(tmp_path)
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(40)])
    (root / "conftest.py").write_text(REMOVING.format(folder=str(root / where)))
    done = run(root, root / "reports")
    out = told(done)
    assert done.returncode == 0, out
    assert len(set(lines(root / "reports"))) == 41
    assert (root / "reports" / "leaderboard.csv").is_file()
    assert out.count("was removed during the run") == (where != "reports/cache")
    assert out.count("answers.sqlite cannot be used") <= 1  # not at all if all was answered by then
    assert not list(root.rglob("*.tmp"))


def test_a_temporary_folder_that_is_full_stops_no_run(tmp_path: Path, disk: Path) -> None:
    (disk / "ballast").write_bytes(bytes(2**20))
    done = run(project(tmp_path), tmp_path / "reports", TMPDIR=str(disk))
    assert done.returncode == 0, told(done)
    (disk / "ballast").unlink()
    assert list(disk.iterdir()) == []


def report(root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kurabe.cli", "report", "latest", *more]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=200)


def test_a_report_that_cannot_be_written_names_the_file_and_the_remedy(
    tmp_path: Path, disk: Path, locked: Callable[[Path], None]
) -> None:
    root = project(tmp_path)
    assert run(root, root / "reports").returncode == 0
    ours = next((root / "reports" / "runs").iterdir())
    (disk / "ballast").write_bytes(bytes(2**20))
    full = report(root, "--into", str(disk))
    assert full.returncode == 1
    assert f"{disk / 'trials.csv'} cannot be written (No space left on device): free space" in told(full)
    (disk / "ballast").unlink()
    assert list(disk.iterdir()) == []
    before = sorted(path.name for path in ours.iterdir())
    locked(ours)
    done = report(root)
    assert done.returncode == 1
    assert f"{ours.name}/trials.csv: " in told(done)
    assert "allow reading and writing there" in told(done)
    assert sorted(path.name for path in ours.iterdir()) == before


LIMITED = """
import resource, signal, sys
import pytest
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(pytest.main(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_limit_on_the_size_of_files_costs_the_page_alone(tmp_path: Path) -> None:
    # What a quota does, and needs no rights: no file may have more than so many bytes.
    root = project(tmp_path)
    command = [sys.executable, "-c", LIMITED, "150000", *MAIN, "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=200)
    out = told(done)
    assert done.returncode == 0, out
    assert out.count("File too large") == 1
    assert "the page could not be made" in out
    assert len(lines(root / "reports")) == 5
    assert (root / "reports" / "leaderboard.csv").is_file()
    assert not list(root.rglob("*.tmp"))
