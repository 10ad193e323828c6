"""Page-locked memory for pictures, asked of the driver in few large pieces.

Whoever asks for page-locked memory may wait for the GPU, and the GPU for whoever asks. So pictures lie in
slabs, and a slab whose pictures are gone returns to torch, which keeps it for the next one.
"""

from collections.abc import Callable
from threading import Lock

import torch
from torch import Tensor

_SMALLEST, _LARGEST = 16 * 2**20, 256 * 2**20
_ALIGNED = 512


def page_locked(size: int) -> Tensor:
    """Return so many bytes of page-locked memory."""
    return torch.empty(size, dtype=torch.uint8, pin_memory=True)


def sent(tensor: Tensor, device: torch.device) -> Tensor:
    """Bring a tensor to its device; a GPU is not waited for, as it would be from other memory."""
    if device.type != "cuda" or tensor.is_cuda:
        return tensor.to(device)
    return (tensor if tensor.is_pinned() else tensor.pin_memory()).to(device, non_blocking=True)


class Slabs:
    """Copies tensors into slabs; several threads may do so at once.

    Args:
        allocate: Returns a slab of so many bytes.
    """

    def __init__(self, allocate: Callable[[int], Tensor] = page_locked) -> None:
        self._allocate = allocate
        self._slab: Tensor | None = None
        self._used = 0
        self._size = _SMALLEST
        self._lock = Lock()

    def copy(self, tensor: Tensor) -> Tensor:
        """Return a copy of a contiguous tensor of bytes; it keeps its slab alive."""
        place = self._place(tensor.numel()).view(tensor.shape)
        place.copy_(tensor)
        return place

    def _place(self, size: int) -> Tensor:
        with self._lock:
            if self._slab is None or self._used + size > len(self._slab):
                # Each slab is twice as large as the one before: a small suite takes little.
                self._slab, self._used = self._allocate(max(self._size, size)), 0
                self._size = min(2 * self._size, _LARGEST)
            place = self._slab[self._used : self._used + size]
            self._used += -(-size // _ALIGNED) * _ALIGNED
            return place
