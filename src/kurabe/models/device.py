"""What this machine has, asked without torch, which takes seconds to import."""

import ctypes
from functools import cache
from typing import Any

import psutil


@cache
def cuda_devices() -> tuple[int, ...]:
    """Return the total memory in bytes of each CUDA device that this process may use."""
    cuda, count = _driver(), ctypes.c_int()
    if cuda is None or cuda.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return ()
    sizes = []
    for index in range(count.value):
        device, size = ctypes.c_int(), ctypes.c_size_t()
        cuda.cuDeviceGet(ctypes.byref(device), index)
        cuda.cuDeviceTotalMem_v2(ctypes.byref(size), device)
        sizes.append(size.value)
    return tuple(sizes)


@cache
def cuda_capability() -> tuple[int, int]:
    """Return the compute capability of the first CUDA device, such as (9, 0); (0, 0) without one."""
    cuda, device = _driver(), ctypes.c_int()
    if cuda is None or cuda.cuDeviceGet(ctypes.byref(device), 0) != 0:
        return (0, 0)
    major, minor = (ctypes.c_int() for _ in range(2))
    for value, attribute in ((major, 75), (minor, 76)):  # numbers of the driver's own
        cuda.cuDeviceGetAttribute(ctypes.byref(value), attribute, device)
    return major.value, minor.value


def _driver() -> Any:
    """Return CUDA's driver, ready to be asked; None if there is none."""
    for library in ("libcuda.so.1", "nvcuda.dll"):
        try:
            cuda = ctypes.CDLL(library)
        except OSError:
            continue
        return cuda if cuda.cuInit(0) == 0 else None
    return None


def free_memory(device: str) -> int:
    """Return the bytes that are free on ``cpu`` or on the current ``cuda`` device (imports torch)."""
    if device == "cpu":
        return int(psutil.virtual_memory().available)
    import gc

    import torch

    gc.collect()
    torch.cuda.empty_cache()
    return int(torch.cuda.mem_get_info()[0])


def gib(size: int) -> str:
    """Write a number of bytes for people."""
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.0f} MiB"
