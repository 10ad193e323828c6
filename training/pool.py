"""Rendered items on their way to the GPU: processes that render, and a store that only grows."""

import multiprocessing
import os
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from training.items import EVAL_SEEDS, MOST, OBJECTS, QUESTIONS, TRAIN_SEEDS, VIEWS, Item, stream
from training.tiny import LAYOUT, LENGTH, encode
from training.words import Family

Size = tuple[int, int]
SMALL: Size = (126, 168)
FULL: Size = (216, 288)
"""The suites' own size. Most pairs are rendered smaller, which is four times as fast."""

TURNS = len(VIEWS) * len(QUESTIONS) + 1
"""Texts of an item: the questions of each view, then the description."""

CHUNK = 8


class Texts(NamedTuple):
    """What is said about items, by family: ids (n, TURNS, LENGTH) and where answers begin (n, TURNS)."""

    ids: Any
    answers: Any


class Chunk(NamedTuple):
    """A few items as arrays, from one process to another."""

    held_out: bool
    suites: Any
    pictures: Any
    boxes: Any
    objects: Any
    texts: dict[Family, Texts]


def texts_of(family: Family, processor: Any, items: Sequence[Item]) -> Texts:
    """Return what is said about items as ids, padded on the right."""
    ids = np.full((len(items), TURNS, LENGTH), processor.tokenizer.pad_token_id, np.int16)
    answers = np.zeros((len(items), TURNS), np.int16)
    layout = LAYOUT[family]
    both = 2 if layout == "separate" else 1
    for number, item in enumerate(items):
        turns = [(turn, both) for turn in item.turns[layout]] + [(item.describe[layout], 1)]
        for place, (turn, pictures) in enumerate(turns):
            row, answers[number, place] = encode(family, processor, turn, pictures)
            if len(row) > LENGTH:
                raise ValueError(f"{len(row)} tokens do not fit: {turn}")
            ids[number, place, : len(row)] = row
    return Texts(ids, answers)


def _render(
    worker: int, seed: int, size: Size, held_out: int, processors: dict[Family, Any], out: Any
) -> None:
    torch.set_num_threads(1)
    os.nice(10)  # what feeds the GPU goes first
    layouts = tuple(LAYOUT[family] for family in processors)

    def send(items: list[Item], kept: bool) -> None:
        texts = {family: texts_of(family, processor, items) for family, processor in processors.items()}
        suites = np.array([item.suite for item in items])
        pictures, boxes, objects = (
            np.stack([getattr(item, name) for item in items]) for name in ("pictures", "boxes", "objects")
        )
        out.put(Chunk(kept, suites, pictures, boxes, objects, texts))

    kept = stream(EVAL_SEEDS + worker, layouts, FULL)
    for _ in range(held_out // CHUNK):
        send([next(kept) for _ in range(CHUNK)], True)
    learned = stream(TRAIN_SEEDS + 1000 * seed + worker, layouts, size)
    while True:
        send([next(learned) for _ in range(CHUNK)], False)


@dataclass(slots=True)
class Store:
    """Items of one size on the device; filled from behind while others read in front.

    Attributes:
        count: Items that may be read.
    """

    suites: Tensor
    pictures: Tensor
    boxes: Tensor
    objects: Tensor
    texts: dict[Family, Texts]
    count: int = 0

    @classmethod
    def empty(cls, capacity: int, size: Size, families: Sequence[Family], device: str) -> "Store":
        """Reserve room."""
        whole: dict[str, Any] = {"device": device}
        texts = {
            family: Texts(
                torch.zeros(capacity, TURNS, LENGTH, dtype=torch.int16, **whole),
                torch.zeros(capacity, TURNS, dtype=torch.int16, **whole),
            )
            for family in families
        }
        return cls(
            torch.zeros(capacity, dtype=torch.long, **whole),
            torch.zeros(capacity, 2, 3, *size, dtype=torch.uint8, **whole),
            torch.zeros(capacity, MOST, 5, **whole),
            torch.zeros(capacity, 2, len(OBJECTS), **whole),
            texts,
        )

    def add(self, chunk: Chunk) -> None:
        """Append items; when all room is taken, the oldest give way."""
        capacity = len(self.suites)
        start = self.count % capacity
        end = min(capacity, start + len(chunk.suites))
        part = slice(0, end - start)
        self.suites[start:end] = torch.from_numpy(chunk.suites[part])
        pictures = torch.from_numpy(chunk.pictures[part])
        self.pictures[start:end] = pictures.to(self.pictures.device).permute(0, 1, 4, 2, 3)
        self.boxes[start:end] = torch.from_numpy(chunk.boxes[part])
        self.objects[start:end] = torch.from_numpy(chunk.objects[part])
        for family, texts in chunk.texts.items():
            self.texts[family].ids[start:end] = torch.from_numpy(texts.ids[part])
            self.texts[family].answers[start:end] = torch.from_numpy(texts.answers[part])
        self.count += end - start

    @property
    def filled(self) -> int:
        """Items that can be read now."""
        return min(self.count, len(self.suites))


class Pool:
    """The rendering processes and the stores that they fill."""

    def __init__(
        self, processors: dict[Family, Any], workers: int, seed: int, held_out: int, room: dict[Size, int]
    ) -> None:
        """Start rendering; call before the device is first used, since processes are forked."""
        context = multiprocessing.get_context("fork")
        self._queue: Any = context.Queue(maxsize=64)
        self._families = tuple(processors)
        self._room = room
        full = max(1, round(0.2 * workers))  # processes that render at full size
        each = -(-held_out // (workers * CHUNK)) * CHUNK
        self.processes = [
            context.Process(
                target=_render,
                args=(number, seed, FULL if number < full else SMALL, each, processors, self._queue),
                daemon=True,
            )
            for number in range(workers)
        ]
        for process in self.processes:
            process.start()
        self._held_out = each * workers
        self.stores: dict[Size, Store] = {}
        self._ended = threading.Event()

    def open(self, device: str) -> Store:
        """Reserve room on the device and begin to fill it; return the items that are kept for evaluation."""
        self.stores = {
            size: Store.empty(room, size, self._families, device) for size, room in self._room.items()
        }
        kept = Store.empty(self._held_out, FULL, self._families, device)
        threading.Thread(target=self._fill, args=(kept,), daemon=True).start()
        return kept

    def _fill(self, kept: Store) -> None:
        while not self._ended.is_set():
            try:
                chunk = self._queue.get(timeout=1)
            except queue.Empty:
                continue
            (kept if chunk.held_out else self.stores[chunk.pictures.shape[2:4]]).add(chunk)

    def close(self) -> None:
        """End the processes that this pool started."""
        self._ended.set()
        for process in self.processes:
            process.terminate()


def cases_folder() -> Path:
    """Return the folder of the shipped suites, whose words the tokenizers know."""
    return Path(__file__).resolve().parents[1] / "cases"
