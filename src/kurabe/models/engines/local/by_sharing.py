"""Batches of several questions about the same pictures through ``generate``, their pictures computed once.

Whether that gives the same answers is not known of a model that we have no loops for. So the first batch is
also a trial: some of its questions are answered the plain way, too. A model that differs there never shares.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kurabe.models.engines.local.batches import Batch, Item, Kind, batches
from kurabe.models.engines.local.beginnings import ApartError, Begun, Prompts, cut, differs, unfit
from kurabe.models.engines.local.by_generate import generate, sampler, sizes_seen
from kurabe.models.engines.local.call import REFUSED, Call, Results
from kurabe.models.families.inputs import Inputs, prepare

if TYPE_CHECKING:
    from PIL.Image import Image

    from kurabe.models.runtime.counts import Counts
    from kurabe.models.runtime.loop import Produced

_log = logging.getLogger(__name__)

_TRIALS = 3
"""Questions of the first batch that are answered the plain way, too."""


class BySharing:
    """Answers one batch after the other.

    Args:
        call: The model, and how it is asked.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._trial = call.running.trial(call.name)
        self._next: tuple[Batch, Future[Prompts]] | None = None

    @property
    def may(self) -> bool:
        """Whether the model shares, as far as is known."""
        return not self._trial.refused

    def ask(self, batch: Batch, pool: ThreadPoolExecutor) -> Results:
        """Answer a batch, or put it back to be answered the plain way."""
        import torch

        call = self._call
        known, self._next = self._next, None
        future = known[1] if known and known[0] is batch else None
        if self.may and not self._trial.passed and (why := unfit(call.whole)):
            self._refuse(why)
        if not self.may:
            self._plain(batch)
            return
        try:
            prompts = future.result() if future else self._prompts(batch)
        except ApartError as error:
            self._refuse(str(error))
            self._plain(batch)
            return
        except REFUSED:
            self._plain(batch)  # which finds out whose fault it is
            return
        requests = [item.request for item in batch.items]
        lengths = [len(own) for own in prompts.ids]
        if any(call.too_long(*own) for own in zip(requests, lengths, strict=True)):
            self._plain(batch)
            return
        if call.waiting and call.waiting[0].kind.shares:
            self._next = call.waiting[0], pool.submit(self._prompts, call.waiting[0])
        start = time.perf_counter()
        try:
            produced = self._produced(batch, prompts)
        except torch.OutOfMemoryError:
            yield from call.short_of_memory(batch, max(lengths))
            return
        except Exception as error:  # whatever a model raises that was not made for this
            self._refuse(str(error) or type(error).__name__)
            self._plain(batch)
            return
        firsts = [requests[row] for row in prompts.firsts]
        sizes = sizes_seen(prompts.beginnings, call.whole.processor, firsts)
        of = dict(zip((item.index for item in batch.items), prompts.pairs, strict=True))
        for given in call.told(batch, lengths, produced, time.perf_counter() - start):
            yield (given[0], replace(given[1], seen=sizes[of[given[0]]])) if given and sizes else given

    def _prompts(self, batch: Batch) -> Prompts:
        places: dict[object, int] = {}
        pairs = [places.setdefault(item.pair, len(places)) for item in batch.items]
        call = self._call
        make = partial(_made, call)
        return cut(call.whole, [item.request for item in batch.items], pairs, make)

    def _produced(self, batch: Batch, prompts: Prompts) -> "Produced":
        """Compute the beginnings, and go on from them.

        Raises:
            ApartError: If the model turns out not to be fit for that.
        """
        import torch

        from kurabe.models.runtime.loop import Produced

        call = self._call
        loaded, counts = call.switched(), call.running.counts
        begun = Begun(loaded, prompts)
        lengths = prompts.beginnings.lengths
        pictures = sum(len(batch.items[row].request.pictures) for row in prompts.firsts)
        _count(counts, len(lengths), max(lengths), [[]], pictures)
        tokens: list[list[int]] = [[]] * len(batch.items)
        logits: list[torch.Tensor] = [torch.empty(0)] * len(batch.items)
        finite = [True] * len(batch.items)
        together = self._together(batch.items, [prompts.rest(row) for row in range(len(batch.items))], begun)
        for limit, rows in together:
            draws = sampler([batch.items[row].request for row in rows], call.settings)
            given = generate(loaded, begun.rows(rows), limit, draws)  # and then lets go of the copies
            _count(counts, len(rows), max(map(prompts.rest, rows)), given.tokens)
            for row, *own in zip(rows, given.tokens, given.first_logits, given.finite, strict=True):
                tokens[row], logits[row], finite[row] = own
        produced = Produced(tokens, torch.stack(logits), finite)
        if not self._trial.passed:
            # For the last ones the cache has been copied most often; of each the one with most padding.
            for _, rows in together[-_TRIALS:]:
                self._try(batch, prompts, min(rows, key=lambda row: len(prompts.ids[row])), produced)
            self._trial.passed = True
        counts.prefix_tokens_reused += prompts.reused
        return produced

    def _together(
        self, items: Sequence[Item], rests: Sequence[int], begun: Begun
    ) -> list[tuple[int, list[int]]]:
        """Return the prompts that are answered at once, with the limit of their answers; the longest last."""
        groups: dict[tuple[int, int], list[int]] = {}
        for row, (item, rest) in enumerate(zip(items, rests, strict=True)):
            groups.setdefault((item.limit, rest if begun.sliding else 0), []).append(row)
        most = self._call.sizes.rows
        return [
            (limit, rows[start : start + most])
            for (limit, _), rows in sorted(groups.items())
            for start in range(0, len(rows), most)
        ]

    def _try(self, batch: Batch, prompts: Prompts, row: int, produced: "Produced") -> None:
        """Answer a question the plain way, and compare.

        Raises:
            ApartError: If the answers differ.
        """
        call, item = self._call, batch.items[row]
        inputs = _made(call, [item.request.prompt], [item.request.pictures])
        if inputs.tensors["input_ids"][0].tolist() != prompts.ids[row]:
            raise ApartError("its processor writes prompts together otherwise than each alone")
        plain = generate(call.whole, inputs, item.limit, sampler([item.request], call.settings))
        _count(call.running.counts, 1, len(prompts.ids[row]), plain.tokens, len(item.request.pictures))
        words = produced.tokens[row], plain.tokens[0]
        if why := differs(call.whole, produced.first_logits[row], plain.first_logits[0], words):
            raise ApartError(why)

    def _refuse(self, why: str) -> None:
        """Note that the model never shares, and say so once."""
        if not self._trial.refused:
            _log.warning(
                "%s computes the pictures of a pair once for each question: %s", self._call.name, why
            )
        self._trial.refused = why

    def _plain(self, batch: Batch) -> None:
        """Put a batch back, to be answered as if nothing were in common."""
        call = self._call
        kinds = [(replace(batch.kind, shares=False, limit=item.limit), item) for item in batch.items]
        fitting = partial(call.sizes.fitting, call.running.runtime)
        call.waiting.extendleft(reversed(batches(kinds, fitting)))


def sharing(items: Sequence[tuple[Kind, Item]]) -> list[tuple[Kind, Item]]:
    """Bring the questions together whose pictures are shown to several: those of other limits share, too."""
    often = Counter(item.shown for _, item in items if item.shown)
    return [
        (replace(kind, shares=True, limit=0) if often[item.shown] > 1 else kind, item) for kind, item in items
    ]


def _made(call: Call, prompts: Sequence[str], pictures: Sequence[Sequence["Image"]]) -> Inputs:
    loaded = call.whole
    return prepare(loaded.family, loaded.processor, prompts, pictures, call.crops)


def _count(
    counts: "Counts", rows: int, columns: int, tokens: Sequence[Sequence[int]], pictures: int = 0
) -> None:
    """Count a pass of so many rows and columns, the answers that followed, and the pictures in it."""
    counts.prefills += 1
    counts.prefill_tokens += rows * columns
    counts.pictures_encoded += pictures
    counts.steps += max(map(len, tokens)) - 1 if any(tokens) else 0
