"""Rows with pictures of bytes, the same as inputs of the model itself, and what the model makes of them."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kurabe.models.families.phi3v import Phi3VForCausalLM
from kurabe.models.families.phi3v_core.configuration import count_image_tokens
from kurabe.models.families.phi3v_core.image_tokens import normalise
from kurabe.models.families.phi3v_core.processing import MEAN, STD
from kurabe.models.families.phi3v_core.runtime import Phi3VRuntime
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.prepared import Picture, Row

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
PAD = 500


class Statistics:
    """What a runtime needs of the processor."""

    image_mean, image_std = MEAN, STD


class Watched(Phi3VRuntime):
    """A runtime that notes the sizes of its steps' batches."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sizes: list[int] = []

    def step(self, ids: Tensor, positions: Tensor, buffers: Any) -> Tensor:
        self.sizes.append(buffers.rows)
        return super().step(ids, positions, buffers)


def golden(dtype: torch.dtype = torch.float32) -> Any:
    model: Any = Phi3VForCausalLM.from_pretrained(
        DATA / "phi3v" / "tiny", attn_implementation="sdpa", dtype=dtype
    )
    return model.eval()


def runtime(model: Any, **options: Any) -> Watched:
    return Watched(model, Statistics, Counts(), **options)


def picture(seed: int, rows: int = 1, columns: int = 1, side: int = 336, grid: int = 12) -> Picture:
    """Random blocks of 42 pixels."""
    generator = torch.Generator().manual_seed(seed)
    low = torch.randint(0, 256, (rows * columns, 3, side // 42, side // 42), generator=generator)
    crops = low.to(torch.uint8).repeat_interleave(42, -1).repeat_interleave(42, -2)
    digest = blake2b(crops.numpy().tobytes(), digest_size=16).digest()
    return Picture(digest, crops, (rows, columns), count_image_tokens(rows, columns, grid))


def row(seed: int, *pictures: Picture, words: int = 9) -> Row:
    """A row of random words, as many before, between and behind the pictures."""
    generator = torch.Generator().manual_seed(seed)

    def text() -> list[int]:
        return torch.randint(3, 400, (words,), generator=generator).tolist()

    ids = [1]
    for tag, shown in enumerate(pictures, 1):
        ids += [5] * 4 + [-tag] * shown.tokens + text()
    return Row(ids + text(), pictures)


def inputs(*rows: Row) -> dict[str, Tensor]:
    """The same rows for the model itself, padded on the left."""
    width = max(each.length for each in rows)
    ids = torch.tensor([[PAD] * (width - each.length) + each.ids for each in rows])
    mask = torch.tensor([[0] * (width - each.length) + [1] * each.length for each in rows])
    batch = {"input_ids": ids, "attention_mask": mask}
    shown = [each for own in rows for each in own.pictures]
    if shown:
        pixels = [normalise(each.crops[None], *each.grid, MEAN, STD)[0] for each in shown]
        most, side = max(map(len, pixels)), shown[0].crops.shape[-1]
        values = torch.zeros(len(shown), most, 3, side, side)
        for place, own in zip(values, pixels, strict=True):
            place[: len(own)] = own
        sizes = [[side * each.grid[0], side * each.grid[1]] for each in shown]
        batch |= {"pixel_values": values, "image_sizes": torch.tensor(sizes)}
    return batch


@torch.inference_mode()
def last_logits(model: Any, rows: Sequence[Row], **more: Any) -> Tensor:
    """The logits behind each row's last token, each row alone."""
    own = []
    for each in rows:
        batch = inputs(each)
        if "pixel_values" in batch:
            batch["pixel_values"] = batch["pixel_values"].to(model.dtype)
        own.append(model(**batch, logits_to_keep=1, **more).logits[:, -1])
    return torch.cat(own).float()


@torch.inference_mode()
def generated(model: Any, each: Row, limit: int, ends: Sequence[int] = ()) -> list[int]:
    """New tokens of a row alone, up to and including the one that ends it."""
    produced = model.generate(
        **inputs(each),
        max_new_tokens=limit,
        do_sample=False,
        eos_token_id=list(ends) or None,
        pad_token_id=PAD,
        use_cache=True,
    )
    tokens: list[int] = produced[0, each.length :].tolist()
    stop = next((place for place, token in enumerate(tokens) if token in ends), len(tokens))
    return tokens[: stop + 1]


def assert_near(actual: Tensor, expected: Tensor, within: float = 1e-5) -> None:
    torch.testing.assert_close(actual, expected, rtol=0.0, atol=within)
