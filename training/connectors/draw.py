"""A connector with its tests, before the camera: what a process without a GPU can make of it.

The draws are those of `scenes.connector`. A test is exposed twice in one shot, with its flaws and without:
that tells whether they can be seen, and both are pictures to learn from.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.connector import (
    EXTENT,
    SIZE,
    UNREST,
    draw_flaw,
    draw_part,
    first_shot,
    retake,
    surroundings,
    touches,
    where_of,
)
from scenes.pair import GRADES, Grade
from scenes.part import KINDS, Flaw, Part, build, pin_tag
from training.rendering.sheets import Board, board_of
from training.rendering.takes import shot_of, solids_of

TESTS = 4
TAKES = 1 + 2 * TESTS
"""Pictures of a connector: the reference, then its tests as they should be, then with their flaws."""

MOST = 3
"""Flaws of a test at most."""

STREAM = 78
"""What tells these seeds from the suites' own, which are drawn with other second numbers."""

_AMOUNTS = (0.68, 0.22, 0.1)


class Said(NamedTuple):
    """A flaw in words: its kind as an index into `KINDS`, and where it is; "" where its picture tells."""

    kind: int
    where: str


class Drawn(NamedTuple):
    """A connector as plain numbers.

    Attributes:
        grade: Index into `GRADES`.
        solids: Of each of `TAKES`, as `solids_of` gives them.
        flaws: Of each, the flaw of each solid, from 1; 0 for none.
        shots: (TAKES, ...) as `shot_of` gives them.
        board: What it stands on.
        said: The flaws of each test.
    """

    grade: int
    solids: list[NDArray[np.float32]]
    flaws: list[NDArray[np.int64]]
    shots: NDArray[np.float32]
    board: Board
    said: list[tuple[Said, ...]]


def draw(rng: np.random.Generator, grade: Grade) -> Drawn:
    """Draw a connector and its tests."""
    part = draw_part(rng, grade)
    shot = first_shot(rng, part, SIZE)
    others, board = surroundings(rng, part, shot, SIZE)
    around = solids_of(others)
    shots, flawed = [shot], []
    for _ in range(TESTS):
        shots.append(retake(rng, shot, UNREST[grade]))
        flawed.append(_flaws(rng, part, grade, shot.zoom))
    rows, tags = [], []
    for flaws in ((), *(() for _ in flawed), *flawed):
        solids = build(part, flaws)
        rows.append(np.concatenate([solids_of(solids), around]))
        tags.append([solid.tag for solid in solids] + [""] * len(others))
    numbers = []
    for take, names in enumerate(tags):
        flaws = flawed[(take - 1) % TESTS] if take else ()
        slot = {
            tag: number
            for number, flaw in enumerate(flaws, 1)
            for tag in {flaw.tag, pin_tag(flaw.row, flaw.pin) if flaw.kind in KINDS[:4] else flaw.tag}
        }
        numbers.append(np.array([slot.get(name, 0) for name in names]))
    return Drawn(
        GRADES.index(grade),
        rows,
        numbers,
        np.stack([shot_of(each) for each in (*shots, *shots[1:])]),
        board_of(rng, board),
        [
            tuple(Said(KINDS.index(flaw.kind), where_of(flaw) if flaw.row else "") for flaw in flaws)
            for flaws in flawed
        ],
    )


def _flaws(rng: np.random.Generator, part: Part, grade: Grade, zoom: float) -> tuple[Flaw, ...]:
    while True:
        amount = 1 + int(rng.choice(len(_AMOUNTS), p=_AMOUNTS))
        kinds = [KINDS[number] for number in rng.permutation(len(KINDS))[:amount]]
        flaws = tuple(
            draw_flaw(rng, kind, part, float(rng.uniform(*EXTENT[grade])) / zoom, grade) for kind in kinds
        )
        touched = [pin for flaw in flaws if flaw.row for pin in touches(flaw)]
        if len(set(touched)) == len(touched):
            return flaws


def without_end(seed: int) -> Iterator[Drawn]:
    """Draw connectors of all grades in turn; streams of different seeds share nothing."""
    rng = np.random.default_rng([seed, STREAM])
    while True:
        for grade in GRADES:
            yield draw(rng, grade)
