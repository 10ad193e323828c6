"""The second question of a training: each token of the test picture is asked if a difference lies there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from kurabe.common.vocabulary import Box
from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.spots import Marked, marked
from kurabe.imaging.content import Shown
from kurabe.models.families.phi3v.image_tokens import tile

UNASKED = -100
"""The label of a token that is not asked."""

HEAD = "spots.safetensors"
"""The head's file in a checkpoint; adapters have none."""

_NOTHING = 0.15
"""Weight of a token that shows no difference: most show none."""

_COVERED = 0.3
"""Share of a token's part of the picture, or of a difference smaller than that, from which on it shows it."""


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


def token_labels(
    processor: Any, crops: int | None, record: TrainingRecord, shown: Shown, ids: Tensor
) -> Tensor:
    """Return what the tokens of a record are to answer.

    Args:
        processor: That of phi3_v.
        crops: The most crops of a picture; None for the processor's own number.
        record: The record.
        shown: What it shows.
        ids: (1, tokens), the answer's included.

    Returns:
        int8 (1, tokens): 1 for a difference, 0 for none, `UNASKED` for what is not asked.
    """
    spots = marked(record, shown)
    if spots is None:
        return torch.full_like(ids, UNASKED, dtype=torch.int8)
    size = shown.pictures[spots.picture].size
    labels = on_grid(spots, size, crops or processor.num_crops, processor.crop_size, processor.grid)
    return on_tokens(labels, ids, spots.picture)


class SpotHead(nn.Module):
    """Tells from a token's last state whether a difference lies there; thrown away with the training."""

    weights: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 2)
        self.register_buffer("weights", torch.tensor([_NOTHING, 1.0]), persistent=False)

    def forward(self, states: Tensor, labels: Tensor) -> Tensor:
        """Return the sum of the weighted losses of all tokens that are asked.

        Args:
            states: (batch, tokens, width), the decoder's last.
            labels: (batch, tokens).
        """
        if not torch.is_autocast_enabled(states.device.type):
            states = states.to(self.linear.weight.dtype)
        said = self.linear(states).float().flatten(0, 1)
        return cross_entropy(
            said, labels.flatten().long(), self.weights, ignore_index=UNASKED, reduction="sum"
        )


def weight_of(labels: Tensor) -> Tensor:
    """Return the sum of the weights of all tokens that are asked, by which their loss is divided."""
    return (labels == 0).sum() * _NOTHING + (labels == 1).sum()


def put_on(model: Any) -> SpotHead:
    """Give a model with a LoRA a head, as a part that is trained and is no part of the adapter."""
    base = model.get_base_model()
    head = SpotHead(base.config.get_text_config().hidden_size).to(base.device)
    model.spots = head
    return head


def save(head: SpotHead, folder: Path) -> None:
    """Write a head into a checkpoint."""
    from safetensors.torch import save_file

    save_file({name: value.detach().cpu() for name, value in head.state_dict().items()}, folder / HEAD)


def load(head: SpotHead, folder: Path) -> None:
    """Set a head to what `save` wrote."""
    from safetensors.torch import load_file

    head.load_state_dict(load_file(folder / HEAD))


@contextmanager
def last_states(model: Any) -> Iterator[list[Tensor]]:
    """Keep what a model's decoder makes of each pass: (batch, tokens, width), behind its last norm."""
    seen: list[Tensor] = []
    decoder = model.get_base_model().get_decoder()
    # The norm runs once also where layers are computed twice; all hidden states would be kept otherwise.
    hook = decoder.norm.register_forward_hook(lambda *passed: seen.append(passed[-1]))
    try:
        yield seen
    finally:
        hook.remove()
