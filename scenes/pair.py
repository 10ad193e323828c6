"""What a scene program hands back: two pictures, and in words and boxes what it changed between them."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kurabe.common.vocabulary import Box
from scenes.camera import Picture

Grade = Literal["easy", "medium", "hard"]
GRADES: tuple[Grade, ...] = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, as the program made it.

    Attributes:
        kind: Its name in the suite, such as ``missing``.
        where: Its place in words, such as ``row 1, pin 3``.
        region: The part of the picture that it lies in, such as ``upper left``.
        box: The pixels of the test picture in which the thing is seen, or was.
        says: Groups of words; a right answer hits every group.
        noun: The change as a few words for lettered options, such as ``bent pin``.
        size: How large it was made, in pixels; None where the suite grades no sizes.
    """

    kind: str
    where: str
    region: str
    box: Box
    says: tuple[tuple[str, ...], ...]
    noun: str
    size: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RenderedPair:
    """A pair and the truth about it.

    Attributes:
        reference: (H, W, 3) picture of the good scene.
        test: (H, W, 3) picture of the scene as found.
        differences: What the program changed; empty for a good pair.
        spec: How the pair was made: seed, grade, the parts and the shots, as plain values.
    """

    reference: Picture
    test: Picture
    differences: tuple[Change, ...]
    spec: dict[str, Any] = field(default_factory=dict)


def enclosing(mask: NDArray[np.bool_]) -> Box:
    """Return the box around the true pixels of an (H, W) mask; right and bottom are exclusive.

    Raises:
        ValueError: If no pixel is true.
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        raise ValueError("nothing of the change is seen in the picture")
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def region(box: Box, size: tuple[int, int]) -> str:
    """Name the ninth of a picture (height, width) that holds the middle of a box."""
    column = ("left", "", "right")[min(2, int(1.5 * (box.x1 + box.x2) / size[1]))]
    row = ("upper", "", "lower")[min(2, int(1.5 * (box.y1 + box.y2) / size[0]))]
    return f"{row} {column}".strip() or "centre"
