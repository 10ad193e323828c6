"""Prompts: what is asked, and how a project or a suite changes it."""

import itertools
from pathlib import Path
from typing import get_args

import pytest

from kurabe.cases.prompts import Prompts, load_prompts
from kurabe.common.errors import CaseError
from kurabe.common.vocabulary import LANGUAGES, LAYOUTS, QUESTIONS, Language, Layout, QuestionKind, Relation

RELATIONS: tuple[Relation, ...] = get_args(Relation)


@pytest.fixture
def prompts() -> Prompts:
    return load_prompts()


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_of_showing_a_pair_has_its_prompt(
    prompts: Prompts, kind: QuestionKind, language: Language
) -> None:
    ways = list(itertools.product(LAYOUTS, RELATIONS))
    made = [prompts.render(kind, language, layout, relation, ("x", "y")) for layout, relation in ways]
    assert len({prompt.text for prompt in made}) == (1 if kind == "describe" else len(ways))
    assert all(prompt.max_new_tokens > 0 for prompt in made)
    assert all(bool(prompt.yes and prompt.no) == (kind == "verdict") for prompt in made)
    assert "{" not in made[0].text


@pytest.mark.parametrize(("layout", "relation"), list(itertools.product(LAYOUTS, RELATIONS)))
def test_a_prompt_stays_true_when_the_pictures_are_exchanged(
    prompts: Prompts, layout: Layout, relation: Relation
) -> None:
    roles = ("reference", "test", "suspect", "original", "good part", "基準", "検査")
    for kind, language in itertools.product(QUESTIONS, LANGUAGES):
        text = prompts.render(kind, language, layout, relation, ("x", "y")).text.lower()
        assert not [role for role in roles if role in text]


def test_options_are_lettered_and_kept_as_they_are(prompts: Prompts) -> None:
    options = ("bent {question}", "{options}")
    text = prompts.render("choice", "en", "separate", "aligned", options, "What of {options}?").text
    assert "What of {options}?\nA. bent {question}\nB. {options}\n" in text
    default = prompts.render("choice", "en", "separate", "aligned", options).text
    assert "Which of these" in default


@pytest.mark.parametrize("number", [0, 27])
def test_a_choice_has_as_many_options_as_letters(prompts: Prompts, number: int) -> None:
    with pytest.raises(ValueError, match="1 to 26 options"):
        prompts.render("choice", "en", "separate", "aligned", ["x"] * number)


def test_a_text_replaces_the_question_and_leaves_the_rest(prompts: Prompts) -> None:
    changed = prompts.overlay({"verdict": {"en": "Do they differ?"}})
    before = prompts.render("verdict", "en", "stacked", "instance")
    after = changed.render("verdict", "en", "stacked", "instance")
    assert after.text.splitlines() == [before.text.splitlines()[0], "Do they differ?"]
    assert (after.yes, after.no) == (before.yes, before.no)
    assert changed.render("verdict", "ja", "stacked", "instance") == prompts.render(
        "verdict", "ja", "stacked", "instance"
    )


def test_an_entry_may_be_changed_in_part(prompts: Prompts) -> None:
    entry = {"text": "OK or NG?", "yes": ["NG"], "no": ["OK"], "introduce": False}
    prompt = prompts.overlay({"verdict": {"en": entry}}).render("verdict", "en", "stacked", "aligned")
    assert (prompt.text, prompt.yes, prompt.no) == ("OK or NG?", ("NG",), ("OK",))
    shorter = prompts.overlay({"verdict": {"en": {"max_new_tokens": 1}}})
    assert shorter.render("verdict", "en", "stacked", "aligned").max_new_tokens == 1


def test_layout_sentences_may_be_changed(prompts: Prompts) -> None:
    changed = prompts.overlay({"layout": {"en": {"stacked": "Two photographs of a board."}}})
    assert changed.render("count", "en", "stacked", "aligned").text.startswith("Two photographs of a board. ")
    assert changed.render("count", "en", "separate", "aligned") == prompts.render(
        "count", "en", "separate", "aligned"
    )


def test_an_overlay_leaves_the_original_alone(prompts: Prompts) -> None:
    before = prompts.render("count", "en", "stacked", "aligned")
    prompts.overlay({"count": {"en": "How many?"}})
    assert prompts.render("count", "en", "stacked", "aligned") == before
    assert prompts.overlay({}) is prompts


def test_a_project_brings_its_own(tmp_path: Path, prompts: Prompts) -> None:
    file = tmp_path / "prompts.yaml"
    file.write_text("verdict:\n  en:\n    text: NG?\n    yes: [yes]\n    no: [no]\n", encoding="utf-8")
    prompt = load_prompts(file).render("verdict", "en", "separate", "aligned")
    assert prompt.text.endswith("\nNG?")
    assert (prompt.yes, prompt.no) == (("yes",), ("no",))
    assert load_prompts(tmp_path / "absent.yaml") is prompts


def test_an_empty_file_changes_nothing(tmp_path: Path, prompts: Prompts) -> None:
    file = tmp_path / "prompts.yaml"
    file.write_text("# nothing yet\n")
    assert load_prompts(file) is prompts


BROKEN = """\
verdict:
  en:
    yes: [same]
    no: [Same]
  fr: Oui ou non ?
count:
  en:
    txt: How many?
    max_new_tokens: 0
choice:
  en: Which?
layout:
  en:
    stackd: x
verdikt: {}
"""


def test_everything_that_is_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "prompts.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load_prompts(file)
    assert all(problem.path == file for problem in caught.value.problems)
    found = {(problem.line, problem.where) for problem in caught.value.problems}
    assert found == {
        (2, "verdict.en"),
        (5, "verdict.fr"),
        (8, "count.en.txt"),
        (9, "count.en.max_new_tokens"),
        (11, "choice.en"),
        (14, "layout.en.stackd"),
        (15, "verdikt"),
    }
    message = str(caught.value)
    assert "'yes' and 'no'" in message
    assert "{question}" in message
    assert "use one of text, several, max_new_tokens, introduce" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: [", "not valid YAML"),
        (b"- a\n", "mapping"),
        (b"count: \xff", "UTF-8"),
        (b"count: 3\n", "count"),
        (b"count:\n  en: 3\n", "count.en"),
        (b"count:\n  en: ''\n", "count.en"),
    ],
)
def test_a_file_that_is_no_prompts_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "prompts.yaml"
    file.write_bytes(content)
    with pytest.raises(CaseError, match=words):
        load_prompts(file)


def test_a_suite_is_told_the_line_in_its_own_file(tmp_path: Path, prompts: Prompts) -> None:
    file = tmp_path / "suite.yaml"
    file.write_text("suite: x\nprompts:\n  count:\n    en:\n      max_new_tokens: many\n", encoding="utf-8")
    override = {"count": {"en": {"max_new_tokens": "many"}}}
    with pytest.raises(CaseError) as caught:
        prompts.overlay(override, file, ("prompts",))
    (problem,) = caught.value.problems
    assert (problem.line, problem.where) == (5, "prompts.count.en.max_new_tokens")


def test_a_verdict_may_ask_for_sameness() -> None:
    entry = {"text": "Are they the same?", "yes": ["No"], "no": ["Yes"], "asks": "sameness"}
    prompts = load_prompts().overlay({"verdict": {"en": entry}})
    assert prompts.render("verdict", "en", "stacked", "aligned").asks == "sameness"
    assert load_prompts().render("verdict", "en", "stacked", "aligned").asks == "difference"
    with pytest.raises(CaseError, match=r"asks.*'difference' or 'sameness'"):
        load_prompts().overlay({"verdict": {"en": entry | {"asks": "likeness"}}})


@pytest.mark.parametrize("shots", [1, 3])
@pytest.mark.parametrize("relation", get_args(Relation))
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_asked_comes_last(
    prompts: Prompts, language: Language, layout: Layout, relation: Relation, shots: int
) -> None:
    # So that questions about a pair begin alike, and a model computes their beginning once.
    kinds: list[QuestionKind] = [kind for kind in QUESTIONS if kind != "describe"]
    texts = [
        prompts.render(kind, language, layout, relation, ("a", "b"), shots=shots).text.split("\n", 1)
        for kind in kinds
    ]
    assert len({lead for lead, _ in texts}) == 1
    assert len({question for _, question in texts}) == len(kinds)
