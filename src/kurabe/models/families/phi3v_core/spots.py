"""Which tokens of a picture show a difference: in phi3_v those of the crops stand row by row."""

import torch
from torch import Tensor

from kurabe.common.vocabulary import Box
from kurabe.models.families.family import UNASKED, Marked
from kurabe.models.families.phi3v_core.image_tokens import tile
from kurabe.models.families.phi3v_core.processing import Phi3VProcessor

_COVERED = 0.3
"""Share of a token's part of the picture, or of a difference smaller than that, from which on it shows it."""


def token_labels(
    processor: Phi3VProcessor, crops: int | None, marked: Marked, size: tuple[int, int], ids: Tensor
) -> Tensor:
    """Label the tokens of a prompt; see `kurabe.models.families.family.SpotLabels`."""
    labels = on_grid(marked, size, crops or processor.num_crops, processor.crop_size, processor.grid)
    return on_tokens(labels, ids, marked.picture)


def on_grid(spots: Marked, size: tuple[int, int], num_crops: int, side: int, grid: int) -> Tensor:
    """Say of each part of a picture that is a token of its crops whether a difference lies there.

    Args:
        spots: Where the differences lie.
        size: Width and height of the picture in pixels.
        num_crops: The most crops that it is cut into.
        side: Of a crop, in pixels.
        grid: Tokens along a side of a crop.

    Returns:
        int8 (rows of crops * grid, columns of crops * grid): 1 where a difference covers a good part, or more
        than anywhere else; 0 where none does; `UNASKED` outside of the test picture.
    """
    tiling = tile(*size, num_crops, side)
    # As a picture is scaled: its longer side fills the crops, the shorter one is padded at both ends.
    half = (tiling.crops_short * side - tiling.short) // 2
    wide, high = (tiling.short, tiling.long) if tiling.upright else (tiling.long, tiling.short)
    left, top = (half, 0) if tiling.upright else (0, half)
    across, down, cell = wide / size[0], high / size[1], side / grid

    def covered(box: Box) -> Tensor:
        """Return the area of each cell that a box covers, within the test picture."""
        x1, x2 = (min(max(x, spots.region.x1), spots.region.x2) for x in (box.x1, box.x2))
        y1, y2 = (min(max(y, spots.region.y1), spots.region.y2) for y in (box.y1, box.y2))
        columns = _within(left + x1 * across, left + x2 * across, tiling.columns * grid, cell)
        rows = _within(top + y1 * down, top + y2 * down, tiling.rows * grid, cell)
        return rows[:, None] * columns

    labels = torch.full((tiling.rows * grid, tiling.columns * grid), UNASKED, dtype=torch.int8)
    # An edge that lies on that of a cell may, by rounding, reach into the next one.
    labels[covered(spots.region) > 1e-3] = 0
    for box in spots.boxes:
        area = covered(box)
        enough = min(_COVERED * min(float(area.sum()), cell * cell), float(area.max()))
        labels[(area >= enough) & (area > 0)] = 1
    return labels


def _within(low: float, high: float, count: int, cell: float) -> Tensor:
    """Return how much of each of ``count`` cells in a row lies between two places."""
    begin = torch.arange(count, dtype=torch.float64) * cell
    return ((begin + cell).clamp(max=high) - begin.clamp(min=low)).clamp(min=0)


def on_tokens(labels: Tensor, ids: Tensor, picture: int) -> Tensor:
    """Put the labels of a picture's crops where its tokens stand.

    Args:
        labels: As `on_grid` returns them.
        ids: (1, tokens), as the phi3_v processor makes them: the tokens of the picture are ``-1 - picture``.
        picture: Its number, from 0.

    Returns:
        int8 (1, tokens); `UNASKED` at what is no token of the crops.
    """
    rows, columns = labels.shape
    placed = torch.full_like(ids, UNASKED, dtype=torch.int8)
    own = (ids[0] == -1 - picture).nonzero().flatten()
    # The crops come first, row by row, and each row ends with a newline; then the overview.
    crops = own[: rows * (columns + 1)].view(rows, columns + 1)[:, :columns]
    placed[0, crops.flatten()] = labels.flatten()
    return placed
