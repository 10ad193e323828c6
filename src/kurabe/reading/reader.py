"""One entry for all kinds of question: a text goes in, what it says comes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from kurabe.common.vocabulary import Asks, Language, QuestionKind, Verdict
from kurabe.reading.again import none_in_japanese
from kurabe.reading.all_ways import read_in_all_ways
from kurabe.reading.answers import AnswerWords, answer_words
from kurabe.reading.bare_lists import bare_list
from kurabe.reading.choice import read_choice
from kurabe.reading.count import read_count
from kurabe.reading.differences import read_differences
from kurabe.reading.english.guards import speaks_against
from kurabe.reading.japanese import is_japanese
from kurabe.reading.lines import LONGEST_ANSWER, MOST_SENTENCES
from kurabe.reading.literals import find
from kurabe.reading.patterns import later
from kurabe.reading.plain import plain
from kurabe.reading.structured import PLAIN_WORDS, held_to, schema
from kurabe.reading.verdict import sentence
from kurabe.reading.vetoes import unseen

_ONE_SIDE = later("“(?:[12一二]枚目|画像[12]|写真[12]|(?:image|picture|photo) [12])[:：]")
"""A line that tells of one picture: how many differences such lines tell of, they do not say."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says.

    Attributes:
        verdict: Of a ``verdict`` or ``differences`` answer; None if it says neither or both.
        count: Of a ``count`` answer.
        choice: Of a ``choice`` answer: the option's text.
        items: Of a ``differences`` answer: the differences it claims, one each, as they were written.
            Empty if it says that there is none, or only that there are some.
        reason: Why nothing could be read; empty if something was.
        rule: By which rule it was read, with the words that decided; empty if nothing was.
    """

    verdict: Verdict | None = None
    count: int | None = None
    choice: str | None = None
    items: tuple[str, ...] = ()
    reason: str = ""
    rule: str = ""


def read(
    kind: QuestionKind,
    text: str,
    language: Language,
    options: Sequence[str] = (),
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    asks: Asks = "difference",
) -> Reading:
    """Read an answer, and never guess: what it leaves open comes out as None, with the reason.

    An answer is read only if every clause that could change its meaning has been understood. English is
    understood whatever the prompt's language, and so are Japanese statements; a bare はい is an answer to
    a Japanese question alone. What the shipped prompts exclude (light, noise, a small shift) is no
    difference.

    Args:
        kind: What was asked.
        text: The answer as the model wrote it.
        language: The prompt's language.
        options: The options of a ``choice``, in the order of their letters.
        yes: Words that answer a ``verdict`` with "different"; default: the language's yes.
        no: Words that answer a ``verdict`` with "same".
        asks: ``sameness`` if the prompt asks whether the two are the same, so that a yes means "same".
            Where ``yes`` or ``no`` hold a plain yes or no, they decide.
    """
    held = held_to(schema(kind, language, options, yes, no), text)
    if held is not None:
        return _held(kind, held, options, yes or _different(language, asks))
    body = plain(text)
    if not any(char.isalnum() for char in body) and body != "[]":
        return Reading(reason="the answer is empty")
    if kind == "describe":
        return Reading()
    if len(body) > LONGEST_ANSWER:
        return Reading(reason=f"the answer is longer than {LONGEST_ANSWER:,} characters")
    if body.count("\n") + body.count(". ") + body.count("。") > MOST_SENTENCES:
        return Reading(reason=f"the answer has more than {MOST_SENTENCES} sentences")
    words = answer_words(language, tuple(yes), tuple(no), asks)
    match kind:
        case "verdict":
            settled = read_in_all_ways(body, words)
            return Reading(verdict=settled.verdict, reason=settled.reason, rule=settled.rule)
        case "differences":
            return _differences(body, words)
        case "count":
            counted = read_count(body, words)
            return Reading(count=counted.number, reason=counted.reason, rule=counted.rule)
        case "choice":
            chosen = read_choice(body, tuple(options))
            return Reading(choice=chosen.option, reason=chosen.reason, rule=chosen.rule)


def _differences(body: str, words: AnswerWords) -> Reading:
    """Return the differences that an answer names, unless it takes them back or saw no second picture."""
    listed = read_differences(body, words)
    if listed.verdict == "same" and unseen(body):
        return Reading(reason="it has not seen both pictures, or speaks of a picture that is missing")
    if listed.verdict == "different" and "\n" in body and not find(body).values:
        whole = bare_list(body, lambda part: sentence(part, words))
        if len(whole) > len(listed.items):
            return Reading(verdict="different", items=whole, rule=f"a list of {len(whole)}, and nothing else")
    if listed.verdict == "different" and (against := _told_against(body, listed.items)):
        return Reading(reason=against)
    if listed.verdict is None and none_in_japanese(body, words):
        return Reading(verdict="same", rule="sameness is stated, and no other clause can turn it")
    if listed.verdict is None and not find(body).values:
        return _differences_otherwise(body, words, listed.reason)
    if listed.verdict == "different" and not listed.items and _ONE_SIDE.search(listed.rule):
        return Reading(reason="it sets two pictures beside each other, line by line")
    return Reading(verdict=listed.verdict, items=listed.items, reason=listed.reason, rule=listed.rule)


def _differences_otherwise(body: str, words: AnswerWords, reason: str) -> Reading:
    """Return the entries of a bare list, or "same" where an answer says so as a verdict would."""
    if items := bare_list(body, lambda part: sentence(part, words)):
        return Reading(verdict="different", items=items, rule=f"a list of {len(items)}, and nothing else")
    settled = read_in_all_ways(body, words)
    if settled.verdict == "same" and not unseen(body):
        return Reading(verdict="same", rule=settled.rule)
    return Reading(reason=reason)


def _told_against(body: str, items: Sequence[str]) -> str:
    """Return what speaks against a single difference that is named in prose, not in a list; else nothing."""
    if len(items) != 1 or "\n" in body.strip() or find(body).values or is_japanese(body):
        return ""
    return speaks_against(body.lower(), f"“{items[0].lower()}”")


def _held(kind: QuestionKind, value: str | int, options: Sequence[str], yes: Sequence[str]) -> Reading:
    """Return what a value says that follows the schema of its closed question."""
    rule = "follows the schema of the question"
    if isinstance(value, int):
        return Reading(count=value, rule=rule)
    if kind == "choice":
        return Reading(choice=options[ord(value) - ord("A")], rule=rule)
    return Reading(verdict="different" if value in yes else "same", rule=rule)


def _different(language: Language, asks: Asks) -> Sequence[str]:
    """Return the plain word that means "different" to a prompt without words of its own."""
    yes, no = PLAIN_WORDS[language]
    return (no if asks == "sameness" else yes,)
