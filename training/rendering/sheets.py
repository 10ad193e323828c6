"""Painted boards for many pictures at once, as `scenes.board.paint_board` makes one."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from scenes.board import FINISH, GLOSS, MASKS, RELIEF, board_layers
from training.rendering.takes import Sheets


class Board(NamedTuple):
    """A board before its colours.

    Attributes:
        layers: (4, H, W) as bytes: copper, bare metal, print, holes.
        facts: Width and height in millimetres, pixels per millimetre, colours of the mask and of the finish.
    """

    layers: NDArray[np.uint8]
    facts: NDArray[np.float32]


def board_of(rng: np.random.Generator, wanted: dict[str, Any]) -> Board:
    """Draw a board, given `scenes.board.paint_board`'s arguments."""
    area, density = wanted["area"], wanted["density"]
    layers = board_layers(rng, area, wanted["body"], density, wanted["label"])
    facts = [*area, density, *MASKS[wanted["mask"]], *FINISH[wanted["finish"]]]
    return Board(np.rint(np.stack(layers) * 255).astype(np.uint8), np.array(facts, np.float32))


def painted(boards: list[Board], device: torch.device | str) -> Sheets:
    """Return boards in their colours, on the device."""
    sizes = torch.tensor([board.layers.shape[:0:-1] for board in boards], device=device)
    wide, high = sizes.amax(0).tolist()
    padded = [
        functional.pad(
            torch.from_numpy(board.layers).to(device),
            (0, wide - board.layers.shape[2], 0, high - board.layers.shape[1]),
        )
        for board in boards
    ]
    raised, metal, printed, drilled = (torch.stack(padded).float() / 255).unbind(1)
    facts = torch.from_numpy(np.stack([board.facts for board in boards])).to(device)
    area, density, mask, finish = facts[:, :2], facts[:, 2], facts[:, 3:6], facts[:, 6:9]

    def spread(colour: Tensor) -> Tensor:
        return colour[:, None, None, :]

    colour = spread(mask) * (1 + 0.9 * raised[..., None])
    colour += metal[..., None] * (spread(finish) - colour)
    colour += printed[..., None] * (0.62 - colour)
    colour *= 1 - 0.95 * drilled[..., None]
    bare = metal * (1 - printed) * (1 - drilled)
    relief = (RELIEF * raised + 0.01 * printed) * density[:, None, None]
    along_y, along_x = torch.gradient(relief, dim=(1, 2))
    paint = torch.cat([colour, torch.stack([bare, along_x, along_y], -1)], -1)
    return Sheets(-area / 2, density, paint.half(), sizes, GLOSS)
