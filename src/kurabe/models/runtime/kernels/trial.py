"""Whether kernels can run on a machine: found out by running them once."""

from collections.abc import Callable
from typing import Any

import torch


def tried(load: Callable[[], Any], run: Callable[[Any], None]) -> tuple[Any, str]:
    """Return a module of kernels and "" once ``run`` has run with it; None and why it could not.

    Args:
        load: Imports the module, which fails on a machine without Triton.
        run: Runs its kernels once, in the sizes that are to be compiled beforehand.

    Raises:
        torch.OutOfMemoryError: If memory is short, which says nothing of the kernels.
    """
    try:
        module: Any = load()
        with torch.inference_mode():
            run(module)
    except torch.OutOfMemoryError:
        raise
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
    return module, ""
