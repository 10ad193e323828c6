"""Kinds of answers that the second half of the eighth corpus showed to be read wrongly or not at all.

``verdicts/opened_*.txt`` holds sentences of our own for each kind, with their counterparts: ``same`` and
``different`` are read so, ``none`` is not read, and ``not same`` and ``not different`` are never read so. A
name that begins with ``opened_count`` or ``opened_differences`` holds answers to these questions, and how
many they name.
"""

from pathlib import Path

import pytest

from kurabe.common.vocabulary import Language
from kurabe.reading import read

HERE = Path(__file__).parent / "verdicts"
YES = {"en": ("Yes", "yes"), "ja": ("はい",)}
NO = {"en": ("No", "no"), "ja": ("いいえ",)}


def _rows(name: str) -> list[tuple[str, str]]:
    rows = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            expected, _, text = line[1:].partition("] ")
            rows.append((expected, text.replace("\\n", "\n")))
    return rows


LANGUAGES: tuple[Language, ...] = ("en", "ja")
VERDICTS = [
    (language, *row)
    for language in LANGUAGES
    for file in sorted(HERE.glob(f"opened_*_{language}.txt"))
    if "count" not in file.name and "differences" not in file.name
    for row in _rows(file.name)
]


@pytest.mark.parametrize(("language", "expected", "text"), VERDICTS)
def test_a_kind_and_its_counterparts_are_read(language: Language, expected: str, text: str) -> None:
    verdict = read("verdict", text, language, yes=YES[language], no=NO[language]).verdict
    if expected.startswith("not "):
        assert verdict != expected.removeprefix("not ")
    else:
        assert verdict == (None if expected == "none" else expected)


def _answers(kind: str) -> list[tuple[Language, str, str]]:
    return [(language, *row) for language in LANGUAGES for row in _rows(f"opened_{kind}_{language}.txt")]


@pytest.mark.parametrize(("language", "expected", "text"), _answers("count"))
def test_a_number_is_read(language: Language, expected: str, text: str) -> None:
    assert read("count", text, language).count == (None if expected == "none" else int(expected))


@pytest.mark.parametrize(("language", "expected", "text"), _answers("differences"))
def test_the_entries_of_a_list_are_read(language: Language, expected: str, text: str) -> None:
    reading = read("differences", text, language)
    if expected == "none":
        assert reading.verdict is None
    else:
        assert reading.verdict == ("same" if expected == "0" else "different")
        assert len(reading.items) == int(expected)
