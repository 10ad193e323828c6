"""Bases, inputs, and adapters that are edited before they are read."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.models.adapters.made import DATA, Edit, load


@pytest.fixture
def mllama_base() -> Any:
    from transformers import AutoModelForImageTextToText

    from kurabe.models.families.mllama import correction as mllama

    mllama.apply()
    model: Any = AutoModelForImageTextToText.from_pretrained(DATA / "mllama" / "tiny")
    return model.eval()


@pytest.fixture
def phi_base() -> Any:
    from transformers import AutoModelForImageTextToText

    import kurabe.models.families.phi3v  # noqa: F401

    # The expected logits were computed by eager attention.
    model: Any = AutoModelForImageTextToText.from_pretrained(
        DATA / "phi3v" / "tiny", attn_implementation="eager"
    )
    return model.eval()


@pytest.fixture(scope="module")
def mllama_golden() -> dict[str, Any]:
    return load(DATA / "mllama" / "golden.safetensors")


@pytest.fixture(scope="module")
def mllama_inputs(mllama_golden: dict[str, Any]) -> dict[str, Any]:
    return {key.removeprefix("in."): value for key, value in mllama_golden.items() if key.startswith("in.")}


@pytest.fixture(scope="module")
def phi_inputs() -> dict[str, Any]:
    golden = load(DATA / "phi3v" / "golden_model.safetensors")
    pixels = golden["img_2x2.pixel_low"].repeat_interleave(42, -1).repeat_interleave(42, -2)
    return {key: golden[f"img_2x2.{key}"] for key in ("input_ids", "image_sizes")} | {"pixel_values": pixels}


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[Path, Edit], Path]:
    """Copy an adapter and change its configuration and tensors."""
    from safetensors.torch import save_file

    def edit(folder: Path, change: Edit) -> Path:
        copy = tmp_path / folder.name
        shutil.copytree(folder, copy)
        config = json.loads((copy / "adapter_config.json").read_text())
        tensors = load(copy / "adapter_model.safetensors")
        change(config, tensors)
        (copy / "adapter_config.json").write_text(json.dumps(config))
        save_file(tensors, copy / "adapter_model.safetensors")
        return copy

    return edit
