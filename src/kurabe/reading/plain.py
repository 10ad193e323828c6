"""From what a model wrote to plain text: thoughts, JSON and markdown are taken off, lists are found."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kurabe.reading.matching import normalise

_THOUGHT_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_THOUGHT_BEGIN = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_SPECIAL = re.compile(r"<\|[^|<>\n]{1,40}\|>|</?[a-z][a-z_]{0,20}>", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*```\w*[ \t]*$", re.MULTILINE)
_BOXED = re.compile(r"\\(?:boxed|text|textbf)\{([^{}]*)\}")
_LINE_MARK = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*+|~~|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_BULLET = re.compile(
    r"[ \t\u3000]*(?:[-*+–—][ \t]+|[•・‣◦●○■□▪][ \t\u3000]*|[①-⑳][ \t\u3000]*"
    r"|[(（]?\d{1,2}[.)．）:：][ \t\u3000]*(?!\d))(?=\S)"
)
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)[\"')\]]?\s+|;\s+|(?<=[。！？；])|\n", re.IGNORECASE
)
_LONGEST = 600  # longer ones come from models that repeat themselves, and would make the reading slow
_QUOTES = re.compile(r"[\"“”„«»「」『』]|(?<!\w)'|'(?!\w)")
_ABOUT_SAME = re.compile(r"same|identical|match|equal|同|一致")
_ABOUT_DIFFERENCE = re.compile(r"differ|defect|anomal|chang|違|異|差|欠陥")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer.

    Attributes:
        text: The line without its list mark.
        bullet: True if a list mark stood before it.
        indent: Number of blanks before it.
    """

    text: str
    bullet: bool
    indent: int


def plain(text: str) -> str:
    """Return what is meant as the answer: no thoughts, no special tokens, no markup; JSON as lines.

    List marks stay, see `lines`. A thought that never ends leaves nothing, for there is no answer then.
    """
    text = _THOUGHT_END.split(text)[-1]
    text = _THOUGHT_BEGIN.split(text)[0]
    text = _FENCE.sub("", _SPECIAL.sub("", text))
    data = _json(text)
    if data is not None:
        text = "\n".join(_flatten(data, ""))
    text = _BOXED.sub(r"\1", text)
    return _EMPHASIS.sub("", _LINE_MARK.sub("", text)).strip()


def lines(text: str) -> list[Line]:
    """Return the lines of a plain text that hold something."""
    found = []
    for raw in text.splitlines():
        mark = _BULLET.match(raw)
        body = raw[mark.end() if mark else 0 :].strip()
        if any(char.isalnum() for char in body):
            found.append(Line(body, mark is not None, len(raw) - len(raw.lstrip())))
    return found


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a plain text as they were written, in order; endless ones are left out."""
    parts = (part.strip() for part in _SENTENCE.split(text))
    return [part for part in parts if 0 < len(part) <= _LONGEST]


def sentences(text: str) -> list[str]:
    """Return the sentences of a plain text, normalised, without list marks and quotation marks."""
    body = "\n".join(line.text for line in lines(text))
    return [unquoted(sentence).strip() for sentence in split_sentences(body)]


def unquoted(text: str) -> str:
    """Return a text normalised and without quotation marks."""
    return _QUOTES.sub("", normalise(text))


def _json(text: str) -> Any:
    """Return the JSON object or array that ``text`` is or holds; None if there is none."""
    stripped = text.strip()
    candidates = [stripped] if stripped[:1] in ("{", "[") else []
    first, last = stripped.find("{"), stripped.rfind("}")
    if 0 < first < last:
        candidates.append(stripped[first : last + 1])
    for candidate in candidates:
        try:
            data = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict | list):
            return data
    return None


def _flatten(data: Any, key: str) -> Iterator[str]:
    """Write a JSON value as the lines that a writer of prose would have put down."""
    name = normalise(key).replace("_", " ")
    if isinstance(data, dict):
        for below, value in data.items():
            yield from _flatten(value, str(below))
    elif isinstance(data, list):
        if not data and _ABOUT_DIFFERENCE.search(name):
            yield "No difference."
        yield from (f"- {', '.join(_leaves(entry))}" for entry in data)
    elif isinstance(data, bool) or (isinstance(data, str) and normalise(data) in ("true", "false")):
        yield _boolean(name, data if isinstance(data, bool) else normalise(data) == "true")
    elif isinstance(data, int | float):
        yield f"{name}: {data}"
    elif isinstance(data, str) and data.strip():
        yield f"{name}: {data}" if len(data) < 20 else data


def _boolean(name: str, value: bool) -> str:
    if _ABOUT_SAME.search(name):
        return "Same." if value else "Different."
    if _ABOUT_DIFFERENCE.search(name):
        return "Different." if value else "Same."
    return "Yes." if value else "No."


def _leaves(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value)
    elif data is not None:
        yield str(data)
