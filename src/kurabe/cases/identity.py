"""What tells whether two hosts hold the same cases: digests of what suites declare and of their pictures."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from kurabe.cases.case import Case
from kurabe.cases.suites import Suite

_LENGTH = 16
"""Hexadecimal digits of a digest: two of a million differing suites share one with a chance of 3e-8."""


def suite_digest(suite: Suite) -> str:
    """Return a digest of all that a suite declares, however its file is laid out."""
    parts = [
        suite.file.model_dump(mode="json", exclude={"cases", "title", "prompts"}),
        [case.model_dump(mode="json") for case in suite.cases],
    ]
    return digest_of(parts)


def digest_of(value: object) -> str:
    """Return a digest of something that JSON can hold."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_LENGTH]


def picture_digests(cases: Iterable[tuple[Suite, Case]]) -> dict[str, str]:
    """Return a digest of all files that a case shows or masks with, by ``suite/id``.

    Each file is read once.
    """
    known: dict[Path, str] = {}
    found = {}
    for suite, case in cases:
        ignore = suite.ignore(case)
        named = [*case.good, case.test, ignore if isinstance(ignore, str) else None]
        for pair in case.processed.values():
            named += [pair.reference, pair.test]
        paths = [suite.image(name) for name in named if name is not None]
        for path in paths:
            if path not in known:
                known[path] = _file(path)
        found[f"{suite.name}/{case.id}"] = digest_of([known[path] for path in paths])
    return found


def _file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {type(error).__name__}"
