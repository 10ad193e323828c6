"""A checkpoint as the modules that our loops read: there before transformers' classes would be imported."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.models.engines.local import early
from kurabe.models.families import Family

if TYPE_CHECKING:
    import torch

    from kurabe.models.families.bare import Bare


def load(
    folder: Path, family: Family, device: str, dtype: "torch.dtype", weights: early.Early | None
) -> "tuple[Bare, Any] | None":
    """Load a checkpoint's modules and as much of its processor as our loops need.

    Args:
        folder: Of the checkpoint.
        family: Its family.
        device: ``cuda`` or ``cpu``.
        dtype: Of the weights in memory.
        weights: The weights on their way to the GPU, if they are.

    Returns:
        Model and processor; None where transformers has to load them, which also says what is wrong.
    """
    paths = early.read_by_transformers(folder)
    if not paths or (device == "cuda" and weights is None):
        return None
    made, tensors = None, None
    with suppress(Exception):  # of whatever kind: transformers meets it again, and its message is told
        made = family.bare(folder)
        if made is not None and made[0].fits(early.shapes(paths)):
            tensors = early.read(paths) if weights is None else weights.tensors()
    if made is None or tensors is None:
        return None
    model, processor = made
    model.fill(tensors, dtype)
    model.config.name_or_path = str(folder)
    model.generates(_generation(folder, model.config))
    model.eval()
    return model, processor


def _generation(folder: Path, config: Any) -> Any:
    """Return how a checkpoint generates: as a file says it, or else the configuration."""
    from transformers import GenerationConfig

    try:
        return GenerationConfig.from_pretrained(folder, local_files_only=True)
    except OSError:
        return GenerationConfig.from_model_config(config)
