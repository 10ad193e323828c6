"""A pytest plugin (``-p perf.worker_log``) by which workers tell when they load and when they answer.

Each event is one line of JSON in the file that the environment names: the worker, its process, its GPU, what
happened, and when by the clock of the machine, which all workers share.
"""

import functools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LOG = "KURABE_PERF_LOG"


def tell(event: str, start: float, **more: Any) -> None:
    """Append an event; a line is written at once, so that workers do not mix theirs."""
    line = {
        "worker": os.environ.get("PYTEST_XDIST_WORKER"),
        "pid": os.getpid(),
        "gpu": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "event": event,
        "start": start,
        "end": time.time(),
        **more,
    }
    with open(os.environ[LOG], "ab", buffering=0) as file:  # noqa: PTH123
        file.write((json.dumps(line) + "\n").encode())


def pytest_configure(config: pytest.Config) -> None:  # noqa: ARG001
    """Listen to the engine, where there is a file to write to."""
    if LOG not in os.environ:
        return
    from kurabe.models.engines.local import building
    from kurabe.models.engines.local.engine import LocalEngine

    building.load = _loading(building.load)
    LocalEngine.answer_on = _answering(LocalEngine.answer_on)  # type: ignore[method-assign]


def _loading(load: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(load)
    def told(folder: Path, settings: Any, *args: Any, **kwargs: Any) -> Any:
        start = time.time()
        loaded = load(folder, settings, *args, **kwargs)
        tell("loaded", start, checkpoint=str(settings.checkpoint))
        return loaded

    return told


def _answering(answer: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @functools.wraps(answer)
    def told(self: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        start, number = time.time(), 0
        for each in answer(self, *args, **kwargs):
            number += each is not None
            if each is not None and number == 1:
                tell("first answer", start)
            yield each
        tell("answered", start, answers=number)

    return told
