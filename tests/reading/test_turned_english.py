"""English answers whose conclusion is turned round by a clause with words that nobody foresaw.

``turned_en.txt`` holds them under the verdict that they must not be read as: restricted, doubted, reported,
supposed, denied or taken back. The second look (`kurabe.reading.english.anew`) lets unknown words pass, so
these are what it must not let pass.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kurabe.common.vocabulary import Verdict
from kurabe.reading import read

HERE = Path(__file__).parent
HARMLESS = ("Both pictures show a zip tie on a bench.", "The plinth is made of terrazzo.")


def turned() -> Iterator[tuple[str, Verdict]]:
    """Every answer, with the verdict that it must not be read as."""
    never: Verdict = "same"
    for line in (HERE / "turned_en.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            never = "different" if line == "# different" else "same"
        else:
            yield line, never


def test_there_are_many_of_either_kind() -> None:
    found = [never for _, never in turned()]
    assert len(set(turned())) == len(found) > 100
    assert found.count("different") > 25


def test_none_is_read_as_its_opposite() -> None:
    assert not [text for text, never in turned() if read("verdict", text, "en").verdict == never]


@pytest.mark.parametrize("harmless", HARMLESS)
def test_none_is_read_as_its_opposite_beside_a_description(harmless: str) -> None:
    both = [(f"{harmless} {text}", never) for text, never in turned()]
    both += [(f"{text} {harmless}", never) for text, never in turned()]
    assert not [text for text, never in both if read("verdict", text, "en").verdict == never]


READ: tuple[tuple[str, Verdict], ...] = (
    (
        "The housing is a white rectangular block seen from above. So the photographs show no difference.",
        "same",
    ),
    ("Wait, is the clip missing? No, it's there. Everything else lines up as well. No difference.", "same"),
    ("Although the reflections on the chrome differ, the tap is the same in both photos.", "same"),
    ("You'd be hard pressed to find a difference between these two corks.", "same"),
    (
        "I was about to say that a tooth is missing, but it can be made out. So the combs agree after all.",
        "same",
    ),
    ("The second padlock's shackle has been sawn through.", "different"),
    ("The test piece has a flat spot that the master doesn't have.", "different"),
    ("The liquid in the second ampoule is cloudy. In the first it's clear.", "different"),
    ("I count four feet under the first cabinet and three under the second.", "different"),
    ("A strip of tape now covers the vent.", "different"),
)


@pytest.mark.parametrize(("text", "verdict"), READ)
def test_unknown_words_beside_a_plain_statement_do_not_leave_it_unread(text: str, verdict: Verdict) -> None:
    assert read("verdict", text, "en").verdict == verdict
