"""What an engine is built from: its entry of ``models.toml`` and its surroundings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kurabe.models.config import Entry
from kurabe.models.protocol import Engine
from kurabe.models.spending import Spending
from kurabe.models.weights import Hasher


@dataclass(slots=True)
class Context:
    """What engines may use of their surroundings.

    Attributes:
        root: Folder of ``models.toml``; local checkpoints are relative to it.
        entries: All entries, for those that build on another.
        hasher: Hashes of weights.
        shared: What engines of one base share in memory, by a key of their own.
        spending: What served models may cost, and have cost.
    """

    root: Path
    entries: Mapping[str, Entry] = field(default_factory=dict)
    hasher: Hasher = field(default_factory=lambda: Hasher(None))
    shared: dict[str, Any] = field(default_factory=dict)
    spending: Spending = field(default_factory=Spending)

    @property
    def memory(self) -> Path | None:
        """Folder in which engines may remember small things for later sessions; None if there is none."""
        return self.hasher.place


class Create(Protocol):
    """What an engine's package registers: it checks the entry's settings and builds the engine."""

    def __call__(self, entry: Entry, context: Context) -> Engine:
        """Return the engine, unloaded.

        Raises:
            ValidationError: If the settings are wrong; the registry adds file and line.
            ModelError: If the entry names another one that is not there.
        """
