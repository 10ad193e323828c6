"""A Llava of `tests.support.checkpoints` in llama.cpp's format: the language model and the picture tower."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Array = NDArray[np.float32]

_TEXT = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip
_VISION = {
    "layer_norm1": "ln1", "layer_norm2": "ln2", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.out_proj": "attn_out",
    "mlp.fc1": "ffn_down", "mlp.fc2": "ffn_up",
}  # fmt: skip
"""llama.cpp's names of a layer's parts; up and down are the wrong way round there for this tower."""


def convert(checkpoint: Path, folder: Path) -> tuple[Path, Path]:
    """Write a checkpoint as ``model.gguf`` and ``mmproj.gguf``, in float32.

    Returns:
        Both files.
    """
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    weights = load_file(checkpoint / "model.safetensors")
    text, tower = folder / "model.gguf", folder / "mmproj.gguf"
    _write_text(checkpoint, text, config["text_config"], weights)
    _write_tower(tower, config, weights)
    return text, tower


def _write_text(checkpoint: Path, path: Path, config: dict[str, Any], weights: dict[str, Array]) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    heads = config["num_attention_heads"]
    writer.add_name("tiny llava")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["hidden_size"] // heads)
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    _add_words(writer, checkpoint, config)

    prefix = "language_model.model."
    for name, tensor in weights.items():
        if name == "language_model.lm_head.weight":
            writer.add_tensor("output.weight", tensor)
        elif name.startswith(f"{prefix}layers."):
            number, _, part = name.removeprefix(f"{prefix}layers.").partition(".")
            stem, _, kind = part.rpartition(".")
            own = _interleaved(tensor, heads) if stem.endswith(("q_proj", "k_proj")) else tensor
            writer.add_tensor(f"blk.{number}.{_TEXT[stem]}.{kind}", own)
        elif name.startswith(prefix):
            whole = {"embed_tokens.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}
            writer.add_tensor(whole[name.removeprefix(prefix)], tensor)
    _close(writer)


def _interleaved(weight: Array, heads: int) -> Array:
    """Order the rows of queries or keys as llama.cpp rotates them: pairs beside each other."""
    rows, columns = weight.shape
    halves = weight.reshape(heads, 2, rows // heads // 2, columns)
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, columns))


def _add_words(writer: gguf.GGUFWriter, checkpoint: Path, config: dict[str, Any]) -> None:
    words = json.loads((checkpoint / "tokenizer.json").read_text(encoding="utf-8"))
    special = {token["content"] for token in words["added_tokens"]}
    vocabulary = {**words["model"]["vocab"], **{t["content"]: t["id"] for t in words["added_tokens"]}}
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    assert len(tokens) == config["vocab_size"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    kinds = [gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL for token in tokens]
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(merge) for merge in words["model"]["merges"]])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_pad_token_id(config["pad_token_id"])
    writer.add_add_bos_token(False)
    writer.add_chat_template((checkpoint / "chat_template.jinja").read_text(encoding="utf-8"))


def _write_tower(path: Path, config: dict[str, Any], weights: dict[str, Array]) -> None:
    vision = config["vision_config"]
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_bool("clip.use_gelu", False)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_vision_image_size(vision["image_size"])
    writer.add_vision_patch_size(vision["patch_size"])
    writer.add_vision_embedding_length(vision["hidden_size"])
    writer.add_vision_feed_forward_length(vision["intermediate_size"])
    writer.add_vision_projection_dim(vision["projection_dim"])
    writer.add_vision_head_count(vision["num_attention_heads"])
    writer.add_vision_attention_layernorm_eps(vision["layer_norm_eps"])
    writer.add_vision_block_count(vision["num_hidden_layers"])
    writer.add_vision_image_mean([0.48145466, 0.4578275, 0.40821073])
    writer.add_vision_image_std([0.26862954, 0.26130258, 0.27577711])

    tower, projector = "vision_tower.", "multi_modal_projector."
    whole = {
        "embeddings.class_embedding": "v.class_embd",
        "embeddings.patch_embedding.weight": "v.patch_embd.weight",
        "embeddings.position_embedding.weight": "v.position_embd.weight",
        "pre_layrnorm.weight": "v.pre_ln.weight",
        "pre_layrnorm.bias": "v.pre_ln.bias",
    }
    for name, tensor in weights.items():
        if name.startswith(projector):
            layer = {"linear_1": 0, "linear_2": 2}[name.removeprefix(projector).split(".")[0]]
            writer.add_tensor(f"mm.{layer}.{name.rpartition('.')[2]}", tensor)
        elif name.startswith(tower):
            part = name.removeprefix(tower).removeprefix("vision_model.")
            if part in whole:
                writer.add_tensor(whole[part], tensor)
            elif part.startswith("encoder.layers."):
                number, _, rest = part.removeprefix("encoder.layers.").partition(".")
                stem, _, kind = rest.rpartition(".")
                writer.add_tensor(f"v.blk.{number}.{_VISION[stem]}.{kind}", tensor)
    _close(writer)


def _close(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
