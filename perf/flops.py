"""The arithmetic of a pair, and the bytes of a decoding step, from a model's configuration and real lengths.

What is counted is the arithmetic that the architecture asks for: matrix products, each multiplication and
each addition one operation, in every layer at every real position, without padding. Scores of tokens that
causality hides are left out, and so are logits that nobody reads; element-wise work is not counted. A program
that computes more than that does not look faster for it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Work:
    """Floating-point operations.

    Attributes:
        vision: Of the pictures, up to where the language model takes them.
        language: Of the prompt in the language model, the logits behind its last token included.
    """

    vision: float
    language: float

    @property
    def total(self) -> float:
        """Both."""
        return self.vision + self.language


@dataclass(frozen=True, slots=True)
class Costs:
    """What a family's model costs.

    Attributes:
        prompt: Work of a row, from its length in tokens and the width and height of its pictures.
        step: Operations of one more token behind a row of so many, whose pictures have these sizes.
        weights: Bytes of weights that a decoding step reads.
        row_bytes: Bytes of keys and values of a row of so many tokens with pictures of these sizes.
    """

    prompt: Callable[[int, Sequence[Size]], Work]
    step: Callable[[int, Sequence[Size]], float]
    weights: int
    row_bytes: Callable[[int, Sequence[Size]], float]


def costs_of(config: Any, crops: int | None, itemsize: int) -> Costs:
    """Return the costs of a model.

    Args:
        config: A phi3_v or mllama configuration.
        crops: Crops or tiles a picture at most; None for as many as the family takes by itself.
        itemsize: Bytes of a weight.

    Raises:
        ValueError: If the architecture is another one.
    """
    if config.model_type == "phi3_v":
        return _phi(config, crops, itemsize)
    if config.model_type == "mllama":
        return _mllama(config, crops, itemsize)
    raise ValueError(f"no formula for {config.model_type!r}: there are phi3_v and mllama")


def scores(queries: int, keys: int, width: int, causal: bool) -> float:
    """Count the two products of an attention.

    Args:
        queries: Positions that look.
        keys: Positions that can be looked at; with ``causal`` the last of them are the queries.
        width: Heads times the size of a head.
        causal: Whether a query sees only what does not come behind it.
    """
    seen = queries * (keys - queries) + queries * (queries + 1) / 2 if causal else queries * keys
    return 4 * seen * width


def encoder(positions: int, layers: int, width: int, inner: int) -> float:
    """Count a plain transformer encoder over positions that all see each other."""
    linear = 2 * positions * (4 * width**2 + 2 * width * inner)
    return layers * (linear + scores(positions, positions, width, causal=False))


def phi_crop(config: Any) -> float:
    """Count one crop's way through phi3_v's vision tower."""
    tower = config.clip_config()
    width, patches = tower.hidden_size, (tower.image_size // tower.patch_size) ** 2
    pixels = 2 * patches * 3 * tower.patch_size**2 * width
    return float(pixels + encoder(patches + 1, config.feature_layer, width, tower.intermediate_size))


def phi_projection(config: Any, rows: int) -> float:
    """Count the projection of so many rows of merged patches."""
    merged = 4 * config.clip_config().hidden_size
    return float(2 * rows * (merged * config.hidden_size + config.hidden_size**2))


def _decoder_layer(config: Any) -> int:
    """Return the weights in the matrices of one layer with self-attention and a gated MLP."""
    head = config.hidden_size // config.num_attention_heads
    attention = config.hidden_size * (2 * config.hidden_size + 2 * config.num_key_value_heads * head)
    return int(attention + 3 * config.hidden_size * config.intermediate_size)


def phi_language(config: Any, tokens: int, causal: bool = True) -> float:
    """Count phi3_v's decoder over a prompt, the logits behind its last token included."""
    linear = 2 * tokens * _decoder_layer(config)
    attention = scores(tokens, tokens, config.hidden_size, causal)
    head = 2 * config.hidden_size * config.vocab_size
    return float(config.num_hidden_layers * (linear + attention) + head)


def _phi(config: Any, crops: int | None, itemsize: int) -> Costs:
    pictures: Any = import_module("kurabe.models.families.phi3v_core.image_tokens")
    most, grid = crops or 16, config.crop_grid
    width, layers, vocabulary = config.hidden_size, config.num_hidden_layers, config.vocab_size

    def prompt(tokens: int, sizes: Sequence[Size]) -> Work:
        tilings = [pictures.tile(*size, most, config.crop_size) for size in sizes]
        cut = sum(1 + tiling.rows * tiling.columns for tiling in tilings)
        vision = cut * phi_crop(config) + phi_projection(config, cut * grid**2 + 2)
        return Work(vision, phi_language(config, tokens))

    def step(tokens: int, _sizes: Sequence[Size]) -> float:
        one = 2 * _decoder_layer(config) + scores(1, tokens + 1, width, causal=False)
        return float(layers * one + 2 * width * vocabulary)

    head = width // config.num_attention_heads
    a_token = 2 * layers * config.num_key_value_heads * head * itemsize
    weights = (layers * _decoder_layer(config) + width * vocabulary) * itemsize

    def row_bytes(tokens: int, _sizes: Sequence[Size]) -> float:
        return float(tokens * a_token)

    return Costs(prompt, step, weights, row_bytes)


def mllama_vision(config: Any, positions: int) -> float:
    """Count mllama's vision model and projector over the positions of a picture's tiles together."""
    vision, text = config.vision_config, config.text_config
    layers = vision.num_hidden_layers + vision.num_global_layers
    pixels = 2 * positions * vision.num_channels * vision.patch_size**2 * vision.hidden_size
    projector = 2 * positions * vision.vision_output_dim * text.hidden_size
    tower = encoder(positions, layers, vision.hidden_size, vision.intermediate_size)
    return float(pixels + tower + projector)


def mllama_positions(config: Any, size: Size, tiles: int) -> int:
    """Count the positions of a picture: patches and class token of each tile that it is cut into."""
    processing: Any = import_module("transformers.models.mllama.image_processing_mllama")
    vision = config.vision_config
    side = vision.image_size
    height, width = map(int, processing.get_optimal_tiled_canvas(size[1], size[0], tiles, side))
    return int((height // side) * (width // side) * ((side // vision.patch_size) ** 2 + 1))


def mllama_language(config: Any, tokens: int, seen: int, causal: bool = True) -> float:
    """Count mllama's decoder over a prompt; ``seen`` positions of pictures are looked at by each token."""
    text = config.text_config
    cross = len(text.cross_attention_layers)
    width, head = text.hidden_size, text.hidden_size // text.num_attention_heads
    linear = (text.num_hidden_layers - cross) * _decoder_layer(text)
    linear += cross * (2 * width**2 + 3 * width * text.intermediate_size)
    keys_and_values = cross * 2 * seen * 2 * width * text.num_key_value_heads * head
    attention = (text.num_hidden_layers - cross) * scores(tokens, tokens, width, causal)
    attention += cross * scores(tokens, seen, width, causal=False)
    return float(2 * tokens * linear + keys_and_values + attention + 2 * width * text.vocab_size)


def _mllama(config: Any, crops: int | None, itemsize: int) -> Costs:
    text = config.text_config
    tiles = crops or config.vision_config.max_num_tiles
    cross, width = len(text.cross_attention_layers), text.hidden_size
    own = text.num_hidden_layers - cross
    head = width // text.num_attention_heads
    layer = own * _decoder_layer(text) + cross * (2 * width**2 + 3 * width * text.intermediate_size)

    @cache
    def of_picture(size: Size) -> int:
        return mllama_positions(config, size, tiles)

    def positions(sizes: Sequence[Size]) -> list[int]:
        return [of_picture(size) for size in sizes]

    def prompt(tokens: int, sizes: Sequence[Size]) -> Work:
        seen = positions(sizes)
        vision = sum(mllama_vision(config, each) for each in seen)
        return Work(vision, mllama_language(config, tokens, sum(seen)))

    def step(tokens: int, sizes: Sequence[Size]) -> float:
        attention = own * scores(1, tokens + 1, width, causal=False)
        attention += cross * scores(1, sum(positions(sizes)), width, causal=False)
        return float(2 * layer + attention + 2 * width * text.vocab_size)

    def row_bytes(tokens: int, sizes: Sequence[Size]) -> float:
        kept = own * tokens + cross * sum(positions(sizes))
        return float(2 * text.num_key_value_heads * head * itemsize * kept)

    return Costs(prompt, step, (layer + width * text.vocab_size) * itemsize, row_bytes)


@dataclass(frozen=True, slots=True)
class Floor:
    """What pairs take at least.

    Attributes:
        tflop: Mean operations of a pair, in units of 10**12: prompt, and decoding if there is any.
        vision_tflop: Of which the pictures take so many.
        step_gigabytes: Bytes that a decoding step reads at least, in units of 10**9; None without decoding.
        pairs_per_second: At both ceilings.
    """

    tflop: float
    vision_tflop: float
    step_gigabytes: float | None
    pairs_per_second: float


def floor(
    costs: Costs,
    pairs: Sequence[tuple[int, Sequence[Size]]],
    ceilings: tuple[float, float],
    new_tokens: int = 1,
    rows: float = 1,
) -> Floor:
    """Return the floor of answering these pairs.

    The prompt is bound by arithmetic; each step behind the first new token by arithmetic or by reading
    weights, keys and values once, whichever takes longer.

    Args:
        costs: Of the model.
        pairs: Tokens of the prompt, and sizes of the pictures, of each pair.
        ceilings: Operations and bytes per second.
        new_tokens: Of each answer.
        rows: Rows that share a decoding step.
    """
    prompts = [costs.prompt(tokens, sizes) for tokens, sizes in pairs]
    seconds = math.fsum(work.total for work in prompts) / ceilings[0]
    flops, read = math.fsum(work.total for work in prompts), []
    for tokens, sizes in pairs:
        for number in range(new_tokens - 1):
            step = costs.step(tokens + number, sizes)
            own = costs.weights / rows + costs.row_bytes(tokens + number + 1, sizes)
            seconds += max(step / ceilings[0], own / ceilings[1])
            flops += step
            read.append(own * rows)
    return Floor(
        tflop=flops / len(pairs) / 1e12,
        vision_tflop=math.fsum(work.vision for work in prompts) / len(pairs) / 1e12,
        step_gigabytes=math.fsum(read) / len(read) / 1e9 if read else None,
        pairs_per_second=len(pairs) / seconds,
    )
