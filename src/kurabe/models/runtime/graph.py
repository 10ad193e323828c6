"""Decoding steps captured as CUDA graphs: one launch a step instead of one for each kernel."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from kurabe.models.runtime.cache import Buffers, Cached, Room, Store, copy_rows
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.pinned import sent

MOST_GRAPHS = 32
_EAGER_STEPS = 2
"""Steps of a kind before it is captured: kernels are loaded and chosen, which a capture forbids."""

_ROOM = 2**30
"""Bytes that a capture may ask the driver for: logits and activations of one token a row."""


@dataclass(frozen=True, slots=True)
class Slots:
    """What a step reads and writes besides the buffers: static, as a captured step has fixed addresses.

    Attributes:
        ids: int64 (rows,): the token to feed, then the one that was chosen.
        positions: int64 (rows,): where that token stands.
        lasts: int64 (rows,): where the last token of the answer stands at most.
        keys: int64 (rows,): what a row's draws start from, where tokens are drawn.
        ended: bool (rows,): rows whose answer is complete; they go nowhere.
        finite: bool (rows,): whether all logits were numbers while the row had not ended.
        ends: int64 (ends,): the tokens that end an answer.
        pad: int64 (): what ended rows are fed.
    """

    ids: Tensor
    positions: Tensor
    lasts: Tensor
    keys: Tensor
    ended: Tensor
    finite: Tensor
    ends: Tensor
    pad: Tensor

    @property
    def key(self) -> Hashable:
        """Equal for slots at equal addresses."""
        return self.ids.data_ptr(), len(self.ids), self.ends.data_ptr()

    def front(self, rows: int) -> "Slots":
        """Return the same slots without the rows behind the first ``rows``."""
        return replace(
            self,
            ids=self.ids[:rows],
            positions=self.positions[:rows],
            lasts=self.lasts[:rows],
            keys=self.keys[:rows],
            ended=self.ended[:rows],
            finite=self.finite[:rows],
        )

    def move(self, sources: Sequence[int], targets: Sequence[int]) -> None:
        """Copy rows over other rows."""
        places = [self.ids, self.positions, self.lasts, self.keys, self.ended, self.finite]
        copy_rows(places, sources, targets)

    def begin(
        self,
        ids: Tensor,
        positions: Sequence[int],
        finite: Tensor,
        limits: Sequence[int],
        keys: Sequence[int] | None = None,
    ) -> None:
        """Set the first rows; those behind them, if any, have ended.

        Args:
            ids: (rows,): the first token of each answer.
            positions: Where it stands: the length of each prompt.
            finite: bool (rows,): whether the logits that it was chosen by were numbers.
            limits: Tokens of each answer at most.
            keys: What each row's draws start from.
        """
        rows = len(positions)
        self.ids.copy_(self.pad)
        self.positions.zero_()
        self.finite.fill_(True)
        self.ended.fill_(True)
        self.ids[:rows] = ids
        lasts = [place + limit - 1 for place, limit in zip(positions, limits, strict=True)]
        self.positions[:rows], self.lasts[:rows] = (
            sent(torch.tensor(places), ids.device) for places in (positions, lasts)
        )
        self.finite[:rows] = finite
        if keys is not None:
            self.keys[:rows] = sent(torch.tensor(keys), ids.device)
        one = self.positions[:rows] >= self.lasts[:rows]
        self.ended[:rows] = (ids[:, None] == self.ends).any(-1) | ~finite | one


class Stepping(Cached, Protocol):
    """A model as its workspace sees it: whose steps they are, and whether they may be captured.

    Attributes:
        counts: Of the engine.
        graphs: Whether steps are captured, on devices where that is possible.
    """

    counts: Counts
    graphs: bool


class Workspace:
    """Static memory of a model, and its captured steps; the least recently used graphs leave."""

    def __init__(self, most: int = MOST_GRAPHS) -> None:
        self._most = most
        self._store = Store()
        self._slots: dict[int, Slots] = {}
        self._graphs: OrderedDict[Hashable, torch.cuda.CUDAGraph] = OrderedDict()
        self._steps: Counter[Hashable] = Counter()
        self._stream: torch.cuda.Stream | None = None
        self._pool: Any = None

    @property
    def held(self) -> int:
        """Bytes of the buffers."""
        return self._store.held

    def forget(self) -> None:
        """Give graphs and buffers back."""
        if self._graphs:
            torch.cuda.synchronize()
        self._graphs.clear()
        self._steps.clear()
        self._store, self._slots, self._pool = Store(), {}, None

    def buffers(self, model: Cached, room: Room) -> Buffers:
        """Return buffers for a batch, as `Store.buffers`."""
        return self._store.buffers(model, room)

    def slots(self, device: torch.device, rows: int, ends: Iterable[int], pad: int) -> Slots:
        """Return slots for a batch."""
        last = sent(torch.tensor(sorted(ends), dtype=torch.int64), device)
        slots = self._slots.get(len(last))
        if slots is None or len(slots.ids) < rows:
            number, flag = (
                torch.zeros(rows, dtype=kind, device=device) for kind in (torch.int64, torch.bool)
            )
            positions, lasts, keys = (number.clone() for _ in range(3))
            slots = Slots(number, positions, lasts, keys, flag, flag.clone(), last, number.new_zeros(()))
            self._slots[len(last)] = slots
        slots.ends.copy_(last)
        slots.pad.fill_(pad)
        return slots.front(rows)

    def run(self, model: Stepping, key: Hashable, step: Callable[[], None]) -> None:
        """Do one step: as it is, or on a GPU, from the third of its kind on, by its graph.

        Args:
            model: Whose step it is.
            key: Equal for steps that launch the same kernels on the same addresses.
            step: Reads and writes static memory alone.
        """
        model.counts.steps += 1
        if model.device.type != "cuda" or not model.graphs:
            step()
            return
        graph = self._graphs.get(key)
        if graph is None and self._steps[key] < _EAGER_STEPS:
            self._steps[key] += 1
            with self._aside(model.device):
                step()
            return
        if graph is None:
            start = time.perf_counter()
            self._graphs[key] = graph = self._capture(model.device, step)
            model.counts.graphs_captured += 1
            model.counts.capture_seconds += time.perf_counter() - start
        self._graphs.move_to_end(key)
        graph.replay()

    def _capture(self, device: torch.device, step: Callable[[], None]) -> torch.cuda.CUDAGraph:
        """Capture a step; nothing is computed, and what the device has to do meanwhile goes on.

        `torch.cuda.graph` would wait for the device first, and give back all memory that is kept for later.
        """
        while len(self._graphs) >= self._most:
            self._graphs.popitem(last=False)
        if self._pool is None:
            # All graphs take their temporary memory from one pool: they run one after the other, and
            # nothing in it outlives a step.
            self._pool = torch.cuda.graph_pool_handle()
        if torch.cuda.mem_get_info(device)[0] < _ROOM:
            torch.cuda.empty_cache()  # a capture cannot take back what is kept for later
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.device(device), torch.cuda.stream(self._side(device)):
            # Other threads ask for page-locked memory meanwhile, which a stricter mode takes for a mistake.
            graph.capture_begin(self._pool, capture_error_mode="thread_local")
            try:
                step()
            finally:
                graph.capture_end()
        return graph

    def _side(self, device: torch.device) -> torch.cuda.Stream:
        if self._stream is None:
            self._stream = torch.cuda.Stream(device)
        return self._stream

    @contextmanager
    def _aside(self, device: torch.device) -> Iterator[None]:
        """Let the context's work run on the stream that captures, after all before and before all after."""
        side, usual = self._side(device), torch.cuda.current_stream(device)
        side.wait_stream(usual)
        with torch.cuda.stream(side):
            yield
        usual.wait_stream(side)
