"""The second question of a training: each token of the test picture is asked if a difference lies there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.spots import marked
from kurabe.imaging.content import Shown
from kurabe.models.families import Family
from kurabe.models.families.family import UNASKED

HEAD = "spots.safetensors"
"""The head's file in a checkpoint; adapters have none."""

_NOTHING = 0.15
"""Weight of a token that shows no difference: most show none."""


def token_labels(
    family: Family, processor: Any, crops: int | None, record: TrainingRecord, shown: Shown, ids: Tensor
) -> Tensor:
    """Return what the tokens of a record are to answer.

    Args:
        family: The model's; it has `Family.spot_labels`.
        processor: The model's.
        crops: The most crops of a picture; None for the processor's own number.
        record: The record.
        shown: What it shows.
        ids: (1, tokens), the answer's included.

    Returns:
        int8 (1, tokens): 1 for a difference, 0 for none, `UNASKED` for what is not asked.
    """
    spots, label = marked(record, shown), family.spot_labels
    if spots is None or label is None:
        return torch.full_like(ids, UNASKED, dtype=torch.int8)
    return label(processor, crops, spots, shown.pictures[spots.picture].size, ids)


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
