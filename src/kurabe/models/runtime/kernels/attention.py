"""Attention without dense masks for prompts, and over static buffers for single tokens."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, cached_property
from threading import get_ident
from types import ModuleType
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from kurabe.models.runtime.kernels.trial import tried

# Of torch's, cuDNN's kernels are the fastest (H200: 384 TFLOP/s over prompts, where flash attention has
# 270; 4.0 TB/s over keys and values under a mask, where the others have 1.7), but each new shape has to be
# planned. The rates are those of perf/results/kernels.json.
_ALIGNED = 64
_DECODE_KERNELS = [SDPBackend.CUDNN_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
_PLANNED = [SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, *_DECODE_KERNELS[1:]]
_UNPLANNED = [SDPBackend.FLASH_ATTENTION, *_DECODE_KERNELS[1:]]

_PLAN_PAYS = 7.4e14
"""Operations on one shape by which a plan has paid, going by the two speeds: 0.8 s / (1/270e12 - 1/384e12).
The first plan of a process stopped an H100 for so long (perf/results/throughput_mllama_h100.json); others
took 0.06 to 0.36 s (the gaps in perf/results/throughput_*_before.json). A shape that comes seldom is not
planned, and one that keeps coming costs at most twice what it must."""

_PLAN_PAYS_OVER_OURS = 1.7e15
"""The same where our kernel is the other way: 0.8 s / (1/312e12 - 1/364e12), by the rates over prompts in
perf/results/prompt_attention.json."""

_ROWS_TO_PLAN = 16
"""Rows from which on a plan pays within one answer: Phi-3.5-vision saves 0.2 ms a row and step."""

_operations: Counter[Hashable] = Counter()


def _planned(queries: Tensor, columns: int, pays: float) -> bool:
    """Say whether a plan for (rows, heads, tokens, head_dim) has paid by what was computed in this shape."""
    # A thread's plans are its own.
    shape = get_ident(), queries.device, queries.dtype, queries.shape, columns
    _operations[shape] += 4 * queries.numel() * columns
    return _operations[shape] > pays


def _kernels(queries: Tensor, columns: int, pays: float = _PLAN_PAYS) -> AbstractContextManager[None]:
    """Choose from torch's kernels."""
    if not queries.is_cuda:
        return nullcontext()
    planned = _planned(queries, columns, pays)
    chosen: AbstractContextManager[None] = sdpa_kernel(_PLANNED if planned else _UNPLANNED, set_priority=True)
    return chosen


OF_PROMPTS = (9,)
"""Compute capabilities that our kernel for prompts and pictures was made for: those of H100 and H200."""

OF_TOKENS = (8, 9)
"""The same for our kernel for single tokens; it was measured on an H200 alone."""


def own_kernel(queries: Tensor, keys: Tensor, values: Tensor) -> Any:
    """Return the module `prompt_attention` where it computes these; None where torch does."""
    if not queries.is_cuda:
        return None
    module = _tried_with_prompts(queries.device, queries.dtype)[0]
    return module if module is not None and module.takes(queries, keys, values) else None


def own_kernels_refused(device: torch.device, dtype: torch.dtype) -> dict[str, str]:
    """Say why our kernels do not attend on a device: one text each, "" for those that do."""
    return {
        "attention": _tried_with_prompts(device, dtype)[1],
        "attention of tokens": tried_with_tokens(device, dtype)[1],
    }


@cache
def _tried_with_prompts(device: torch.device, dtype: torch.dtype) -> tuple[Any, str]:
    def attend(module: Any) -> None:
        # In the sizes of the two families, so that all is compiled when the first batch comes.
        for channels, causal in ((64, False), (80, False), (96, True)):
            heads = torch.ones(1, 128, 16, channels, dtype=dtype, device=device).transpose(1, 2)
            module.attend(heads, heads, heads, causal=causal)

    def load() -> ModuleType:
        import kurabe.models.runtime.kernels.prompt_attention as module

        return module

    return attempted(load, device, dtype, OF_PROMPTS, attend)


@cache
def tried_with_tokens(device: torch.device, dtype: torch.dtype) -> tuple[Any, str]:
    """Return our module for single tokens, or None and why it cannot run on this device."""

    def attend(module: Any) -> None:
        lengths = torch.ones(1, dtype=torch.int64, device=device)
        for heads, kv_heads, channels in ((32, 32, 96), (32, 8, 128)):
            queries = torch.ones(1, heads, channels, dtype=dtype, device=device)
            keys = torch.ones(1, kv_heads, 128, channels, dtype=dtype, device=device)
            members = torch.zeros(1, 1, dtype=torch.int64, device=device)
            for parts in (1, 2):
                module.attend(queries, keys, keys, lengths, parts=parts)
                module.attend(queries, keys, keys, lengths, parts=parts, members=members)
            begun = module.begin(queries, keys, keys, lengths, members, members[0], parts=1)
            module.attend(queries, keys, keys, lengths, begun=begun)

    def load() -> ModuleType:
        import kurabe.models.runtime.kernels.token_attention as module

        return module

    return attempted(load, device, dtype, OF_TOKENS, attend)


def attempted(
    load: Callable[[], ModuleType],
    device: torch.device,
    dtype: torch.dtype,
    capabilities: Sequence[int],
    attend: Callable[[Any], None],
) -> tuple[Any, str]:
    """Return a module of kernels once ``attend`` has run with it, or None and why it could not.

    Args:
        load: Imports the module, which fails on a machine without Triton.
        device: Where the kernels would run.
        dtype: What they would compute in.
        capabilities: Compute capabilities that they were made for.
        attend: Runs the kernels once.
    """
    if dtype not in (torch.bfloat16, torch.float16):
        return None, f"made for numbers of 16 bit, not {dtype}"
    if device.type != "cuda" or torch.cuda.get_device_capability(device)[0] not in capabilities:
        return None, f"made for GPUs of compute capability {' or '.join(map(str, capabilities))}"
    return tried(load, attend)


def full_attention(
    queries: Tensor, keys: Tensor, values: Tensor, pays: float = _PLAN_PAYS, *, own: bool = True
) -> Tensor:
    """Attend everywhere.

    Args:
        queries: (rows, heads, positions, head_dim).
        keys: (rows, heads, columns, head_dim).
        values: Likewise.
        pays: Operations on one shape by which a plan for cuDNN's kernel has paid.
        own: Whether our kernel may attend.

    Returns:
        As ``queries``.
    """
    kernel = own_kernel(queries, keys, values) if own else None
    if kernel is not None:
        if not _planned(queries, keys.shape[2], _PLAN_PAYS_OVER_OURS):
            attended: Tensor = kernel.attend(queries, keys, values)
            return attended
        pays = 0
    with _kernels(queries, keys.shape[2], pays):
        return scaled_dot_product_attention(queries, keys, values)


def prefill_attention(
    queries: Tensor, keys: Tensor, values: Tensor, prefix: int = 0, *, own: bool = True
) -> Tensor:
    """Attend causally; rows are padded on the right, where no token of a row looks.

    Args:
        queries: (rows, heads, tokens, head_dim).
        keys: (rows, kv_heads, prefix + tokens, head_dim).
        values: Likewise.
        prefix: Columns before the queries' own, all of which every query sees.
        own: Whether our kernel may attend.

    Returns:
        As ``queries``.
    """
    kernel = own_kernel(queries, keys, values) if own else None
    if kernel is not None and not _planned(queries, keys.shape[2], _PLAN_PAYS_OVER_OURS):
        attended: Tensor = kernel.attend(queries, keys, values, causal=True)
        return attended
    pays = _PLAN_PAYS if kernel is None else 0
    grouped = queries.shape[1] != keys.shape[1]
    if not prefix:
        with _kernels(queries, keys.shape[2], pays):
            return scaled_dot_product_attention(queries, keys, values, is_causal=True, enable_gqa=grouped)
    tokens, columns = queries.shape[2], keys.shape[2]
    assert columns == prefix + tokens
    if queries.is_cuda:
        from torch.nn.attention.bias import causal_lower_right  # brings torch's compiler with it

        if grouped:
            keys, values = (t.repeat_interleave(queries.shape[1] // t.shape[1], 1) for t in (keys, values))
        with _kernels(queries, columns, pays):
            return scaled_dot_product_attention(queries, keys, values, causal_lower_right(tokens, columns))
    mask = torch.ones(tokens, columns, dtype=torch.bool, device=queries.device).tril(prefix)
    return scaled_dot_product_attention(queries, keys, values, mask, enable_gqa=grouped)


@dataclass(frozen=True)
class Seen:
    """The columns that single tokens see: those of each row from the first one on.

    Attributes:
        lengths: Whole numbers (rows,): how many; 0 counts as 1, so that every row computes with numbers.
        columns: Of the keys and values.
    """

    lengths: Tensor
    columns: int

    @cached_property
    def mask(self) -> Tensor:
        """The same as bool (rows, columns), computed once for all layers of a step."""
        return torch.arange(self.columns, device=self.lengths.device) < self.lengths.clamp(min=1)[:, None]


def decode_attention(
    queries: Tensor, keys: Tensor, values: Tensor, seen: Seen, *, plans: bool = True, own: bool = True
) -> Tensor:
    """Attend with one query a row.

    Args:
        queries: (rows, heads, head_dim).
        keys: (rows, kv_heads, columns, head_dim).
        values: Likewise.
        seen: What the rows see.
        plans: Whether a kernel may be taken that is planned for each shape, where ours does not run.
        own: Whether our kernel may attend.

    Returns:
        (rows, heads, head_dim).
    """
    module = tried_with_tokens(queries.device, queries.dtype)[0] if own and queries.is_cuda else None
    if module is not None and module.takes(queries, keys, values):
        attended: Tensor = module.attend(queries, keys, values, seen.lengths)
        return attended
    rows, heads, channels = queries.shape
    # The queries of a group share keys and mask, so they stand where a row's tokens would.
    grouped = queries.reshape(rows, keys.shape[1], -1, channels)
    mask = seen.mask[:, None, None]
    if plans and queries.is_cuda and rows >= _ROWS_TO_PLAN and keys.shape[2] % _ALIGNED == 0:
        with sdpa_kernel(_DECODE_KERNELS, set_priority=True):
            mixed = scaled_dot_product_attention(grouped, keys, values, mask)
    else:
        mixed = scaled_dot_product_attention(grouped, keys, values, mask)
    return mixed.reshape(rows, heads, channels)
