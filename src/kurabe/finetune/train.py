"""LoRA training of a model in memory: transformers' Trainer, evaluation on held-out references, resume."""

import dataclasses
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import set_seed

from kurabe.common.errors import ModelError
from kurabe.finetune import lora, spotting
from kurabe.finetune.card import card_of, write_card
from kurabe.finetune.curve import write_curve
from kurabe.finetune.encoding import Collator, Encoder, Rows, check_pictures, encoder_for
from kurabe.finetune.folder import CHECKPOINTS, step_of, training_in
from kurabe.finetune.records import TrainingRecord, see
from kurabe.finetune.settings import About, Settings, Trained, split
from kurabe.finetune.spots import check_boxes, check_family, known_boxes
from kurabe.finetune.trainer import Bar, make_trainer
from kurabe.finetune.watch import NotFiniteError
from kurabe.models import families
from kurabe.models.engines.local.checkpoint import accepts


class InMemory(Protocol):
    """A model that is loaded: `kurabe.models.engines.local.loaded.Loaded` is one."""

    model: Any
    processor: Any
    device: torch.device


def train_adapter(
    base: InMemory,
    records: Sequence[TrainingRecord],
    settings: Settings,
    out: Path,
    *,
    about: About | None = None,
    resume: bool = False,
    say: Callable[[str], None] = lambda text: None,  # noqa: ARG005
    callbacks: Sequence[Any] = (),
    rows: Callable[[Sequence[TrainingRecord], Encoder], Rows] = Rows,
) -> Trained:
    """Train a LoRA on a model in memory and write adapter, loss curve and card; the base stays as it was.

    Args:
        base: Model and processor. A 4-bit model stays prepared for training.
        records: What to learn.
        settings: How.
        out: Folder for the adapter: new or empty, or with ``resume`` that of an interrupted training.
        about: What the card is to say of the origin.
        resume: Go on with the last checkpoint.
        say: Told in words how far it is.
        callbacks: More of transformers' callbacks.
        rows: Makes rows of records; another one may have them prepared already.

    Returns:
        What came out; if a loss was no number, the adapter is that of the last good state.

    Raises:
        ModelError: If ``out`` is in use, memory runs out, nothing was learned before a loss was no number, or
            spots are asked of a family or of records that do not tell them.
        ImageError: If a picture cannot be read or processed.
    """
    about = about or About(out.name)
    work = Work.of(base, records, settings)
    with training_in(out, work.identity(about), resume=resume) as checkpoint:
        images = see(records) if about.images is None else about.images
        trained = _trained(work, out, about, checkpoint, say, callbacks, rows)
        write_curve(out, trained.history, about.name)
        learned, held = work.training, work.validation
        device = torch.cuda.get_device_name(base.device) if base.device.type == "cuda" else "CPU"
        write_card(out, card_of(about, work.settings, learned, held, trained, sorted(images), device))
    return trained


@dataclass(frozen=True, slots=True)
class Work:
    """A training with everything decided.

    Attributes:
        base: Model and processor.
        settings: Without None where the model decides.
        training: Records to learn.
        validation: Records that are held out.
    """

    base: InMemory
    settings: Settings
    training: list[TrainingRecord]
    validation: list[TrainingRecord]

    @classmethod
    def of(cls, base: InMemory, records: Sequence[TrainingRecord], settings: Settings) -> "Work":
        """Decide what is open, and hold records out."""
        large = lora.parameters_of(base.model) >= lora.LARGE
        decided = dataclasses.replace(
            settings,
            vision=not large if settings.vision is None else settings.vision,
            checkpointing=large if settings.checkpointing is None else settings.checkpointing,
        )
        if not records:
            raise ModelError("there is nothing to learn: no records were made")
        training, validation = split(records, settings.validation, settings.seed)
        if settings.spots:
            check_family(families.of_model(base.model))
            check_boxes(training)
        return cls(base, decided, training, validation)

    def identity(self, about: About) -> str:
        """Identify base, settings and records, so that a training goes on as it began."""
        digest = hashlib.sha256(repr((about.base, about.fingerprint, self.settings)).encode())
        for record in (*self.training, *self.validation):
            digest.update(repr((record.id, record.prompt.text, record.target)).encode())
            if self.settings.spots:
                digest.update(repr(known_boxes(record)).encode())
        return digest.hexdigest()

    @property
    def steps(self) -> int:
        """Number of steps if nothing ends it before."""
        settings = self.settings
        if settings.steps is not None:
            return settings.steps
        batches = -(-len(self.training) // settings.batch_size)
        return max(1, round(settings.epochs * -(-batches // settings.accumulation)))


def _trained(
    work: Work,
    out: Path,
    about: About,
    checkpoint: Path | None,
    say: Callable[[str], None],
    callbacks: Sequence[Any],
    rows: Callable[[Sequence[TrainingRecord], Encoder], Rows],
) -> Trained:
    """Put the LoRA on, train it, write it down, take it off."""
    base, settings, start = work.base, work.settings, time.perf_counter()
    cuda = base.device.type == "cuda"
    if cuda:
        torch.cuda.reset_peak_memory_stats(base.device)
    set_seed(settings.seed)
    kept_cache = base.model.config.use_cache if hasattr(base.model.config, "use_cache") else None
    model = lora.put_on(
        base.model,
        rank=settings.rank,
        alpha=settings.alpha,
        dropout=settings.dropout,
        vision=bool(settings.vision),
    )
    if settings.spots:
        spotting.put_on(model)
    bar = Bar(say)
    try:
        trainer = _prepared(work, model, out, checkpoint, say, [bar, *callbacks], rows)
        diverged = _run(trainer, model, checkpoint, settings)
        lora.save(model, out, about.checkpoint or about.base, getattr(torch, settings.save_dtype))
    finally:
        bar.close()
        lora.take_off(model)
        if kept_cache is not None:
            base.model.config.use_cache = kept_cache
    state = trainer.state
    history = [dict(entry) for entry in state.log_history]
    evaluated = {int(e["step"]): _figures(e) for e in history if "eval_loss" in e}
    best = diverged.kept if diverged else (state.best_global_step or state.global_step)
    stopped = f"Stopped at step {diverged.step}: {diverged}." if diverged else ""
    if not diverged and state.global_step < work.steps:
        why = (
            f": no lower loss in {settings.patience} evaluations"
            if settings.patience
            else f" of {work.steps}"
        )
        stopped = f"Stopped at step {state.global_step}{why}."
    return Trained(
        out, state.global_step, best, evaluated.get(0, {}), evaluated.get(best, {}), stopped,
        diverged is not None, time.perf_counter() - start, trainer.records_per_second,
        torch.cuda.max_memory_allocated(base.device) if cuda else None, history,
    )  # fmt: skip


def _figures(entry: Mapping[str, float]) -> dict[str, float]:
    return {key: entry[key] for key in ("eval_loss", "eval_balanced_accuracy", "eval_exact") if key in entry}


def _prepared(
    work: Work,
    model: Any,
    out: Path,
    checkpoint: Path | None,
    say: Callable[[str], None],
    callbacks: Sequence[Any],
    rows: Callable[[Sequence[TrainingRecord], Encoder], Rows],
) -> Any:
    """Encode what fits into memory, and return the trainer."""
    base, settings = work.base, work.settings
    encoder = encoder_for(base.model, base.processor, settings.crops, spots=settings.spots > 0)
    check_pictures(
        encoder.family,
        {len(r.source.show().pictures) for r in _one_of_each(work.training + work.validation)},
    )
    workers = _workers(settings.workers)
    training, validation = (rows(each, encoder) for each in (work.training, work.validation))
    held = sum(each.keep_within(settings.keep, workers) for each in (training, validation))
    if held:
        say(f"prepared {len(training) + len(validation)} records, {held / 2**20:.0f} MiB in memory")
    cuts = accepts(base.model.forward, "logits_to_keep")
    return make_trainer(
        model,
        base.processor,
        (training, validation),
        Collator(base.processor.tokenizer.pad_token_id, cuts, pins=training.on_device),
        dataclasses.replace(settings, workers=0 if held else workers),
        work.steps,
        out.resolve() / CHECKPOINTS,
        resumed=checkpoint is not None,
        callbacks=callbacks,
    )


def _one_of_each(records: Iterable[TrainingRecord]) -> Iterable[TrainingRecord]:
    """Return a record of each question and suite: how many pictures it shows depends on nothing else."""
    return {(record.question, record.suite): record for record in records}.values()


def _workers(asked: int | None) -> int:
    # One core stays with the process that trains; more than eight do not help a single GPU.
    return max(0, min(8, (os.cpu_count() or 1) - 1)) if asked is None else asked


def _run(trainer: Any, model: Any, checkpoint: Path | None, settings: Settings) -> NotFiniteError | None:
    """Train; on a loss that is no number, go back to the last good state and return what happened."""
    try:
        tower = families.of_model(model).frozen_tower(model)
        with attention_that_can_be_trained(model.device), lora.cast_once(model), tower:
            trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
        trainer.watch.look()
    except NotFiniteError as error:
        good = _last_good(trainer.state.best_model_checkpoint, Path(trainer.args.output_dir))
        if good is None:
            raise ModelError(
                f"{error} at step {error.step}, before a good state was kept: lower --learning-rate, or set "
                "dtype = 'float32' for the base"
            ) from error
        lora.load(model, good)
        error.kept = step_of(good)
        return error
    except (RuntimeError, MemoryError) as error:
        if not _short_of_memory(error):
            raise
        smaller = max(1, settings.batch_size // 2)
        raise ModelError(
            f"out of memory with batches of {settings.batch_size}: lower --batch-size to {smaller} and raise "
            f"--accumulation to {settings.accumulation * 2}, which learns the same; or set "
            "--gradient-checkpointing, --no-vision, fewer 'crops' or quantization = '4bit' for the base"
        ) from error
    return None


def attention_that_can_be_trained(device: torch.device) -> AbstractContextManager[None]:
    """Keep cuDNN's attention out of a training.

    Under a mask its gradients became NaN (H200, torch 2.11) where those of the other kernels stayed finite;
    perf/results/finetune_fullsize.json has both.
    """
    if device.type != "cuda":
        return nullcontext()
    others = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
    allowed: AbstractContextManager[None] = sdpa_kernel(others)
    return allowed


def _short_of_memory(error: BaseException) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(words in str(error) for words in ("not enough memory", "can't allocate memory"))


def _last_good(best: str | None, checkpoints: Path) -> Path | None:
    """Return the best checkpoint, or the latest whose weights are numbers."""
    if best is not None:
        return Path(best)
    saved = sorted(checkpoints.glob("checkpoint-*"), key=step_of)
    return next((path for path in reversed(saved) if lora.finite(path)), None)
