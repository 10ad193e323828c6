"""Requests through a loaded model: rows made by threads, batches by a runtime or by ``generate``."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from kurabe.common.errors import KurabeError
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local import by_generate as generating
from kurabe.models.engines.local.batches import Batch, Item, Kind, batches
from kurabe.models.engines.local.by_generate import Inputs
from kurabe.models.engines.local.checkpoint import Loaded
from kurabe.models.engines.local.shared import Running, family, threads
from kurabe.models.protocol import Answer, Request

if TYPE_CHECKING:
    from kurabe.models.runtime.loop import Produced

_USUAL = {"cpu": 8, "cuda": 64}
"""Rows of a batch by device. On a GPU decoding reads the weights once for all rows, and 64 of Phi-3.5-vision
take 43 GB of keys and values; on the CPU, where arithmetic is what there is, more save nothing."""

_BY_GENERATE = {"cpu": 4, "cuda": 32}
"""Rows of a batch for ``generate``, whose masks and activations grow with all of them at once."""

Results = Iterator[tuple[int, Answer] | None]
"""As `kurabe.models.protocol.Ahead` gives them."""

_Refused = (ValueError, KurabeError, RuntimeError, IndexError)
"""What processors raise about a request that they cannot take."""


class Sizes:
    """How many rows the batches of an entry have: as it says, or as its device and memory allow.

    Args:
        asked: ``batch_size`` of the entry.
        device: ``cpu`` or ``cuda``.
    """

    def __init__(self, asked: Literal["auto"] | int, device: str) -> None:
        self._asked = asked if isinstance(asked, int) else None
        self._device = device
        self._failed: dict[bool, int] = {}

    @property
    def usual(self) -> int:
        """Rows of a batch where memory is no matter."""
        return self._asked or _USUAL[self._device]

    def most(self, running: Running, kind: Kind, longest: int) -> int:
        """Return how many rows of so many tokens a batch may have."""
        if not kind.runtime:
            usual = self._asked or _BY_GENERATE[self._device]
        elif self._asked is None and kind.limit > 1 and running.runtime is not None:
            from kurabe.models.runtime.memory import budget, rows_that_fit

            usual = rows_that_fit(running.runtime, longest + kind.limit, budget(running.runtime), self.usual)
        else:
            usual = self.usual
        return min(usual, self._failed.get(kind.runtime, usual))

    def failed(self, kind: Kind, rows: int) -> None:
        """Note that memory was too short for so many rows, so that later batches need not fail first."""
        self._failed[kind.runtime] = (rows + 1) // 2


@dataclass(slots=True)
class _Open:
    """A batch that the device has.

    Attributes:
        batch: Its requests.
        finish: Waits for what it gave; None once that is there, as it holds what batches are computed in.
        since: When it was handed over, or if that was later, when the one before was done.
        produced: What it gave, once that is there.
        seconds: What it took.
    """

    batch: Batch
    finish: "Callable[[], Produced] | None"
    since: float
    produced: "Produced | None" = None
    seconds: float = 0.0

    @property
    def writes(self) -> bool:
        """Whether words are written, in memory that the next batch will want."""
        return self.batch.kind.limit > 1

    def wait(self) -> float:
        """Wait until all is there; return when that was."""
        if self.finish is not None:
            self.produced = self.finish()
            self.finish = None
            self.seconds = time.perf_counter() - self.since
        return self.since + self.seconds


class Asking:
    """Answers requests with a model that is in memory.

    Args:
        name: The model's name, for messages.
        switched: Returns the model with this entry's adapter on.
        running: What computes.
        settings: The entry's.
        crops: Crops or tiles a picture; None for the processor's own number.
        sizes: Of batches.
    """

    def __init__(
        self,
        name: str,
        switched: Callable[[], Loaded],
        running: Running,
        settings: LocalSettings,
        crops: int | None,
        sizes: Sizes,
    ) -> None:
        self._name = name
        self._switched = switched
        self._loaded = switched()
        self._running = running
        self._settings = settings
        self._crops = crops
        self._sizes = sizes
        self._preparer = running.preparer(self._loaded, crops)
        self._waiting: deque[Batch] = deque()
        self._next: tuple[Batch, Future[Inputs]] | None = None
        self._open: _Open | None = None

    def answer(self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]) -> Results:
        """Answer all requests and those that follow; see `kurabe.models.protocol.Ahead`."""
        pool = ThreadPoolExecutor(threads())
        asked = 0
        try:
            while requests or self._waiting:
                yield from self._sort(asked, requests, pool)
                asked += len(requests)
                while self._waiting:
                    yield from self._written()
                    yield from self._batch(self._waiting.popleft(), pool)
                # The device still has a batch: what follows is sorted meanwhile.
                requests = following()
                if not requests and self._open is not None and self._open.writes:
                    yield from self._written()  # takes long enough for more to be ready
                    requests = following()
                if not requests:
                    yield from self._finished()
        finally:
            pool.shutdown(cancel_futures=True)

    def _sort(self, first: int, requests: Sequence[Request], pool: ThreadPoolExecutor) -> Results:
        """Sort requests, counted on from ``first``, into batches; those that cannot be asked are answered."""
        # What was made ahead is only looked up: threads would hand that around for longer than it takes.
        made = [
            partial(self._item, index, request)
            if self._preparer is None or self._preparer.has(request)
            else pool.submit(self._item, index, request).result
            for index, request in enumerate(requests, first)
        ]
        sorted_out: list[tuple[Kind, Item]] = []
        for index, get in enumerate(made, first):
            item = get()
            if isinstance(item, Item):
                sorted_out.append((self._kind(item), item))
            else:
                yield index, item
        self._waiting += batches(
            sorted_out, lambda kind, longest: self._sizes.most(self._running, kind, longest)
        )

    def _batch(self, batch: Batch, pool: ThreadPoolExecutor) -> Results:
        """Hand a batch to the device, or the first part of one that has become too large."""
        most = self._sizes.most(self._running, batch.kind, batch.longest)
        if len(batch.items) > most:
            self._waiting.extendleft(reversed(batch.parts(most)))
        elif batch.kind.runtime:
            yield from self._by_runtime(batch)
        else:
            yield from self._finished()
            yield from self._by_generate(batch, pool)

    # Sorting

    def _item(self, index: int, request: Request) -> Item | Answer:
        """Measure a request, and make its row if a runtime may take it."""
        if self._preparer is None:
            return Item(index, request)
        try:
            length = self._preparer.length(request)
            if too_long := self._too_long(request, length):
                return Answer(error=too_long, tokens_in=length)
            row = self._preparer.row(request) if self._for_runtime else None
        except _Refused as error:
            return Answer(error=self._refuses(error))
        return Item(index, request, length, row)

    @property
    def _for_runtime(self) -> bool:
        return self._running.runtime is not None and self._settings.temperature == 0

    def _kind(self, item: Item) -> Kind:
        limit = self._limit(item.request)
        side = ""
        if item.length is not None and family(self._loaded) == "phi3_v":
            # Rows on two sides of the switch would change each other's rope factors.
            native = import_module("kurabe.models.families.phi3v")
            side = native.rope_side(item.length, limit, self._loaded.model.config)
        runtime = self._running.runtime
        if item.row is not None and runtime is not None and runtime.takes(item.row, limit):
            return Kind(True, limit, 0, side)
        return Kind(False, limit, len(item.request.pictures), side)

    def _limit(self, request: Request) -> int:
        if generating.by_logits(request, self._settings):
            return 1
        return min(request.max_new_tokens, self._settings.max_new_tokens)

    def _too_long(self, request: Request, length: int) -> str:
        text = self._loaded.model.config.get_text_config()
        context = getattr(text, "max_position_embeddings", None)
        limit = self._limit(request)
        if context is None or length + limit <= context:
            return ""
        return (
            f"{self._name}: {length} prompt tokens and up to {limit} new ones exceed the context of "
            f"{context}: lower 'crops', or use smaller pictures"
        )

    def _refuses(self, error: Exception) -> str:
        return f"{self._name} cannot take this request: {error}"

    # By a runtime

    def _by_runtime(self, batch: Batch) -> Results:
        """Hand a batch to the device, and only then read what the one before gave."""
        import torch

        from kurabe.models.runtime.loop import ask_rows

        runtime, loaded = self._running.runtime, self._switched()
        assert runtime is not None
        start = time.perf_counter()
        before, self._open = self._open, None
        requests = [item.request for item in batch.items]
        try:
            finish = ask_rows(
                runtime,
                [item.row for item in batch.items if item.row is not None],
                limit=batch.kind.limit,
                ends=generating.end_tokens(loaded),
                pad=loaded.processor.tokenizer.pad_token_id,
                read=generating.tokens_read(self._name, loaded.processor.tokenizer, requests),
            )
        except torch.OutOfMemoryError:
            yield from self._read(before)
            yield from self._short_of_memory(batch, batch.longest)
            return
        except Exception:
            yield from self._read(before)  # it is not this one's fault
            raise
        self._open = _Open(batch, finish, start)
        if before is not None:
            # While the batch before was computed, this one only waited.
            self._open.since = max(start, before.wait())
            yield from self._read(before)

    def _written(self) -> Results:
        """Wait until the words that the device is at are there, but read none of them yet."""
        import torch

        if self._open is None or not self._open.writes:
            return
        with suppress(torch.OutOfMemoryError):
            self._open.wait()
            return
        # What it holds is free only now, as nothing that was raised holds it any more.
        batch, self._open = self._open.batch, None
        yield from self._short_of_memory(batch, batch.longest)

    def _finished(self) -> Results:
        """Wait for the batch that the device still has, if any, and read what it gave."""
        yield from self._written()
        before, self._open = self._open, None
        yield from self._read(before)

    def _read(self, open_: "_Open | None") -> Results:
        if open_ is None:
            return
        open_.wait()
        assert open_.produced is not None
        lengths = [item.length or 0 for item in open_.batch.items]
        yield from self._answers(open_.batch, lengths, open_.produced, open_.seconds)

    # By generate

    def _by_generate(self, batch: Batch, pool: ThreadPoolExecutor) -> Results:
        import torch

        try:
            inputs = self._inputs_of(batch, pool)
        except _Refused as error:
            if len(batch.items) == 1:
                yield batch.items[0].index, Answer(error=self._refuses(error))
            self._waiting.extendleft(_one_by_one(batch))
            return
        # The next batch's pictures are cut up while this one is computed.
        if self._waiting and not self._waiting[0].kind.runtime:
            self._next = self._waiting[0], pool.submit(self._tensors, self._waiting[0])
        longest = max(inputs.lengths)
        if too_long := self._too_long(batch.items[0].request, longest):
            if len(batch.items) == 1:
                yield batch.items[0].index, Answer(error=too_long, tokens_in=longest)
            self._waiting.extendleft(_one_by_one(batch))
            return
        start = time.perf_counter()
        try:
            produced = generating.generate(
                self._switched(), inputs, self._settings, batch.kind.limit, batch.items[0].request.seed
            )
        except torch.OutOfMemoryError:
            yield from self._short_of_memory(batch, longest)
            return
        yield from self._answers(batch, inputs.lengths, produced, time.perf_counter() - start)

    def _inputs_of(self, batch: Batch, pool: ThreadPoolExecutor) -> Inputs:
        """Return a batch's tensors, which are there already if it was the next."""
        known, self._next = self._next, None
        future = known[1] if known and known[0] is batch else pool.submit(self._tensors, batch)
        return future.result()

    def _tensors(self, batch: Batch) -> Inputs:
        requests = [item.request for item in batch.items]
        prompts, pictures = [r.prompt for r in requests], [r.pictures for r in requests]
        return generating.prepare(self._loaded.processor, prompts, pictures, self._crops)

    # Whoever computed

    def _answers(self, batch: Batch, lengths: Sequence[int], produced: "Produced", seconds: float) -> Results:
        tokenizer = self._loaded.processor.tokenizer
        requests = [item.request for item in batch.items]
        found = generating.answers(
            self._name, tokenizer, requests, lengths, produced, self._settings, seconds
        )
        for item, answer in zip(batch.items, found, strict=True):
            yield item.index, answer
        yield None

    def _short_of_memory(self, batch: Batch, longest: int) -> Results:
        """Put the halves of a batch back; a request alone is answered by what to do."""
        import torch

        torch.cuda.empty_cache()
        if len(batch.items) > 1:
            self._sizes.failed(batch.kind, len(batch.items))
            self._waiting.appendleft(batch)  # cut by the new size when its turn comes
            return
        what = (
            f"{self._name} runs out of memory on a single request of {longest} tokens: lower 'crops' or "
            "'max_new_tokens', or set 'quantization'"
        )
        yield batch.items[0].index, Answer(error=what)


def _one_by_one(batch: Batch) -> list[Batch]:
    """Return the batch's requests alone, the last first, so that one that is bad spoils no other."""
    return batch.parts(1)[::-1] if len(batch.items) > 1 else []
