"""LoRA fine-tuning of Phi-3.5-vision or Llama-3.2-11B-Vision at real size, with random weights, on one GPU.

    python -m perf.finetune_fullsize --tokenizer FOLDER [--out perf/results/finetune_fullsize.json]
    python -m perf.finetune_fullsize --tokenizer FOLDER --quantization 4bit
    python -m perf.finetune_fullsize --family mllama
    python -m perf.finetune_fullsize --tiny [--family mllama]

What training costs does not depend on the weights' values, so the model is built on the GPU from its
configuration. Everything else is the bench's own: records of the connector suite's train split, encoding,
LoRA, Trainer. It shows that the loss falls, what that takes in memory and time, and that the adapter which
was written gives the same loss when it is put on the same base anew. ``--tokenizer`` names a folder with the
published tokenizer and configuration; without it a small tokenizer is trained. ``--tiny`` does the same on
the CPU with a model of a few thousand weights. Nothing here says anything about what the model can see.
"""

import argparse
import gc
import json
import platform
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback

from kurabe.cases import suites
from kurabe.cases.prompts import load_prompts
from kurabe.common.errors import ModelError
from kurabe.finetune import train as finetuning
from kurabe.finetune.encoding import Collator, encoder_for
from kurabe.finetune.lora import parameters_of
from kurabe.finetune.records import TrainingRecord, Wanted, records_of
from kurabe.finetune.settings import Settings, Trained
from kurabe.finetune.trainer import answer_loss
from kurabe.models import families
from kurabe.models.adapters import attach, use
from kurabe.models.adapters.file import WEIGHTS
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base, accepts, correct
from kurabe.models.engines.local.loaded import Loaded, pad_left
from kurabe.project import processor_names
from perf.models import FAMILIES
from tests.support import checkpoints

ROOT = Path(__file__).resolve().parents[1]
NAMES = {"phi": "Phi-3.5-vision", "mllama": "Llama-3.2-11B-Vision"}
HELD = 8
"""Pairs on which the losses before and after are compared."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is built and how it is trained."""

    base: Loaded
    settings: Settings
    batches: tuple[int, ...]


def full_size(
    family: str, files: Path | None, batches: Sequence[int], quantization: Any, folder: Path
) -> Plan:
    """Return a family's model on the GPU, with batch sizes to try, the largest first.

    Quantised weights are made while a checkpoint is read, so that one is written first, to ``folder``.
    """
    described = FAMILIES[family]
    model, processor = described.build(files)
    if quantization is None:
        base = Loaded(model.eval(), pad_left(processor), "sdpa", model.device, [])
    else:
        model.save_pretrained(folder)
        processor.save_pretrained(folder)
        del model
        gc.collect()
        torch.cuda.empty_cache()
        asked = LocalSettings(
            checkpoint=str(folder), quantization=quantization, dtype="bfloat16", device="cuda"
        )
        base = Base(asked, folder).load()
    settings = Settings(
        rank=16, alpha=32, vision=False, learning_rate=1e-4, warmup=0.1, steps=20, validation=0.0,
        crops=described.crops, checkpointing=True, save_dtype="float32", evaluate_every=20, keep=0,
    )  # fmt: skip
    return Plan(base, settings, tuple(batches))


def tiny(family: str, folder: Path) -> Plan:
    """Return the same with a model of a few thousand weights on the CPU."""
    write = {"phi": checkpoints.golden_phi3v, "mllama": checkpoints.golden_mllama}[family]
    write(folder / "tiny")
    correct({"phi": "phi3_v", "mllama": "mllama"}[family])
    base = Base(LocalSettings(checkpoint="tiny"), folder).load()
    settings = Settings(
        rank=4, alpha=8, vision=False, learning_rate=1e-2, warmup=0.1, steps=6, validation=0.0, crops=1,
        checkpointing=True, save_dtype="float32", evaluate_every=6, workers=0,
    )  # fmt: skip
    return Plan(base, settings, (4,))


def connector_records(family: str) -> list[TrainingRecord]:
    """Return verdict and differences records of the connector suite's train split, as a family sees them."""
    found = suites.read([ROOT / "cases/connector/connector.yaml"])
    questions = ("verdict", "differences")
    wanted = Wanted(FAMILIES[family].layout, ("raw",), questions, processor_names(), swap=False)
    return records_of(found.good[0], load_prompts(), wanted)


@torch.no_grad()
def loss_of(base: Loaded, records: Sequence[TrainingRecord], settings: Settings) -> float:
    """Return the mean loss per answer token, in batches of two and as a training computes it."""
    encoder = encoder_for(base.model, base.processor, settings.crops)
    cuts = accepts(base.model.forward, "logits_to_keep")
    collate = Collator(base.processor.tokenizer.pad_token_id, cuts_logits=cuts)
    total, count = 0.0, 0
    for start in range(0, len(records), 2):
        batch = collate([encoder.encode(record) for record in records[start : start + 2]])
        inputs = {
            key: value.to(base.device) if hasattr(value, "to") else value for key, value in batch.items()
        }
        labels = inputs.pop("labels")
        cuda = base.device.type == "cuda"
        kernels = finetuning.attention_that_can_be_trained(base.device)
        autocast = torch.autocast("cuda", torch.bfloat16, enabled=cuda)
        tower = families.of_model(base.model).frozen_tower(base.model)
        with kernels, autocast, tower:
            outputs = base.model(**inputs)
        total += float(answer_loss(outputs, labels, 1))
        count += int((labels != -100).sum())
    return total / count


class AtEnd(TrainerCallback):
    """Notes the loss of the trained model before its adapter is taken off."""

    def __init__(self, plan: Plan, records: Sequence[TrainingRecord]) -> None:
        self.loss = float("nan")
        self._plan, self._records = plan, records

    def on_train_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Measure."""
        self.loss = loss_of(replace(self._plan.base, model=model.eval()), self._records, self._plan.settings)


def train(
    plan: Plan, records: Sequence[TrainingRecord], folder: Path, end: AtEnd
) -> tuple[Trained, list[int]]:
    """Train with the largest batch that fits; return the result and the batches that did not."""
    tried: list[int] = []
    for batch in plan.batches:
        settings = replace(plan.settings, batch_size=batch)
        try:
            out = folder / f"{batch}"
            return finetuning.train_adapter(plan.base, records, settings, out, callbacks=[end]), tried
        except ModelError as error:
            if "out of memory" not in str(error):
                raise
        tried.append(batch)
        gc.collect()
        torch.cuda.empty_cache()
    raise SystemExit(f"out of memory with batches of {tried}: name a smaller one by --batch")


def measure(plan: Plan, records: Sequence[TrainingRecord], folder: Path) -> dict[str, Any]:
    """Train, save, put the adapter on anew; return the figures."""
    base, settings = plan.base, plan.settings
    same = records[:HELD]
    end = AtEnd(plan, same)
    base.model.requires_grad_(False)  # as training will leave it
    before = loss_of(base, same, settings)
    trained, tried = train(plan, records, folder, end)
    without = loss_of(base, same, settings)
    report = attach(base.model, trained.folder, "anew")
    use(report.model, "anew")
    anew = loss_of(replace(base, model=report.model), same, settings)
    losses = [round(entry["loss"], 4) for entry in trained.history if "loss" in entry]
    batch = plan.batches[len(tried)]
    return {
        "parameters": parameters_of(base.model),
        "lora": {"rank": settings.rank, "alpha": settings.alpha, "vision": settings.vision},
        "adapter_mib": round((trained.folder / WEIGHTS).stat().st_size / 2**20, 1),
        "gradient_checkpointing": settings.checkpointing,
        "batch_size": batch,
        "batch_sizes_out_of_memory": tried,
        "steps": trained.steps,
        "loss_per_step": losses,
        "loss_falls": sum(losses[-3:]) < sum(losses[:3]),
        "pairs_per_second": round(trained.records_per_second, 2),
        "pairs_per_second_with_waiting": round(trained.steps * batch / trained.seconds, 2),
        "peak_gib": None if trained.peak_bytes is None else round(trained.peak_bytes / 2**30, 2),
        "loss_on_the_same_pairs": {
            "pairs": len(same),
            "base": before,
            "base_after_training": without,
            "trained": end.loss,
            "adapter_put_on_anew": anew,
        },
    }


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--family", choices=sorted(NAMES), default="phi")
    parser.add_argument("--tokenizer", type=Path, metavar="FOLDER")
    parser.add_argument("--batch", type=int, action="append", help="batch sizes to try, in this order")
    parser.add_argument("--quantization", choices=("4bit",), help="of the base's weights")
    parser.add_argument("--tiny", action="store_true", help="a tiny model on the CPU")
    parser.add_argument(
        "--cudnn", action="store_true", help="with cuDNN's attention, which trainings leave out"
    )
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.cudnn:
        finetuning.attention_that_can_be_trained = lambda device: nullcontext()  # noqa: ARG005
    record: dict[str, Any] = {
        "model": f"{NAMES[chosen.family]}, {'tiny' if chosen.tiny else 'random weights'}",
        "card": "CPU" if chosen.tiny else torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "transformers": import_module("transformers").__version__,
        "peft": import_module("peft").__version__,
        "python": platform.python_version(),
        "crops": 1 if chosen.tiny else FAMILIES[chosen.family].crops,
        "quantization": chosen.quantization,
    }
    with tempfile.TemporaryDirectory() as name:
        plan = (
            tiny(chosen.family, Path(name))
            if chosen.tiny
            else full_size(
                chosen.family,
                chosen.tokenizer,
                chosen.batch or (32, 16, 8, 4),
                chosen.quantization,
                Path(name) / "base",
            )
        )
        record |= measure(plan, connector_records(chosen.family), Path(name))
    print(json.dumps(record, indent=2), flush=True)
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return record


if __name__ == "__main__":
    main()
