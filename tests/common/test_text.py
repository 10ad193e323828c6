import pytest

from kurabe.common.errors import KurabeError, Problem, in_words
from kurabe.common.text import printable

CLEAR = "\x1b[2J\x1b]0;title\x07\r\x9b31m\u202egnp"
SHOWN = r"\x1b[2J\x1b]0;title\x07\r\x9b31m\u202egnp"


def test_control_characters_are_shown() -> None:
    assert printable(CLEAR) == SHOWN


@pytest.mark.parametrize("text", ["", "a\tb\nc", "基準画像 ガード", "– … é", "👩‍🔧"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert printable(text) == text


def test_no_error_reaches_a_terminal_raw() -> None:
    assert str(KurabeError(CLEAR)) == SHOWN
    assert str(Problem(CLEAR, where="case a")) == f"case a: {SHOWN}"
    assert in_words(ValueError(CLEAR)) == f"ValueError: {SHOWN}"
