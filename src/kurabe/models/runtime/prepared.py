"""Requests as the runtimes take them: token ids, and pictures cut into crops of bytes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, cut up and not yet normalised.

    Attributes:
        digest: Identifies the crops' pixels, their grid and everything else that its features depend on.
        crops: uint8 (crops, 3, side, side), on the CPU, possibly in pinned memory: row by row of the grid,
            without overview and without padding.
        grid: (rows, columns) of crops.
        tokens: How many tokens of its row stand for it.
        aspect: The family's number of this arrangement of tiles, where it numbers them.
    """

    digest: bytes
    crops: "Tensor"
    grid: tuple[int, int]
    tokens: int
    aspect: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One request.

    Attributes:
        ids: Its tokens, pictures included, as the family's processor numbers them.
        pictures: In the order of their tags.
    """

    ids: list[int]
    pictures: tuple[Picture, ...] = ()

    @property
    def length(self) -> int:
        """Tokens of the prompt."""
        return len(self.ids)
