"""Functions that are models: ``@kurabe.model("mine")`` in a project's ``conftest.py``.

The decorator only takes them down, so that importing a ``conftest.py`` costs nothing; what is wrong with a
declaration is said when the models are read.
"""

import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from kurabe.common.errors import ModelError, Problem
from kurabe.common.request import Answer, Request
from kurabe.common.text import printable
from kurabe.common.vocabulary import QUESTIONS, BoxForm, Layout, QuestionKind

if TYPE_CHECKING:  # pydantic comes with it
    from kurabe.models.config import Entry, Models

Given = str | Answer
"""What a function of the user's returns."""

Function = Callable[[Request], Given] | Callable[[Request], Awaitable[Given]]

F = TypeVar("F", bound=Function)

ENGINE = "function"
DECLARED = "declared"
"""Key of an entry's settings under which its `Declared` stands."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A function that was declared to be a model.

    Attributes:
        name: The model's name.
        call: The function.
        path: The file that declares it.
        line: Where it does.
        common: What it says of the keys that every entry of ``models.toml`` has.
        version: Names what its answers depend on; None if they are not to be cached.
        questions: What it can be asked.
        concurrent: How many calls are under way at once; None for the usual number.
    """

    name: str
    call: Function
    path: Path
    line: int
    common: Mapping[str, Any] = field(default_factory=dict)
    version: str | int | None = None
    questions: Sequence[QuestionKind] = QUESTIONS
    concurrent: int | None = None

    @property
    def place(self) -> str:
        """``file:line``, for messages."""
        return f"{self.path}:{self.line}"


_declared: list[Declared] = []


def model(
    name: str,
    *,
    version: str | int | None = None,
    default: bool = True,
    layout: Layout = "stacked",
    threshold: float | None = None,
    questions: Sequence[QuestionKind] = QUESTIONS,
    concurrent: int | None = None,
    boxes: BoxForm | None = None,
    note: str = "",
) -> Callable[[F], F]:
    """Declare a function, plain or ``async``, to be a model; it takes a `Request` and returns its answer.

    Args:
        name: The model's name.
        version: With it, answers are cached for later runs. Change it whenever they may change.
        default: Whether runs take the model without being asked to.
        layout: How it is shown a pair.
        threshold: Its verdicts are "different" from this P(different) on, whatever its words are.
        questions: What it can be asked.
        concurrent: How many calls are under way at once. By default an ``async`` function has 8, any other
            one; with more, it is called by several threads.
        boxes: How it writes boxes where it is asked for them, whatever the prompt says.
        note: A remark that ``kurabe models`` prints.

    Returns:
        A decorator, which returns the function as it is.
    """
    caller = sys._getframe(1)
    path, line = Path(caller.f_code.co_filename), caller.f_lineno
    common = {"default": default, "layout": layout, "threshold": threshold, "boxes": boxes, "note": note}

    def declare(function: F) -> F:
        made = Declared(name, function, path, line, common, version, questions, concurrent)
        # A file that is run again declares its functions again.
        _declared[:] = [each for each in _declared if each.place != made.place or each.name != name]
        _declared.append(made)
        return function

    bare: object = name
    # Without brackets, the function itself stands where the name should; `with_functions` says so.
    return cast(Any, declare(cast(Any, bare))) if callable(bare) else declare


def declared() -> tuple[Declared, ...]:
    """Return the functions that have been declared so far."""
    return tuple(_declared)


def forget() -> None:
    """Forget all functions: another project is next."""
    _declared.clear()


def with_functions(models: "Models") -> "Models":
    """Return the models of a file and the functions that have been declared.

    Raises:
        ModelError: With file and line of every declaration that is wrong.
    """
    problems: list[Problem] = []
    entries: dict[str, Entry] = dict(models.entries)
    for each in _declared:
        found = list(_problems(each, entries))
        problems += found
        if not found:
            entries[each.name] = _entry(each)
    if problems:
        raise ModelError("\n".join(map(str, problems)))
    return replace(models, entries=entries)


def _entry(made: Declared) -> "Entry":
    from kurabe.models.config import Common, Entry

    common = Common.model_validate({"engine": ENGINE, **made.common})
    return Entry(made.name, common, {DECLARED: made}, made.path, made.line)


def _problems(made: Declared, entries: Mapping[str, "Entry"]) -> Iterator[Problem]:
    """Yield what is wrong with a declaration."""
    from pydantic import ValidationError

    from kurabe.models.config import is_name

    def problem(what: str) -> Problem:
        return Problem(what, made.path, made.line, f"model {name}")

    told: object = made.name
    name = told if isinstance(told, str) else getattr(told, "__name__", "NAME")
    if not isinstance(told, str):
        yield problem(f"its name is missing: write @kurabe.model({name!r})")
        return
    if not is_name(name):
        yield replace(problem(f"a model's name is written with visible characters, not {name!r}"), where="")
    elif (other := entries.get(name)) is not None:
        yield problem(f"the name is taken by {other.path}:{other.line}: choose another one")
    yield from map(problem, _misfits(made))
    try:
        _entry(made)
    except ValidationError as error:
        for finding in error.errors(include_url=False):
            key = ".".join(map(str, finding["loc"]))
            yield problem(f"{key}: {finding['msg']}")


def _misfits(made: Declared) -> Iterator[str]:
    """Yield what is wrong with what only functions have."""
    import inspect

    call: object = made.call
    if not callable(call):
        yield f"a model is a function, not {printable(repr(call))}"
        return
    try:
        inspect.signature(call).bind(object())
    except TypeError:
        yield "the function has to take one argument, the request"
    except ValueError:
        pass  # one that is written in C does not tell
    version: object = made.version
    if not isinstance(version, str | int | None) or isinstance(version, bool):
        yield f"version: a text or a number is expected, not {version!r}"
    if made.concurrent is not None and not _is_count(made.concurrent):
        yield f"concurrent: a number from 1 is expected, not {made.concurrent!r}"
    unknown = [each for each in made.questions if each not in QUESTIONS]
    if unknown or not made.questions or isinstance(made.questions, str):
        found = unknown[0] if unknown and not isinstance(made.questions, str) else made.questions
        yield f"questions: a list of {', '.join(QUESTIONS)} is expected, not {found!r}"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
