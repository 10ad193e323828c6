"""What holds for any answer: reading never fails, is fast, and looks through wrapping."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.cases.prompts import load_prompts
from kurabe.common.vocabulary import LANGUAGES, LAYOUTS, QUESTIONS, Language, QuestionKind
from kurabe.reading import read, says_hit, word_in
from tests.reading.make_answers import built
from tests.reading.test_answers import OPTIONS
from tests.reading.verdicts import TABLE

WORDS = """
yes no not n't the same different difference differences identical is are there a A B (C) 1. - 3 two or but
except maybe cannot tell , . ? : ** <think> </think> { } [ ] "
はい いいえ 違い は が ありません あります 同じ です ない 、 。 以外 3個
"""
FRAGMENTS = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=30).map(" ".join)
ANY_TEXT = st.one_of(st.text(max_size=300), FRAGMENTS)
READABLE = [(text, language, verdict) for text, language, verdict in TABLE if verdict is not None]
WRAPPINGS = [
    "  {}\n", "**{}**", "*{}*", "__{}__", "`{}`", "# {}", "> {}", "- {}", "```\n{}\n```", '"{}"',
    "<think>maybe not</think>\n{}", "{}<|end|>",
]  # fmt: skip


@pytest.mark.parametrize("kind", QUESTIONS)
@given(text=ANY_TEXT, language=st.sampled_from(LANGUAGES))
def test_reading_never_fails(kind: QuestionKind, text: str, language: Language) -> None:
    reading = read(kind, text, language, OPTIONS)
    found = {"verdict": reading.verdict, "differences": reading.verdict, "count": reading.count}
    if kind != "describe":
        assert bool(reading.reason) == (found.get(kind, reading.choice) is None)
    assert reading.choice in (*OPTIONS, None)
    assert not reading.items or reading.verdict == "different"


@given(
    text=ANY_TEXT, yes=st.lists(st.text(max_size=8), max_size=3), no=st.lists(st.text(max_size=8), max_size=3)
)
def test_reading_never_fails_whatever_the_words(text: str, yes: list[str], no: list[str]) -> None:
    assert read("verdict", text, "en", yes=yes, no=no).count is None


@given(case=st.sampled_from(READABLE), wrapping=st.sampled_from(WRAPPINGS))
def test_wrapping_changes_nothing(case: tuple[str, Language, str], wrapping: str) -> None:
    text, language, verdict = case
    assert read("verdict", wrapping.format(text), language).verdict == verdict


@given(case=st.sampled_from(READABLE), change=st.sampled_from([str.upper, str.lower, str.title]))
def test_case_changes_nothing(case: tuple[str, Language, str], change: object) -> None:
    text, language, verdict = case
    assert callable(change)
    assert read("verdict", change(text), language).verdict == verdict


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_words_that_a_prompt_asks_for_are_read(language: Language, layout: str) -> None:
    prompt = load_prompts().render("verdict", language, layout, "aligned")  # type: ignore[arg-type]
    for words, verdict in ((prompt.yes, "different"), (prompt.no, "same")):
        for word in words:
            for text in (word, f"{word}.", f" {word}\n", f"**{word}**"):
                assert read("verdict", text, language, yes=prompt.yes, no=prompt.no).verdict == verdict


@given(text=st.text(max_size=200), word=st.text(max_size=20))
def test_matching_never_fails_and_agrees_with_itself(text: str, word: str) -> None:
    assert says_hit(text, [[word]]) == word_in(text, word)


@given(word=st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=12))
def test_a_word_stands_between_borders_alone(word: str) -> None:
    assert word_in(f"the {word.upper()}, here", word)
    assert not word_in(f"x{word}", word)
    assert not word_in(f"{word}x", word)


RATIO = 2.4
"""Of the time of other work; 2.0 as the reader stands on an idle machine, a tenth more on a busy one."""


def _spent(work: Callable[[], object]) -> float:
    begin = time.process_time()
    for _ in range(100):
        work()
    return time.process_time() - begin


def test_reading_an_answer_costs_little() -> None:
    """Half a second for a thousand on an idle machine, held against other work, as machines differ."""
    answer = (
        "There is a difference between the two pictures. In the lower picture the third pin from the left is "
        "bent to the right, while it is straight in the upper one. Everything else looks the same to me."
    )
    told = {"words": answer.split(), "letters": list(answer), "answer": answer}

    def other() -> object:
        return [json.loads(json.dumps(told, indent=1)) for _ in range(5)]

    assert read("verdict", answer, "en").verdict == "different"
    ratios = [_spent(lambda: read("verdict", answer, "en")) / _spent(other) for _ in range(20)]
    assert statistics.median(ratios) < RATIO


JUNK = [
    *(
        "は",
        "では",
        "違い",
        "違いは、",
        "同じ",
        "、",
        "ー",
        "no ",
        "not ",
        "yes, ",
        "three ",
        "3 or ",
        "x",
        " ",
        "\n",
    ),
    *(
        "difference ",
        "because ",
        "the answer is ",
        "The left pin is missing. ",
        "A, ",
        "(A) ",
        "1. ",
        "- a\n",
    ),
    *("a:", "*", "'", "_ ", "{", "[", "<a", "<think>", "\\boxed{", "."),
    *(
        "<",
        "<answer>",
        "</think>",
        "<li>",
        "|",
        "1",
        "1,",
        "and ",
        "with ",
        "not ",
        "上の写真",
        "カ",
        "yes/",
        "it seems ",
    ),
]


def seconds(kind: QuestionKind, text: str) -> float:
    gc.disable()  # it would walk over all that other tests have left in memory
    try:
        begin = time.process_time()
        read(kind, text, "ja", OPTIONS)
        return time.process_time() - begin
    finally:
        gc.enable()


@pytest.mark.parametrize("unit", JUNK)
def test_a_model_that_repeats_itself_costs_no_time(unit: str) -> None:
    """A tenth of a second; on a busy machine, four times the text in at most eight times that."""
    text = unit * (100_000 // len(unit))
    for kind in QUESTIONS:
        whole = seconds(kind, text + " end")
        assert whole < 0.1 or whole < 8 * seconds(kind, text[:25_000] + " end")


@pytest.mark.parametrize(
    "unit",
    [
        "after looking at ",
        "based on what I see from looking ",
        "upon review the answer to ",
        "the answer to this is ",
        "so in conclusion ",
        "apart from that ",
        "nothing but ",
        "したがって、",
        "部品と",
        "ところ",
        "447",
    ],
)
def test_a_few_words_again_and_again_cost_no_time(unit: str) -> None:
    """A tenth of a second, however often: short answers are where patterns try all ways to part a text."""
    for often in (10, 20, 40, 80):
        text = unit * often + "they are the same."
        assert min(seconds("verdict", text) for _ in range(2)) < 0.1


def test_broken_answers_are_read_without_failing() -> None:
    """3,000 answers with letters lost, added and mixed up."""
    rng = Random(5)
    texts = [row.text for row in built(3, scale=0.1)]
    letters = "".join(sorted(set("".join(texts)))) + "<>{}[]()|\\$*_`#\u200b\x00"
    for number in range(3000):
        text = list(rng.choice(texts))
        for _ in range(rng.randrange(1, 8)):
            place = rng.randrange(len(text) + 1)
            text[place : place + rng.randrange(3)] = rng.choice((rng.choice(letters), rng.choice(texts)[:40]))
        kind = QUESTIONS[number % len(QUESTIONS)]
        reading = read(kind, "".join(text), LANGUAGES[number % 2], OPTIONS)
        assert bool(reading.rule) != bool(reading.reason) or kind == "describe"
