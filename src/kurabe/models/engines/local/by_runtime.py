"""Batches through our own loops: the next one is handed to the device before the last one is read."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kurabe.common.request import Request
from kurabe.models.engines.local.batches import Batch
from kurabe.models.engines.local.call import Call, Results
from kurabe.models.engines.local.sampling import seed_of

if TYPE_CHECKING:
    from kurabe.models.runtime.loop import Parts, Produced


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
        return self.batch.writes

    def wait(self) -> float:
        """Wait until all is there; return when that was."""
        if self.finish is not None:
            self.produced = self.finish()
            self.finish = None
            self.seconds = time.perf_counter() - self.since
        return self.since + self.seconds


class ByRuntime:
    """Keeps the device busy with one batch after the other.

    Args:
        call: The model, and how it is asked.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._open: _Open | None = None
        self._told = False
        self._planned: tuple[Batch, Parts] | None = None

    @property
    def writes(self) -> bool:
        """Whether the device has a batch whose answers are written in words."""
        return self._open is not None and self._open.writes

    @property
    def begun(self) -> bool:
        """Whether the device has had a batch that nobody has read yet."""
        return self._open is not None

    @property
    def first(self) -> bool:
        """Whether the device has a batch, and nothing has been read before it."""
        return self.begun and not self._told

    def plan(self, batch: Batch) -> None:
        """Do on the host what can be done for a batch before its turn, while the device is busy."""
        from kurabe.models.runtime.loop import parted

        runtime = self._call.running.runtime
        if batch.kind.runtime and runtime is not None and self.begun:
            self._planned = batch, parted(runtime, [item.row for item in batch.items if item.row is not None])

    def ask(self, batch: Batch) -> Results:
        """Hand a batch to the device, and only then read what the one before gave."""
        import torch

        from kurabe.models.runtime.loop import ask_rows

        call = self._call
        runtime, loaded = call.running.runtime, call.switched()
        assert runtime is not None
        start = time.perf_counter()
        before, self._open = self._open, None
        planned, self._planned = self._planned, None
        requests = [item.request for item in batch.items]
        try:
            finish = ask_rows(
                runtime,
                [item.row for item in batch.items if item.row is not None],
                limit=[item.limit for item in batch.items],
                ends=loaded.family.end_tokens(loaded.model, loaded.processor),
                pad=loaded.processor.tokenizer.pad_token_id,
                read=call.tokens_read(requests),
                **self._draws(requests),
                parts=planned[1] if planned is not None and planned[0] is batch else None,
            )
        except torch.OutOfMemoryError:
            yield from self._read(before)
            yield from self._call.short_of_memory(batch, batch.longest)
            return
        except Exception:
            yield from self._read(before)  # it is not this one's fault
            raise
        self._open = _Open(batch, finish, start)
        if before is not None:
            # While the batch before was computed, this one only waited.
            self._open.since = max(start, before.wait())
            yield from self._read(before)

    def _draws(self, requests: Sequence[Request]) -> dict[str, Any]:
        """Say how the tokens of a batch are drawn; nothing where they are decoded greedily."""
        from kurabe.models.runtime.drawing import Sampling

        own = self._call.settings
        if not own.sampled:
            return {}
        keys = [seed_of(request, own.seed) for request in requests]
        return {"sampling": Sampling(own.temperature, own.top_k, own.top_p), "keys": keys}

    def written(self) -> Results:
        """Wait until the words that the device is at are there, but read none of them yet."""
        import torch

        if self._open is None or not self._open.writes:
            return
        with suppress(torch.OutOfMemoryError):
            self._open.wait()
            return
        # What it holds is free only now, as nothing that was raised holds it any more.
        batch, self._open = self._open.batch, None
        yield from self._call.short_of_memory(batch, batch.longest)

    def finished(self) -> Results:
        """Wait for the batch that the device still has, if any, and read what it gave."""
        yield from self.written()
        before, self._open = self._open, None
        yield from self._read(before)

    def _read(self, open_: "_Open | None") -> Results:
        if open_ is None:
            return
        self._told = True
        open_.wait()
        assert open_.produced is not None
        lengths = [item.length or 0 for item in open_.batch.items]
        yield from self._call.told(open_.batch, lengths, open_.produced, open_.seconds)
