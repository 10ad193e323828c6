"""What the device can do at most: a matrix product, and a copy in its memory, measured here and now."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from perf.models import synchronize


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The two ceilings.

    Attributes:
        flops: Floating-point operations per second of a large matrix product.
        bandwidth: Bytes per second that a copy reads and writes, both counted.
        size: Side of the matrices.
        copied: Bytes that were copied at once.
        dtype: Type of the matrices.
    """

    flops: float
    bandwidth: float
    size: int
    copied: int
    dtype: str


def measure(device: str, size: int | None = None, copied: int | None = None) -> Ceilings:
    """Measure both ceilings.

    Args:
        device: ``cuda`` or ``cpu``.
        size: Side of the matrices; 8,192 on a GPU and 1,024 on the CPU.
        copied: Bytes of the copy; 4 GiB on a GPU and 64 MiB on the CPU.
    """
    gpu = device == "cuda"
    size = size or (8192 if gpu else 1024)
    copied = copied or (4 * 2**30 if gpu else 64 * 2**20)
    dtype = torch.bfloat16 if gpu else torch.float32
    return Ceilings(
        flops=2 * size**3 / _product(device, size, dtype),
        bandwidth=2 * copied / _copy(device, copied),
        size=size,
        copied=copied,
        dtype=str(dtype).removeprefix("torch."),
    )


def _product(device: str, size: int, dtype: torch.dtype) -> float:
    # Random values: a product of equal ones takes less power, and with it the clock is higher.
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    product = torch.empty(size, size, device=device, dtype=dtype)
    return _best(lambda: torch.mm(left, right, out=product), device)


def _copy(device: str, copied: int) -> float:
    source = torch.ones(copied, device=device, dtype=torch.uint8)
    target = torch.empty_like(source)
    return _best(lambda: target.copy_(source), device)


def _best(step: Callable[[], object], device: str, blocks: int = 5, repeats: int = 10) -> float:
    """Return the seconds of one step in the fastest of several blocks: a ceiling is what can be reached."""
    for _ in range(3):
        step()
    seconds = []
    for _ in range(blocks):
        synchronize(device)
        start = time.perf_counter()
        for _ in range(repeats):
            step()
        synchronize(device)
        seconds.append((time.perf_counter() - start) / repeats)
    return min(seconds)
