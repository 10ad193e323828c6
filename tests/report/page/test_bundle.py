"""The page without a browser: words, size, and that data cannot become markup."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kurabe.common.vocabulary import LANGUAGES
from kurabe.report.page import bundle
from kurabe.report.page.bundle import packed, page_html, page_words

ASSETS = Path(bundle.__file__).parent / "assets"
TEMPLATE = Path(bundle.__file__).parent / "template.html.j2"
FULL = re.compile(
    r'\b(?:say|pair|changed|w|text|said|hint|lasting|a\("[a-z-]+",)[\s(]*["\']([a-z]+\.[a-z_]+)["\']'
)

RUN: dict[str, Any] = {
    "name": "r",
    "started": None,
    "finished": None,
    "planned": None,
    "answered": 0,
    "missing": 0,
    "complete": False,
    "format": 2,
    "errors": [],
    "manifest": {},
}


EMPTY: dict[str, Any] = {
    "run": RUN,
    "pictures_at": "pictures/",
    "pictures": {},
    "trials": {name: [] for name in ("trial", "model", "outcome", "control", "swapped", "repeat")},
    "leaderboard": [],
    "raw_vs_processed": [],
}


def made(**more: Any) -> str:
    return page_html(EMPTY | more, {})


def test_the_languages_have_the_same_words_with_the_same_places_for_values() -> None:
    english, *others = (page_words(lang) for lang in LANGUAGES)
    for other in others:
        assert other.keys() == english.keys()
        for key, text in english.items():
            assert set(re.findall(r"\{\w+\}", other[key])) == set(re.findall(r"\{\w+\}", text)), key


def test_every_word_that_is_asked_for_is_there() -> None:
    sources = [*ASSETS.glob("*.js"), *TEMPLATE.parent.glob("*.j2"), TEMPLATE.with_name("static.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources]
    asked = {key for text in texts for key in FULL.findall(text)}
    assert len(asked) > 100
    assert asked - page_words("en").keys() == set()


def test_a_language_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="en, ja, not in 'fr'"):
        page_words("fr")


def test_data_travels_packed_and_comes_back_whole() -> None:
    evil = "</script><script>alert(1)</script><!-- \ud83d \u2028"
    html = made(evil=evil)
    assert "alert(1)" not in html
    content = re.search(r'id="kurabe-data">([^<]*)</script>', html)
    assert content
    text = gzip.decompress(base64.b64decode(content[1])).decode("utf-8")
    assert json.loads(text)["evil"] == evil


def test_a_page_can_be_written_whatever_a_run_left() -> None:
    html = made(run=RUN | {"manifest": {"partial": "half \ud83d"}})
    assert "half \\ud83d" in html
    assert html.encode("utf-8")


def test_a_run_gives_the_same_page_each_time() -> None:
    assert made() == made()
    assert packed("text", 6) == packed("text", 6)


def test_names_of_runs_are_text() -> None:
    html = page_html(EMPTY | {"run": RUN | {"name": '"><script>x'}}, {})
    assert "<script>x" not in html


def test_what_is_written_by_hand_is_small() -> None:
    lengths = {path.name: path.read_text(encoding="utf-8").count("\n") for path in ASSETS.iterdir()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert {path.suffix for path in ASSETS.iterdir()} == {".css", ".js"}
