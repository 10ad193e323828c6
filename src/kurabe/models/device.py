"""What this machine has, asked without torch, which takes seconds to import."""

import ctypes
from functools import cache

import psutil


@cache
def cuda_devices() -> tuple[int, ...]:
    """Return the total memory in bytes of each CUDA device that this process may use."""
    for library in ("libcuda.so.1", "nvcuda.dll"):
        try:
            cuda = ctypes.CDLL(library)
            break
        except OSError:
            continue
    else:
        return ()
    count = ctypes.c_int()
    if cuda.cuInit(0) != 0 or cuda.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return ()
    sizes = []
    for index in range(count.value):
        device, size = ctypes.c_int(), ctypes.c_size_t()
        cuda.cuDeviceGet(ctypes.byref(device), index)
        cuda.cuDeviceTotalMem_v2(ctypes.byref(size), device)
        sizes.append(size.value)
    return tuple(sizes)


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
