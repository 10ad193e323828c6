"""Japanese answers as current models usually write them: a kind, and its counterparts.

``verdicts/natural_ja.txt`` holds wordings of our own: ``same`` and ``different`` are read so, ``none`` is not
read, and ``not same`` and ``not different`` are never read so.
"""

from pathlib import Path

import pytest

from kurabe.reading import read

FILE = Path(__file__).parent / "verdicts" / "natural_ja.txt"


def _rows() -> list[tuple[str, str]]:
    rows = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            expected, _, text = line[1:].partition("] ")
            rows.append((expected, text.replace("\\n", "\n")))
    return rows


@pytest.mark.parametrize(("expected", "text"), _rows())
def test_a_kind_and_its_counterparts_are_read(expected: str, text: str) -> None:
    verdict = read("verdict", text, "ja", yes=("はい",), no=("いいえ",)).verdict
    if expected.startswith("not "):
        assert verdict != expected.removeprefix("not ")
    else:
        assert verdict == (None if expected == "none" else expected)
