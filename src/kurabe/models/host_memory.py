"""How the host's memory is given back: not between one operation of a model and the next."""

import ctypes
import sys
from functools import cache

# Of <malloc.h>.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3

_LARGEST = 32 * 2**20
"""Bytes from which on a piece of memory is the system's own again once it is freed; glibc takes no more."""
_KEPT = 512 * 2**20
"""Bytes of freed memory that the process keeps."""


@cache
def keep_freed() -> bool:
    """Let this process keep freed memory for what comes next, where its C library is glibc.

    A model on a CPU frees and takes some megabytes with every operation. By default they go back to the
    system each time and come again page by page, cleared, which can take longer than the operation.

    Returns:
        Whether the C library has taken it.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    # In this order: a threshold for trimming alone would keep the other one at 128 KiB for good.
    kept = mallopt is not None and mallopt(_MMAP_THRESHOLD, _LARGEST) and mallopt(_TRIM_THRESHOLD, _KEPT)
    return bool(kept)
