# transformers leaves the signatures of its configurations' own machinery untyped.
"""The configuration of a phi3_v model, as published: a flat Phi-3 config with two dictionaries beside it."""

import re
from typing import Any, Literal

from transformers import CLIPVisionConfig, Phi3Config

from kurabe.common.errors import ModelError

RopeSide = Literal["short", "long"]

PUBLISHED_VOCABULARY = 32064
PUBLISHED_EOS = [32000, 32007]
"""``<|endoftext|>`` and ``<|end|>``; the published files say 2, which the chat model never emits."""

# Stored by some tools that saved a fine-tuned model: a second copy of the embeddings, and a counter.
LEFT_OUT = [r"vision_embed_tokens\.wte\.weight$", r"embeddings\.position_ids$"]
"""Tensors of a checkpoint's files that belong to no module."""

PUBLISHED_TOWER = "openai/clip-vit-large-patch14-336"
_TOWERS: dict[str, dict[str, Any]] = {
    PUBLISHED_TOWER: {
        "hidden_size": 1024,
        "intermediate_size": 4096,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "projection_dim": 768,
        "image_size": 336,
        "patch_size": 14,
    }
}

_EMBEDDING = {
    "embedding_cls": "image",
    "hd_transform_order": "sub_glb",
    "projection_cls": "mlp",
    "use_hd_transform": True,
    "with_learnable_separator": True,
}


def count_image_tokens(rows: int, columns: int, grid: int) -> int:
    """Count the tokens of one image: its crops, then a separator, then the overview.

    Args:
        rows: Crops from top to bottom.
        columns: Crops from left to right.
        grid: Tokens along one side of a crop (12 for 336 pixels).

    Returns:
        Tokens, the newline that ends each row of tokens included.
    """
    return rows * grid * (columns * grid + 1) + 1 + grid * (grid + 1)


class Phi3VConfig(Phi3Config):
    """Phi-3 with an image embedding in front.

    Attributes:
        embd_layer: How crops are arranged. Only the published arrangement exists; None means that one.
        img_processor: The vision tower. Without ``clip_config`` it is the ViT-L/14-336 that the
            published config names; the keys of ``clip_config`` replace that tower's, so that smaller
            models of the same architecture can be described.

    Raises:
        ModelError: If the two dictionaries describe something that this code does not compute.
    """

    model_type = "phi3_v"

    embd_layer: dict[str, Any] | None = None
    img_processor: dict[str, Any] | None = None

    def __post_init__(self, **kwargs: Any) -> None:
        # The published config carries both: one would bind the attention to a package that may not be
        # there, the other would point to code that is never run here.
        for baked_in in ("_attn_implementation", "auto_map"):
            kwargs.pop(baked_in, None)
        super().__post_init__(**kwargs)
        self.embd_layer = dict(_EMBEDDING) if self.embd_layer is None else self.embd_layer
        if self.img_processor is None:
            self.img_processor = {"name": "clip_vision_model", "model_name": PUBLISHED_TOWER}
        # A window wider than the context masks nothing, but would cost a windowed mask and cache.
        if self.sliding_window is not None and self.sliding_window >= self.max_position_embeddings:
            self.sliding_window = None
        if self.vocab_size == PUBLISHED_VOCABULARY and self.eos_token_id in (None, 2):
            self.eos_token_id = list(PUBLISHED_EOS)
        self._check_images()

    def clip_config(self) -> CLIPVisionConfig:
        """Describe the vision tower, with the attention that is set here.

        Raises:
            ModelError: If the tower is neither described nor known by its name.
        """
        described = self.img_processor or {}
        name = described.get("model_name", PUBLISHED_TOWER)
        if name not in _TOWERS and "clip_config" not in described:
            raise ModelError(
                f"phi3_v config: the vision tower {name!r} is not known; describe it under "
                "img_processor.clip_config (hidden_size, num_hidden_layers, image_size and so on)"
            )
        values = _TOWERS.get(name, _TOWERS[PUBLISHED_TOWER]) | described.get("clip_config", {})
        config = CLIPVisionConfig(**values)
        config._attn_implementation = self._attn_implementation
        return config

    @property
    def crop_size(self) -> int:
        """Side of a crop in pixels."""
        return _side(self.clip_config().image_size)

    @property
    def crop_grid(self) -> int:
        """Tokens along one side of a crop: 2x2 patches make one token."""
        tower = self.clip_config()
        return _side(tower.image_size) // _side(tower.patch_size) // 2

    @property
    def feature_layer(self) -> int:
        """Layers of the vision tower that are run; what the last of them gives is the feature."""
        layers = int(self.clip_config().num_hidden_layers)
        index = int((self.img_processor or {}).get("layer_idx", -2))
        return layers + 1 + index if index < 0 else index

    @property
    def rope_switch(self) -> int | None:
        """Length in tokens up to which a row takes the short rope factors; None if there is one set only."""
        longrope = (self.rope_parameters or {}).get("rope_type") == "longrope"
        return int(self.original_max_position_embeddings) if longrope else None

    def _check_images(self) -> None:
        """Refuse image settings that would be computed differently from what they say."""
        arrangement, described, tower = self.embd_layer or {}, self.img_processor or {}, self.clip_config()
        for key, value in _EMBEDDING.items():
            if (given := arrangement.get(key, value)) != value:
                raise ModelError(f"phi3_v config: embd_layer.{key} is {given!r}; only {value!r} is supported")
        if described.get("type_feature", "patch") != "patch":
            raise ModelError("phi3_v config: img_processor.type_feature must be 'patch'")
        if _side(tower.image_size) % (2 * _side(tower.patch_size)):
            raise ModelError(
                f"phi3_v config: the crop side {tower.image_size} must be a multiple of two patches "
                f"({2 * _side(tower.patch_size)} pixels)"
            )
        if not 0 <= self.feature_layer <= tower.num_hidden_layers:
            raise ModelError(
                f"phi3_v config: img_processor.layer_idx {described.get('layer_idx')} lies outside the "
                f"vision tower's {tower.num_hidden_layers} layers"
            )
        for key, value in {"image_dim_out": tower.hidden_size, "num_img_tokens": self.crop_grid**2}.items():
            if (given := described.get(key, value)) != value:
                raise ModelError(
                    f"phi3_v config: img_processor.{key} is {given}, but the tower gives {value}"
                )


def is_left_out(tensor: str) -> bool:
    """Say whether a tensor of a checkpoint's files belongs to no module."""
    return any(re.search(pattern, tensor) for pattern in LEFT_OUT)


def correct_ends(generation: Any, config: Phi3VConfig) -> None:
    """Let the published model's generation end where its answers do, whatever its files say."""
    if config.vocab_size == PUBLISHED_VOCABULARY and getattr(generation, "eos_token_id", None) == 2:
        generation.eos_token_id = list(PUBLISHED_EOS)


def rope_side(input_length: int, new_tokens: int, config: Phi3VConfig) -> RopeSide:
    """Tell on which side of the rope switch a row ends: what a caller groups its batches by.

    Any mixture of rows is answered as each row would be alone. But a row that crosses the switch while
    decoding has its cache computed anew at that token, so rows of one side go better together.

    Args:
        input_length: Tokens of the row's prompt, image tokens included, padding not.
        new_tokens: Tokens that may be generated. The last of them is never fed back.
        config: The model's configuration.

    Returns:
        ``short`` if the row never needs the long factors, else ``long``.

    Raises:
        ModelError: If the row does not fit into the model's context.
    """
    fed = input_length + max(new_tokens - 1, 0)
    if fed > config.max_position_embeddings:
        raise ModelError(
            f"the prompt of {input_length} tokens and {new_tokens} new ones exceed the model's context of "
            f"{config.max_position_embeddings}; lower num_crops or max_new_tokens, or shorten the prompt"
        )
    return "long" if config.rope_switch is not None and fed > config.rope_switch else "short"


def _side(size: Any) -> int:
    """Return the side of a square given as a number or as a pair."""
    if isinstance(size, int):
        return size
    first, second = size
    if first != second:
        raise ModelError(f"phi3_v config: crops and patches must be square, not {first}x{second}")
    return int(first)
