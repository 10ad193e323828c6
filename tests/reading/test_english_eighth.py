"""Kinds of English answers that the first half of the eighth corpus showed to be read wrongly or not at all.

``verdicts/english_eighth.txt`` holds sentences of our own for each kind, with their counterparts: ``same``
and ``different`` are read so, ``none`` is not read, and ``not same`` and ``not different`` are never read so.
``verdicts/english_guards.txt`` holds in the same manner what speaks against a "different" that rests on one
clause.
"""

from pathlib import Path

import pytest

from kurabe.reading import read

HERE = Path(__file__).parent


def _rows(name: str) -> list[tuple[str, str]]:
    rows = []
    for line in (HERE / "verdicts" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            expected, _, text = line[1:].partition("] ")
            rows.append((expected, text.replace("\\n", "\n")))
    return rows


@pytest.mark.parametrize(("expected", "text"), [*_rows("english_eighth.txt"), *_rows("english_guards.txt")])
def test_a_kind_and_its_counterparts_are_read(expected: str, text: str) -> None:
    verdict = read("verdict", text, "en", yes=("Yes", "yes"), no=("No", "no")).verdict
    if expected.startswith("not "):
        assert verdict != expected.removeprefix("not ")
    else:
        assert verdict == (None if expected == "none" else expected)


@pytest.mark.parametrize(
    "text",
    [
        "It's merely the lamp that moved; the item is untouched. No difference.",
        "It's just the camera that was moved. The part is unchanged.",
    ],
)
def test_a_change_of_the_picture_is_no_item(text: str) -> None:
    assert read("differences", text, "en").verdict != "different"


def test_a_difference_in_prose_stays_an_item() -> None:
    found = read("differences", "The lid is dented in the second picture.", "en")
    assert found.verdict == "different"
    assert len(found.items) == 1
