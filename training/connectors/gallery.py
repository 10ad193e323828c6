"""The pictures of drawn connectors on the device, and what is known about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kurabe.common.vocabulary import Box
from scenes.connector import AREA, CONTRAST, SIZE
from scenes.pair import GRADES, region
from scenes.part import KINDS
from training.connectors.draw import MOST, TAKES, TESTS, Drawn
from training.rendering.camera import boxes, develop, expose, footprints
from training.rendering.sheets import painted
from training.rendering.takes import Takes


@dataclass(frozen=True, slots=True)
class Flawed:
    """A difference of a pair: its kind as an index into `KINDS`, its place in words, its box in pixels."""

    kind: int
    where: str
    box: tuple[int, int, int, int]


@dataclass(slots=True)
class Gallery:
    """Connectors in a ring: when all room is taken, the oldest give way.

    Attributes:
        pictures: (connectors, TAKES, 3, H, W) bytes.
        grade: (connectors,) index into `GRADES`.
        valid: (connectors, TESTS): whether all flaws of a test can be seen.
        weight: (connectors, TESTS): how often a test is to be drawn, so that kinds come as often as they are
            drawn: what is hard to see is rarer among what can be seen, and the suites draw until it can.
        differences: Of each test of each connector.
        count: Connectors that were ever added.
        drawn, seen: (grades, kinds): single flaws drawn, and those that can be seen.
    """

    pictures: Tensor
    grade: NDArray[np.int64]
    valid: NDArray[np.bool_]
    weight: NDArray[np.float64]
    differences: list[list[tuple[Flawed, ...]]]
    count: int = 0
    drawn: NDArray[np.int64] = field(default_factory=lambda: np.zeros((len(GRADES), len(KINDS)), np.int64))
    seen: NDArray[np.int64] = field(default_factory=lambda: np.zeros((len(GRADES), len(KINDS)), np.int64))

    @classmethod
    def empty(cls, room: int, device: torch.device | str) -> "Gallery":
        """Reserve room for so many connectors."""
        return cls(
            torch.zeros(room, TAKES, 3, *SIZE, dtype=torch.uint8, device=device),
            np.zeros(room, np.int64),
            np.zeros((room, TESTS), np.bool_),
            np.zeros((room, TESTS)),
            [[() for _ in range(TESTS)] for _ in range(room)],
        )

    @property
    def filled(self) -> int:
        """Connectors that are there."""
        return min(self.count, len(self.grade))

    def flat(self) -> Tensor:
        """Return all pictures in one row: those of connector c begin at c * TAKES."""
        return self.pictures.flatten(0, 1)

    def add(self, some: Sequence[Drawn]) -> list[int]:
        """Render connectors and keep them; returns their places."""
        device = self.pictures.device
        takes = Takes.on(
            device,
            [rows for each in some for rows in each.solids],
            [numbers for each in some for numbers in each.flaws],
            np.concatenate([each.shots for each in some]),
            np.repeat(np.arange(len(some)), TAKES),
        )
        frames = expose(takes, painted([each.board for each in some], device), SIZE)
        level, developed = develop(frames, takes, SIZE)
        shape = (len(some), TAKES)
        good, bad = slice(1, 1 + TESTS), slice(1 + TESTS, TAKES)
        whole = (level + 0.5).floor().view(*shape, 3, *SIZE)
        contrast = (whole[:, good] - whole[:, bad]).abs().amax(2)
        grades = torch.tensor([each.grade for each in some], device=device)
        least = torch.tensor([CONTRAST[grade] for grade in GRADES], device=device)[grades]
        area = torch.tensor([AREA[grade] for grade in GRADES], device=device)[grades]
        marks = footprints(frames, takes, MOST).view(*shape, MOST, *SIZE)
        marks = marks[:, good] | marks[:, bad]
        visible = (marks & (contrast >= least[:, None, None, None])[:, :, None]).sum((3, 4))
        enough = (visible >= area[:, None, None]).cpu().numpy()
        edges = boxes(marks).cpu().numpy()
        places = [(self.count + number) % len(self.grade) for number in range(len(some))]
        self.pictures[torch.tensor(places, device=device)] = developed.view(*shape, 3, *SIZE)
        for number, (place, each) in enumerate(zip(places, some, strict=True)):
            self.grade[place] = each.grade
            for test, said in enumerate(each.said):
                known = [bool(enough[number, test, slot]) for slot in range(len(said))]
                for flaw, found in zip(said, known, strict=True):
                    self.drawn[each.grade, flaw.kind] += 1
                    self.seen[each.grade, flaw.kind] += found
                self.valid[place, test] = all(known)
                self.weight[place, test] = all(known) * self._weight(each.grade, [flaw.kind for flaw in said])
                self.differences[place][test] = tuple(
                    _flawed(flaw.kind, flaw.where, edges[number, test, slot])
                    for slot, flaw in enumerate(said)
                )
        self.count += len(some)
        return places

    def _weight(self, grade: int, kinds: list[int]) -> float:
        rate = (self.seen[grade, kinds] + 1) / (self.drawn[grade, kinds] + 1)
        return min(4.0, float(np.mean(1 / rate)))


def _flawed(kind: int, where: str, edges: NDArray[np.int64]) -> Flawed:
    left, top, right, bottom = (int(edge) for edge in edges)
    return Flawed(kind, where or region(Box(left, top, right, bottom), SIZE), (left, top, right, bottom))
