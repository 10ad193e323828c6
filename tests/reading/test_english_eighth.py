"""Kinds of English answers that the first half of the eighth corpus showed to be read wrongly or not at all.

``verdicts/english_eighth.txt`` holds sentences of our own for each kind, with their counterparts: ``same``
and ``different`` are read so, ``none`` is not read, and ``not same`` and ``not different`` are never read so.
"""

from pathlib import Path

import pytest

from kurabe.reading import read

HERE = Path(__file__).parent


def _rows() -> list[tuple[str, str]]:
    rows = []
    for line in (HERE / "verdicts" / "english_eighth.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            expected, _, text = line[1:].partition("] ")
            rows.append((expected, text.replace("\\n", "\n")))
    return rows


@pytest.mark.parametrize(("expected", "text"), _rows())
def test_a_kind_and_its_counterparts_are_read(expected: str, text: str) -> None:
    verdict = read("verdict", text, "en", yes=("Yes", "yes"), no=("No", "no")).verdict
    if expected.startswith("not "):
        assert verdict != expected.removeprefix("not ")
    else:
        assert verdict == (None if expected == "none" else expected)
