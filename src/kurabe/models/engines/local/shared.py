"""What the entries on one checkpoint share while it is in memory: its runtime, cut pictures, and counts."""

import os
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.engines.local.rows import Preparer
from kurabe.models.runtime.counts import Counts

if TYPE_CHECKING:
    import torch

    from kurabe.models.runtime.protocol import FamilyRuntime

_MOST_THREADS = 8


def threads() -> int:
    """Return how many threads prepare pictures."""
    return max(1, min(_MOST_THREADS, os.cpu_count() or 1))


def warm_up(eights: bool = False) -> None:
    """Compile what the runtimes launch on a GPU, unless it is on disk already.

    Args:
        eights: Whether matrices are in 8 bits.
    """
    import torch

    refused(torch.device("cuda", torch.cuda.current_device()), torch.bfloat16, eights)


def refused(device: "torch.device", dtype: "torch.dtype", eights: bool = False) -> str:
    """Say which of our kernels cannot run on a GPU, and why; "" if all can."""
    from kurabe.models.runtime import fp8
    from kurabe.models.runtime.kernels.attention import own_kernels_refused
    from kurabe.models.runtime.kernels.elementwise import kernels_refused
    from kurabe.models.runtime.kernels.forest_attention import tried

    found = {"elementwise": kernels_refused(device, dtype), **own_kernels_refused(device, dtype)}
    found["attention over trees"] = tried(device, dtype)[1]
    if eights:
        found["8 bits"] = fp8.kernels_refused(device, dtype)
    return "; ".join(f"{name}: {why}" for name, why in found.items() if why)


@dataclass(slots=True)
class Trial:
    """Whether ``generate`` may go on from what the questions of a pair have in common.

    Attributes:
        passed: That was tried, and gave the plain answer.
        refused: Why it may not, from now on; "" if it may.
    """

    passed: bool = False
    refused: str = ""


class Running:
    """A checkpoint in use.

    Args:
        settings: Of the checkpoint's own entry.

    Attributes:
        counts: The work of all entries on this checkpoint since the session began.
        runtime: What answers instead of ``generate``; None if this model has none, or is not in use yet.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self.counts = Counts()
        self.runtime: FamilyRuntime | None = None
        self._settings = settings
        self._of: tuple[Any, Any] = (None, None)
        self._preparers: dict[int | None, Preparer | None] = {}
        self._trials: dict[str, Trial] = {}
        self._lock = Lock()

    def follow(self, loaded: Loaded) -> None:
        """Take up a model that has been loaded, adopted, or wrapped by its first adapter."""
        now = loaded.model, loaded.processor
        if all(new is old for new, old in zip(now, self._of, strict=True)):
            return
        self.forget()
        self._of = now
        if self._plain:
            self.runtime = loaded.family.runtime(*now, self.counts)

    def forget(self) -> None:
        """Give back all memory besides the model's own."""
        if self.runtime is not None:
            self.runtime.forget()
        self.runtime, self._of = None, (None, None)
        self._preparers, self._trials = {}, {}

    def trial(self, name: str) -> Trial:
        """Return what is known of an entry: adapters of one checkpoint are tried each for itself."""
        return self._trials.setdefault(name, Trial())

    def preparer(self, loaded: Loaded, crops: int | None) -> Preparer | None:
        """Return what cuts pictures for this model; None for families that have no runtime."""
        with self._lock:
            if crops not in self._preparers:
                rows = loaded.family.rows(loaded.processor, crops)
                device = loaded.device.type
                made = None if rows is None else Preparer(rows, crops, device, self.counts)
                self._preparers[crops] = made
            return self._preparers[crops]

    @property
    def _plain(self) -> bool:
        """Whether the settings let a runtime answer: on one device, by torch's attention."""
        own = self._settings
        ours = own.quantization in (None, "fp8") and own.attention in ("auto", "sdpa")
        return ours and own.device_map is None
