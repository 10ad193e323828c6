"""Kinds of sentences in which current models word their verdicts, and the counterparts of each.

``verdicts/natural_*.txt`` holds sentences of our own, one file for a language: ``same`` and ``different``
are read so, ``none`` is not read, and ``not same`` and ``not different`` are never read so. Other lines say
what a group is about.
"""

from pathlib import Path
from typing import cast

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read

HERE = Path(__file__).parent / "verdicts"
YES = {"en": ("Yes", "yes"), "ja": ("はい",)}
NO = {"en": ("No", "no"), "ja": ("いいえ",)}


def _rows() -> list[tuple[Language, str, str]]:
    found = []
    for file in sorted(HERE.glob("natural_*.txt")):
        language = cast("Language", file.stem.removeprefix("natural_")[:2])
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                expected, _, text = line[1:].partition("] ")
                found.append((language, expected, text.replace("\\n", "\n")))
    return found


@pytest.mark.parametrize(("language", "expected", "text"), _rows())
def test_a_kind_and_its_counterparts_are_read(language: Language, expected: str, text: str) -> None:
    verdict = read("verdict", text, language, yes=YES[language], no=NO[language]).verdict
    if expected.startswith("not "):
        assert verdict != expected.removeprefix("not ")
    else:
        assert verdict == (None if expected == "none" else expected)
