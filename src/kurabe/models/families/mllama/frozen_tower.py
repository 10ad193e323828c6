"""Llama-3.2-Vision's vision tower in a training that leaves it alone: computed as it is for answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from kurabe.models.families.mllama import vision as mllama_vision
from kurabe.models.families.mllama.runtime import passes
from kurabe.models.runtime.kernels.elementwise import Elementwise


@contextmanager
def as_answered(model: Any) -> Iterator[None]:
    """Compute a frozen tower's features without gradients and without a dense mask while the context lasts.

    They are those of transformers' own forward, which attends under a mask that no fast kernel takes. Towers
    that are trained stay as they are, and so do those of quantised bases, which transformers answers with.

    Args:
        model: A model, with its LoRA on if it has one.
    """
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    tower = base.model.vision_model
    quantized = getattr(base, "quantization_method", None) is not None
    if quantized or any(parameter.requires_grad for parameter in tower.parameters()):
        yield
        return
    before = vars(tower).get("forward")
    tower.forward = _Forward(tower)
    try:
        yield
    finally:
        del tower.forward  # the class has its own
        if before is not None:
            tower.forward = before


class _Forward:
    """Stands in for a tower's ``forward``."""

    def __init__(self, tower: Any) -> None:
        self._tower = tower
        self._small = Elementwise()

    @torch.no_grad()
    def __call__(
        self, pixel_values: Tensor, aspect_ratio_ids: Tensor, aspect_ratio_mask: Tensor, **_options: Any
    ) -> Any:
        """Return what a `transformers.MllamaVisionModel` does: (rows, pictures, tiles, positions, channels).

        Args:
            pixel_values: (rows, pictures, tiles, 3, side, side), unused tiles last.
            aspect_ratio_ids: (rows, pictures).
            aspect_ratio_mask: (rows, pictures, tiles), 1 for tiles that are used.
        """
        from transformers.modeling_outputs import BaseModelOutput

        rows, pictures, tiles = pixel_values.shape[:3]
        dtype = self._tower.patch_embedding.weight.dtype
        pixels, aspects = pixel_values.flatten(0, 1).to(dtype), aspect_ratio_ids.flatten()
        used = aspect_ratio_mask.flatten(0, 1).sum(-1).tolist()
        found: dict[int, Tensor] = {}
        # Weights are in 16 bit already: what autocast would keep in 32 is not so in answers either.
        with torch.autocast(pixels.device.type, enabled=False):
            for alike in _alike(used):
                for part in passes(alike):
                    features = mllama_vision.encode(
                        self._tower, pixels[part], aspects[part], used[part[0]], self._small
                    )
                    found |= zip(part, features, strict=True)
        states = torch.stack([found[number] for number in range(rows * pictures)])
        return BaseModelOutput(last_hidden_state=states.unflatten(1, (tiles, -1)).unflatten(0, (rows, -1)))


def _alike(used: Sequence[int]) -> list[list[int]]:
    """Group pictures by how many tiles they use."""
    return [[number for number, own in enumerate(used) if own == tiles] for tiles in sorted(set(used))]
