"""Files are written whole or not at all, whoever else writes them."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kurabe.common.atomic import replacing, write_text


def test_the_new_text_replaces_the_old_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "table.csv"
    for text in ("old\n", "新しい\r\n"):
        write_text(path, text)
    assert path.read_bytes().decode() == "新しい\r\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_the_old_text_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_text(path, "old")

    def fail() -> None:
        with replacing(path) as fresh:
            fresh.write_text("half", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_writers_at_the_same_time_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    texts = [str(number) * 20_000 for number in range(10)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_text(path, text), texts * 10))
    assert path.read_text(encoding="utf-8") in texts
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_of_one_file_have_files_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with replacing(path) as one, replacing(path) as other:
        assert one != other
        assert one.parent == other.parent == tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_others_may_read_what_the_umask_allows(tmp_path: Path) -> None:
    path, usual = tmp_path / "table.csv", tmp_path / "usual"
    usual.touch()
    write_text(path, "x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    path.chmod(0o600)
    write_text(path, "y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_long_name_still_has_room_for_its_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 240 + ".png")
    write_text(path, "x")
    assert path.is_file()


KILLED = """
import os, signal, sys
from pathlib import Path
from kurabe.common.atomic import replacing

with replacing(Path(sys.argv[1])) as fresh:
    fresh.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_what_a_killed_process_has_left_is_removed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "picture.png"
    died = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    (left,) = path.parent.iterdir()
    theirs = path.parent / ".other.tmp"
    theirs.touch()
    written = [
        sys.executable,
        "-c",
        KILLED.replace("    os.kill(os.getpid(), signal.SIGKILL)", ""),
        str(path),
    ]
    subprocess.run(written, check=True)
    assert left.exists()  # somebody may still be writing it
    for old in (left, theirs):
        os.utime(old, (1e9, 1e9))
    subprocess.run(written, check=True)
    assert sorted(path.parent.iterdir()) == [theirs, path]
