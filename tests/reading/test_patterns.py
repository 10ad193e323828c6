"""Patterns that wait to be compiled."""

import re
import subprocess
import sys

import pytest

from kurabe.reading.patterns import later

SENTENCES = ("A scratch, and Another.", "nothing", "")


@pytest.mark.parametrize("text", SENTENCES)
def test_it_does_what_the_compiled_pattern_does(text: str) -> None:
    waiting, compiled = later(r"\ban?o?", re.IGNORECASE), re.compile(r"\ban?o?", re.IGNORECASE)
    assert waiting.pattern == compiled.pattern
    assert waiting.findall(text) == compiled.findall(text)
    assert [found.span() for found in waiting.finditer(text)] == [m.span() for m in compiled.finditer(text)]
    assert waiting.sub("the", text) == compiled.sub("the", text)
    assert (waiting.search(text) is None) == (compiled.search(text) is None)
    assert (waiting.match(text, 2) is None) == (compiled.match(text, 2) is None)
    assert (waiting.fullmatch(text) is None) == (compiled.fullmatch(text) is None)
    assert waiting.split(text) == compiled.split(text)


def waiting_after(imported: str) -> int:
    """Import something in a process of its own; return how many patterns then wait."""
    program = f"{imported}\nfrom kurabe.reading import patterns\nprint(len(patterns._waiting))"
    return int(subprocess.check_output([sys.executable, "-c", program], text=True))


def test_a_run_compiles_what_it_needs_and_others_get_a_ready_reader() -> None:
    assert waiting_after("import kurabe.scoring") > 1000
    assert waiting_after("from kurabe.reading import read") == 0
    assert waiting_after("import kurabe.reading; kurabe.reading.affirms") == 0
    plain = "from kurabe.reading.reader import read; read('verdict', 'Yes.', 'en', yes=('Yes',), no=('No',))"
    assert waiting_after(plain) > 0


def test_a_name_that_is_not_there_is_told() -> None:
    with pytest.raises(ImportError, match="reads"):
        from kurabe.reading import reads  # noqa: F401
