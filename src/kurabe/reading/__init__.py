"""Reading a model's answer: what it says is taken, what it leaves open is never guessed.

Whoever imports these names gets a reader that is ready, whose patterns are all compiled. The other rooms
import the modules, and let patterns wait until an answer needs them (`kurabe.reading.patterns`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kurabe.reading.describe import affirms, affirms_all, affirms_each
    from kurabe.reading.grounded import read_grounded
    from kurabe.reading.matching import says_hit, word_in
    from kurabe.reading.reader import Reading, read
    from kurabe.reading.structured import schema

__all__ = [
    "Reading",
    "affirms",
    "affirms_all",
    "affirms_each",
    "read",
    "read_grounded",
    "says_hit",
    "schema",
    "word_in",
]

_MODULES = {
    "describe": ("affirms", "affirms_all", "affirms_each"),
    "grounded": ("read_grounded",),
    "matching": ("says_hit", "word_in"),
    "reader": ("Reading", "read"),
    "structured": ("schema",),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            found = getattr(import_module(f"kurabe.reading.{module}"), name)
            from kurabe.reading.patterns import compile_all

            compile_all()
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
