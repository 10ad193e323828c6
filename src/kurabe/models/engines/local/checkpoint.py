"""A checkpoint in memory: the model and its processor, shared by all entries that build on it."""

import inspect
import json
from pathlib import Path
from threading import Lock
from typing import Any

from kurabe.common.errors import ModelError
from kurabe.models import families
from kurabe.models import weights as files
from kurabe.models.config import LocalSettings
from kurabe.models.device import cuda_capability, cuda_devices, gib
from kurabe.models.engines.local import building
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.protocol import Needs

_DTYPE_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
_WORKING = 1.25
"""Activations, keys and values on top of the weights; a guess that keeps the registry from overfilling."""


class Base:
    """A checkpoint that is loaded at most once."""

    def __init__(self, settings: LocalSettings, root: Path) -> None:
        assert settings.checkpoint is not None
        self.settings = settings
        self._root = root
        self._checkpoint = settings.checkpoint
        self._weights: files.Weights | None = None
        self._reading = Lock()
        self._read = False
        self.loaded: Loaded | None = None

    @property
    def weights(self) -> files.Weights:
        """Where the checkpoint's files are."""
        if self._weights is None:
            self._weights = files.locate(self._checkpoint, self.settings.revision, self._root)
        return self._weights

    @property
    def device(self) -> str:
        """``cuda`` or ``cpu``, as the settings and this machine have it."""
        if self.settings.device != "auto":
            return self.settings.device
        return "cuda" if cuda_devices() else "cpu"

    def problem(self) -> str:
        """Say why this checkpoint cannot run here; "" if it can."""
        return self._device_problem() or self.weights.problem

    @property
    def fetchable(self) -> bool:
        """True if a download of the weights is all that is missing."""
        return self.weights.fetchable and not self._device_problem()

    def _device_problem(self) -> str:
        if self.settings.quantization == "fp8" and (problem := lacks_eights(self.device)):
            return problem
        if self.device != "cuda":
            return ""
        cards = cuda_devices()
        if not cards:
            return "needs a CUDA device, and none is here"
        need = self.needs().memory
        have = sum(cards) if self.settings.device_map else cards[0]
        return f"needs about {gib(need)} on the GPU, which has {gib(have)}" if need > have else ""

    def needs(self) -> Needs:
        """Estimate memory from the files' sizes, the types of weights, and a share for working memory."""
        if self.loaded is not None:
            return Needs(0, self.device)
        if self.settings.memory is not None:
            return Needs(self.settings.memory, self.device)
        folder = self.weights.folder
        if folder is None:
            return Needs(0, self.device)
        size: float = files.tensor_bytes(folder)
        share = {"4bit": 0.3, "8bit": 0.55}.get(self.settings.quantization or "")
        if share is not None:
            size *= share * 2 / self._stored_bytes(folder)
        else:
            size *= _DTYPE_BYTES[self.dtype(folder)] / self._stored_bytes(folder)
        return Needs(int(size * _WORKING), self.device)

    def dtype(self, folder: Path) -> str:
        """Return the type that the weights get: the checkpoint's own on a GPU, float32 on the CPU."""
        if self.settings.quantization == "fp8":
            return "bfloat16"
        if self.settings.dtype != "auto":
            return self.settings.dtype
        return "float32" if self.device == "cpu" else self._stored_dtype(folder)

    def _stored_dtype(self, folder: Path) -> str:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        text = config.get("text_config") or {}
        stored = next(
            (c[key] for c in (config, text) for key in ("dtype", "torch_dtype") if c.get(key)), "float32"
        )
        return stored if stored in _DTYPE_BYTES else "float32"

    def _stored_bytes(self, folder: Path) -> int:
        return _DTYPE_BYTES[self._stored_dtype(folder)]

    def load(self) -> Loaded:
        """Bring model and processor into memory, fetching hub repositories if need be.

        Raises:
            ModelError: If files are missing or incomplete, tensors are missing, the attention or the
                quantization that was asked for is not there, or memory runs out.
        """
        self.loaded = (self.loaded or self._load(bare=False)).whole()
        return self.loaded

    def load_for_loops(self) -> Loaded:
        """Bring into memory what our own loops need, or if there are none for it, all of it.

        Raises:
            ModelError: As `load`.
        """
        if self.loaded is None:
            self.loaded = self._load(bare=True)
        return self.loaded

    def _load(self, *, bare: bool) -> Loaded:
        if self.fetchable:
            files.fetch(self._checkpoint, self.settings.revision)
            self._weights = None
        if problem := self.problem():
            raise ModelError(f"{self._checkpoint}: {problem}")
        folder = self.weights.folder
        assert folder is not None
        return building.load(folder, self.settings, self.device, self.dtype(folder), bare=bare)

    def read_ahead(self) -> None:
        """Read the weights once while another model answers; any thread may ask for it."""
        with self._reading:
            if not self._read and self.loaded is None and self.weights.folder is not None:
                files.read_ahead(self.weights.folder)
            self._read = True

    def unload(self) -> None:
        """Let go of the model; its memory is free once nobody else holds it."""
        self.loaded = None
        self._read = False


def lacks_eights(device: str) -> str:
    """Say why ``quantization = "fp8"`` cannot be had on ``cpu`` or ``cuda``; "" if it can."""
    if device == "cuda" and cuda_capability() >= (8, 9):
        return ""
    return (
        "quantization = 'fp8' needs a CUDA GPU of compute capability 8.9 or newer (Ada, Hopper, Blackwell): "
        "leave it out, or set '4bit' or '8bit'"
    )


def correct(model_type: str) -> None:
    """Prepare transformers for a family that it lacks or computes wrongly; before a checkpoint is opened."""
    families.of(model_type).register()


def accepts(function: Any, name: str) -> bool:
    """Say whether a function takes a keyword."""
    return name in inspect.signature(function).parameters
