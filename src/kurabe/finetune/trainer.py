"""transformers' Trainer as this bench needs it: loss on answers, verdicts in the evaluation, one bar."""

import dataclasses
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from kurabe.finetune import lora, spotting
from kurabe.finetune.encoding import IGNORED, Collator, Rows, verdict_tokens
from kurabe.finetune.settings import Settings
from kurabe.finetune.watch import Watch

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


def answer_loss(outputs: Any, labels: Tensor, num_items_in_batch: Tensor | int | None = None) -> Tensor:
    """Return the mean cross-entropy over the answers' tokens.

    Args:
        outputs: ``logits`` of at least the last positions, (rows, positions, vocabulary).
        labels: (rows, positions) of the last positions, the first of which is never predicted.
        num_items_in_batch: Tokens of the whole step; None to count those of this batch.
    """
    logits = outputs.logits[:, -labels.shape[1] :][:, :-1].float()
    wanted = labels[:, 1:].to(logits.device)
    total = cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=IGNORED, reduction="sum")
    return total / ((wanted != IGNORED).sum() if num_items_in_batch is None else num_items_in_batch)


class AnswerTrainer(Trainer):
    """Trains on answers, evaluates what the bench scores, and writes nothing but the adapter.

    Attributes:
        spots: Weight of the loss on spots; the model then has the head `spotting.put_on`.
        watch: Looks at the losses.
    """

    spots = 0.0
    watch: Watch
    _asked: Tensor
    _answered: Tensor
    _spotted: Tensor | float = 0.0
    _steps = 0

    @property
    def records_per_second(self) -> float:
        """Records a second in training, without evaluation and without waiting for batches."""
        return self.watch.learned / self.watch.seconds if self.watch.seconds else 0.0

    def training_step(self, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Tensor:
        """Do one batch; a loss that is no number ends the training.

        Raises:
            NotFiniteError: If a loss is NaN or infinite: this one, or on a GPU the one before.
        """
        rows = len(inputs["labels"])
        self.watch.begin()
        loss: Tensor = super().training_step(model, inputs, *args, **kwargs)
        self.watch.note(self.state.global_step + 1, loss, rows)
        # What is told of the training is comparable with what is told of the held-out records.
        return self._answered if self.spots else loss

    def floating_point_ops(self, inputs: Any) -> int:  # noqa: ARG002
        """Return nothing: to count all parameters takes the host as long as a small layer, at every batch."""
        return 0

    def get_batch_samples(self, *args: Any, **kwargs: Any) -> tuple[list[Any], Any]:
        """Fetch the batches of a step, and count what is asked in all of them, as for the answers' tokens."""
        batches, tokens = super().get_batch_samples(*args, **kwargs)
        if self.spots:
            total = sum((spotting.weight_of(batch["spots"]) for batch in batches), torch.zeros(()))
            self._asked = total.clamp(min=1.0).to(self.args.device, non_blocking=True)
            self._steps += 1
        return batches, tokens

    def compute_loss(self, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the loss of a batch: that of the answers, and that of the spots by its weight."""
        labels = inputs.pop("spots", None)
        if not self.spots:
            return super().compute_loss(model, inputs, *args, **kwargs)
        with spotting.last_states(self.model) as states:
            loss: Any = super().compute_loss(model, inputs, *args, **kwargs)
        spotted: Tensor = self._head(states[-1], labels) / self._asked
        self._answered = loss.detach()
        self._spotted = self._spotted + spotted.detach()
        return loss + self.spots * spotted

    def log(self, logs: dict[str, float], *args: Any, **kwargs: Any) -> None:
        """Log the mean loss on spots beside that of the answers."""
        if "loss" in logs and self._steps:
            logs["spots_loss"] = float(self._spotted) / self._steps
            self._spotted, self._steps = 0.0, 0
        super().log(logs, *args, **kwargs)

    @torch.no_grad()
    def evaluate(self, *_args: Any, **_kwargs: Any) -> dict[str, float]:
        """Measure loss per answer token, balanced accuracy of verdicts, and share of exact answers."""
        rows: Any = self.eval_dataset
        tokens = verdict_tokens(self.processing_class.tokenizer)  # type: ignore[union-attr]
        model: Any = self.model
        model.eval()
        total, count, exact, place = 0.0, 0, 0, 0
        hits: dict[bool, list[bool]] = {True: [], False: []}
        for batch in self.get_eval_dataloader():
            inputs = dict(self._prepare_inputs(batch))
            labels = inputs.pop("labels")
            inputs.pop("spots", None)
            with self.compute_loss_context_manager():
                outputs = model(**inputs)
            logits = outputs.logits[:, -labels.shape[1] :][:, :-1].float()
            wanted = labels[:, 1:]
            answer = wanted != IGNORED
            total += float(answer_loss(outputs, labels, 1))
            count += int(answer.sum())
            exact += int(((logits.argmax(-1) == wanted) | ~answer).all(1).sum())
            first = logits[torch.arange(len(labels)), answer.int().argmax(1)].cpu()
            for record, scores in zip(rows.records[place : place + len(labels)], first, strict=True):
                yes, no = tokens(record) if record.question == "verdict" else ([], [])
                if yes and no:
                    said = bool(scores[yes].logsumexp(0) >= scores[no].logsumexp(0))
                    different = record.target == record.prompt.yes[0]
                    hits[different].append(said == different)
            place += len(labels)
        metrics = {"eval_loss": total / max(1, count), "eval_exact": exact / max(1, place)}
        if hits[True] and hits[False]:
            shares = [sum(each) / len(each) for each in hits.values()]
            metrics["eval_balanced_accuracy"] = sum(shares) / 2
        self.log(dict(metrics))
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:  # noqa: ARG002
        folder = Path(output_dir or str(self.args.output_dir))
        lora.save(self.model, folder)
        if self.spots:
            spotting.save(self._head, folder)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        super()._load_from_checkpoint(resume_from_checkpoint, model)
        if self.spots:
            spotting.load(self._head, Path(resume_from_checkpoint))

    @property
    def _head(self) -> Any:
        return self.model.spots  # type: ignore[union-attr]


class NoInputGradients(TrainerCallback):
    """Lets gradients end where nothing is learned any more.

    transformers makes the outputs of all embeddings want gradients once activations are computed twice, those
    of a frozen vision tower too: all of it would be kept, computed twice and gone back through for nothing.
    Only the reentrant kind of checkpointing needs that, which is not used here.
    """

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Take back what the Trainer has just asked for."""
        model.get_base_model().disable_input_require_grads()


class Bar(TrainerCallback):
    """One progress bar on a terminal, and a line for each evaluation."""

    def __init__(self, say: Callable[[str], None], console: "Console | None" = None) -> None:
        self._say = say
        self._console = console
        self._bar: Progress | None = None
        self._loss = ""

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Open the bar."""
        if self._console is None and not sys.stdout.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = self._console or Console()
        if not console.is_terminal or console.is_dumb_terminal:
            return
        columns = (TextColumn("Training"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, TextColumn("{task.fields[loss]}"), console=console, transient=True)
        self._bar.add_task("train", total=state.max_steps, completed=state.global_step, loss="")
        self._bar.start()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=state.global_step, loss=self._loss)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Note the losses."""
        if logs and "loss" in logs:
            spots = f", spots {logs['spots_loss']:.4f}" if "spots_loss" in logs else ""
            self._loss = f"loss {logs['loss']:.4f}{spots}"

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Say how the held-out records came out."""
        balanced = metrics.get("eval_balanced_accuracy")
        parts = [f"step {state.global_step}", *([self._loss] if self._loss else [])]
        parts.append(f"held out: loss {metrics['eval_loss']:.4f}, exact {metrics['eval_exact']:.2f}")
        if balanced is not None:
            parts.append(f"verdicts {balanced:.2f} balanced")
        self._say(", ".join(parts))

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Close the bar."""
        self.close()

    def close(self) -> None:
        """Give the terminal back."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def make_trainer(
    model: Any,
    processor: Any,
    rows: tuple[Rows, Rows],
    collator: Collator,
    settings: Settings,
    steps: int,
    checkpoints: Path,
    *,
    resumed: bool,
    callbacks: Sequence[Any],
) -> AnswerTrainer:
    """Return the trainer.

    Args:
        model: With its LoRA on.
        processor: The model's.
        rows: What is learned and what is held out.
        collator: Makes batches.
        settings: All decided.
        steps: Number of steps.
        checkpoints: Folder for states to resume from.
        resumed: Whether a training goes on, whose base was evaluated before.
        callbacks: To be told of the progress.
    """
    training, validation = rows
    arguments = _arguments(model, rows, settings, steps, checkpoints, resumed)
    judged = len(validation) > 0
    watch = Watch(model.device)
    stopping = [EarlyStoppingCallback(settings.patience)] if judged and settings.patience else []
    trainer = AnswerTrainer(
        model,
        arguments,
        collator,
        training,
        validation,
        processor,
        compute_loss_func=answer_loss,
        callbacks=[watch, NoInputGradients(), *stopping, *callbacks],
    )
    trainer.watch = watch
    # Batches come from pinned memory, or from the GPU itself: to copy them need not wait for the last step.
    trainer.accelerator.dataloader_config.non_blocking = model.device.type == "cuda"
    trainer.spots = settings.spots
    trainer.model_accepts_loss_kwargs = False  # the loss is computed here, not in the model
    trainer.remove_callback(PrinterCallback)
    return trainer


def _arguments(
    model: Any, rows: tuple[Rows, Rows], settings: Settings, steps: int, checkpoints: Path, resumed: bool
) -> TrainingArguments:
    """Return what transformers wants to be told; see `make_trainer`."""
    training, validation = rows
    every = settings.evaluate_every or max(1, steps // 10)
    judged = len(validation) > 0
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        max_steps=steps,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.accumulation,
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.schedule if settings.schedule != "constant" else "constant_with_warmup",
        warmup_steps=round(settings.warmup * steps),
        weight_decay=settings.weight_decay,
        **_checkpointing(bool(settings.checkpointing)),
        bf16=model.device.type == "cuda",
        use_cpu=model.device.type == "cpu",
        eval_strategy="steps" if judged else "no",
        eval_steps=every,
        eval_on_start=judged and not resumed,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=judged,
        metric_for_best_model="eval_loss" if judged else None,
        greater_is_better=False if judged else None,
        restore_callback_states_from_checkpoint=True,
        logging_steps=max(1, min(every, steps // 100)),
        logging_nan_inf_filter=False,
        dataloader_num_workers=settings.workers or 0,
        dataloader_persistent_workers=bool(settings.workers),
        dataloader_pin_memory=model.device.type == "cuda" and not training.on_device,
        remove_unused_columns=False,
        label_names=["labels"],
        report_to="none",
        disable_tqdm=True,
        seed=settings.seed,
        data_seed=settings.seed,
    )
    # Several GPUs would get parts of each batch, which cannot be cut where its pictures are.
    arguments._n_gpu = min(1, arguments.n_gpu)
    return arguments


def _checkpointing(on: bool) -> dict[str, Any]:
    """Return the arguments for computing activations twice; their name has changed between releases."""
    known = {each.name for each in dataclasses.fields(TrainingArguments)}
    name = "activation_checkpointing" if "activation_checkpointing" in known else "gradient_checkpointing"
    return {name: on, f"{name}_kwargs": {"use_reentrant": False} if on else None}
