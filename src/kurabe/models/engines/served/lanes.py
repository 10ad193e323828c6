"""Several clients of one server, each with few requests at once.

For each request a client looks at all its connections: with 64 of them that took a fifth of the interpreter's
time (``perf/endpoint.py``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

C = TypeVar("C")

_ROOM = 8
"""Requests that a client has at once."""


@dataclass(slots=True)
class _Lane(Generic[C]):
    client: C
    open: int = 0


class Lanes(Generic[C]):
    """Clients, made as they are needed. To be used in one event loop.

    Args:
        connect: Makes a client.
    """

    def __init__(self, connect: Callable[[], C]) -> None:
        self._connect = connect
        self._lanes: list[_Lane[C]] = []

    @contextmanager
    def one(self) -> Iterator[C]:
        """Hold the first client that has room, so that the connections of the others can end."""
        lane = next((each for each in self._lanes if each.open < _ROOM), None)
        if lane is None:
            self._lanes.append(lane := _Lane(self._connect()))
        lane.open += 1
        try:
            yield lane.client
        finally:
            lane.open -= 1

    def all(self) -> list[C]:
        """Return the clients there are."""
        return [lane.client for lane in self._lanes]
