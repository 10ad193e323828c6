"""The schema that an engine can be held to, and that every answer of which is read right."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kurabe.common.vocabulary import LANGUAGES, QUESTIONS, Asks, Language
from kurabe.reading import read, schema
from tests.reading.third.words import ENGLISH, JAPANESE

LANGUAGE = st.sampled_from(LANGUAGES)
WORD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
FINDINGS = {
    language: st.lists(
        st.sampled_from([wording for fault in faults for wording in (fault.thing, fault.happening)]),
        unique=True,
    )
    for language, faults in (("en", ENGLISH), ("ja", JAPANESE))
}


def answer(form: dict[str, Any] | None, value: object, indent: int | None = None) -> str:
    """An answer that follows the schema."""
    assert form is not None
    (name,) = form["properties"]
    return json.dumps({name: value}, ensure_ascii=indent is None, indent=indent)


@given(
    language=LANGUAGE,
    words=st.lists(WORD, min_size=2, max_size=2, unique=True),
    indent=st.sampled_from([None, 2]),
)
def test_a_verdict_in_the_prompts_own_words_is_read(
    language: Language, words: list[str], indent: int | None
) -> None:
    different, same = words
    assume(same != "x")  # a word that means both
    form = schema("verdict", language, yes=[different, "x"], no=[same])
    assert form is not None
    assert form["properties"]["answer"]["enum"] == words
    for word, verdict in ((different, "different"), (same, "same")):
        assert (
            read("verdict", answer(form, word, indent), language, yes=[different, "x"], no=[same]).verdict
            == verdict
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asks", ["difference", "sameness"])
def test_a_plain_yes_means_what_the_prompt_asks_for(language: Language, asks: Asks) -> None:
    form = schema("verdict", language)
    assert form is not None
    readings = [
        read("verdict", answer(form, word), language, asks=asks).verdict
        for word in form["properties"]["answer"]["enum"]
    ]
    assert readings == (["different", "same"] if asks == "difference" else ["same", "different"])


@given(number=st.integers(0, 10**6), language=LANGUAGE)
def test_a_count_is_read(number: int, language: Language) -> None:
    assert read("count", answer(schema("count", language), number), language).count == number


@given(number=st.one_of(st.integers(max_value=-1), st.booleans()))
def test_what_is_no_count_is_left_unread(number: int) -> None:
    assert read("count", answer(schema("count"), number), "en").count is None


@given(options=st.lists(WORD, min_size=2, max_size=8, unique=True), language=LANGUAGE, data=st.data())
def test_a_choice_is_read(options: list[str], language: Language, data: st.DataObject) -> None:
    form = schema("choice", language, options)
    assert form is not None
    letters = form["properties"]["answer"]["enum"]
    assert len(letters) == len(options)
    place = data.draw(st.sampled_from(range(len(options))))
    assert read("choice", answer(form, letters[place]), language, options).choice == options[place]


@given(language=LANGUAGE, data=st.data())
def test_a_list_of_differences_is_read_entry_by_entry(language: Language, data: st.DataObject) -> None:
    findings = data.draw(FINDINGS[language])
    reading = read("differences", answer(schema("differences", language), findings), language)
    assert reading.items == tuple(findings)
    assert reading.verdict == ("different" if findings else "same")


def test_each_question_but_a_description_has_a_schema() -> None:
    for kind in QUESTIONS:
        form = schema(kind, options=("a bent pin", "a scratch"))
        assert (form is None) == (kind == "describe")
        if form is not None:
            assert form["required"] == list(form["properties"])
            assert form["additionalProperties"] is False
    assert schema("choice") is None
