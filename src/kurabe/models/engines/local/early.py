"""Weights on their way to the GPU before transformers is there to say where they belong.

Importing transformers takes about as long as bringing 8 GB to a GPU. The import is Python's, and the copies
are the system's and the driver's: side by side they take hardly longer than one of them.
"""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.models import weights as files

if TYPE_CHECKING:
    import torch

_ROOM = 2.5
"""GPU memory that has to be free, in sizes of the weights: transformers reserves as much once more."""

_SINGLE, _INDEX = "model.safetensors", "model.safetensors.index.json"
"""Where transformers looks for weights, in this order."""


@dataclass(frozen=True)
class There:
    """Tensors that are where they belong already.

    Attributes:
        named: The tensors by name.
    """

    named: "dict[str, torch.Tensor]"

    def tensors(self) -> "dict[str, torch.Tensor]":
        """Return the tensors by name."""
        return self.named


class Early:
    """The tensors of a checkpoint's files, read in a thread from now on.

    Args:
        paths: The files.
        device: Where the tensors go.
    """

    def __init__(self, paths: list[Path], device: "torch.device") -> None:
        self._stopped = False
        pool = ThreadPoolExecutor(1, "weights")
        self._read: Future[dict[str, Any] | None] | None = pool.submit(self._tensors, paths, device)
        pool.shutdown(wait=False)

    def tensors(self) -> dict[str, Any] | None:
        """Wait for the tensors by name, once; None if they cannot be had: the usual loading says why."""
        read, self._read = self._read, None  # the model alone holds them then, and can let go of them
        return None if read is None else read.result()

    def stop(self) -> None:
        """Read no further, and let go of what has been read."""
        self._stopped = True

    def _tensors(self, paths: list[Path], device: "torch.device") -> dict[str, Any] | None:
        import torch
        from safetensors import SafetensorError

        found: dict[str, Any] = {}
        try:
            for name, tensor in _each(paths):
                if self._stopped:
                    return None
                found[name] = tensor.to(device)
        except (OSError, SafetensorError, torch.OutOfMemoryError):
            return None
        return found


def _each(paths: list[Path]) -> "Iterator[tuple[str, torch.Tensor]]":
    from safetensors import safe_open

    for path in paths:
        with safe_open(path, framework="pt", device="cpu") as file:
            for name in file.keys():  # noqa: SIM118 - no mapping
                yield name, file.get_tensor(name)


def read(paths: list[Path]) -> "dict[str, torch.Tensor]":
    """Read the tensors of files where they are, on the CPU."""
    return dict(_each(paths))


def shapes(paths: list[Path]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the tensors of files, as their headers have them."""
    from safetensors import safe_open

    found = {}
    for path in paths:
        with safe_open(path, framework="pt", device="cpu") as file:
            for name in file.keys():  # noqa: SIM118 - no mapping
                found[name] = tuple(file.get_slice(name).get_shape())
    return found


def begin(folder: Path, device: str) -> Early | None:
    """Begin to bring the weights of a folder to a device.

    Args:
        folder: Of the checkpoint.
        device: ``cuda`` or ``cpu``.

    Returns:
        The weights on their way; None where nothing is gained (the CPU has them where they are), where memory
        is short, or where transformers would not read just these files.
    """
    import torch

    paths = read_by_transformers(folder)
    if device != "cuda" or not paths:
        return None
    try:
        free, _ = torch.cuda.mem_get_info()
        if free < _ROOM * sum(path.stat().st_size for path in paths):
            return None
        return Early(paths, torch.device("cuda", torch.cuda.current_device()))
    except (OSError, RuntimeError):
        return None


def read_by_transformers(folder: Path) -> list[Path]:
    """Return the files that transformers reads of a folder; none if it might read others or convert them."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config.get("quantization_config") or config.get("transformers_weights"):
            return []
        if (folder / "adapter_config.json").exists():
            return []
        if (folder / _SINGLE).is_file():
            return [folder / _SINGLE]
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        named = [folder / name for name in sorted(set(index["weight_map"].values()))]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
    there = files.weight_files(folder)
    return named if all(path in there for path in named) else []
