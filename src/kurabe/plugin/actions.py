"""What a run tells GitHub Actions: a summary of the step, and annotations beside the files.

Both follow variables that GitHub sets, so that nothing has to be switched on. Gitea and Forgejo set the same.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kurabe.common.text import printable
from kurabe.plugin.checks import Checks

if TYPE_CHECKING:
    from kurabe.plugin.session import Session
    from kurabe.results.record import Record

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file of the step's summary."""

LARGEST = 1_000_000
"""Bytes of a summary, what stands in it before included: GitHub drops one that is over 1 MiB as a whole."""

MOST = 10
"""Annotations of a kind: GitHub shows no more of a step."""


def write_step_summary(session: Session, checks: Checks, environment: Mapping[str, str] = os.environ) -> str:
    """Add the run to the summary of the step, if GitHub asks for one.

    Returns:
        What went wrong; "" if nothing did. It spoils no run.
    """
    file = environment.get(SUMMARY)
    if not file or session.run is None or session.tables is None:
        return ""
    from kurabe.report.markdown import markdown
    from kurabe.report.remarks import remarks

    suites = {record.suite for record in session.records}
    left_out = session.participants.left_out
    notes = [*remarks(suites, left_out, session.refused, session.fewer, session.partial), *session.messages]
    text = _gates(checks) + markdown(session.run, session.records, session.tables, session.planned, notes)
    path = Path(file)
    try:
        there = path.stat().st_size if path.exists() else 0
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as summary:
            summary.write(cut(text, LARGEST - there))
    except OSError as error:
        return f"{SUMMARY}: {path} cannot be written: {error.strerror or error}"
    return ""


def _gates(checks: Checks) -> str:
    # As code, line by line: a gate quotes names, in which Markdown would see markup.
    lines = [*(f"FAILED {line}" for line in checks.failed), *checks.held]
    quoted = [printable(line).replace("`", "'").replace("\n", " ") for line in lines]
    return "".join(f"- `{line}`\n" for line in quoted) + ("\n" if lines else "")


def cut(text: str, most: int) -> str:
    """Return whole lines of a text, at most so many bytes in UTF-8, and say if there were more."""
    if len(text.encode("utf-8", "backslashreplace")) <= most:
        return text
    note = "\n… the rest does not fit into this summary: see the page of the run.\n"
    room, kept = most - len(note.encode()), []
    for line in text.splitlines(keepends=True):
        room -= len(line.encode("utf-8", "backslashreplace"))
        if room < 0:
            break
        kept.append(line)
    return "".join(kept) + note if most > len(note.encode()) else ""


def commands_of(session: Session, checks: Checks, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return what GitHub is to show beside the files and the step, a workflow command each.

    Errors are gates and limits that do not hold, and broken cases; warnings are models whose trials ended
    in errors, and what makes a run partial.
    """
    if environment.get("GITHUB_ACTIONS") != "true":
        return []
    root = Path(environment.get("GITHUB_WORKSPACE") or Path.cwd())
    errors = [_command("error", line, title="kurabe gate") for line in checks.failed]
    for problem in session.suites.problems:
        place = {} if problem.path is None else {"file": _from(root, problem.path)}
        place |= {} if problem.line is None else {"line": str(problem.line)}
        where = f"{problem.where}: " if problem.where else ""
        errors.append(_command("error", f"{where}{problem.what}", **place, title="kurabe case"))
    warnings = [_command("warning", line, title="kurabe errors") for line in _errors(session.records)]
    if session.run is not None and session.partial:
        warnings.append(_command("warning", f"partial run: {session.partial}", title="kurabe"))
    return [*_first(errors, "error"), *_first(warnings, "warning")]


def _first(commands: Sequence[str], level: str) -> list[str]:
    if len(commands) <= MOST:
        return list(commands)
    more = len(commands) - MOST + 1
    return [*commands[: MOST - 1], _command(level, f"and {more} more: see the log", title="kurabe")]


def _errors(records: Iterable[Record]) -> list[str]:
    """Return a sentence for each model with trials that ended in an error."""
    asked: Counter[str] = Counter()
    failed: dict[str, list[str]] = {}
    for record in records:
        asked[record.model] += 1
        if record.outcome == "error":
            failed.setdefault(record.model, []).append(record.error or "")
    return [
        f"{model}: {len(errors)} of {asked[model]} trials ended in an error, the first: {errors[0]}"
        for model, errors in failed.items()
    ]


def _from(root: Path, path: Path) -> str:
    # GitHub finds a file only by its path from the root of the repository.
    resolved, base = path.resolve(), root.resolve()
    return resolved.relative_to(base).as_posix() if resolved.is_relative_to(base) else str(resolved)


def _command(level: str, message: str, **properties: str) -> str:
    told = ",".join(f"{key}={_escaped(value, of_property=True)}" for key, value in properties.items())
    return f"::{level} {told}::{_escaped(message)}"


def _escaped(text: str, *, of_property: bool = False) -> str:
    """Return text as a workflow command has it; an answer that is quoted begins no command of its own."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    escaped = escaped.replace(":", "%3A").replace(",", "%2C") if of_property else escaped
    return printable(escaped)
