"""The modules of Llama-3.2-Vision that our loops call; `kurabe.models.families.bare` says what for.

The intermediate features are right here without a correction: `vision.encode` takes them itself.
"""

import re
from typing import Any

import torch
from torch import Tensor, nn

from kurabe.models.families.bare import Bare, RMSNorm, Rope, UnfitError, activation, projections

_RENAMED = (
    (r"^language_model\.lm_head\.", "lm_head."),
    (r"^language_model\.model\.", "model.language_model."),
    (r"^(vision_model|multi_modal_projector)\.", r"model.\1."),
)
"""Names in the published files, and those that transformers gives the modules."""

_MORE_WORDS = 8
"""Embeddings beyond the vocabulary, the picture's tag among them."""


class BareMllama(Bare):
    """What `MllamaRuntime` reads of a `transformers.MllamaForConditionalGeneration`, under the same names.

    Raises:
        UnfitError: If the configuration asks for more.
    """

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        text, vision = config.text_config, config.vision_config
        if text.tie_word_embeddings or getattr(config, "tie_word_embeddings", False):
            raise UnfitError("tied embeddings")
        self.model = model = nn.Module()
        model.language_model = _Decoder(text)
        model.vision_model = _Tower(vision)
        model.multi_modal_projector = nn.Linear(vision.vision_output_dim, text.hidden_size)
        self.lm_head = nn.Linear(text.hidden_size, text.vocab_size, bias=False)

    @staticmethod
    def named(tensor: str) -> str | None:
        """Return the name that transformers gives a published tensor."""
        for pattern, name in _RENAMED:
            tensor = re.sub(pattern, name, tensor)
        return tensor

    def get_input_embeddings(self) -> Any:
        """Return the embeddings of tokens."""
        decoder: Any = self.model.language_model
        return decoder.embed_tokens


class _Decoder(nn.Module):
    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size + _MORE_WORDS, config.hidden_size)
        kinds = [
            _CrossingLayer if number in config.cross_attention_layers else _Layer
            for number in range(config.num_hidden_layers)
        ]
        self.layers = nn.ModuleList(kind(config) for kind in kinds)
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.rotary_emb = Rope(config)


class _Layer(nn.Module):
    """A layer in which text attends to itself."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.self_attn = _attention(config)
        _add_rest(self, config)


class _CrossingLayer(nn.Module):
    """A layer in which text attends to its picture."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.cross_attn = attention = _attention(config)
        channels = config.hidden_size // config.num_attention_heads
        attention.q_norm = RMSNorm(channels, config.rms_norm_eps)
        attention.k_norm = RMSNorm(channels, config.rms_norm_eps)
        self.cross_attn_attn_gate = nn.Parameter(torch.empty(1))
        self.cross_attn_mlp_gate = nn.Parameter(torch.empty(1))
        _add_rest(self, config)


def _attention(config: Any) -> nn.Module:
    made, hidden = nn.Module(), config.hidden_size
    keys = hidden // config.num_attention_heads * config.num_key_value_heads
    projections(made, hidden, {"q_proj": hidden, "k_proj": keys, "v_proj": keys, "o_proj": hidden})
    return made


def _add_rest(layer: Any, config: Any) -> None:
    """Add what both kinds of layers have: two norms, and the feed-forward part."""
    hidden, inner = config.hidden_size, config.intermediate_size
    layer.input_layernorm = RMSNorm(hidden, config.rms_norm_eps)
    layer.post_attention_layernorm = RMSNorm(hidden, config.rms_norm_eps)
    layer.mlp = nn.Module()
    projections(layer.mlp, hidden, {"gate_proj": inner, "up_proj": inner})
    projections(layer.mlp, inner, {"down_proj": hidden})
    layer.mlp.act_fn = activation(config.hidden_act)


class _Tower(nn.Module):
    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        width, patch = config.hidden_size, config.patch_size
        self.patch_embedding = nn.Conv2d(config.num_channels, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.gated_positional_embedding = _Positions(config)
        self.pre_tile_positional_embedding = _TilePositions(config)
        self.post_tile_positional_embedding = _TilePositions(config)
        self.layernorm_pre, self.layernorm_post = nn.LayerNorm(width), nn.LayerNorm(width)
        for name, number, gated in (
            ("transformer", config.num_hidden_layers, False),
            ("global_transformer", config.num_global_layers, True),
        ):
            blocks = nn.Module()
            blocks.layers = nn.ModuleList(_Block(config, gated) for _ in range(number))
            setattr(self, name, blocks)


class _Block(nn.Module):
    """A layer of the tower.

    Attributes:
        is_gated: Whether what it adds goes through gates.
    """

    def __init__(self, config: Any, gated: bool) -> None:
        super().__init__()
        width, inner = config.hidden_size, config.intermediate_size
        self.is_gated = gated
        self.self_attn = nn.Module()
        projections(self.self_attn, width, dict.fromkeys(("q_proj", "k_proj", "v_proj", "o_proj"), width))
        self.mlp = mlp = nn.Module()
        projections(mlp, width, {"fc1": inner}, bias=True)
        projections(mlp, inner, {"fc2": width}, bias=True)
        mlp.activation_fn = activation(config.hidden_act)
        self.input_layernorm = nn.LayerNorm(width, eps=config.norm_eps)
        self.post_attention_layernorm = nn.LayerNorm(width, eps=config.norm_eps)
        if gated:
            self.gate_attn, self.gate_ffn = nn.Parameter(torch.empty(1)), nn.Parameter(torch.empty(1))


class _TilePositions(nn.Module):
    """Adds to each tile what tells its place in the picture's arrangement of tiles."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self._tiles = config.max_num_tiles
        self.embedding = nn.Embedding(config.max_aspect_ratio_id + 1, self._tiles * config.hidden_size)
        self.gate = nn.Parameter(torch.empty(1))

    def forward(self, states: Tensor, aspects: Tensor) -> Tensor:
        """Add to (pictures, tiles, positions, channels), by the number of each arrangement, (pictures, 1)."""
        own = self.embedding(aspects).reshape(-1, self._tiles, 1, states.shape[-1])
        added: Tensor = states + own * self.gate.tanh()
        return added


class _Positions(nn.Module):
    """Adds to each patch what tells its place in the tile and, through the gate, in the arrangement."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self._tiles = config.max_num_tiles
        self._positions = (config.image_size // config.patch_size) ** 2 + 1
        self.gate = nn.Parameter(torch.empty(1))
        self.embedding = nn.Parameter(torch.empty(self._positions, config.hidden_size))
        numbers = self._tiles * self._positions * config.hidden_size
        self.tile_embedding = nn.Embedding(config.max_aspect_ratio_id + 1, numbers)

    def forward(self, states: Tensor, aspects: Tensor) -> Tensor:
        """Add to (pictures, tiles, positions, channels), by the number of each arrangement, (pictures, 1)."""
        gate = self.gate.tanh()
        alone = (1 - gate) * self.embedding
        placed = self.tile_embedding(aspects).reshape(len(states), self._tiles, self._positions, -1)
        added: Tensor = states + alone + gate * placed
        return added
