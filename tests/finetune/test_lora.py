"""The LoRA while it is trained."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch

from kurabe.finetune import lora
from kurabe.finetune.encoding import Collator, encoder_for
from kurabe.finetune.trainer import answer_loss
from tests.finetune.made import loaded, records


def test_a_lora_that_does_not_cast_its_input_makes_the_same_of_it_under_autocast(
    tmp_path: Path,
) -> None:
    base = loaded(tmp_path)
    batch = Collator(base.processor.tokenizer.pad_token_id, cuts_logits=True)(
        [encoder_for(base.model, base.processor, None).encode(record) for record in records(tmp_path)[:3]]
    )
    labels = batch.pop("labels")
    model = lora.put_on(base.model, rank=4, alpha=8, dropout=0.0, vision=True)
    try:
        for name, value in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(value, std=0.1)
        made: list[list[Any]] = []
        for device in ("cpu", "cuda"):
            here: Any = SimpleNamespace(device=torch.device(device), named_modules=model.named_modules)
            model.zero_grad()
            with torch.autocast("cpu", torch.bfloat16), lora.cast_once(here):
                outputs = model(**batch)
            answer_loss(outputs, labels).backward()
            gradients = [value.grad.clone() for value in model.parameters() if value.grad is not None]
            made.append([outputs.logits, *gradients])
        assert len(made[0]) > 10
        assert all(torch.equal(one, other) for one, other in zip(*made, strict=True))
    finally:
        lora.take_off(model)
