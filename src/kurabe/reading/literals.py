"""JSON and Python literals in an answer: found and parsed."""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kurabe.reading.keys import polarity
from kurabe.reading.patterns import later

_LONGEST = 20_000


_OPENS = {"{": "}", "[": "]"}


_QUOTED_OR_MARK = later(r"\"(?:[^\"\\]|\\.)*\"|(?<![\w])'(?:[^'\\]|\\.|(?<=\w)'(?=\w))*'|[{}\[\]]", re.DOTALL)


_COMMENT = later(r"(?m)(?<![:\"'\w])//[^\n]*$|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object as it was written: a key may stand twice, and then says two things."""

    pairs: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a text.

    Attributes:
        values: The parsed objects and arrays, in order.
        rest: The text around them.
        cut: What follows the complete keys of an object that was cut off.
        broken: True if the text begins like an object and is none: cut off, or not to be parsed.
    """

    values: tuple[Any, ...]
    rest: str
    broken: bool = False
    cut: str = ""


def find(text: str) -> Found:
    """Return the objects and arrays that a text holds, and the prose around them."""
    if len(text) > _LONGEST or not ("{" in text or "[" in text):
        return Found((), text)
    values: list[Any] = []
    rest: list[str] = []
    place = 0
    for begin, end in _spans(text):
        if end is None:
            whole, cut = _complete(text[begin:])
            if whole is not None:
                return Found((*values, whole), "\n".join([*rest, text[place:begin]]), cut=cut)
            if _looks_like_data(text[begin:]):
                return Found(tuple(values), "\n".join([*rest, text[place:begin]]), broken=True)
            break
        piece = text[begin:end]
        value = _parsed(piece)
        if value is None:
            if _looks_like_data(piece):
                return Found(tuple(values), "\n".join([*rest, text[place:begin]]), broken=True)
            continue
        rest.append(text[place:begin])
        values.append(value)
        place = end
    rest.append(text[place:])
    return Found(tuple(values), "\n".join(rest))


_QUOTED_OR_PART = later(_QUOTED_OR_MARK.pattern + "|,", re.DOTALL)


_KEY = later(r"^[,\s]*(?:\"[^\"]*\"|'[^']*')\s*:\s*[\"'\[{]*")


def _complete(piece: str) -> tuple[Object | None, str]:
    """Return the complete keys of an object that was cut off, and the rest; None if none of them decides."""
    if not piece.startswith("{"):
        return None, ""
    depth, last = 0, 0
    for mark in _QUOTED_OR_PART.finditer(piece):
        depth += (mark[0] in _OPENS) - (mark[0] in _OPENS.values())
        if mark[0] == "," and depth == 1:
            last = mark.start()
    value = _parsed(piece[:last] + "}") if last else None
    if not isinstance(value, Object):
        return None, ""
    decides = any(polarity(name).kind in ("verdict", "answer", "count") for name, _ in value.pairs)
    return (value if decides else None), _KEY.sub("", piece[last:])


def _looks_like_data(piece: str) -> bool:
    return (
        re.match(r"[{\[]\s*[\"'{\w][^{}]{0,80}?[\"'\w]\s*[:=]", piece) is not None
        or re.match(r"[{\[]\s*[\"'{]", piece) is not None
    )


def _spans(text: str) -> Iterator[tuple[int, int | None]]:
    """Yield begin and end of each outermost bracket; the end is None where it is never closed."""
    depth = 0
    begin = 0
    for mark in _QUOTED_OR_MARK.finditer(text):
        sign = mark[0]
        if sign in _OPENS:
            if depth == 0:
                begin = mark.start()
            depth += 1
        elif sign in "}]" and depth:
            depth -= 1
            if depth == 0:
                yield begin, mark.end()
    if depth:
        yield begin, None


def _parsed(piece: str) -> Any:
    """Return an object or array; None if it is neither JSON nor a Python literal."""
    try:
        value = json.loads(piece, strict=False, object_pairs_hook=lambda pairs: Object(tuple(pairs)))
    except (ValueError, RecursionError):
        value = _literal(piece)
    return value if isinstance(value, Object | list) else None


def _literal(piece: str) -> Any:
    """Read what is nearly JSON: single quotes, bare words, True, trailing commas, comments."""
    if len(piece) > 4_000 or piece.count("[") + piece.count("{") > 60:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "3pins" is no literal, and nobody's mistake
            tree = ast.parse(_COMMENT.sub("", piece).strip(), mode="eval")
        return _value(tree.body, top=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_CALL = later(r"\s*[A-Za-z_][\w.]{0,40}\(\s*\w+\s*=[^()]{1,2000}\)\s*;?\s*", re.DOTALL)


def call(text: str) -> Object | None:
    """Return the keywords of a text that is a call of Python: ``dict(differs=False, item="plug")``."""
    if not _CALL.fullmatch(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node = ast.parse(text.strip().rstrip(";"), mode="eval").body
        if not isinstance(node, ast.Call) or node.args:
            return None
        pairs = tuple((each.arg, _value(each.value)) for each in node.keywords if each.arg)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Object(pairs)


def _value(node: ast.expr, top: bool = False) -> Any:
    match node:
        case ast.Dict(keys=keys, values=values):
            pairs = [
                (str(_value(key)), _value(value))
                for key, value in zip(keys, values, strict=True)
                if key is not None
            ]
            return Object(tuple(pairs))
        case ast.List(elts=entries) | ast.Tuple(elts=entries) | ast.Set(elts=entries):
            if top and not isinstance(node, ast.List):
                raise ValueError
            if top and any(
                isinstance(entry, ast.Name)
                or (isinstance(entry, ast.Constant) and not isinstance(entry.value, str))
                for entry in entries
            ):
                raise ValueError  # "[No]" is prose
            return [_value(entry) for entry in entries]
        case ast.Constant(value=value):
            return value if isinstance(value, str | int | float | bool) or value is None else str(value)
        case ast.Name(id=name):
            words = {"true": True, "false": False, "null": None, "none": None}
            return words.get(name.lower(), name)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
    raise ValueError


def leaves(value: Any) -> str:
    """Return the words of a value, joined by commas."""
    if isinstance(value, Object):
        return ", ".join(filter(None, (leaves(below) for _, below in value.pairs)))
    if isinstance(value, list):
        return ", ".join(filter(None, (leaves(below) for below in value)))
    return "" if value is None else str(value)
