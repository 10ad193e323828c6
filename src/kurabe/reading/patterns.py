"""Patterns that are compiled when they are first used.

The reader has more than a thousand, and compiling them takes half a second. Most answers of a run are a word
or two, and need few of them.
"""

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")

_waiting: list["_Later"] = []


class _Later:
    """Stands for a compiled pattern; its methods become those of the compiled one.

    Attributes:
        pattern: The text of it.
    """

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        self.compile()
        return self.__dict__[name]

    def compile(self) -> None:
        if "search" in self.__dict__:
            return
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)


def later(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` does, compiled when it is first used; a faulty text fails only then."""
    made = _Later(text, flags)
    _waiting.append(made)
    return cast("re.Pattern[str]", made)


def compile_all() -> None:
    """Compile all that has not been used yet, so that no answer waits for it."""
    while _waiting:
        _waiting.pop().compile()
