"""Attention of single tokens over static keys and values on one GPU: our kernel by its tilings, and torch's.

    python -m perf.token_attention [--out perf/results/token_attention.json] [--seconds 60]

In bfloat16, with keys and values as the runtime holds them: text of Phi-3.5-vision; text and pictures of
Llama-3.2-Vision; many rows and a single one. Rates count the keys and values that rows see. Work is replayed
from a captured graph, as decoding does it; memory is written over in between, so that nothing is read from
the GPU's cache. The first use of each tiling compiles it; those for which no time is left are named.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from kurabe.models.runtime.kernels.attention import Seen
from kurabe.models.runtime.kernels.token_attention import Tiling, attend
from perf.models import surroundings
from perf.prompt_attention import measured, milliseconds, parsed

_OVERWRITTEN = 2**28
"""Bytes written between two measurements: several times a GPU's cache."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is attended to: see `kurabe.models.runtime.kernels.token_attention.attend`.

    Attributes:
        least: The shortest row's columns; the longest one has all but ``room``.
        by_column: Whether heads lie beside each other, column by column.
    """

    rows: int
    heads: int
    kv_heads: int
    columns: int
    channels: int
    least: int
    room: int = 0
    by_column: bool = False

    def drawn(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return queries, keys, values and lengths."""
        torch.manual_seed(0)
        real: dict[str, Any] = {"device": "cuda", "dtype": torch.bfloat16}
        q = torch.randn(self.rows, self.heads, self.channels, **real)
        k, v = (
            torch.randn(self.rows, self.columns, self.kv_heads, self.channels, **real).transpose(1, 2)
            for _ in range(2)
        )
        if not self.by_column:
            k, v = k.contiguous(), v.contiguous()
        most = self.columns - self.room
        return q, k, v, torch.linspace(self.least, most, self.rows, device="cuda").long()

    def bytes_seen(self, lengths: Tensor) -> int:
        """Return the bytes of keys and values that rows see."""
        return 2 * 2 * self.kv_heads * self.channels * int(lengths.sum())


SHAPES = {
    "phi": Shape(43, 32, 32, 1664, 96, least=1570, room=30),
    "phi, 1 row": Shape(1, 32, 32, 1664, 96, least=1634, room=30),
    "mllama, text": Shape(43, 32, 8, 256, 128, least=140, room=60),
    "mllama, pictures": Shape(43, 32, 8, 6464, 128, least=6404, room=60, by_column=True),
    "mllama, pictures of 2 and 4 tiles": Shape(43, 32, 8, 6464, 128, least=3202, room=60, by_column=True),
    "mllama, 1 picture": Shape(1, 32, 8, 6464, 128, least=6404, room=60, by_column=True),
}
TORCH = {"cuDNN": SDPBackend.CUDNN_ATTENTION, "efficient": SDPBackend.EFFICIENT_ATTENTION}
TILINGS = [
    Tiling(),
    Tiling(64, 4, 2),
    Tiling(64, 2, 3),
    Tiling(32, 2, 4),
    Tiling(32, 4, 4),
    Tiling(128, 4, 2),
    Tiling(128, 8, 2),
]
PARTS = (1, 2, 4, 8, 16)


def replayed(work: Callable[[], Any]) -> float:
    """Return the median milliseconds of some work, replayed from a captured graph."""
    for _ in range(2):
        work()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    other = torch.empty(_OVERWRITTEN, dtype=torch.uint8, device="cuda")
    return milliseconds(graph.replay, 7, other.zero_)


def by_torch(backend: SDPBackend, heads: Sequence[Tensor], seen: Seen) -> Tensor:
    """Attend as the runtime does where our kernel does not run."""
    q, k, v = heads
    grouped = q.unflatten(1, (k.shape[1], -1))
    with sdpa_kernel([backend]):
        return scaled_dot_product_attention(grouped, k, v, seen.mask[:, None, None]).flatten(1, 2)


def by_us(tiling: Tiling, parts: int, heads: Sequence[Tensor], seen: Seen) -> Tensor:
    """Attend by our kernel."""
    q, k, v = heads
    return attend(q, k, v, seen.lengths, tiling=tiling, parts=parts)


def ways(rows: int) -> dict[str, Callable[[Sequence[Tensor], Seen], Tensor]]:
    """Name the candidates for so many rows: torch's kernels, and ours with each row in some parts."""
    found: dict[str, Callable[[Sequence[Tensor], Seen], Tensor]] = {
        name: partial(by_torch, backend) for name, backend in TORCH.items()
    }
    usual, *others = TILINGS
    some, one = (PARTS, 8) if rows == 1 else (PARTS[:3], 1)
    for tiling, parts in [(usual, parts) for parts in some] + [(other, one) for other in others]:
        name = f"{tiling.keys} keys, {tiling.warps} warps, {tiling.stages} stages, {parts} parts"
        found[name] = partial(by_us, tiling, parts)
    return found


@torch.no_grad()
def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and record."""
    chosen = parsed(__doc__, arguments)
    begun = time.monotonic()
    record: dict[str, Any] = surroundings("cuda")
    record |= {"shapes": {name: asdict(shape) for name, shape in SHAPES.items()}, "measured": {}}
    for name, shape in SHAPES.items():
        *heads, lengths = shape.drawn()
        seen, moved = Seen(lengths, shape.columns), shape.bytes_seen(lengths)
        exact = by_torch(SDPBackend.MATH, heads, seen)
        found = record["measured"][name] = {}
        for way, attention in ways(shape.rows).items():
            if time.monotonic() - begun > chosen.seconds:
                found[way] = {"error": "no time left"}
                continue
            found[way] = measured(
                partial(attention, heads, seen),
                exact,
                lambda took, read=moved: {"tbytes_per_s": round(read / took / 1e9, 2)},  # type: ignore[misc]
                replayed,
            )
            print(f"{name:34} {way:40} {json.dumps(found[way])}", flush=True)
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
