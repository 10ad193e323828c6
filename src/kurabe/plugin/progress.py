"""The line that says what is being answered, how fast, and how long it will take."""

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from kurabe.answering.states import Progress

_EVERY = 0.2  # seconds between two rewrites of the line
_PLAIN_EVERY = 30.0  # seconds between two lines where none can be rewritten


class Terminal(Protocol):
    """The part of pytest's terminal reporter that is used."""

    def rewrite(self, line: str, **markup: bool) -> None:
        """Write over the current line."""

    def write_line(self, line: str, **markup: bool) -> None:
        """Write a line of its own."""

    def ensure_newline(self) -> None:
        """End the current line, if anything stands on it."""

    currentfspath: object
    """The file whose dots are being written; a text where trials have lines of their own."""


class ProgressLine:
    """Shows progress on a terminal that can rewrite a line; elsewhere a plain line now and then."""

    def __init__(self, terminal: Terminal, uncaptured: "Uncaptured", live: bool) -> None:
        """Take the terminal.

        Args:
            terminal: pytest's reporter.
            uncaptured: Gives contexts in which output reaches the terminal.
            live: True if the terminal can rewrite its line.
        """
        self._terminal = terminal
        self._uncaptured = uncaptured
        self._live = live
        self._last = time.monotonic() if not live else 0.0
        self._shown = False

    def show(self, progress: Progress) -> None:
        """Show how far the session is, if the last time is long enough ago."""
        now = time.monotonic()
        if now - self._last < (_EVERY if self._live else _PLAIN_EVERY) and progress.done < progress.total:
            return
        if not self._live and progress.done == progress.total and not self._shown:
            return  # a short run in a plain terminal needs no line at all
        self._last, self._shown = now, True
        with self._uncaptured():
            if self._live:
                self._terminal.rewrite(describe(progress), erase=True)
            else:
                self._on_its_own(describe(progress))

    def _on_its_own(self, line: str) -> None:
        """Write a line between pytest's dots, which go on at the left below it."""
        before, writer = self._terminal.currentfspath, getattr(self._terminal, "_tw", None)
        if writer is not None and not writer.width_of_current_line:
            self._terminal.currentfspath = None  # the line is empty: ending it would leave a gap
        self._terminal.ensure_newline()
        self._terminal.write_line(line)
        if isinstance(before, Path):
            # Else pytest would write a single dot, and then the file's name once more. With -v there are no
            # dots: it is to write the trial's name again.
            self._terminal.currentfspath = before

    def clear(self) -> None:
        """Take the line away, before other output comes."""
        if self._live and self._shown:
            self._shown = False
            with self._uncaptured():
                self._terminal.rewrite("", erase=True)


class Uncaptured(Protocol):
    """Gives a context in which output is not captured."""

    def __call__(self) -> AbstractContextManager[None]:
        """Return the context."""


def describe(progress: Progress) -> str:
    """Put progress into words: ``everyday · phi-3.5 · 43/203 · 7.1 pairs/s · 0:32 left``."""
    parts = [progress.suite, progress.model, f"{progress.done}/{progress.total}"]
    if progress.asked and progress.seconds > 0:
        speed = progress.asked / progress.seconds
        left = round((progress.total - progress.done) / speed)
        parts.append(_speed(speed))
        parts.append(
            f"{left // 3600}:{left % 3600 // 60:02}:{left % 60:02} left"
            if left >= 3600
            else f"{left // 60}:{left % 60:02} left"
        )
    return " · ".join(parts)


def _speed(speed: float) -> str:
    """Return pairs a second; below one the seconds that a pair takes, which never round to 0."""
    if speed < 1:
        return f"{1 / speed:.1f} s/pair" if speed > 0.01 else f"{1 / speed:.0f} s/pair"
    return f"{speed:.1f} pairs/s" if speed < 100 else f"{speed:.0f} pairs/s"
