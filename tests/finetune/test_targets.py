"""What a model is trained to say is what the scorer takes for right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kurabe.cases import suites
from kurabe.cases.case import Case, Describe, Difference, Expect
from kurabe.cases.prompts import Prompt, load_prompts
from kurabe.cases.suites import Suite
from kurabe.common.request import Answer
from kurabe.common.vocabulary import LAYOUTS, QUESTIONS, Box, Language, QuestionKind
from kurabe.finetune.targets import target
from kurabe.reading import read
from kurabe.scoring import score

CASES = Path(__file__).resolve().parents[2] / "cases"
SHIPPED = suites.read(suites.find(CASES)).good


def prompt_of(question: QuestionKind, expect: Expect, language: Language = "en") -> Prompt:
    choice = expect.choice
    options = choice.options if choice else ["x", "y"]
    return load_prompts().render(question, language, LAYOUTS[0], "aligned", options)


def outcome(question: QuestionKind, expect: Expect, text: str, language: Language = "en") -> str:
    prompt = prompt_of(question, expect, language)
    options = expect.choice.options if expect.choice else ()
    reading = read(question, text, language, options, prompt.yes, prompt.no)
    return score(question, expect, reading, Answer(text)).outcome


def told(suite: Suite) -> Iterator[tuple[Case, QuestionKind]]:
    for case in suite.cases:
        for question in QUESTIONS:
            if case.expect.answers(question):
                yield case, question


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("suite", SHIPPED, ids=lambda suite: suite.name)
def test_the_target_of_every_shipped_case_is_scored_correct(suite: Suite, language: Language) -> None:
    wrong = []
    for case, question in told(suite):
        text = target(question, case.expect, prompt_of(question, case.expect, language))
        if text is None or outcome(question, case.expect, text, language) != "correct":
            wrong.append((case.id, question, text))
    assert not wrong


def test_there_are_shipped_suites_to_try() -> None:
    assert {"connector", "everyday", "shapes", "linking"} <= {suite.name for suite in SHIPPED}


def test_a_difference_is_named_by_the_first_word_of_each_group_and_its_place() -> None:
    expect = Expect(
        differences=[
            Difference(where="row 1, pin 3", says=[["missing", "gone", "欠け"], ["pin", "ピン"]]),
            Difference(kind="scratch", where="upper left"),
        ]
    )
    english = target("differences", expect, prompt_of("differences", expect))
    assert english == "missing pin, row 1, pin 3\nscratch, upper left"
    japanese = target("differences", expect, prompt_of("differences", expect, "ja"))
    assert japanese == "欠けピン、row 1, pin 3\nscratch、upper left"


def test_no_difference_is_said_as_the_prompt_asks_for_it() -> None:
    none = Expect(differences=[])
    assert target("differences", none, prompt_of("differences", none)) == "No difference"
    assert target("differences", none, prompt_of("differences", none, "ja")) == "違いはありません"
    own = Prompt('List what differs. If the "left" one is equal, say "Nothing changed".', (), (), 9)
    said = target("differences", none, own)
    assert said is not None
    assert said == "No difference" or read("differences", said, "en").verdict == "same"


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_said_where_nothing_is_known(question: QuestionKind) -> None:
    assert target(question, Expect(), prompt_of(question, Expect())) is None


def test_a_difference_known_by_its_box_alone_cannot_be_said() -> None:
    expect = Expect(differences=[Difference(box=Box(1, 2, 3, 4))])
    assert target("differences", expect, prompt_of("differences", expect)) is None


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_description_keeps_clear_of_what_must_not_be_mentioned(language: Language) -> None:
    wanted = Describe(says=[["red connector", "connector", "コネクタ"], ["pins", "ピン"]], never=["red"])
    expect = Expect(describe=wanted)
    text = target("describe", expect, prompt_of("describe", expect, language))
    assert text is not None
    assert outcome("describe", expect, text, language) == "correct"
