"""Tiny image-text-to-text checkpoints with random weights, in the files that published ones have."""

from copy import deepcopy
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_SPECIAL = ["<unk>", "<s>", "</s>", "<pad>", "<image>", "<|vision_start|>", "<|vision_end|>", "<|video_pad|>"]
_SENTENCES = [
    "Is there a difference between the two pictures? Answer yes or no.",
    "Yes. No. yes no. One pin is missing, the other pin is bent.",
]
_CONTEXT = 512


@cache
def tokenizer() -> Any:
    """Return a byte-level tokenizer of a few hundred words."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    backend = Tokenizer(models.BPE(unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=_SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    backend.train_from_iterator(_SENTENCES * 3, trainer)
    return import_module("transformers").PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )


def _template(image: str) -> str:
    return (
        "{% for message in messages %}<s>USER: {% for part in message['content'] %}"
        "{% if part['type'] == 'image' %}" + image + "{% else %}{{ part['text'] }}{% endif %}"
        "{% endfor %}{% endfor %}{% if add_generation_prompt %} ASSISTANT:{% endif %}"
    )


def _write(folder: Path, seed: int, name: str, config: Any, processor: Any) -> Path:
    import torch

    torch.manual_seed(seed)
    model = getattr(import_module("transformers"), name)(config)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def llava(folder: Path, seed: int = 0) -> Path:
    """Write a LLaVA of some 60 thousand parameters, which sees every picture as 2x2 patches."""
    transformers: Any = import_module("transformers")
    words = tokenizer()
    size = {"height": 28, "width": 28}
    processor = transformers.LlavaProcessor(
        transformers.CLIPImageProcessor(size=size, crop_size=size, do_center_crop=False),
        words,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        image_token="<image>",
        chat_template=_template("<image>"),
    )
    vision = transformers.CLIPVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=28,
        patch_size=14,
    )  # fmt: skip
    text = transformers.LlamaConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=_CONTEXT, **_ends(words),
    )  # fmt: skip
    config = transformers.LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=words.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
    )
    return _write(folder, seed, "LlavaForConditionalGeneration", config, processor)


def qwen2_vl(folder: Path, seed: int = 0) -> Path:
    """Write a Qwen2-VL of some 60 thousand parameters, whose pictures take tokens by their size."""
    transformers: Any = import_module("transformers")
    words = deepcopy(tokenizer())
    words.image_token, words.video_token = "<image>", "<|video_pad|>"
    pixels = {"min_pixels": 28 * 28, "max_pixels": 28 * 28 * 16}
    processor = transformers.Qwen2VLProcessor(
        transformers.Qwen2VLImageProcessor(**pixels),
        words,
        transformers.Qwen2VLVideoProcessor(**pixels),
        chat_template=_template("<|vision_start|><image><|vision_end|>"),
    )
    config = transformers.Qwen2VLConfig(
        text_config={
            "vocab_size": len(words), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": _CONTEXT,
            "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 10000.0},
            **_ends(words),
        },
        vision_config={
            "depth": 2, "embed_dim": 16, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2, "patch_size": 14,
        },
        image_token_id=words.convert_tokens_to_ids("<image>"),
        video_token_id=words.convert_tokens_to_ids("<|video_pad|>"),
        vision_start_token_id=words.convert_tokens_to_ids("<|vision_start|>"),
        vision_end_token_id=words.convert_tokens_to_ids("<|vision_end|>"),
    )  # fmt: skip
    return _write(folder, seed, "Qwen2VLForConditionalGeneration", config, processor)


def _ends(words: Any) -> dict[str, int]:
    return {
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }
