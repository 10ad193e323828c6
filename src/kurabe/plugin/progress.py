"""The line that says what is being answered, how fast, and how long it will take."""

import time
from contextlib import AbstractContextManager
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
                self._terminal.write_line("")
                self._terminal.write_line(describe(progress))

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
        parts.append(f"{speed:.1f} pairs/s" if speed < 100 else f"{speed:.0f} pairs/s")
        parts.append(
            f"{left // 3600}:{left % 3600 // 60:02}:{left % 60:02} left"
            if left >= 3600
            else f"{left // 60}:{left % 60:02} left"
        )
    return " · ".join(parts)
