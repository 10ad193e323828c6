"""How long a GPU has nothing to compute: the gaps between its kernels, as the profiler records them."""

import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

Span = tuple[float, float]
LONG = 1e-3
"""Seconds from which a gap counts as a wait for the host rather than as the time between two launches."""


@dataclass(frozen=True, slots=True)
class Idle:
    """A GPU's time between its first and its last kernel.

    Attributes:
        seconds: Between the first kernel's start and the last one's end.
        share: Of it, without any kernel.
        long_share: Of it, in gaps of more than a millisecond.
        long_gaps: Number of these.
        longest: Seconds of the longest gap.
        kernels: Kernels that ran.
    """

    seconds: float
    share: float
    long_share: float
    long_gaps: int
    longest: float
    kernels: int


def gaps(spans: Iterable[Span]) -> list[float]:
    """Return the lengths of the times that no span covers, between the first start and the last end."""
    found: list[float] = []
    until: float | None = None
    for start, end in sorted(spans):
        if until is not None and start > until:
            found.append(start - until)
        until = end if until is None else max(until, end)
    return found


def idle(spans: Sequence[Span]) -> Idle | None:
    """Sum up kernels, given as (start, end) in seconds; None if there is none."""
    if not spans:
        return None
    whole = max(end for _, end in spans) - min(start for start, _ in spans)
    between = gaps(spans)
    long = [gap for gap in between if gap > LONG]
    return Idle(
        seconds=whole,
        share=sum(between) / whole,
        long_share=sum(long) / whole,
        long_gaps=len(long),
        longest=max(between, default=0.0),
        kernels=len(spans),
    )


def kernels(work: Callable[[], Any]) -> list[Span]:
    """Run something and return the times of the GPU's kernels meanwhile; those of CUDA graphs, too."""
    activities = [torch.profiler.ProfilerActivity.CUDA]
    with tempfile.TemporaryDirectory() as name:
        trace = Path(name) / "trace.json"
        with torch.profiler.profile(activities=activities) as profiler:
            work()
            torch.cuda.synchronize()
        profiler.export_chrome_trace(str(trace))
        return spans_of(json.loads(trace.read_text(encoding="utf-8")))


def spans_of(trace: dict[str, Any]) -> list[Span]:
    """Return the kernels of a trace in the format of Chrome's viewer, whose times are microseconds."""
    return [
        (event["ts"] * 1e-6, (event["ts"] + event["dur"]) * 1e-6)
        for event in trace["traceEvents"]
        if event.get("cat") == "kernel"
    ]
