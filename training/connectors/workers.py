"""Processes beside the one that trains: they draw connectors, process pairs and render bodies.

What is large goes through memory that all share: a queue's thread would have to wait, byte by byte, for the
thread that feeds the GPU. Each process has places of its own there, and a byte tells whose turn a place is.
"""

import mmap
import multiprocessing
import os
import pickle
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from kurabe.imaging.rt import n_soartc
from scenes.connector import SIZE
from training.connectors.draw import Drawn, without_end
from training.items import TRAIN_SEEDS, Item, stream
from training.pool import FULL

Picture = NDArray[np.uint8]

FREE, WAITING, DONE = 0, 1, 2
_JOBS, _AHEAD = 24, 8
"""Places of a process: for pairs to be processed, and for connectors that are drawn ahead."""

_ROOM = 3 * 2**20
"""Bytes of a connector at most."""


class _Places(NamedTuple):
    """Shared memory of all processes: turns (processes, places), and contents."""

    turn: NDArray[np.uint8]
    content: NDArray[np.uint8]

    @classmethod
    def make(cls, processes: int, places: int, shape: tuple[int, ...]) -> "_Places":
        size = processes * places * int(np.prod(shape))
        turn = np.frombuffer(mmap.mmap(-1, processes * places), np.uint8).reshape(processes, places)
        content = np.frombuffer(mmap.mmap(-1, size), np.uint8).reshape(processes, places, *shape)
        return cls(turn, content)


def _work(number: int, seed: int, jobs: _Places, ahead: _Places) -> None:
    """Process the pairs that are waiting; meanwhile draw connectors ahead."""
    torch.set_num_threads(1)
    os.nice(10)  # what feeds the GPU goes first
    connectors = without_end(seed)
    while True:
        waiting = np.flatnonzero(jobs.turn[number] == WAITING)
        for place in waiting:
            reference, test = (Image.fromarray(picture) for picture in jobs.content[number, place])
            jobs.content[number, place, 1] = np.asarray(n_soartc(reference, test)[1])
            jobs.turn[number, place] = DONE
        free = np.flatnonzero(ahead.turn[number] == FREE)
        if len(free):
            written = np.frombuffer(pickle.dumps(next(connectors), protocol=5), np.uint8)
            ahead.content[number, free[0], : len(written)] = written
            ahead.turn[number, free[0]] = DONE
        elif not len(waiting):
            time.sleep(0.002)


def _bodies(seed: int, bodies: Any) -> None:
    """Render pairs of bodies, for the linking pairs."""
    torch.set_num_threads(1)
    os.nice(10)
    for item in stream(seed, ("separate",), FULL, shapes_share=1.0):
        bodies.put(item)


class Workers:
    """The processes and what goes to and from them. Start before the device is used: they are forked."""

    def __init__(self, amount: int, seed: int, bodies: int) -> None:
        """Start so many processes, and so many more for bodies.

        Args:
            amount: Processes that draw and process.
            seed: Streams of different seeds share no connector.
            bodies: Processes that render bodies.
        """
        context = multiprocessing.get_context("fork")
        self._jobs = _Places.make(amount, _JOBS, (2, *SIZE, 3))
        self._ahead = _Places.make(amount, _AHEAD, (_ROOM,))
        self._keys: dict[tuple[int, int], Any] = {}
        self._bodies: Any = context.Queue(maxsize=16)
        kinds: Sequence[tuple[Any, tuple[Any, ...]]] = [
            *((_work, (number, 1000 * seed + number, self._jobs, self._ahead)) for number in range(amount)),
            *((_bodies, (TRAIN_SEEDS + 1000 * seed + 500 + n, self._bodies)) for n in range(bodies)),
        ]
        self._running = [context.Process(target=what, args=args, daemon=True) for what, args in kinds]
        for process in self._running:
            process.start()

    @property
    def waiting(self) -> int:
        """Pairs that are being processed."""
        return len(self._keys)

    def process(self, key: Any, reference: Picture, test: Picture) -> bool:
        """Ask for the processed test picture of a pair, both (H, W, 3); False if all places are taken."""
        # The process with the fewest waiting comes first.
        number = int((self._jobs.turn != FREE).sum(1).argmin())
        free = np.flatnonzero(self._jobs.turn[number] == FREE)
        if not len(free):
            return False
        place = int(free[0])
        self._jobs.content[number, place] = reference, test
        self._keys[number, place] = key
        self._jobs.turn[number, place] = WAITING
        return True

    def processed(self) -> list[tuple[Any, Picture]]:
        """Return what has been processed since."""
        found = []
        for number, place in np.argwhere(self._jobs.turn == DONE).tolist():
            picture = self._jobs.content[number, place, 1].copy()
            found.append((self._keys.pop((number, place)), picture))
            self._jobs.turn[number, place] = FREE
        return found

    def drawn(self, most: int) -> list[Drawn]:
        """Return connectors that are ready, at most so many."""
        found: list[Drawn] = []
        ready = np.argwhere(self._ahead.turn == DONE)
        np.random.default_rng(int(time.monotonic() * 1e6)).shuffle(ready)
        for number, place in ready[:most].tolist():
            found.append(pickle.loads(self._ahead.content[number, place]))  # what our own process wrote
            self._ahead.turn[number, place] = FREE
        return found

    def bodies(self) -> list[Item]:
        """Return pairs of bodies that are ready."""
        found: list[Item] = []
        while not self._bodies.empty():
            found.append(self._bodies.get())
        return found

    def close(self) -> None:
        """End the processes that were started here."""
        for process in self._running:
            process.terminate()
