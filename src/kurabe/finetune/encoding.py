"""From training records to tensors: the prompt as it is asked, the answer behind it, loss on that alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.utils.data import DataLoader, Dataset

from kurabe.common.errors import ModelError
from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.spotting import token_labels
from kurabe.models import families
from kurabe.models.engines.local.answers import first_tokens
from kurabe.models.families.family import UNASKED, Family
from kurabe.models.families.inputs import prepare, written

IGNORED = -100
"""The label of a token that carries no loss."""

Tensors = dict[str, Tensor]


@dataclass(frozen=True)
class Encoder:
    """Turns records into rows for one model.

    Attributes:
        family: The model's.
        processor: Likewise.
        ends: Tokens with which the model may end an answer.
        crops: Crops or tiles a picture; None for the processor's own number.
        dtype: Type of the pictures' tensors.
        context: Most tokens of a row; None if the model has no limit.
        spots: Whether rows say where differences lie.
    """

    family: Family
    processor: Any
    ends: frozenset[int]
    crops: int | None = None
    dtype: torch.dtype = torch.float32
    context: int | None = None
    spots: bool = False

    def encode(self, record: TrainingRecord) -> Tensors:
        """Return one row.

        Returns:
            What the processor gives for the prompt, with the answer behind it, and ``labels``
            (1, tokens), which are `IGNORED` up to the answer; with `spots` also those of `token_labels`.

        Raises:
            ModelError: If the row is longer than the model's context.
            ImageError: If a picture cannot be read or processed.
        """
        shown = record.source.show()
        pictures = shown.pictures
        inputs = prepare(self.family, self.processor, [record.prompt.text], [pictures], self.crops)
        answer = torch.tensor([self.answer_tokens(record.prompt.text, len(pictures), record.target)])
        asked = inputs.tensors["input_ids"].shape[1]
        row = {key: self._lengthened(value, asked, answer.shape[1]) for key, value in inputs.tensors.items()}
        row["input_ids"][:, asked:] = answer
        row["labels"] = pad(answer, (asked, 0), value=IGNORED)
        if self.spots:
            row["spots"] = token_labels(
                self.family, self.processor, self.crops, record, shown, row["input_ids"]
            )
        if self.context is not None and asked + answer.shape[1] > self.context:
            raise ModelError(
                f"record {record.id}: {asked + answer.shape[1]} tokens exceed the model's context of "
                f"{self.context}: lower 'crops' of its entry in models.toml"
            )
        return row

    def _lengthened(self, value: Tensor, asked: int, more: int) -> Tensor:
        """Make room for the answer in what has a value per token; it goes on as the prompt ends."""
        if value.is_floating_point():
            return value.to(self.dtype)
        if value.shape[:2] != (1, asked):
            return value
        return torch.cat([value, value[:, -1:].repeat_interleave(more, 1)], 1)

    def answer_tokens(self, prompt: str, pictures: int, answer: str) -> list[int]:
        """Return the tokens of an answer and of its end, as they follow the prompt in the chat template."""
        tokenizer = self.processor.tokenizer

        def tokens(text: str) -> list[int]:
            return cast(list[int], tokenizer.encode(text, add_special_tokens=False))

        # What the template writes between the question and the answer; the question itself is left out,
        # because its image marks mean something to the processor alone.
        opening = written(self.processor, prompt, pictures).rpartition(prompt)[2]
        before, joined = tokens(opening), tokens(opening + answer)
        fits = joined[: len(before)] == before
        body = joined[len(before) :] if fits else tokens(answer)
        whole = written(self.processor, prompt, pictures, answer)
        closing = tokens(whole.rpartition(answer)[2])
        end = next((token for token in closing if token in self.ends), tokenizer.eos_token_id)
        return [*body, int(end)]


def encoder_for(model: Any, processor: Any, crops: int | None, *, spots: bool = False) -> Encoder:
    """Return the encoder of a loaded model."""
    family = families.of_model(model)
    ends = set(family.end_tokens(model, processor))
    text = model.config.get_text_config()
    context = getattr(text, "max_position_embeddings", None)
    if processor.tokenizer.eos_token_id is not None:
        ends.add(processor.tokenizer.eos_token_id)
    return Encoder(family, processor, frozenset(ends), crops, model.dtype, context, spots)


@dataclass(frozen=True)
class Collator:
    """Puts rows into a batch, padded on the left as for asking.

    Attributes:
        pad_token: Token to pad with.
        cuts_logits: True if the model can be told to compute the logits of the last positions only, which
            saves most of the memory that a large vocabulary takes.
        pins: Whether what lies on the host is put where a GPU fetches it without the host waiting: for rows
            whose pictures are on the GPU already, which a data loader cannot pin.
    """

    pad_token: int
    cuts_logits: bool
    pins: bool = False

    def __call__(self, rows: Sequence[Tensors]) -> dict[str, Any]:
        """Return a batch whose ``labels`` are (rows, positions), of the last positions alone."""
        width = max(row["input_ids"].shape[1] for row in rows)
        # One more than the longest answer: the first token of it is predicted from the position before.
        kept = 1 + max(int((row["labels"] != IGNORED).sum()) for row in rows)
        batch: dict[str, Any] = {}
        for key in rows[0]:
            values = [_widened(row[key], row["input_ids"].shape[1], width, self._fill(key)) for row in rows]
            if key == "labels":
                values = [value[:, -kept:] for value in values]
            batch[key] = torch.cat(_same_size(values))
            if self.pins and batch[key].device.type == "cpu":
                batch[key] = batch[key].pin_memory()
        if self.cuts_logits:
            batch["logits_to_keep"] = kept
        return batch

    def _fill(self, key: str) -> int:
        return {"input_ids": self.pad_token, "labels": IGNORED, "spots": UNASKED}.get(key, 0)


def _widened(value: Tensor, length: int, width: int, fill: int) -> Tensor:
    """Pad what has a value per token on the left."""
    if value.is_floating_point() or value.shape[:2] != (1, length):
        return value
    return pad(value, (0, 0) * (value.ndim - 2) + (width - length, 0), value=fill)


def _same_size(values: list[Tensor]) -> list[Tensor]:
    """Fill pictures of unequal numbers of crops up with zeros, as processors do within a batch."""
    sizes = [max(sizes) for sizes in zip(*(value.shape[1:] for value in values), strict=True)]
    if all(list(value.shape[1:]) == sizes for value in values):
        return values
    fills = [
        [part for size, own in zip(sizes[::-1], value.shape[:0:-1], strict=True) for part in (0, size - own)]
        for value in values
    ]
    return [pad(value, fill) for value, fill in zip(values, fills, strict=True)]


class Rows(Dataset[Tensors]):
    """Records as rows: encoded when they are asked for, or all at once if they fit into memory.

    Attributes:
        on_device: Whether rows come on the device that trains.
    """

    on_device = False

    def __init__(self, records: Sequence[TrainingRecord], encoder: Encoder) -> None:
        self.records = records
        self._encoder = encoder
        self._kept: list[Tensors] = []

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: int) -> Tensors:
        return self._kept[index] if self._kept else self._encoder.encode(self.records[index])

    def keep_within(self, limit: int, workers: int, tick: Callable[[], None] = lambda: None) -> int:
        """Encode everything now, in parallel processes, if it stays below ``limit`` bytes.

        Returns:
            The bytes that are held; 0 if it is too much.
        """
        if not self.records:
            return 0
        size = sum(value.nbytes for value in self[0].values()) * len(self)
        if size > limit:
            return 0
        kept = []
        # Rows come through shared memory, of which there is little: each is copied out of it at once.
        for row in DataLoader(self, batch_size=None, num_workers=workers):
            kept.append({key: value.clone() if workers else value for key, value in row.items()})
            tick()
        self._kept = kept
        return size


def check_pictures(family: Family, layout_pictures: set[int]) -> None:
    """Refuse batches that would change each other's results.

    Raises:
        ModelError: If rows of one and of two pictures would meet in a batch of a family that cannot take it.
    """
    if not family.mixes_picture_counts and len(layout_pictures) > 1:
        raise ModelError(
            f"the records show {sorted(layout_pictures)} pictures each, and in this family rows of unequal "
            "numbers change each other's results: set layout = 'stacked', or leave one out with --question"
        )


def verdict_tokens(tokenizer: Any) -> Callable[[TrainingRecord], tuple[list[int], list[int]]]:
    """Return what gives a record's first tokens of yes and of no, off whose logits a verdict is read."""

    @cache
    def tokens(yes: tuple[str, ...], no: tuple[str, ...]) -> tuple[list[int], list[int]]:
        positive, negative = first_tokens(tokenizer, yes), first_tokens(tokenizer, no)
        return sorted(positive - negative), sorted(negative - positive)

    return lambda record: tokens(record.prompt.yes, record.prompt.no)
