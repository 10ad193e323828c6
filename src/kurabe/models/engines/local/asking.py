"""Requests in, answers out: sorts requests into batches and chooses who computes each batch."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from kurabe.common.request import Answer, Request
from kurabe.imaging.content import content_id
from kurabe.models.engines.local.batches import Batch, Item, Kind, batches
from kurabe.models.engines.local.by_generate import ByGenerate
from kurabe.models.engines.local.by_runtime import ByRuntime
from kurabe.models.engines.local.by_sharing import BySharing, sharing
from kurabe.models.engines.local.call import REFUSED, Call, Results
from kurabe.models.engines.local.shared import threads


class Asking:
    """Answers requests with a model in memory: by our own loops if they take a row, else by ``generate``.

    Args:
        call: The model, and how it is asked.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._preparer = call.running.preparer(call.loaded, call.crops)
        self._by_runtime = ByRuntime(call)
        self._by_generate = ByGenerate(call)
        # Families that we have loops for share in these alone.
        self._by_sharing = BySharing(call) if self._preparer is None else None

    def answer(self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]) -> Results:
        """Answer all requests and those that follow; see `kurabe.models.protocol.Ahead.answer_on`."""
        pool = ThreadPoolExecutor(threads())
        waiting, asked = self._call.waiting, 0
        try:
            while requests or waiting:
                yield from self._sort(asked, requests, pool)
                asked += len(requests)
                while waiting:
                    # The last batch may be small, and what is ready fills it up.
                    if self._by_runtime.begun and len(waiting) == 1 and (requests := following()):
                        break
                    self._by_runtime.plan(waiting[0])
                    yield from self._by_runtime.written()
                    yield from self._batch(waiting.popleft(), pool)
                else:
                    requests = ()
                if requests:
                    continue
                # The device still has a batch: what follows is sorted meanwhile.
                requests = following()
                if not requests and self._by_runtime.writes:
                    yield from self._by_runtime.written()  # takes long enough for more to be ready
                    requests = following()
                if not requests:
                    yield from self._by_runtime.finished()
        finally:
            pool.shutdown(cancel_futures=True)

    def _batch(self, batch: Batch, pool: ThreadPoolExecutor) -> Results:
        """Have a batch answered, or the first part of one that has become too large."""
        size = self._fitting(batch.kind, batch.items)
        if size < len(batch.items):
            parts = batch.items[:size], batch.items[size:]
            self._call.waiting.extendleft(Batch(batch.kind, part) for part in reversed(parts))
        elif batch.kind.runtime:
            yield from self._by_runtime.ask(batch)
        else:
            yield from self._by_runtime.finished()
            shares = self._by_sharing if batch.kind.shares else None
            yield from (shares or self._by_generate).ask(batch, pool)

    def _fitting(self, kind: Kind, items: Sequence[Item]) -> int:
        return self._call.sizes.fitting(self._call.running.runtime, kind, items)

    def _sort(self, first: int, requests: Sequence[Request], pool: ThreadPoolExecutor) -> Results:
        """Sort requests, counted on from ``first``, into batches, with those that wait already.

        Those that cannot be asked are answered.
        """
        # What was made ahead is only looked up: threads would hand that around for longer than it takes.
        made = [
            partial(self._item, index, request)
            if self._preparer is None or self._preparer.has(request)
            else pool.submit(self._item, index, request).result
            for index, request in enumerate(requests, first)
        ]
        if self._by_runtime.first and not all(isinstance(get, partial) for get in made):
            # Threads cut pictures, which were not made ahead as the model was not there: whoever waits for a
            # first answer need not wait for them, too.
            yield from self._by_runtime.finished()
        sorted_out: list[tuple[Kind, Item]] = []
        for index, get in enumerate(made, first):
            item = get()
            if isinstance(item, Item):
                sorted_out.append((self._kind(item), item))
            else:
                yield index, item
        waiting = self._call.waiting
        known = [(batch.kind, item) for batch in waiting for item in batch.items]
        waiting.clear()
        waiting += batches(known + sharing(sorted_out), self._fitting)

    def _item(self, index: int, request: Request) -> Item | Answer:
        """Measure a request, and make its row if a runtime may take it."""
        if self._preparer is None:
            limit, shown = self._call.limit(request), request.contents
            if self._by_sharing is None or not self._by_sharing.may:
                shown = ()
            elif not shown:
                shown = tuple(map(content_id, request.pictures))
            return Item(index, request, limit=limit, shown=shown)
        try:
            length = self._preparer.length(request)
            if too_long := self._call.too_long(request, length):
                return Answer(error=too_long, tokens_in=length)
            row = None if self._call.running.runtime is None else self._preparer.row(request)
        except REFUSED as error:
            return Answer(error=self._call.refusal(error, request))
        return Item(index, request, length, row, self._call.limit(request))

    def _kind(self, item: Item) -> Kind:
        """Choose who computes a request, and with what others."""
        limit, loaded, runtime = self._call.limit(item.request), self._call.loaded, self._call.running.runtime
        known = item.length is not None
        group = loaded.family.batch_group(loaded.model.config, item.length or 0, limit) if known else ""
        if item.row is not None and runtime is not None and runtime.takes(item.row, limit):
            return Kind(True, 0, 0, group)
        return Kind(False, limit, len(item.request.pictures), group)
