"""The lines of an answer: list entries, headings, table rows, and the sentences of prose."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kurabe.reading.matching import normalise
from kurabe.reading.patterns import later

_BULLET = later(
    r"[ \t\u3000]*(?:[-*+–—][ \t]+|[•・‣◦◆◇★☆●○■□▪▸►➤✓✔✅❌✗→][ \t\u3000]*|[①-⑳][ \t\u3000]*"
    r"|[(（]?\d{1,2}(?:[.)．）][ \t\u3000]+|[.)．）](?!\d))|\d{1,2}[:：][ \t\u3000]+"
    r"|[(（]?[a-h][)）][ \t]+"
    r"|(?:(?:difference|change|deviation|defect|違い|相違点?|差異|変化)\s?(?:no\.?\s?|#)?\d{1,2}"
    r"|[1-9１-９一二三四五六七八九]つ目)\s*[:：][ \t\u3000]*)(?=\S)",
    re.IGNORECASE,
)
_NUMBERED = later(r"\s*(?:difference|change|deviation|defect|違い|相違|差異|変化)", re.IGNORECASE)
_NAMED = later(
    r"^[ \t]*(one|two|three|four|five|six|seven|eight|nine)\s*[:.)][ \t]+(?=\S)", re.IGNORECASE | re.MULTILINE
)
"""Numbers in words before the entries of a list; "Five: pin 1, pin 2" alone is a number."""
_SENTENCE = later(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bno\.(?=\s(?:of"
    r"|\d)))(?<!\bvs\.)(?<!\bapprox\.)[\"')\]]?\s+(?!of\b)"
    r"|(?<=[。！？])|\n",
    re.IGNORECASE,
)
_QUOTES = later(r"[\"“”„«»「」『』]|(?<!\w)'|'(?!\w)")
_INLINE = later("(?<=[^\\s、。:：のがはを])[ \t\u3000]+(?=[②-⑳][^\\s、。とのはがを])")
"""Before the later numbers of a list within a line: 「①…がない ②…が緩い」."""
_PIPED = later(r"[^|｜:：]{1,30}[:：][^|｜:：]{1,40}(?:[|｜][^|｜:：]{1,30}[:：][^|｜:：]{1,40})+")
"""Keys with values in one line: "Difference: none | Confidence: high"."""
_TABLE_RULE = later(r"^\s*\|?[\s:|\-]+\|[\s:|\-]*$")
LONGEST_SENTENCE = 3_000
"""Characters; a longer one comes from a model that repeats itself. pixel-diff names up to 20 differences."""
LONGEST_ANSWER = 6_000
"""Characters of an answer without its reasoning; no careful person reads a longer one either."""
MOST_SENTENCES = 150


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer.

    Attributes:
        text: The line without its list mark.
        bullet: True if a list mark stood before it.
        indent: Number of blanks before it.
        cells: The cells of a table row; empty elsewhere.
        head: True for the first row of a table.
        announced: True if its list mark says that it is a difference: "Difference 1:".
    """

    text: str
    bullet: bool = False
    indent: int = 0
    cells: tuple[str, ...] = ()
    head: bool = False
    announced: bool = False


def lines(text: str) -> list[Line]:
    """Return the lines of a plain text that hold something."""
    return list(_lines(text))


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[Line, ...]:
    found: list[Line] = []
    if [mark.lower() for mark in _NAMED.findall(text)[:2]] == ["one", "two"]:
        text = _NAMED.sub("- ", text)
    raw_lines = _INLINE.sub("\n", text).splitlines()
    for number, raw in enumerate(raw_lines):
        if _TABLE_RULE.match(raw) and "-" in raw:
            continue
        if _PIPED.fullmatch(raw):
            found += [Line(piece.strip()) for piece in re.split("[|｜]", raw)]
            continue
        if raw.count("|") >= 2 or (raw.count("|") == 1 and " | " in raw):
            cells = tuple(cell.strip() for cell in raw.strip().strip("|").split("|"))
            ruled = number + 1 < len(raw_lines) and _TABLE_RULE.match(raw_lines[number + 1]) is not None
            if any(cell for cell in cells):
                found.append(Line(": ".join(filter(None, cells)), True, 0, cells, ruled))
            continue
        mark = _BULLET.match(raw)
        body = raw[mark.end() if mark else 0 :].strip()
        if any(char.isalnum() for char in body) or body in ("✓", "✗"):
            announced = mark is not None and _NUMBERED.match(mark[0]) is not None
            found.append(Line(body, mark is not None, len(raw) - len(raw.lstrip()), announced=announced))
    return tuple(found)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a line as they were written, in order."""
    return [part for part in (part.strip() for part in _SENTENCE.split(text)) if part]


def unquoted(text: str) -> str:
    """Return a text normalised and without quotation marks."""
    return _QUOTES.sub("", normalise(text))


def sentences(text: str) -> list[str]:
    """Return the sentences of a plain text, normalised, without list marks and quotation marks."""
    return [
        unquoted(sentence).strip()
        for line in lines(text)
        for sentence in split_sentences(line.text)
        if sentence
    ]
