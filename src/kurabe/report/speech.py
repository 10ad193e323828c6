"""What is said in English, said in another language: sentences, headings and cells by their English wording.

The English is written where it is made. What it is called in Japanese stands in ``speech_ja.toml``, by the
English; what does not stand there is said in English.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from kurabe.common.vocabulary import LANGUAGES, Language

_LONGEST = 2000
"""Characters of a sentence at most; what is longer is somebody's output and no sentence of ours."""

_NUMBER = r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?|none"
_ANY = r".+?"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with places for values, in English and in the other language."""

    english: re.Pattern[str]
    other: str

    @classmethod
    def of(cls, english: str, other: str, forms: Mapping[str, str]) -> "_Sentence":
        parts = _PLACE.split(english)  # text, name, text, name, …
        pattern = "".join(
            f"(?P<{part}>{forms.get(part, _ANY)})" if place % 2 else re.escape(part)
            for place, part in enumerate(parts)
        )
        return cls(re.compile(pattern, re.DOTALL), other)


@dataclass(frozen=True, slots=True)
class Speech:
    """Says in one language what is given in English.

    Attributes:
        heads: Headings of tables.
        names: Words that a value can be, by the name of its place or of its column.
        cells: What stands below headings, where that is more than a number; tried in their order.
        sentences: Tried in their order; the first that fits is taken.
        within: Places whose values are sentences themselves.
    """

    heads: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    cells: tuple[_Sentence, ...]
    sentences: tuple[_Sentence, ...]
    within: frozenset[str]

    @classmethod
    def of(cls, lang: str) -> "Speech":
        """Return how a language says things.

        Raises:
            ValueError: If there is no such language.
        """
        if lang not in LANGUAGES:
            raise ValueError(f"there is {', '.join(LANGUAGES)}, not {lang!r}")
        return _read(lang)

    def __call__(self, text: str) -> str:
        """Return a sentence in this language; as it is if it is not known."""
        return self._said(self.sentences, text)

    def head(self, text: str) -> str:
        """Return a heading."""
        return self.heads.get(text, text)

    def name(self, head: str, text: str) -> str:
        """Return a word below an English heading; as it is if no such word stands below it, for names."""
        return self.names.get(head, {}).get(text, text)

    def figure(self, head: str, text: str) -> str:
        """Return a figure below an English heading with what is said of it, or why there is none."""
        said = self.name(head, text)
        return self(self._said(self.cells, text)) if said == text else said

    def _said(self, sentences: Sequence[_Sentence], text: str) -> str:
        if len(text) > _LONGEST:
            return text
        for sentence in sentences:
            if found := sentence.english.fullmatch(text):
                values = {name: self._value(name, value) for name, value in found.groupdict().items()}
                return sentence.other.format_map(values)
        return text

    def _value(self, name: str, text: str) -> str:
        if name in self.within:
            return self(text)
        return self.name(name, text)


def speech_for(file: IO[str], lang: Language) -> Speech:
    """Return how a language is spoken to a file: in English if its encoding lacks the language's letters."""
    try:
        ("言語" if lang == "ja" else "").encode(getattr(file, "encoding", None) or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return Speech.of("en")
    return Speech.of(lang)


@cache
def _read(lang: str) -> Speech:
    path = Path(__file__).parent / f"speech_{lang}.toml"
    if not path.is_file():
        return Speech({}, {}, (), (), frozenset())  # English is what everything is written in
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    forms = {**dict.fromkeys(told["numbers"], _NUMBER), **dict.fromkeys(told["words"], r"\w+")}
    cells, sentences = (
        tuple(_Sentence.of(english, other, forms) for english, other in told[section].items())
        for section in ("cells", "sentences")
    )
    return Speech(told["heads"], told["names"], cells, sentences, frozenset(told["within"]))
