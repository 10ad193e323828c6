"""A pytest plugin that takes down when a run gets to its first answer, and ends the run there.

`perf.first_answer` puts it into the runs that it measures (``-p perf.marks``). It imports nothing of what is
measured: modules are looked at as soon as the run itself has imported them.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import wraps
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

FILE, BEGUN = "KURABE_MARKS", "KURABE_MARKS_BEGUN"
"""Environment variables: where marks go, and when the command was given (seconds of the epoch)."""

marks: dict[str, float] = {}
"""Seconds from the command, by what had happened; the first time counts."""


def mark(name: str) -> None:
    """Take down that something has happened."""
    marks.setdefault(name, round(time.time() - float(os.environ[BEGUN]), 3))


def _around(owner: Any, name: str, before: str, after: str) -> None:
    """Mark the beginning and the end of a function's first call."""
    real = getattr(owner, name)

    @wraps(real)
    def watched(*args: Any, **options: Any) -> Any:
        mark(before)
        found = real(*args, **options)
        mark(after)
        return found

    setattr(owner, name, watched)


def _engine(module: Any) -> None:
    real = module.LocalEngine.answer_on

    def watched(self: Any, *args: Any) -> Iterator[Any]:
        mark("engine asked")
        for given in real(self, *args):
            if given is not None:
                _end(given[1].error)
            yield given

    module.LocalEngine.answer_on = watched
    _around(module.LocalEngine, "load", "model wanted", "model there")


def _end(error: str | None) -> None:
    """Write the marks and leave: what a run does behind its first answer is not measured."""
    mark("first answer")
    torch: Any = sys.modules.get("torch")
    cuda = torch is not None and torch.cuda.is_available()
    record: dict[str, Any] = {"marks": marks, "error": error, "modules": len(sys.modules)}
    record["peak_gib"] = round(torch.cuda.max_memory_allocated() / 2**30, 2) if cuda else None
    Path(os.environ[FILE]).write_text(json.dumps(record), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)


_WATCHED: dict[str, Callable[[Any], None]] = {
    "torch": lambda _: mark("torch imported"),
    "transformers": lambda _: mark("transformers imported"),
    "kurabe.models.engines.local.building": lambda m: _around(m, "load", "weights wanted", "weights there"),
    "kurabe.models.engines.local.shared": lambda m: _around(m, "refused", "kernels wanted", "kernels there"),
    "kurabe.models.engines.local.engine": _engine,
    "kurabe.models.runtime.loop": lambda m: _around(m, "ask_rows", "batch ready", "batch handed over"),
}


class _Loader(Loader):
    """A loader of one module, which is looked at once it has been executed."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> Any:
        """Let the real loader do it."""
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Let the real loader do it, and look."""
        mark(f"{module.__name__} begun")
        self._real.exec_module(module)
        _WATCHED[module.__name__](module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Finder(MetaPathFinder):
    """Lets the usual finders find a module that is watched."""

    def __init__(self) -> None:
        self._finding: set[str] = set()

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        """Return the usual spec, with a loader of our own."""
        if fullname not in _WATCHED or fullname in self._finding:
            return None
        self._finding.add(fullname)
        spec = find_spec(fullname)
        if spec is not None:
            spec.loader = _Loader(spec.loader)  # pytest has one for many modules: it stays as it is
        return spec


if BEGUN in os.environ:
    mark("interpreter and pytest there")
    sys.meta_path.insert(0, _Finder())


def pytest_collection_finish() -> None:
    """Mark it."""
    mark("collected")
