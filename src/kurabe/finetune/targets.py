"""The right answer in words: what a model is trained to say, in the form that the prompt asks for."""

import re
from collections.abc import Sequence

from kurabe.cases.case import Describe, Difference, Expect
from kurabe.cases.prompts import Prompt
from kurabe.common.vocabulary import Language, QuestionKind
from kurabe.reading.matching import JAPANESE, word_in
from kurabe.reading.reader import read

_JAPANESE = re.compile(f"[{JAPANESE}]")
_QUOTED = re.compile(r"[\"“「](.+?)[\"”」]")
_NO_DIFFERENCE: dict[Language, str] = {"en": "No difference", "ja": "違いはありません"}


def target(question: QuestionKind, expect: Expect, prompt: Prompt) -> str | None:
    """Return the right answer to a question, as short as the prompt asks for it.

    - ``verdict``: the prompt's own word for yes or no.
    - ``differences``: a line each, of the first word of each group of ``says`` and of ``where``; for none,
      what the prompt puts between quotation marks.
    - ``count``: the number. ``choice``: the letter.
    - ``describe``: a sentence with a word of each group of ``says`` and none that must not be mentioned.

    A Japanese prompt is answered in a group's first Japanese word, any other in its first of another script.

    Args:
        question: What is asked.
        expect: What is true of the pair.
        prompt: The prompt that is put, as `Prompts.render` made it.

    Returns:
        The answer; None where nothing is expected of that question, or only what words do not tell (a box).
    """
    language: Language = "ja" if _JAPANESE.search(prompt.text) else "en"
    match question:
        case "verdict" if expect.known_verdict is not None:
            return (prompt.yes if expect.known_verdict == "different" else prompt.no)[0]
        case "differences" if expect.differences is not None:
            lines = [_line(difference, language) for difference in expect.differences]
            return (None if "" in lines else "\n".join(lines)) if lines else _none(prompt, language)
        case "count" if expect.count is not None:
            return str(expect.count)
        case "choice" if expect.choice is not None:
            return chr(ord("A") + expect.choice.options.index(expect.choice.answer))
        case "describe" if expect.describe is not None:
            return _description(expect.describe, language)
    return None


def _line(difference: Difference, language: Language) -> str:
    """Name one difference: "missing pin, row 1, pin 3"; "" if only its box is known."""
    said = [_first(group, language) for group in difference.says]
    what = ("" if language == "ja" else " ").join(said) if said else difference.kind or ""
    return ("、" if language == "ja" else ", ").join(part for part in (what, difference.where) if part)


def _none(prompt: Prompt, language: Language) -> str:
    quoted = _QUOTED.findall(prompt.text)
    asked = (text for text in quoted if read("differences", text, language).verdict == "same")
    return next(asked, _NO_DIFFERENCE[language])


def _description(wanted: Describe, language: Language) -> str:
    said = []
    for group in wanted.says:
        allowed = [word for word in group if not any(word_in(word, never) for never in wanted.never)]
        said.append(_first(allowed or group, language))
    if language == "ja":
        return f"この写真には{'、'.join(said)}が写っています。"
    return f"This picture shows {', '.join(said)}."


def _first(group: Sequence[str], language: Language) -> str:
    """Return the first word in the script of the language, else the first."""
    fitting = (word for word in group if (_JAPANESE.search(word) is not None) == (language == "ja"))
    return next(fitting, group[0])
