"""Single kernels on one GPU, at the sizes of the two families: why the runtime takes which.

    python -m perf.kernels [--out perf/results/kernels.json]

Attention over static keys and values and over prompts by each of torch's kernels, with a mask and without;
linear layers at both sizes of a batch; norm and gated activation as they are and compiled.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

KERNELS = {
    "cudnn": SDPBackend.CUDNN_ATTENTION,
    "flash": SDPBackend.FLASH_ATTENTION,
    "efficient": SDPBackend.EFFICIENT_ATTENTION,
}
HEADS, CHANNELS, HIDDEN, INNER = 32, 96, 3072, 8192
"""Of Phi-3.5-vision."""

TOKENS = 16 * 1600
Measure = dict[str, dict[str, float]]


def timed(
    work: Callable[[], Any], flops: float = 0.0, moved: float = 0.0, times: int = 10
) -> dict[str, float]:
    """Return the milliseconds of some work, and its rate if its operations or bytes are given."""
    for _ in range(3):
        work()
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    for _ in range(times):
        work()
    end.record()
    torch.cuda.synchronize()
    milliseconds = begin.elapsed_time(end) / times
    found = {"ms": round(milliseconds, 3)}
    if flops:
        found["tflops"] = round(flops / milliseconds / 1e9)
    if moved:
        found["tbytes_per_s"] = round(moved / milliseconds / 1e9, 2)
    return found


def normal(*shape: int) -> Tensor:
    """Return random bfloat16 numbers on the GPU."""
    return torch.randn(*shape, device="cuda", dtype=torch.bfloat16)


def attention(found: Measure, name: str, shown: tuple[Tensor, ...], **more: Any) -> None:
    """Measure each kernel that takes the call."""
    queries, keys, values = shown
    rates = {key: more.pop(key) for key in ("flops", "moved") if key in more}
    for kernel, backend in KERNELS.items():
        with sdpa_kernel(backend):
            try:
                rate = timed(lambda: scaled_dot_product_attention(queries, keys, values, **more), **rates)
            except RuntimeError:  # this kernel does not take it
                continue
        found[f"{name}, {kernel}"] = rate


def decoding(found: Measure, rows: int = 64, columns: int = 1664) -> None:
    """One query a row over its keys and values."""
    queries, keys, values = (normal(rows, HEADS, size, CHANNELS) for size in (1, columns, columns))
    lengths = torch.randint(1500, 1650, (rows,), device="cuda")
    mask = (torch.arange(columns, device="cuda") < lengths[:, None])[:, None, None]
    attention(found, "decoding, mask", (queries, keys, values), attn_mask=mask, moved=2 * keys.nbytes)
    attention(found, "decoding", (queries, keys, values), moved=2 * keys.nbytes)

    def products() -> Tensor:
        scores = torch.matmul(queries, keys.transpose(-1, -2)).float() * CHANNELS**-0.5
        return torch.matmul(scores.masked_fill(~mask, -torch.inf).softmax(-1).to(values.dtype), values)

    found["decoding, mask, matrix products"] = timed(products, moved=2 * keys.nbytes)


def prompts(found: Measure, rows: int = 16, tokens: int = 1600) -> None:
    """Prompts, causally and under a dense mask; and Llama's vision tower."""
    shown = normal(rows, tokens, 3, HEADS, CHANNELS).transpose(1, 3).unbind(2)
    flops = 2 * rows * HEADS * tokens**2 * CHANNELS
    attention(found, "prompts, causal", shown, is_causal=True, flops=flops)
    mask = torch.ones(rows, 1, tokens, tokens, dtype=torch.bool, device="cuda").tril()
    attention(found, "prompts, dense mask", shown, attn_mask=mask, flops=flops)
    tiles = tuple(normal(4, 16, 6432, 80) for _ in range(3))
    dense = torch.zeros(4, 1, 6432, 6432, dtype=torch.bfloat16, device="cuda")
    for name, more in (("", {}), (", dense mask", {"attn_mask": dense})):
        attention(found, f"Llama's tower{name}", tiles, flops=4 * 4 * 16 * 6432**2 * 80, **more)


def layers(found: Measure) -> None:
    """Linear layers of prompts and of single tokens; what is elementwise."""
    states = normal(TOKENS, HIDDEN)
    for wide in (9216, HIDDEN, 2 * INNER):
        weight = normal(wide, HIDDEN)
        flops = 2 * TOKENS * HIDDEN * wide
        found[f"linear to {wide}"] = timed(lambda w=weight: functional.linear(states, w), flops)  # type: ignore[misc]
    for rows in (1, 32, 64):
        few, weights = normal(rows, HIDDEN), [normal(2 * INNER, HIDDEN) for _ in range(4)]
        moved = 4 * weights[0].nbytes
        found[f"linear, {rows} rows"] = timed(
            lambda x=few, ws=weights: [functional.linear(x, w) for w in ws],  # type: ignore[misc]
            moved=moved,
        )
    both, scale = normal(TOKENS, 2 * INNER), torch.ones(HIDDEN, device="cuda", dtype=torch.bfloat16)

    def gated(inputs: Tensor) -> Tensor:
        return functional.silu(inputs[:, :INNER]) * inputs[:, INNER:]

    def norm(inputs: Tensor) -> Tensor:
        high = inputs.float()
        return scale * (high * torch.rsqrt(high.pow(2).mean(-1, keepdim=True) + 1e-5)).to(inputs.dtype)

    compiled = torch.compile(gated), torch.compile(norm)
    found["gated activation"] = timed(lambda: gated(both))
    found["gated activation, compiled"] = timed(lambda: compiled[0](both))
    found["norm in float32"] = timed(lambda: norm(states))
    found["norm in float32, compiled"] = timed(lambda: compiled[1](states))
    found["norm by torch's kernel"] = timed(lambda: functional.rms_norm(states, (HIDDEN,), scale, 1e-5))


@torch.no_grad()
def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("it measures a GPU's kernels, and no CUDA device is here")
    found: Measure = {}
    for part in (decoding, prompts, layers):
        part(found)
    record = {"card": torch.cuda.get_device_name(), "torch": torch.__version__, "measured": found}
    text = json.dumps(record, indent=1)
    print(text)
    if chosen.out:
        chosen.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
