"""What is watched of a training while it goes on: losses that are no numbers, and how fast it is.

To ask a GPU for a number is to wait until it has done all that it was given before. After such a wait it has
nothing to do until the host has prepared the next batch, which for a small model takes as long as the batch.
"""

import math
import time
from collections import deque
from typing import Any

import torch
from torch import Tensor
from transformers import TrainerCallback

BEHIND = {"cuda": 1}
"""Batches that a loss is looked at late, by the kind of device; none on others."""


class NotFiniteError(Exception):
    """A loss is NaN or infinite.

    Attributes:
        step: Where.
        kept: The step to which the adapter was set back.
    """

    def __init__(self, step: int) -> None:
        super().__init__("the loss was NaN or infinite")
        self.step = step
        self.kept = 0


class DeviceClock:
    """Times of what a device computes, without waiting for it; of the host where it computes itself."""

    def __init__(self, device: torch.device) -> None:
        self._cuda = device.type == "cuda"

    def now(self) -> Any:
        """Return the time when all that the device was given so far will be done, for `between`."""
        if not self._cuda:
            return time.perf_counter()
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event

    def between(self, begun: Any, ended: Any) -> float:
        """Return the seconds between two times; waits for the second."""
        if not self._cuda:
            return float(ended - begun)
        ended.synchronize()
        return float(begun.elapsed_time(ended)) / 1000


class Watch(TrainerCallback):
    """Looks at each loss once it is there, at the latest before a state is evaluated or written.

    A loss that is no number may have reached the weights by then, but never a state that is kept.

    Attributes:
        learned: Records so far.
        seconds: What the device took for them, evaluation and waiting for batches left out.
    """

    def __init__(self, device: torch.device) -> None:
        self.learned = 0
        self.seconds = 0.0
        self._cuda = device.type == "cuda"
        self._clock = DeviceClock(device)
        self._behind = BEHIND.get(device.type, 0)
        self._unseen: deque[tuple[int, Tensor, Any]] = deque()
        self._spans: deque[tuple[Any, Any]] = deque()
        self._begun: Any = None

    def begin(self) -> None:
        """Note that a batch begins; the first one of a step starts the clock."""
        if self._begun is None:
            self._begun = self._clock.now()

    def note(self, step: int, loss: Tensor, rows: int) -> None:
        """Take the loss of a batch, and look at those that are old enough.

        Args:
            step: The step that the batch is of.
            loss: A scalar on the device.
            rows: Records in the batch.

        Raises:
            NotFiniteError: If one of them is no number.
        """
        self.learned += rows
        if self._cuda:
            # Pageable memory would make the copy wait.
            there = torch.empty((), dtype=loss.dtype, pin_memory=True)
            there.copy_(loss, non_blocking=True)
            self._unseen.append((step, there, self._clock.now()))
        else:
            self._unseen.append((step, loss, None))
        self._look(self._behind)

    def look(self) -> None:
        """Look at all losses.

        Raises:
            NotFiniteError: If one of them is no number.
        """
        self._look(0)
        while self._spans:
            begun, ended = self._spans.popleft()
            self.seconds += self._clock.between(begun, ended)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Stop the clock; before a state is judged or kept, look at what led to it."""
        if self._begun is not None:
            self._spans.append((self._begun, self._clock.now()))
            self._begun = None
        if control.should_log or control.should_evaluate or control.should_save:
            self.look()

    def _look(self, behind: int) -> None:
        while len(self._unseen) > behind:
            step, loss, copied = self._unseen.popleft()
            if copied is not None:
                copied.synchronize()
            if not math.isfinite(float(loss)):
                raise NotFiniteError(step)
