"""Llama-3.2-Vision on transformers 5: the vision features that the checkpoint was trained with, and batches.

Meta's image transformer keeps the *input* of each chosen block as an intermediate feature. Since 4.55,
transformers keeps the *output*, so that every feature comes from one block too late
(huggingface/transformers#39643, #40083, #39785).
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

from kurabe.common.errors import ModelError
from kurabe.models.families.mllama.tiles import arrangements

if TYPE_CHECKING:
    from PIL.Image import Image
    from transformers import BatchFeature

States = Literal["block inputs", "block outputs", "unknown"]
"""What the vision model takes as intermediate features."""

_CORRECTED = "_kurabe_corrected"

TOO_MANY_TILES = "the model takes at most {0} tiles a picture: set crops = {0} or fewer"


def intermediate_states() -> States:
    """Find out what transformers' vision model takes as intermediate features, by running a tiny one.

    The global random state is left as it was.
    """
    import torch
    from transformers.models.mllama.configuration_mllama import MllamaVisionConfig
    from transformers.models.mllama.modeling_mllama import MllamaVisionModel

    config = MllamaVisionConfig(
        hidden_size=16,
        attention_heads=1,
        intermediate_size=16,
        num_hidden_layers=2,
        num_global_layers=1,
        image_size=28,
        patch_size=14,
        max_num_tiles=1,
        supported_aspect_ratios=[[1, 1]],
        intermediate_layers_indices=[0],
        vision_output_dim=32,
    )
    with torch.random.fork_rng(devices=[]), torch.device("cpu"), torch.inference_mode():
        torch.manual_seed(0)
        model: Any = MllamaVisionModel(config)
        model.float().eval()
        seen: dict[str, torch.Tensor] = {}

        def record(_module: object, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
            # The argument's name differs between releases; it is the first one everywhere.
            seen["block inputs"] = next(iter((*args, *kwargs.values())))
            seen["block outputs"] = output[0] if isinstance(output, tuple) else output

        model.transformer.layers[0].register_forward_hook(record, with_kwargs=True)
        ones = torch.ones(1, 1, dtype=torch.long)
        features = model(torch.randn(1, 1, 1, 3, 28, 28), ones, ones[None]).last_hidden_state[0, 0, 0]
    kept = features[:, config.hidden_size :]
    for states in ("block inputs", "block outputs"):
        if torch.equal(kept, seen[states][0, : len(kept)]):
            return states
    return "unknown"


def apply() -> Literal["corrected", "as published"]:
    """Make `MllamaVisionEncoder` keep each block's input, and the last block's output at the end.

    What transformers computes is measured first, so that a version which has it right is left alone and a
    second call does nothing.

    Returns:
        ``corrected`` if this module's correction is in force, ``as published`` if none is needed.

    Raises:
        ModelError: If the features are neither, or the correction does not reach them.
    """
    from transformers.models.mllama.modeling_mllama import MllamaVisionEncoder

    encoder: Any = MllamaVisionEncoder
    states = intermediate_states()
    if states == "block outputs" and not hasattr(encoder.forward, _CORRECTED):
        encoder.forward = _with_input_first(encoder.forward)
        states = intermediate_states()
    if states != "block inputs":
        import transformers

        raise ModelError(
            f"Llama-3.2-Vision: the image features of transformers {transformers.__version__} are {states}, "
            "for which no correction is known; its answers would not be the model's. "
            "Install a transformers release from 5.17 to 5.23."
        )
    return "corrected" if hasattr(encoder.forward, _CORRECTED) else "as published"


def _with_input_first(forward: Any) -> Any:
    """Wrap an encoder's ``forward``: state i becomes block i's input, the last one the encoder's output."""

    @wraps(forward)
    def corrected(self: Any, hidden_states: Any, *args: Any, **kwargs: Any) -> Any:
        output = forward(self, hidden_states, *args, **kwargs)
        output.hidden_states = (hidden_states, *output.hidden_states)
        return output

    setattr(corrected, _CORRECTED, True)
    return corrected


def group_by_images(counts: Sequence[int]) -> list[list[int]]:
    """Group the rows of a batch by how many pictures each has.

    Rows of unequal counts must not share a batch: the processor pads with empty pictures, and every token
    that stands before a row's first picture attends evenly to all of them, padding included. Logits of the
    row with fewer pictures then differ from those it gets alone, without an error.

    Args:
        counts: Pictures per row.

    Returns:
        Lists of row indices, in order of first appearance, that together hold each row once.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for row, count in enumerate(counts):
        groups[count].append(row)
    return list(groups.values())


def prepare_batch(
    processor: Any, texts: Sequence[str], pictures: "Sequence[Sequence[Image]]"
) -> "BatchFeature":
    """Run `MllamaProcessor` on rows with equally many pictures.

    Args:
        processor: A `transformers.MllamaProcessor`.
        texts: One prompt a row, with one ``<|image|>`` for each picture.
        pictures: The pictures of each row, mode RGB.

    Returns:
        Left-padded tensors for the model: ``input_ids`` and ``attention_mask`` (rows, tokens), and with
        pictures ``pixel_values`` (rows, pictures, tiles, 3, height, width), ``aspect_ratio_ids``
        (rows, pictures), ``aspect_ratio_mask`` (rows, pictures, tiles) and ``cross_attention_mask``
        (rows, tokens, pictures, tiles).

    Raises:
        ModelError: If the rows have unequal numbers of pictures, or prompts and pictures do not agree.
    """
    counts = sorted({len(row) for row in pictures})
    if len(counts) > 1:
        raise ModelError(
            f"Llama-3.2-Vision: rows with {counts} pictures cannot share a batch, the answers would change; "
            "split them with `group_by_images`."
        )
    # A flat list would be taken for the pictures of one row.
    nested = [list(row) for row in pictures] if counts and counts[0] else None
    try:
        batch: BatchFeature = processor(
            text=list(texts), images=nested, padding=True, padding_side="left", return_tensors="pt"
        )
    except ValueError as error:
        raise ModelError(f"Llama-3.2-Vision: the processor refuses the batch: {error}") from error
    return batch


def with_all_tiles(tensors: "dict[str, Any]", asked: int, tiles: int) -> "dict[str, Any]":
    """Fit pictures that were cut into fewer tiles than the model takes to the model.

    The processor numbers arrangements of tiles by how many there may be, and leaves no room for more; the
    model knows one numbering, that of all its tiles.

    Args:
        tensors: What `transformers.MllamaProcessor` made with ``max_image_tiles=asked``.
        asked: Tiles a picture at most.
        tiles: Tiles a picture that the model takes.

    Raises:
        ModelError: If more are asked for than the model takes.
    """
    if asked > tiles:
        raise ModelError(TOO_MANY_TILES.format(tiles))
    if asked == tiles:
        return tensors
    import torch
    from torch.nn.functional import pad

    numbers = [arrangements(amount) for amount in (asked, tiles)]
    renumbered = torch.tensor([0, *(numbers[1].index(shape) + 1 for shape in numbers[0])])
    pixels, missing = tensors["pixel_values"], tiles - asked
    return {
        **tensors,
        "pixel_values": pad(pixels, (0, 0) * 3 + (0, missing)),
        "aspect_ratio_mask": pad(tensors["aspect_ratio_mask"], (0, missing)),
        "aspect_ratio_ids": renumbered[tensors["aspect_ratio_ids"]],
    }
