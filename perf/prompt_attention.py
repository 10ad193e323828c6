"""Attention over prompts and pictures of the two families on one GPU: our kernel by its tilings, and torch's.

    python -m perf.prompt_attention [--out perf/results/prompt_attention.json] [--seconds 60]

In bfloat16: the vision tower of Llama-3.2-Vision with four tiles of a picture in use and with two, prompts of
Phi-3.5-vision, and the crops of its pictures. Rates count what has to be done: four operations for each
channel of each query and each key that it sees. The first use of each tiling compiles it; those for which no
time is left are named.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from kurabe.models.runtime.kernels.prompt_attention import Tiling, attend
from perf.models import surroundings

Attention = Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is attended to: see `kurabe.models.runtime.kernels.prompt_attention.attend`."""

    rows: int
    heads: int
    positions: int
    channels: int
    real: int | None = None
    causal: bool = False

    @property
    def operations(self) -> int:
        """Operations of both products for the keys that each query sees."""
        seen = self.positions**2
        if self.causal:
            seen = self.positions * (self.positions + 1) // 2
        elif self.real is not None:
            seen = self.real * self.positions + (self.positions - self.real) * self.real
        return 4 * self.channels * self.rows * self.heads * seen

    def drawn(self) -> tuple[Tensor, ...]:
        """Return queries, keys and values as linear layers write them."""
        torch.manual_seed(0)
        size = self.rows, self.positions, self.heads, self.channels
        return tuple(torch.randn(size, device="cuda", dtype=torch.bfloat16).transpose(1, 2) for _ in range(3))

    def by_torch(self, backend: SDPBackend) -> Attention:
        """Return what attends by one of torch's kernels, padding in a call of its own."""

        def attended(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            with sdpa_kernel([backend]):
                if self.real is None:
                    return scaled_dot_product_attention(q, k, v, is_causal=self.causal)
                # As `kurabe.models.families.mllama.vision` does it where our kernel does not run.
                real, padding = q[:, :, : self.real], q[:, :, self.real :]
                seen = k[:, :, : self.real], v[:, :, : self.real]
                if 8 * padding.shape[2] < self.positions:
                    attended = scaled_dot_product_attention(q, k, v)
                    attended[:, :, self.real :] = scaled_dot_product_attention(padding, *seen)
                    return attended
                parts = [
                    scaled_dot_product_attention(real, k, v),
                    scaled_dot_product_attention(padding, *seen),
                ]
                return torch.cat([part.transpose(1, 2) for part in parts], 1).transpose(1, 2)

        return attended

    def by_us(self, tiling: Tiling) -> Attention:
        """Return what attends by our kernel."""
        return lambda q, k, v: attend(q, k, v, real=self.real, causal=self.causal, tiling=tiling)


SHAPES = {
    "tower, 4 tiles": Shape(8, 16, 6432, 80, real=4 * 1601),
    "tower, 2 tiles": Shape(8, 16, 6432, 80, real=2 * 1601),
    "prompts": Shape(16, 32, 1569, 96, causal=True),
    "crops": Shape(80, 16, 577, 64),
}
TORCH = {"cuDNN": SDPBackend.CUDNN_ATTENTION, "flash": SDPBackend.FLASH_ATTENTION}
TILINGS = [
    Tiling(),
    Tiling(128, 64, 8, 3, 128),
    Tiling(128, 128, 8, 3, 0),
    Tiling(128, 32, 8, 4, 128),
    Tiling(64, 64, 4, 3, 128),
    Tiling(64, 32, 4, 4, 128),
]
"""What is tried. Where the compiler has to spill registers, few of them."""


def milliseconds(work: Callable[[], Any], times: int = 9, before: Callable[[], Any] = lambda: None) -> float:
    """Return the median time of some work; ``before`` is done each time and not counted."""
    for _ in range(2):
        work()
    events = [[torch.cuda.Event(enable_timing=True) for _ in range(2)] for _ in range(times)]
    for begin, end in events:
        before()
        begin.record()
        work()
        end.record()
    torch.cuda.synchronize()
    return float(median(begin.elapsed_time(end) for begin, end in events))


def measured(
    attended: Callable[[], Tensor], exact: Tensor, rate: Callable[[float], dict[str, float]],
    timed: Callable[[Callable[[], Tensor]], float] = milliseconds,
) -> dict[str, Any]:  # fmt: skip
    """Run and time one candidate; an error is its result.

    Args:
        attended: The candidate.
        exact: What it should give.
        rate: What follows from its milliseconds.
        timed: Returns them.
    """
    try:
        gap = (attended().float() - exact.float()).abs().max().item()
        took = timed(attended)
        return {"ms": round(took, 4), **rate(took), "largest_gap": gap}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def name_of(tiling: Tiling) -> str:
    """Name a tiling shortly."""
    most = f", {tiling.registers} registers" if tiling.registers else ""
    return f"{tiling.queries}x{tiling.keys}, {tiling.warps} warps, {tiling.stages} stages{most}"


def parsed(description: str | None, arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what a program that measures kernels is told: where to write, and how many seconds it has.

    Raises:
        SystemExit: If there is no GPU, too.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="after which no candidate begins")
    chosen = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        raise SystemExit("it measures a GPU's kernels, and no CUDA device is here")
    return chosen


@torch.no_grad()
def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and record."""
    chosen = parsed(__doc__, arguments)
    begun = time.monotonic()
    record: dict[str, Any] = surroundings("cuda")
    record |= {"shapes": {name: asdict(shape) for name, shape in SHAPES.items()}, "measured": {}}
    for tiling in [None, *TILINGS]:
        for name, shape in SHAPES.items():
            shown, found = shape.drawn(), record["measured"].setdefault(name, {})
            exact = shape.by_torch(SDPBackend.FLASH_ATTENTION)(*shown)
            ways = {way: shape.by_torch(backend) for way, backend in TORCH.items()}
            if tiling is not None:
                ways = {name_of(tiling): shape.by_us(tiling)}
            for way, attention in ways.items():
                if time.monotonic() - begun > chosen.seconds:
                    found[way] = {"error": "no time left"}
                    continue
                found[way] = measured(
                    lambda by=attention, heads=shown: by(*heads),  # type: ignore[misc]
                    exact,
                    lambda took, of=shape: {"tflops": round(of.operations / took / 1e9, 1)},  # type: ignore[misc]
                )
                print(f"{name:15} {way:42} {json.dumps(found[way])}", flush=True)
            if chosen.out:
                chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
