"""What a GPU does and how long it has nothing to do: its kernels and the gaps between, by the profiler."""

import json
import re
import tempfile
from collections import defaultdict
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


def kernels(work: Callable[[], Any]) -> list[tuple[str, Span]]:
    """Run something and return names and times of the GPU's kernels meanwhile; those of CUDA graphs, too."""
    return named_spans(traced(work))


def longest_gaps(kernels: Iterable[tuple[str, Span]], most: int = 12) -> list[dict[str, Any]]:
    """Return the longest times without a kernel: when they began, how long they were, and between what."""
    found: list[dict[str, Any]] = []
    ordered = sorted(kernels, key=lambda kernel: kernel[1])
    (begun, until), last = ordered[0][1] if ordered else (0.0, 0.0), ""
    for name, (start, end) in ordered:
        if start > until:
            found.append(
                {
                    "at": round(until - begun, 3),
                    "milliseconds": _milliseconds(start - until),
                    "after": last[:80],
                    "before": name[:80],
                }
            )
        if end >= until:
            until, last = end, name
    return sorted(found, key=lambda gap: -gap["milliseconds"])[:most]


def traced(work: Callable[[], Any]) -> dict[str, Any]:
    """Run something under the profiler; return its trace in the format of Chrome's viewer."""
    activities = [torch.profiler.ProfilerActivity.CUDA]
    with tempfile.TemporaryDirectory() as name:
        trace = Path(name) / "trace.json"
        with torch.profiler.profile(activities=activities) as profiler:
            work()
            torch.cuda.synchronize()
        profiler.export_chrome_trace(str(trace))
        found: dict[str, Any] = json.loads(trace.read_text(encoding="utf-8"))
        return found


def named_spans(trace: dict[str, Any]) -> list[tuple[str, Span]]:
    """Return names and times of the kernels of a trace, whose own times are microseconds."""
    return [
        (event["name"], (event["ts"] * 1e-6, (event["ts"] + event["dur"]) * 1e-6))
        for event in trace["traceEvents"]
        if event.get("cat") == "kernel"
    ]


KINDS = (
    ("attention", r"fmha|flash|sdpa|attention|softmax|^_put_together"),
    ("matrix products", r"gemm|nvjet|cutlass|xmma|splitk"),
    ("norms", r"norm"),
    ("fused elementwise", r"^triton|^_(rope|turned|gated|quick_gelu|quantised)"),
    ("copying and gathering", r"copy|memcpy|cat|index|gather|scatter|transpose"),
    ("elementwise", r"elementwise|reduce"),
)
"""What a kernel does, by its name; the first that fits counts."""


def kind_of(kernel: str) -> str:
    """Return what a kernel does, as far as its name tells."""
    return next((kind for kind, names in KINDS if re.search(names, kernel, re.IGNORECASE)), "other")


def by_kind(spans: Iterable[tuple[str, Span]], most: int = 30) -> dict[str, Any]:
    """Sum up kernels by what they do, and list those that take the most time.

    Args:
        spans: Names and times in seconds.
        most: Single kernels to list.

    Returns:
        Milliseconds by kind; of the slowest kernels the name, milliseconds in all, and how often it ran.
    """
    kinds: defaultdict[str, float] = defaultdict(float)
    single: defaultdict[str, list[float]] = defaultdict(list)
    for name, (start, end) in spans:
        kinds[kind_of(name)] += end - start
        single[name].append(end - start)
    slowest = sorted(single.items(), key=lambda entry: -sum(entry[1]))[:most]
    return {
        "milliseconds": {kind: _milliseconds(kinds[kind]) for kind in sorted(kinds, key=lambda k: -kinds[k])},
        "slowest": [
            {"kernel": name[:160], "milliseconds": _milliseconds(sum(times)), "times": len(times)}
            for name, times in slowest
        ],
    }


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 3)
