"""What the tests of adapters share: where the golden ones are, and how logits are had."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "data"
PHI_ADAPTERS = ["2u1_vision", "cookbook_add_adapter", "cookbook_like", "lm_only", "swift_like"]
MLLAMA_ADAPTERS = ["list", "text_full", "unsloth_regex"]

Edit = Callable[[dict[str, Any], dict[str, Any]], None]


def phi(name: str) -> Path:
    return DATA / "adapters" / name


def llama(name: str) -> Path:
    return DATA / "mllama" / "adapters" / name


def load(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return dict(load_file(path))


def gap(a: Any, b: Any) -> float:
    return float((a - b).abs().max())


def run(model: Any, inputs: dict[str, Any], **more: Any) -> Any:
    import torch

    with torch.inference_mode():
        return model(**inputs, **more).logits
