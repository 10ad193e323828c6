"""The progress line: what it says, how often, and what is seen of it in a real terminal."""

import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kurabe.answering.states import Progress
from kurabe.plugin.progress import ProgressLine, describe
from tests.support.project import INSTANT, MAIN, case, project, results, suite

REPOSITORY = Path(__file__).parents[2]
PROGRESS = Progress("phi-3.5", "everyday", 43, 203, 40, 5.6)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, "everyday · phi-3.5 · 43/203 · 7.1 pairs/s · 0:22 left"),
        ({"asked": 0, "seconds": 0.0}, "everyday · phi-3.5 · 43/203"),
        ({"asked": 3, "seconds": 0.0}, "everyday · phi-3.5 · 43/203"),
        ({"done": 203}, "everyday · phi-3.5 · 203/203 · 7.1 pairs/s · 0:00 left"),
        ({"asked": 1, "seconds": 2.0}, "everyday · phi-3.5 · 43/203 · 2.0 s/pair · 5:20 left"),
        ({"asked": 1, "seconds": 100.0}, "everyday · phi-3.5 · 43/203 · 100 s/pair · 4:26:40 left"),
        ({"asked": 1000, "seconds": 4.0}, "everyday · phi-3.5 · 43/203 · 250 pairs/s · 0:01 left"),
        ({"total": 743, "asked": 1, "seconds": 1}, "everyday · phi-3.5 · 43/743 · 1.0 pairs/s · 11:40 left"),
    ],
)  # fmt: skip
def test_progress_in_words(change: dict[str, float], line: str) -> None:
    assert describe(replace(PROGRESS, **change)) == line  # type: ignore[arg-type]


class Screen:
    """A terminal that keeps what was written to it, and whether it was captured at that time."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.open = False
        self.currentfspath: object = None

    def ensure_newline(self) -> None:
        assert self.open

    @contextmanager
    def uncaptured(self) -> Iterator[None]:
        self.open = True
        yield
        self.open = False

    def rewrite(self, line: str, **markup: bool) -> None:
        assert self.open
        assert markup == {"erase": True}
        self.written.append(f"over: {line}")

    def write_line(self, line: str, **markup: bool) -> None:
        assert self.open
        self.written.append(line)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("kurabe.plugin.progress.time.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def step(line: ProgressLine, clock: Clock, seconds: float, done: int, total: int = 100) -> None:
    clock.now += seconds
    line.show(Progress("m", "pins", done, total, 0, 0.0))


def test_a_live_line_is_rewritten_five_times_a_second_and_at_the_end(clock: Clock) -> None:
    screen = Screen()
    line = ProgressLine(screen, screen.uncaptured, live=True)
    for done in range(1, 101):
        step(line, clock, 0.05, done)
    shown = [int(text.split(" · ")[2].split("/")[0]) for text in screen.written]
    assert shown[0] == 1
    assert shown[-1] == 100
    assert 20 <= len(shown) <= 26  # 5 seconds
    line.clear()
    line.clear()
    assert screen.written[-1] == "over: "
    assert screen.written.count("over: ") == 1


def test_a_plain_terminal_gets_a_line_every_half_minute(clock: Clock) -> None:
    screen = Screen()
    line = ProgressLine(screen, screen.uncaptured, live=False)
    for done in range(1, 101):
        step(line, clock, 1, done)
    assert [text for text in screen.written if text] == [
        f"pins · m · {done}/100" for done in (30, 60, 90, 100)
    ]
    line.clear()
    assert not any(text.startswith("over") for text in screen.written)


def test_a_short_run_in_a_plain_terminal_shows_nothing(clock: Clock) -> None:
    screen = Screen()
    line = ProgressLine(screen, screen.uncaptured, live=False)
    for done in range(1, 11):
        step(line, clock, 1, done, total=10)
    line.clear()
    assert screen.written == []


def test_a_live_line_that_was_never_shown_is_not_taken_away(clock: Clock) -> None:
    screen = Screen()
    ProgressLine(screen, screen.uncaptured, live=True).clear()
    assert screen.written == []


def test_a_log_has_whole_lines(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kurabe.plugin.progress._PLAIN_EVERY", 0.05)
    project(pytester.path, INSTANT + "seconds = 0.03\n")
    cases = [case(f"p{n}", "different" if n % 2 else "same") for n in range(24)]
    suite(pytester.path, "pins", cases)
    lines = pytester.runpytest(*MAIN).outlines
    told = [line for line in lines if line.startswith("pins · instant · ")]
    whole = re.compile(r"pins · instant · \d+/25( · \S+ (pairs/s|s/pair) · \d+:\d\d left)?")
    assert len(told) > 2
    assert all(whole.fullmatch(line) for line in told)
    # Nothing between them but dots, all 25 of them: no gaps, and no file's name again and again.
    start = lines.index("collected 25 items") + 2
    body = lines[start : lines.index("", start)]
    dots = [line for line in body if line not in told]
    assert len(told) == len(set(told)) == len(body) - len(dots)
    files = [line for line in dots if line.strip() == "." or "test_pairs.py" in line]  # "." is its folder
    assert len(files) == 1
    assert sum(line.partition("[")[0].count(".") for line in dots if line not in files) == 25


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(pytester: pytest.Pytester) -> None:
    project(pytester.path)
    pytester.makepyfile(
        ctrl_c="""
        import pytest
        seen = []
        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logreport(report):
            seen.append(report.when)
            if seen.count("call") == 2:
                raise KeyboardInterrupt
        """
    )
    result = pytester.runpytest_subprocess("-p", "ctrl_c", *MAIN)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["interrupted: 2 of 5 trials are kept; the same command asks only the others*"]
    )
    assert pytester.runpytest(*MAIN).ret == 0
    again = [line["cached"] for line in results(pytester.path)]
    assert len(again) == 5
    assert any(again)


# In a real pseudo terminal


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A project whose model takes its time."""
    project(tmp_path, INSTANT + "seconds = 0.03\n")
    suite(tmp_path, "pins", [case(f"p{n}", "different" if n % 2 else "same") for n in range(24)])
    return tmp_path


def in_terminal(root: Path, term: str) -> tuple[int, str]:
    """Run the bench in a terminal of 100 columns; return exit code and everything it wrote."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": term, "COLUMNS": "100", "PYTHONPATH": str(REPOSITORY)}
    for name in ("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "CI", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "kurabe.plugin.test_pairs",
        "-p",
        "no:cacheprovider",
    ]
    process = subprocess.Popen(command, cwd=root, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            part = os.read(ours, 65536)
        except OSError:  # nobody holds the other side any more
            break
        if not part:
            break
        written += part
    os.close(ours)
    return process.wait(30), written.decode()


def screen_of(written: str) -> list[str]:
    """Return the lines that stay: of what was written over, the last; without colours."""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
    return [line.rsplit("\r", 1)[-1].rstrip() for line in plain.replace("\r\n", "\n").split("\n")]


def test_a_terminal_shows_a_line_that_moves_and_then_goes(slow: Path) -> None:
    code, written = in_terminal(slow, "xterm")
    assert code == 0
    moved = re.findall(r"\rpins · instant · (\d+)/25 · (\d+\.\d) pairs/s · (\d+:\d\d) left", written)
    assert len(moved) >= 3
    assert [int(done) for done, _, _ in moved] == sorted(int(done) for done, _, _ in moved)
    assert all(1 < float(speed) < 34 for _, speed, _ in moved)  # 33 a second at best
    stays = screen_of(written)
    assert not any("pairs/s" in line and "left" in line for line in stays)
    assert re.search(r"=+ 25 passed in [\d.]+s =+$", "\n".join(stays), re.MULTILINE)
    assert any(line.startswith("=") and " kurabe " in line for line in stays)
    assert any(line.startswith("results: ") for line in stays)
    assert any("eaderboard" in line for line in stays)


def test_a_dumb_terminal_gets_dots_and_no_line(slow: Path) -> None:
    code, written = in_terminal(slow, "dumb")
    assert code == 0
    assert "pairs/s" not in written
    assert "\x1b" not in written
    assert "." * 25 in written
    assert re.search(r"=+ 25 passed in [\d.]+s =+", written)
