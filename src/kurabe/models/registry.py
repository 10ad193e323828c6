"""The registry: engines by name, loaded once, the least recently used one gone when memory is short."""

import difflib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from kurabe.common.errors import ModelError, Problem
from kurabe.models.config import Entry, Models
from kurabe.models.device import free_memory, gib
from kurabe.models.protocol import Engine, EngineInfo, Readiness
from kurabe.models.weights import Hasher

_log = logging.getLogger(__name__)
_GROUP = "kurabe.engines"
_BUILT_IN = {
    "pixel-diff": "kurabe.models.engines.pixel_diff:create",
    "local": "kurabe.models.engines.local.engine:create",
}


@dataclass(slots=True)
class Context:
    """What engines may use of their surroundings.

    Attributes:
        root: Folder of ``models.toml``; local checkpoints are relative to it.
        entries: All entries, for those that build on another.
        hasher: Hashes of weights.
        shared: What engines of one base share in memory, by a key of their own.
    """

    root: Path
    entries: Mapping[str, Entry] = field(default_factory=dict)
    hasher: Hasher = field(default_factory=lambda: Hasher(None))
    shared: dict[str, Any] = field(default_factory=dict)


class Create(Protocol):
    """What an engine's package registers: it checks the entry's settings and builds the engine."""

    def __call__(self, entry: Entry, context: Context) -> Engine:
        """Return the engine, unloaded.

        Raises:
            ValidationError: If the settings are wrong; the registry adds file and line.
            ModelError: If the entry names another one that is not there.
        """


@cache
def engines() -> dict[str, str]:
    """Return where each engine's `Create` is, by name: the built-in ones and those of other packages."""
    found = {point.name: point.value for point in entry_points(group=_GROUP)}
    return {**found, **_BUILT_IN}


class Registry:
    """All models of a ``models.toml``."""

    def __init__(
        self,
        models: Models,
        hasher: Hasher | None = None,
        say: Callable[[str], None] = _log.info,
    ) -> None:
        self.models = models
        self._context = Context(models.path.parent, models.entries, hasher or Hasher(None))
        self._engines: dict[str, Engine] = {}
        self._loaded: OrderedDict[str, Engine] = OrderedDict()
        self.say = say

    def engine(self, name: str) -> Engine:
        """Return a model's engine without loading it.

        Raises:
            ModelError: If there is no such model or engine, or its settings are wrong.
        """
        if name not in self._engines:
            entry = self.models.entries[self.models.select([name])[0]]
            # An engine of one's own needs no package: its place can be written as 'module:function'.
            where = entry.common.engine if ":" in entry.common.engine else engines().get(entry.common.engine)
            if where is None:
                near = difflib.get_close_matches(entry.common.engine, engines(), n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ";"
                known = ", ".join(sorted(engines()))
                what = f"no engine is called {entry.common.engine!r}{hint} there are {known}"
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}")))
            module, _, function = where.partition(":")
            try:
                create: Create = getattr(import_module(module), function)
                self._engines[name] = create(entry, self._context)
            except ValidationError as error:
                raise self.models.problem(name, error) from error
            except (ImportError, AttributeError, ValueError) as error:
                what = f"the engine {entry.common.engine!r} cannot be imported: {error}"
                raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}"))) from error
        return self._engines[name]

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
                readiness = self.engine(name).readiness()
                facts = self.engine(name).describe()
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
