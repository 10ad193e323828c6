"""YAML with places: a file becomes plain Python values, and every value's line can be asked for.

PyYAML's own constructor takes 7.6 s for a suite of 10,000 cases, most of it in the garbage collector;
built from the parser's events the same file takes 0.5 s (one core; `perf/collection.py` times the whole).
Plain scalars are resolved as YAML 1.2 does: ``no`` and ``off`` are words, ``017`` is a text. A number knows
how it was written, so that ``1.10`` is still ``1.10`` where a text is meant.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

Path = tuple[str | int, ...]
"""Keys and indices that lead to a value, as pydantic's ``loc``."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is missing in some builds of PyYAML
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?|(0|[1-9][0-9]*)\.?[eE][-+]?[0-9]+)")
_LONGEST_INT = 4_000
"""Digits from which on Python refuses to turn a text into a number; such a one stays a text."""
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class WrittenInt(int):
    """A whole number that Python would write in another way, such as ``+1``."""

    written: str

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self.written


class WrittenFloat(float):
    """A number that Python would write in another way, such as ``1.10``."""

    written: str

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self.written


class YamlError(ValueError):
    """The text is not YAML, or a mapping has a key twice; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def load(text: str) -> Any:
    """Return the one document of ``text`` as dicts, lists and scalars.

    Raises:
        YamlError: With the line.
    """
    return _Builder(text).document()


def lines(text: str) -> dict[Path, int]:
    """Return the line of every value in ``text``; a mapping's entry is placed at its key."""
    places: dict[Path, int] = {}
    _Builder(text, places).document()
    return places


def line_of(places: dict[Path, int], path: Path) -> int | None:
    """Return the line of ``path``, or of the nearest value above it that is in the file."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path)


def _resolve(event: ScalarEvent) -> Any:
    value = event.value
    if not event.implicit[0]:  # quoted, or tagged: a text
        return value
    if value in _WORDS:
        return _WORDS[value]
    if _INT.fullmatch(value) and len(value) <= _LONGEST_INT:
        return _written(int(value), WrittenInt, value)
    return _written(float(value), WrittenFloat, value) if _FLOAT.fullmatch(value) else value


def _written(number: float, kind: type[WrittenInt] | type[WrittenFloat], text: str) -> float:
    if str(number) == text:
        return number
    kept = kind(number)
    kept.written = text
    return kept


class _Builder:
    """Values from the parser's events; the lines of all values go into ``places`` if it is given."""

    def __init__(self, text: str, places: dict[Path, int] | None = None) -> None:
        self._text = text
        self._events: Iterator[Event] = yaml.parse(text, _Loader)
        self._places = places
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        try:
            next(self._events)  # the stream's start
            if isinstance(next(self._events), StreamEndEvent):
                return None
            value = self._value(next(self._events), ())
            next(self._events)  # the document's end
            extra = next(self._events)
            if not isinstance(extra, StreamEndEvent):
                raise YamlError("a second document begins here: keep one per file", _line(extra))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = ", ".join(part for part in (error.context, error.problem) if part)
            raise YamlError(f"not valid YAML: {message}", mark.line + 1 if mark else 1) from error
        except ReaderError as error:
            line = self._text.encode()[: error.position].count(b"\n") + 1
            raise YamlError(f"not valid YAML: {error.reason}", line) from error
        except RecursionError as error:
            raise YamlError("lists and mappings are nested too deep", 1) from error
        return value

    def _value(self, event: Event, path: Path) -> Any:
        if self._places is not None:
            self._places[path] = _line(event)
        value: Any
        if isinstance(event, ScalarEvent):
            value = _resolve(event)
        elif isinstance(event, MappingStartEvent):
            value = self._mapping(path)
        elif isinstance(event, SequenceStartEvent):
            value = self._sequence(path)
        else:
            assert isinstance(event, AliasEvent)
            if event.anchor not in self._anchors:
                raise YamlError(f"no anchor &{event.anchor} stands above this alias", _line(event))
            return self._anchors[event.anchor]
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _mapping(self, path: Path) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise YamlError("a key must be a plain text", _line(event))
            key = _resolve(event)
            below = path if self._places is None else (*path, key)
            value = self._value(next(self._events), below)
            if self._places is not None:
                self._places[below] = _line(event)  # an entry stands where its key stands
            if key == "<<" and event.implicit[0]:
                for source in value if isinstance(value, list) else [value]:
                    if not isinstance(source, dict):
                        raise YamlError(f"<< takes in the keys of a mapping, not {source!r}", _line(event))
                    merged = {**source, **merged}
            elif key in result:
                raise YamlError(f"the key {key!r} stands here twice", _line(event))
            else:
                result[key] = value
        return {**merged, **result} if merged else result

    def _sequence(self, path: Path) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            result.append(self._value(event, path if self._places is None else (*path, len(result))))
        return result


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1
