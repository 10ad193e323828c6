"""The registry: engines by name, loaded once, the least recently used one gone when memory is short."""

import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from pydantic import ValidationError

from kurabe.common.errors import ModelError, Problem, did_you_mean, in_words
from kurabe.models.config import Models
from kurabe.models.context import Context, Create
from kurabe.models.device import free_memory, gib
from kurabe.models.protocol import Engine, Readiness, remarks
from kurabe.models.spending import Spending
from kurabe.models.weights import Hasher

__all__ = ["Context", "Create", "EngineInfo", "Registry", "engines"]

_log = logging.getLogger(__name__)
_GROUP = "kurabe.engines"
ALLOW = "KURABE_ALLOW_CODE"
"""Environment variable that lets a ``models.toml`` outside the project name Python code, set to 1."""


@dataclass(slots=True)
class EngineInfo:
    """What ``kurabe models`` prints of an entry."""

    name: str
    engine: str
    default: bool
    readiness: Readiness
    facts: dict[str, object] = field(default_factory=dict)


def _pixel_diff() -> Create:
    from kurabe.models.engines.pixel_diff import create

    return create


def _good_parts() -> Create:
    from kurabe.models.engines.good_parts.engine import create

    return create


def _local() -> Create:
    from kurabe.models.engines.local.engine import create

    return create


def _function() -> Create:
    from kurabe.models.engines.function import create

    return create


def _endpoint() -> Create:
    from kurabe.models.engines.endpoint.engine import create

    return create


def _claude() -> Create:
    from kurabe.models.engines.claude.engine import create

    return create


def _gemini() -> Create:
    from kurabe.models.engines.gemini.engine import create

    return create


_BUILT_IN: dict[str, Callable[[], Create]] = {
    "pixel-diff": _pixel_diff,
    "good-parts": _good_parts,
    "local": _local,
    "function": _function,
    "endpoint": _endpoint,
    "claude": _claude,
    "gemini": _gemini,
}


@cache
def engines() -> dict[str, Callable[[], Create]]:
    """Return what imports each engine's `Create`, by name: the built-in ones and those of other packages."""
    found: dict[str, Callable[[], Create]] = {p.name: p.load for p in entry_points(group=_GROUP)}
    return {**found, **_BUILT_IN}


def _load_of(engine: str) -> Callable[[], Create] | None:
    """Return what imports an engine; None if there is none of that name."""
    # Your own engine needs no package: its place can be written as 'module:function'.
    module, colon, function = engine.partition(":")
    return (lambda: _imported(module, function)) if colon else engines().get(engine)


def _imported(module: str, function: str) -> Create:
    create: Create = getattr(import_module(module), function)
    return create


_PARTS = (
    "questions", "memory", "readiness", "needs", "fingerprint", "load", "unload", "describe", "answer",
)  # fmt: skip
"""What `Engine` has; looked for, because an engine may come from a module that no type checker has seen."""


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, ImportError | AttributeError | ValueError) else in_words(error)


def _kind(value: object) -> str:
    return "None" if value is None else f"an object of type {type(value).__name__}"


class Registry:
    """All models of a ``models.toml``."""

    def __init__(
        self,
        models: Models,
        hasher: Hasher | None = None,
        say: Callable[[str], None] = _log.info,
        *,
        may_import: bool = True,
    ) -> None:
        """Take the models.

        Args:
            models: The entries.
            hasher: Identifies files.
            say: Told what the user should know.
            may_import: Whether an engine may be code of the user's, ``module:function``. The environment
                variable `ALLOW` allows it in any case.
        """
        self._may_import = may_import or os.environ.get(ALLOW) == "1"
        self.models = models
        self._context = Context(models.path.parent, models.entries, hasher or Hasher(None))
        self._engines: dict[str, Engine] = {}
        self._loaded: OrderedDict[str, Engine] = OrderedDict()
        self.say = say

    @property
    def spending(self) -> Spending:
        """What served models may cost, and have cost."""
        return self._context.spending

    def engine(self, name: str) -> Engine:
        """Return a model's engine without loading it.

        Raises:
            ModelError: If there is no such model or engine, or its settings are wrong.
        """
        if name not in self._engines:
            entry = self.models.entries[self.models.select([name])[0]]
            if ":" in entry.common.engine and not self._may_import:
                what = (
                    f"the engine {entry.common.engine!r} is Python code, and this file lies outside the "
                    f"project: if you trust it, set {ALLOW}=1"
                )
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}")))
            load = _load_of(entry.common.engine)
            if load is None:
                hint = did_you_mean(entry.common.engine, engines()) or ";"
                known = ", ".join(sorted(engines()))
                what = f"no engine is called {entry.common.engine!r}{hint} there are {known}"
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}")))
            try:
                create = load()
            except Exception as error:  # whatever somebody else's module raises
                what = f"the engine {entry.common.engine!r} cannot be imported: {_why(error)}"
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}"))) from error
            try:
                made = create(entry, self._context)
            except ValidationError as error:
                raise self.models.problem(name, error) from error
            except ModelError:
                raise
            except Exception as error:
                what = f"the engine {entry.common.engine!r} cannot be made: {in_words(error)}"
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}"))) from error
            if lacking := [part for part in _PARTS if not hasattr(made, part)]:
                what = (
                    f"what makes the engine {entry.common.engine!r} returned {_kind(made)}, which lacks "
                    f"{', '.join(lacking)}: return an engine (docs/how-to/add-an-engine.md)"
                )
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}")))
            self._engines[name] = made
        return self._engines[name]

    def readiness(self, name: str) -> Readiness:
        """Say whether a model can run here; one whose engine fails at that cannot.

        Raises:
            ModelError: If there is no such model or engine, or its settings are wrong.
        """
        engine = self.engine(name)
        try:
            found: object = engine.readiness()
        except ModelError as error:
            return Readiness(False, str(error))
        except Exception as error:
            return Readiness(False, f"its engine fails to say whether it is ready: {in_words(error)}")
        if not isinstance(found, Readiness):
            return Readiness(False, f"its engine says {_kind(found)} instead of a Readiness")
        return found

    def facts(self, name: str) -> dict[str, object]:
        """Return what a model's engine tells of itself; of one that fails at that, why."""
        try:
            return dict(self.engine(name).describe())
        except Exception as error:
            return {"error": in_words(error)}

    def remarks(self, name: str) -> list[str]:
        """Return what a model's engine wants the reader of results to know; nothing if it fails at that."""
        try:
            return list(remarks(self.engine(name)))
        except Exception as error:
            return [f"{name}: its engine fails to say what there is to say: {in_words(error)}"]

    def fingerprint(self, name: str) -> str | None:
        """Return what a model's engine says of all that its answers depend on; None if it fails at that."""
        try:
            return self.engine(name).fingerprint()
        except Exception as error:
            _log.info("%s: no fingerprint: %s", name, in_words(error))
            return None

    def ready(self, name: str) -> Engine:
        """Return a model's engine, loaded. Others are unloaded, least recently used first, to make room.

        Raises:
            ModelError: If it cannot be loaded, with the reason.
        """
        engine = self.engine(name)
        key = engine.memory
        if key not in self._loaded:
            self._make_room(name, engine)
        engine.load()
        self._loaded[key] = engine
        self._loaded.move_to_end(key)
        return engine

    def _make_room(self, name: str, engine: Engine) -> None:
        needs = engine.needs()
        if not needs.memory:
            return
        free = free_memory(needs.device)
        while free < needs.memory and self._loaded:
            oldest, evicted = self._loaded.popitem(last=False)
            evicted.unload()
            before, free = free, free_memory(needs.device)
            self.say(f"unloaded {oldest} to make room for {name}: {gib(max(0, free - before))} came free")
        if free < needs.memory:
            raise ModelError(
                f"{name} needs about {gib(needs.memory)} on {needs.device}, {gib(free)} are free: close "
                "other programs, set 'quantization' or a smaller 'dtype', or correct the estimate by 'memory'"
            )

    def info(self, names: Iterable[str] | None = None) -> list[EngineInfo]:
        """Return what is known of each model; an entry that is wrong is listed with its error."""
        infos = []
        for name in self.models.entries if names is None else names:
            common = self.models.entries[name].common
            try:
                readiness, facts = self.readiness(name), self.facts(name)
            except ModelError as error:
                readiness, facts = Readiness(False, str(error)), {}
            infos.append(EngineInfo(name, common.engine, common.default, readiness, facts))
        return infos

    def loaded_names(self) -> list[str]:
        """Return the names of the models that have been loaded and not unloaded since."""
        return [name for name, engine in self._engines.items() if engine.memory in self._loaded]

    def close(self) -> None:
        """Unload everything."""
        for engine in self._loaded.values():
            engine.unload()
        self._loaded.clear()
