"""How to train, and what came of it; neither torch nor a model is needed to say so."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kurabe.finetune.records import TrainingRecord


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    Attributes:
        rank: Rank of the LoRA.
        alpha: Numerator of its scaling; the denominator is the rank.
        dropout: Before the LoRA's first matrix.
        vision: Whether vision tower and projector are adapted, too; None: below a billion parameters.
        learning_rate: At its highest.
        schedule: How the learning rate falls after the warm-up.
        warmup: Share of the steps in which it rises.
        weight_decay: Of AdamW.
        batch_size: Records that are computed together.
        accumulation: Batches to a step.
        epochs: How often each record is learned.
        steps: Number of steps instead of epochs.
        validation: Share of the records that is held out, by reference picture; 0 for none.
        evaluate_every: Steps between two evaluations; None: ten times in all.
        patience: Evaluations without a lower loss after which training ends; 0 for never.
        checkpointing: Whether activations are computed twice to save memory; None: above that.
        crops: Crops or tiles a picture; None for the processor's own number.
        workers: Processes that prepare batches; None for as many as the machine has room for.
        keep: Bytes of prepared records that are kept in memory.
        save_dtype: Type of the adapter's weights on disk.
        spots: Weight of a second loss, which asks the tokens of the test picture where the differences lie; 0
            for none. The answers' loss has the weight 1.
        seed: Of the LoRA's initial weights, the order of the records and what is held out.
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    vision: bool | None = None
    learning_rate: float = 2e-4
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: float = 0.05
    weight_decay: float = 0.0
    batch_size: int = 8
    accumulation: int = 1
    epochs: float = 3.0
    steps: int | None = None
    validation: float = 0.1
    evaluate_every: int | None = None
    patience: int = 3
    checkpointing: bool | None = None
    crops: int | None = None
    workers: int | None = None
    keep: int = 2 * 2**30
    save_dtype: Literal["float32", "bfloat16"] = "bfloat16"
    spots: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What the card says of an adapter's origin.

    Attributes:
        name: The adapter's name.
        base: Name of the base's entry.
        checkpoint: What the base's entry names as its checkpoint; None if it is in memory alone.
        fingerprint: Identity of the base's weights.
        images: Hashes of all pictures that are learned from; None to look at them here.
        origin: A sentence on what the training went on from; "" if it began anew.
    """

    name: str
    base: str = ""
    checkpoint: str | None = None
    fingerprint: str = ""
    images: frozenset[str] | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came out.

    Attributes:
        folder: The adapter.
        steps: Steps that were trained.
        best_step: The step that was kept.
        before: Figures of the base on the held-out records: ``eval_loss``, ``eval_balanced_accuracy`` of the
            verdicts, ``eval_exact``, the share of answers of which every token is the likeliest.
        after: The same of the adapter.
        stopped: Why training ended before its last step; "" if it did not.
        diverged: True if a loss was no number.
        seconds: What training took, evaluation and loading of pictures included.
        records_per_second: In training, without evaluation.
        peak_bytes: Memory of the GPU at its highest; None on the CPU.
        history: What was logged: ``step``, ``loss``, ``spots_loss``, ``eval_loss`` and so on.
    """

    folder: Path
    steps: int
    best_step: int
    before: dict[str, float]
    after: dict[str, float]
    stopped: str
    diverged: bool
    seconds: float
    records_per_second: float
    peak_bytes: int | None
    history: list[dict[str, float]] = field(repr=False)


def split(
    records: Sequence[TrainingRecord], share: float, seed: int
) -> tuple[list[TrainingRecord], list[TrainingRecord]]:
    """Hold about a share of the records out, all of a reference picture together.

    Returns:
        What is learned and what is held out; the latter is empty if there is one reference only.
    """
    counts = Counter(record.group for record in records)
    groups = sorted(counts)
    random.Random(seed).shuffle(groups)  # noqa: S311
    held: set[str] = set()
    while share > 0 and len(held) < len(groups) - 1 and sum(counts[g] for g in held) < share * len(records):
        held.add(groups[len(held)])
    training = [record for record in records if record.group not in held]
    return training, [record for record in records if record.group in held]
