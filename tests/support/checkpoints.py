"""Tiny checkpoints of families that transformers has, with random weights and a tokenizer trained here."""

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

transformers: Any = import_module("transformers")

_TEXTS = [
    "Is there a difference between the two pictures? Answer yes or no. Yes No yes no",
    "This image holds two pictures, one above the other, with a black bar between them.",
    "They show the same thing. Only what has changed in the thing itself counts as a difference.",
    "Name only the differences between the two pictures, one per line. No difference.",
    "How many differences are there? Answer with a number. user assistant pin missing bent",
]
_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}IMAGE{% else %}{{ part['text'] }}{% endif %}{% endfor %}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def tokenizer(*special: str) -> Any:
    """Train a byte-level BPE of 400 tokens on the bench's prompts."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    trained: Any = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    marks = ["<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", *special]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=marks, initial_alphabet=alphabet, show_progress=False
    )
    trained.train_from_iterator(_TEXTS, trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=trained, pad_token="<|pad|>", eos_token="<|end|>"
    )


def llava(folder: Path, seed: int = 0, context: int = 512) -> Path:
    """Write a Llava of about 100,000 parameters: CLIP and Llama, fixed image size."""
    import torch

    torch.manual_seed(seed)
    words = tokenizer("<image>")
    vision = transformers.CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=56,
        patch_size=14, projection_dim=32,
    )  # fmt: skip
    config = transformers.LlavaConfig(
        vision_config=vision,
        text_config=_llama(words, context),
        image_token_index=words.convert_tokens_to_ids("<image>"),
        image_seq_length=16,
    )
    images = transformers.CLIPImageProcessor(
        size={"shortest_edge": 56}, crop_size={"height": 56, "width": 56}
    )
    processor = transformers.LlavaProcessor(
        images,
        words,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=_TEMPLATE.replace("IMAGE", "<image>"),
    )
    return _save(transformers.LlavaForConditionalGeneration(config), processor, folder)


def qwen2_vl(folder: Path, seed: int = 0) -> Path:
    """Write a Qwen2-VL of about 100,000 parameters: images of any size, rotary positions in 3 axes."""
    import torch

    torch.manual_seed(seed)
    marks = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<|vision_pad|>"]
    words = tokenizer(*marks)
    ids = {mark: words.convert_tokens_to_ids(mark) for mark in marks}
    config = transformers.Qwen2VLConfig(
        text_config={
            "vocab_size": len(words), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 2048,
            "rope_scaling": {"type": "mrope", "rope_type": "default", "mrope_section": [4, 2, 2]},
            "pad_token_id": words.pad_token_id, "eos_token_id": words.eos_token_id, "bos_token_id": None,
        },
        vision_config={
            "depth": 2, "embed_dim": 32, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2, "patch_size": 14,
            "spatial_merge_size": 2, "temporal_patch_size": 2,
        },
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
    )  # fmt: skip
    images = transformers.Qwen2VLImageProcessor(min_pixels=28 * 28, max_pixels=28 * 28 * 16)
    processor = transformers.Qwen2VLProcessor(
        images,
        words,
        transformers.Qwen2VLVideoProcessor(),
        chat_template=_TEMPLATE.replace("IMAGE", "<|vision_start|><|image_pad|><|vision_end|>"),
    )
    return _save(transformers.Qwen2VLForConditionalGeneration(config), processor, folder)


def gemma3(folder: Path, seed: int = 0) -> Path:
    """Write a Gemma 3 of about 100,000 parameters: a sliding window that is shorter than a picture, whose
    tokens look at each other in both directions.
    """
    import torch

    torch.manual_seed(seed)
    marks = {"image_token": "<soft>", "boi_token": "<start_of_image>", "eoi_token": "<end_of_image>"}
    words = tokenizer(*marks.values())
    words._set_model_specific_special_tokens(marks)
    begin, end, soft = (words.convert_tokens_to_ids(marks[name]) for name in sorted(marks))
    config = transformers.Gemma3Config(
        text_config={
            "vocab_size": len(words), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 2, "num_key_value_heads": 2, "head_dim": 16, "sliding_window": 12,
            "layer_types": ["sliding_attention", "full_attention"], "max_position_embeddings": 2048,
            "pad_token_id": words.pad_token_id, "eos_token_id": words.eos_token_id, "bos_token_id": None,
        },
        vision_config={
            "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
            "image_size": 56, "patch_size": 14,
        },
        mm_tokens_per_image=16,
        boi_token_index=begin,
        eoi_token_index=end,
        image_token_index=soft,
    )  # fmt: skip
    processor = transformers.Gemma3Processor(
        transformers.Gemma3ImageProcessor(size={"height": 56, "width": 56}),
        words,
        chat_template=_TEMPLATE.replace("IMAGE", "<start_of_image>"),
        image_seq_length=16,
    )
    return _save(transformers.Gemma3ForConditionalGeneration(config), processor, folder)


def _llama(words: Any, context: int) -> Any:
    return transformers.LlamaConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=context,
        pad_token_id=words.pad_token_id, eos_token_id=words.eos_token_id, bos_token_id=None,
    )  # fmt: skip


def _save(model: Any, processor: Any, folder: Path) -> Path:
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


DATA = Path(__file__).resolve().parent.parent / "data"
_PHI_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)


def golden_phi3v(folder: Path) -> Path:
    """Write the golden phi3_v checkpoint with a processor of its own: its weights came without words."""
    native: Any = import_module("kurabe.models.families.phi3v")
    shutil.copytree(DATA / "phi3v" / "tiny", folder, dirs_exist_ok=True)
    words = tokenizer("<s>", "<|system|>", "<|endoftext|>")
    words.bos_token, words.chat_template = "<s>", _PHI_TEMPLATE
    native.Phi3VProcessor(words).save_pretrained(folder)
    return folder


def golden_mllama(folder: Path) -> Path:
    """Write the golden mllama checkpoint with a processor: bytes as words, its own ids for the marks."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    shutil.copytree(DATA / "mllama" / "tiny", folder, dirs_exist_ok=True)
    marks = {"<unk>": 0, "<s>": 1, "</s>": 2, "<|image|>": 298, "<|pad|>": 299}
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend: Any = Tokenizer(models.BPE({byte: 3 + i for i, byte in enumerate(alphabet)} | marks, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    words = transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<|pad|>",
        additional_special_tokens=["<|image|>"],
    )
    images = transformers.MllamaImageProcessor(size={"height": 56, "width": 56}, max_image_tiles=4)
    template = "<s>" + _TEMPLATE.replace("IMAGE", "<|image|>").replace("<|end|>", "")
    transformers.MllamaProcessor(images, words, chat_template=template).save_pretrained(folder)
    return folder
