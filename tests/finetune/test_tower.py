"""A frozen Llama tower in a training gives transformers' features, and learns the same adapter."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from kurabe.finetune import lora
from kurabe.finetune.encoding import Collator, encoder_for
from kurabe.finetune.settings import Settings
from kurabe.finetune.train import train_adapter
from kurabe.models import families
from kurabe.models.adapters.file import WEIGHTS
from kurabe.models.families.mllama import frozen_tower as tower
from kurabe.models.families.mllama import vision as mllama_vision
from tests.finetune.made import loaded, records

SETTINGS = Settings(
    rank=4, alpha=8, learning_rate=1e-2, batch_size=4, steps=3, workers=0, validation=0.0, vision=False,
    save_dtype="float32",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def batch(base: Any, root: Path) -> Any:
    encoder = encoder_for(base.model, base.processor, None)
    made = Collator(base.processor.tokenizer.pad_token_id, True)(
        [encoder.encode(r) for r in records(root)[:6]]
    )
    return {key: value for key, value in made.items() if key != "labels"}


def put_on(base: Any, *, vision: bool) -> Any:
    return lora.put_on(base.model, rank=2, alpha=4, dropout=0.0, vision=vision)


def test_logits_are_those_of_transformers_forward_also_for_pictures_of_unequal_shape(root: Path) -> None:
    base = loaded(root, "golden_mllama")
    inputs = batch(base, root)
    # Some of the pictures use fewer tiles than others.
    ids, mask = inputs["aspect_ratio_ids"], inputs["aspect_ratio_mask"]
    ids[:2], ids[2:4] = 1, 5
    for rows, used in ((slice(0, 2), 1), (slice(2, 4), 2)):
        mask[rows] = (torch.arange(mask.shape[-1]) < used).long()
        inputs["pixel_values"][rows, :, used:] = 0
        inputs["cross_attention_mask"][rows, ..., used:] = 0
    assert len({int(row.sum()) for row in mask.flatten(0, 1)}) > 1
    model = put_on(base, vision=False)
    own = base.model.model.vision_model.forward
    with torch.no_grad():
        wanted = model(**inputs).logits
        with tower.as_answered(model):
            assert base.model.model.vision_model.forward != own
            found = model(**inputs).logits
        with tower.as_answered(model), tower.as_answered(model):
            pass
    assert base.model.model.vision_model.forward == own
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
    lora.take_off(model)


@pytest.mark.parametrize(
    ("family", "vision", "quantised", "stands_in"),
    [
        ("golden_mllama", False, False, True),
        ("golden_mllama", True, False, False),
        ("golden_mllama", False, True, False),
        ("golden_phi3v", False, False, False),
        ("llava", False, False, False),
    ],
)
def test_towers_that_are_trained_quantised_or_of_another_family_stay_as_they_are(
    root: Path, family: str, vision: bool, quantised: bool, stands_in: bool
) -> None:
    base = loaded(root, family)
    model = put_on(base, vision=vision)
    if quantised:
        base.model.quantization_method = "bitsandbytes"
    with families.of_model(model).frozen_tower(model):
        found = [name for name, each in model.named_modules() if isinstance(each.forward, tower._Forward)]
    assert len(found) == int(stands_in)


@pytest.mark.parametrize("checkpointing", [False, True])
def test_the_adapter_is_the_same(root: Path, monkeypatch: pytest.MonkeyPatch, checkpointing: bool) -> None:
    base, lessons = loaded(root, "golden_mllama"), records(root)
    settings = replace(SETTINGS, checkpointing=checkpointing)
    calls = []
    real = mllama_vision.encode

    def noted(*arguments: Any) -> Any:
        calls.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(mllama_vision, "encode", noted)
    made = [train_adapter(base, lessons, settings, root / "ours")]
    assert len(calls) >= made[0].steps > 0
    calls.clear()
    monkeypatch.setattr(tower, "_Forward", lambda own: own.forward)
    made.append(train_adapter(base, lessons, settings, root / "theirs"))
    assert not calls
    ours, theirs = (load_file(each.folder / WEIGHTS) for each in made)
    for name, value in theirs.items():
        torch.testing.assert_close(ours[name], value, rtol=1e-3, atol=1e-5)
