"""Phi-3.5-vision and Llama-3.2-11B-Vision at their real sizes, with random weights, for the programs here.

Speed and memory do not depend on the weights' values, so the models are built where they compute, from
their configurations; nothing is read from disk. A folder with the published tokenizer and configuration can
be named; without one a small tokenizer is trained, and prompts are a few tokens longer.
"""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from kurabe.common.vocabulary import Layout
from kurabe.models.engines.local.checkpoint import correct
from kurabe.models.engines.local.shared import refused
from tests.support import checkpoints

ROOT = Path(__file__).resolve().parents[1]
PHI_TEMPLATE = (
    "{% for message in messages %}{{'<|' + message['role'] + '|>' + '\n' + message['content'] }}"
    "{{ '<|end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{- '<|assistant|>\n' -}}{% endif %}"
)
MLLAMA_TEMPLATE = (
    "{% for message in messages %}<|user|>{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<|image|>{% else %}{{ part['text'] }}{% endif %}{% endfor %}"
    "{% endfor %}<|assistant|>"
)
transformers: Any = import_module("transformers")


def phi(files: Path | None, layers: int | None = None, device: str = "cuda") -> tuple[Any, Any]:
    """Return Phi-3.5-vision and its processor.

    Args:
        files: Folder with the published tokenizer and configuration.
        layers: Decoder layers instead of the published 32.
        device: Where it is built.
    """
    correct("phi3_v")
    native: Any = import_module("kurabe.models.families.phi3v")
    config: Any
    if files is not None:
        config, processor = (
            native.Phi3VConfig.from_pretrained(files),
            native.Phi3VProcessor.from_pretrained(files),
        )
    else:
        # Factors of long prompts change nothing of the speed; prompts here stay under 4,096 tokens.
        factors = {"type": "su", "short_factor": [1.0] * 48, "long_factor": [1.0] * 48}
        config = native.Phi3VConfig(
            hidden_size=3072, num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=32,
            intermediate_size=8192, vocab_size=32064, max_position_embeddings=131072,
            original_max_position_embeddings=4096, rope_scaling=factors, tie_word_embeddings=False,
            bos_token_id=1, eos_token_id=2, pad_token_id=32000,
        )  # fmt: skip
        words = checkpoints.tokenizer("<s>")
        words.bos_token, words.chat_template = "<s>", PHI_TEMPLATE
        processor = native.Phi3VProcessor(words)
    if layers is not None:
        config.num_hidden_layers = layers
    return _build(config, device), processor


def mllama(files: Path | None, layers: int | None = None, device: str = "cuda") -> tuple[Any, Any]:
    """Return Llama-3.2-11B-Vision and its processor; the arguments are those of `phi`."""
    correct("mllama")
    if files is not None:
        config = transformers.AutoConfig.from_pretrained(files)
        processor = transformers.AutoProcessor.from_pretrained(files)
    else:
        # Not the padding's token: its embedding is zero, and so would be the state of a prompt's first token
        # in all layers, where norms multiply gradients by 300 each.
        words = checkpoints.tokenizer("<|image|>", "<s>")
        words.bos_token = "<s>"
        config = transformers.MllamaConfig(
            vision_config={"image_size": 560},  # the class's other defaults are the 11B model's
            text_config={
                "pad_token_id": words.pad_token_id, "bos_token_id": words.bos_token_id,
                "eos_token_id": words.eos_token_id,
            },
            image_token_index=words.convert_tokens_to_ids("<|image|>"),
        )  # fmt: skip
        images = transformers.MllamaImageProcessor(size={"height": 560, "width": 560}, max_image_tiles=4)
        processor = transformers.MllamaProcessor(images, words, chat_template=MLLAMA_TEMPLATE)
    if layers is not None:
        text = config.text_config
        text.num_hidden_layers = layers
        text.cross_attention_layers = [layer for layer in text.cross_attention_layers if layer < layers]
    return _build(config, device), processor


def _build(config: Any, device: str) -> Any:
    torch.manual_seed(0)
    with torch.device(device):
        return transformers.AutoModelForImageTextToText.from_config(
            config, dtype=torch.bfloat16, attn_implementation="sdpa"
        )


@dataclass(frozen=True, slots=True)
class Family:
    """How a family is measured.

    Attributes:
        build: Returns model and processor.
        crops: Crops a picture; None for the processor's own number.
        layout: How pairs are shown.
        tiny: Returns the tiny checkpoint of the family; may write it into the folder.
    """

    build: Callable[..., tuple[Any, Any]]
    crops: int | None
    layout: Layout
    tiny: Callable[[Path], Path]


def _tiny_phi(_folder: Path) -> Path:
    return ROOT / "checkpoints" / "tiny-phi3v"


def _tiny_mllama(_folder: Path) -> Path:
    return ROOT / "checkpoints" / "tiny-mllama"


FAMILIES = {
    "phi": Family(phi, 4, "separate", _tiny_phi),
    "mllama": Family(mllama, None, "stacked", _tiny_mllama),
}


def end_nowhere(model: Any, processor: Any) -> None:
    """Let answers of this model have their full length: the only end token is one that it cannot emit.

    Random weights would end some answers early, by chance, and the figures would tell of that chance.
    """
    beyond = int(model.config.get_text_config().vocab_size)
    model.generation_config.eos_token_id = beyond
    processor.eos_token_ids = [beyond]


def surroundings(device: str) -> dict[str, Any]:
    """Return the card and the versions that figures were measured with."""
    why = ""
    if device == "cuda":
        why = refused(torch.device("cuda", torch.cuda.current_device()), torch.bfloat16)
    return {
        **({"kernels_refused": why} if why else {}),
        "card": torch.cuda.get_device_name() if device == "cuda" else "CPU",
        "torch": torch.__version__,
        "cuda": torch.version.cuda if device == "cuda" else None,
        "transformers": transformers.__version__,
        "python": platform.python_version(),
    }


def synchronize(device: str) -> None:
    """Wait until the device has computed all that it was given."""
    if device == "cuda":
        torch.cuda.synchronize()
