"""Batches through transformers' ``generate``: any family, greedily or sampled."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from kurabe.common.request import Answer, Request
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.batches import Batch
from kurabe.models.engines.local.call import REFUSED, Call, Results
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.engines.local.sampling import Sampler, seed_of
from kurabe.models.families.inputs import Inputs, prepare

if TYPE_CHECKING:
    import torch

    from kurabe.models.runtime.loop import Produced


class ByGenerate:
    """Answers one batch after the other.

    Args:
        call: The model, and how it is asked.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._next: tuple[Batch, Future[Inputs]] | None = None

    def ask(self, batch: Batch, pool: ThreadPoolExecutor) -> Results:
        """Answer a batch; the tensors of the next one are made meanwhile."""
        import torch

        call, waiting = self._call, self._call.waiting
        try:
            inputs = self._inputs_of(batch, pool)
        except REFUSED as error:
            if len(batch.items) == 1:
                yield batch.items[0].index, Answer(error=call.refusal(error, batch.items[0].request))
            waiting.extendleft(_one_by_one(batch))
            return
        # The next batch's pictures are cut up while this one is computed.
        if waiting and not (waiting[0].kind.runtime or waiting[0].kind.shares):
            self._next = waiting[0], pool.submit(self._tensors, waiting[0])
        longest = max(inputs.lengths)
        if too_long := call.too_long(batch.items[0].request, longest):
            if len(batch.items) == 1:
                yield batch.items[0].index, Answer(error=too_long, tokens_in=longest)
            waiting.extendleft(_one_by_one(batch))
            return
        start = time.perf_counter()
        try:
            requests = [item.request for item in batch.items]
            produced = generate(
                call.switched().whole(), inputs, batch.kind.limit, sampler(requests, call.settings)
            )
        except torch.OutOfMemoryError:
            yield from call.short_of_memory(batch, longest)
            return
        sizes = sizes_seen(inputs, call.whole.processor, requests) or ()
        seen = {item.index: own for item, own in zip(batch.items, sizes, strict=False)}
        for given in call.told(batch, inputs.lengths, produced, time.perf_counter() - start):
            known = given is not None and given[0] in seen
            yield (given[0], replace(given[1], seen=seen[given[0]])) if given and known else given

    def _inputs_of(self, batch: Batch, pool: ThreadPoolExecutor) -> Inputs:
        """Return a batch's tensors, which are there already if it was the next."""
        known, self._next = self._next, None
        future = known[1] if known and known[0] is batch else pool.submit(self._tensors, batch)
        return future.result()

    def _tensors(self, batch: Batch) -> Inputs:
        requests = [item.request for item in batch.items]
        prompts, pictures = [r.prompt for r in requests], [r.pictures for r in requests]
        loaded = self._call.whole
        return prepare(loaded.family, loaded.processor, prompts, pictures, self._call.crops)


def sizes_seen(
    inputs: Inputs, processor: Any, requests: Sequence[Request]
) -> list[tuple[tuple[int, int], ...]] | None:
    """Return width and height of each request's pictures as the model sees them; None where nobody can tell.

    Families of the Qwen-VL kind fit pictures to their grid of patches, and count pixels there.
    """
    grids = inputs.tensors.get("image_grid_thw")
    patch = getattr(getattr(processor, "image_processor", None), "patch_size", None)
    if grids is None or not isinstance(patch, int):
        return None
    sizes = iter([(int(width) * patch, int(height) * patch) for _, height, width in grids.tolist()])
    return [tuple(islice(sizes, len(request.pictures))) for request in requests]


def _one_by_one(batch: Batch) -> list[Batch]:
    """Return the batch's requests alone, the last first, so that one that is bad spoils no other."""
    return batch.parts(1)[::-1] if len(batch.items) > 1 else []


def sampler(requests: Sequence[Request], settings: LocalSettings) -> Sampler | None:
    """Return what draws the tokens of a batch; None where they are decoded greedily."""
    if not settings.sampled:
        return None
    return Sampler(settings, [seed_of(request, settings.seed) for request in requests])


def generate(loaded: Loaded, inputs: Inputs, limit: int, draws: Sampler | None = None) -> "Produced":
    """Answer one batch by transformers' ``generate``: any family, greedily or sampled.

    Args:
        loaded: The model.
        inputs: The requests' tensors, and maybe a cache of what they begin with.
        limit: New tokens at most; 1 where the logits decide.
        draws: Draws the tokens; None for the likeliest ones.

    Raises:
        torch.OutOfMemoryError: If the batch is too large.
    """
    import torch

    from kurabe.models.runtime.loop import Produced

    watch = _Watch()
    tensors = on_device(loaded, inputs)
    with torch.inference_mode():
        produced = loaded.model.generate(
            **tensors,
            generation_config=decoding(loaded, limit),
            logits_processor=[watch] if draws is None else [watch, draws],
        )
    assert watch.first is not None
    ends = loaded.family.end_tokens(loaded.model, loaded.processor)
    rows = produced[:, tensors["input_ids"].shape[1] :].tolist()
    return Produced([_up_to_end(row, ends) for row in rows], watch.first, watch.finite)


def on_device(loaded: Loaded, inputs: Inputs) -> dict[str, Any]:
    """Return tensors on the model's device, numbers with fractions in its type; anything else as it is."""
    device, dtype = loaded.device, loaded.model.dtype
    return {key: _move(value, device, dtype) for key, value in inputs.tensors.items()}


def _up_to_end(row: list[int], ends: frozenset[int]) -> list[int]:
    """Take off what stands behind the token that ends an answer."""
    length = next((place + 1 for place, token in enumerate(row) if token in ends), len(row))
    return row[:length]


def decoding(loaded: Loaded, limit: int) -> Any:
    """Return greedy settings, whatever the checkpoint recommends; a `Sampler` makes the likeliest a draw."""
    from transformers import GenerationConfig

    tokenizer, own = loaded.processor.tokenizer, loaded.model.generation_config
    return GenerationConfig(
        max_new_tokens=limit,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=sorted(loaded.family.end_tokens(loaded.model, loaded.processor)) or None,
        bos_token_id=own.bos_token_id,
        do_sample=False,
    )


class _Watch:
    """A logits processor that changes nothing: keeps the first step's logits and looks for NaN."""

    def __init__(self) -> None:
        self.first: torch.Tensor | None = None
        self._finite: torch.Tensor | None = None

    def __call__(self, _input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        # A masked vocabulary entry is -inf by intent; NaN and +inf never are.
        good = ~(scores.isnan().any(-1) | scores.isposinf().any(-1) | scores.isneginf().all(-1))
        if self.first is None:
            self.first, self._finite = scores.float().cpu(), good
        else:
            assert self._finite is not None
            self._finite = self._finite & good
        return scores.nan_to_num()  # sampling from NaN would raise and hide which row it was

    @property
    def finite(self) -> list[bool]:
        """Whether all logits of each row were numbers; read once, at the end, to keep the GPU busy."""
        assert self._finite is not None
        return [bool(value) for value in self._finite.tolist()]


def _move(value: Any, device: "torch.device", dtype: "torch.dtype") -> Any:
    if not hasattr(value, "to"):
        return value
    moved = value.to(device)
    return moved.to(dtype) if moved.is_floating_point() else moved
