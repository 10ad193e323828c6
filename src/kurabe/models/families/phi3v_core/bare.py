"""The modules of Phi-3.5-vision that our loops call; `kurabe.models.families.bare` says what for."""

from typing import Any

import torch
from torch import nn

from kurabe.models.families.bare import Bare, RMSNorm, Rope, UnfitError, activation, projections
from kurabe.models.families.phi3v_core.configuration import Phi3VConfig, correct_ends, is_left_out
from kurabe.models.families.phi3v_core.image_embedding import Phi3VImageEmbedding
from kurabe.models.families.phi3v_core.rope import Phi3VRotaryEmbedding


class BarePhi3V(Bare):
    """What `Phi3VRuntime` reads of a `Phi3VForCausalLM`, under the same names.

    Raises:
        UnfitError: If the configuration asks for more.
    """

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__(config)
        if config.tie_word_embeddings:
            raise UnfitError("tied embeddings")
        self.model = _Decoder(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    @staticmethod
    def named(tensor: str) -> str | None:
        """Names are the published ones."""
        return None if is_left_out(tensor) else tensor

    def generates(self, generation: Any) -> None:
        """End the published model's answers where they end."""
        correct_ends(generation, self.config)
        super().generates(generation)

    def get_input_embeddings(self) -> nn.Module:
        """Return the embeddings of tokens."""
        return self.model.embed_tokens


class _Decoder(nn.Module):
    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.vision_embed_tokens = Phi3VImageEmbedding(config, _Tower(config))
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        switch = config.rope_switch
        self.rotary_emb = Rope(config) if switch is None else Phi3VRotaryEmbedding(config, switch)


class _Layer(nn.Module):
    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__()
        hidden, inner = config.hidden_size, config.intermediate_size
        heads, kv_heads = config.num_attention_heads, config.num_key_value_heads
        assert kv_heads is not None  # the configuration sets it
        channels = int(getattr(config, "head_dim", None) or hidden // heads)
        attention: Any = nn.Module()
        self.self_attn = attention
        attention.head_dim, attention.num_key_value_heads = channels, kv_heads
        projections(attention, hidden, {"qkv_proj": channels * (heads + 2 * kv_heads)})
        projections(attention, channels * heads, {"o_proj": hidden})
        self.mlp = mlp = nn.Module()
        projections(mlp, hidden, {"gate_up_proj": 2 * inner})
        projections(mlp, inner, {"down_proj": hidden})
        mlp.activation_fn = activation(config.hidden_act)
        self.input_layernorm = RMSNorm(hidden, config.rms_norm_eps)
        self.post_attention_layernorm = RMSNorm(hidden, config.rms_norm_eps)


class _Tower(nn.Module):
    """CLIP's, those of its layers included that a checkpoint stores and nothing runs."""

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__()
        clip: Any = config.clip_config()
        width, side, patch = clip.hidden_size, config.crop_size, config.crop_size // (2 * config.crop_grid)
        positions = (side // patch) ** 2 + 1
        self.layers_run = config.feature_layer
        self.embeddings = own = nn.Module()
        own.class_embedding = nn.Parameter(torch.empty(width))
        own.patch_embedding = nn.Conv2d(clip.num_channels, width, patch, patch, bias=False)
        own.position_embedding = nn.Embedding(positions, width)
        self._positions = positions
        self.pre_layrnorm = nn.LayerNorm(width, eps=clip.layer_norm_eps)
        self.encoder = nn.Module()
        self.encoder.layers = nn.ModuleList(_TowerLayer(clip) for _ in range(clip.num_hidden_layers))
        self.post_layernorm = nn.LayerNorm(width, eps=clip.layer_norm_eps)


class _TowerLayer(nn.Module):
    def __init__(self, clip: Any) -> None:
        super().__init__()
        width = clip.hidden_size
        self.self_attn = attention = nn.Module()
        attention.num_heads = clip.num_attention_heads
        projections(
            attention, width, dict.fromkeys(("q_proj", "k_proj", "v_proj", "out_proj"), width), bias=True
        )
        self.layer_norm1 = nn.LayerNorm(width, eps=clip.layer_norm_eps)
        self.layer_norm2 = nn.LayerNorm(width, eps=clip.layer_norm_eps)
        self.mlp = mlp = nn.Module()
        projections(mlp, width, {"fc1": clip.intermediate_size}, bias=True)
        projections(mlp, clip.intermediate_size, {"fc2": width}, bias=True)
        mlp.activation_fn = activation(clip.hidden_act)
