"""A batch of prompts to answers: bounded passes over the prompts, then one token a row and step."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from kurabe.models.runtime.cache import bucket_columns, bucket_rows
from kurabe.models.runtime.decoding import Writing
from kurabe.models.runtime.pinned import sent
from kurabe.models.runtime.prepared import Row
from kurabe.models.runtime.protocol import FamilyRuntime

T = TypeVar("T")

TOKENS_PER_PASS = 32_768
"""Positions of prompts that are computed at once: 1 GiB for the widest activation of Phi-3.5-vision."""


@dataclass(frozen=True, slots=True)
class Produced:
    """What a batch gave, row by row.

    Attributes:
        tokens: New tokens, the one that ended the answer included.
        first_logits: float32 (rows, vocabulary or as many as are read) on the CPU: what the first new token
            was chosen by.
        finite: Whether all logits of the row were numbers.
        read: The tokens that `first_logits` is of; None for all.
    """

    tokens: list[list[int]]
    first_logits: Tensor
    finite: list[bool]
    read: Sequence[int] | None = None


def answer_rows(
    model: FamilyRuntime,
    rows: Sequence[Row],
    *,
    limit: int,
    ends: frozenset[int],
    pad: int,
    tokens_per_pass: int = TOKENS_PER_PASS,
) -> Produced:
    """Answer rows greedily and wait for it; the arguments are those of `ask_rows`."""
    return ask_rows(model, rows, limit=limit, ends=ends, pad=pad, tokens_per_pass=tokens_per_pass)()


def ask_rows(
    model: FamilyRuntime,
    rows: Sequence[Row],
    *,
    limit: int,
    ends: frozenset[int],
    pad: int,
    tokens_per_pass: int = TOKENS_PER_PASS,
    read: Sequence[int] | None = None,
) -> Callable[[], Produced]:
    """Let rows be answered greedily; nothing waits for the device.

    Where nothing is decoded, the next batch can be handed over before this one's answers are waited for.
    Otherwise this one's come first: batches share the memory in which answers are written.

    Args:
        model: The runtime; it takes all of the rows with this limit.
        rows: One request each.
        limit: New tokens a row at most; with 1 nothing is decoded, and nothing kept of the prompts.
        ends: Tokens that end an answer.
        pad: A token to feed to rows that have ended.
        tokens_per_pass: Positions of prompts that are computed at once.
        read: Tokens whose first logits are wanted; None for all.

    Returns:
        What writes the answers to their ends, waits for them and returns them.

    Raises:
        torch.OutOfMemoryError: Here, or from what is returned, if the batch is too large; buffers and graphs
            have been given back then.
    """
    finish = _giving_back(model, lambda: _ask(model, rows, limit, ends, pad, tokens_per_pass, read))
    return lambda: _giving_back(model, finish)


@torch.inference_mode()
def _giving_back(model: FamilyRuntime, act: Callable[[], T]) -> T:
    """Return what ``act`` returns; if memory is too short for it, give back what batches share."""
    try:
        return act()
    except torch.OutOfMemoryError as error:
        reason = str(error)
    # Outside of the handler nothing holds the frames any more, and with them the buffers.
    model.workspace.forget()
    raise torch.OutOfMemoryError(reason)


def _ask(
    model: FamilyRuntime,
    rows: Sequence[Row],
    limit: int,
    ends: frozenset[int],
    pad: int,
    tokens: int,
    read: Sequence[int] | None,
) -> Callable[[], Produced]:
    model.begin(rows)
    buffers = None
    if limit > 1:
        columns = bucket_columns(max(row.length for row in rows) + limit)
        buffers = model.workspace.buffers(model, bucket_rows(len(rows)), columns)
    prefixes = [model.prefix(row) if model.reuse else (None, 0) for row in rows]
    lengths = [row.length for row in rows]
    passes = plan(lengths, prefixes, _even(lengths, tokens))
    hidden, first_row = [], 0
    for numbers in passes:
        hidden.append(model.prefill([rows[number] for number in numbers], buffers, first_row))
        first_row += len(numbers)
    logits = model.logits(torch.cat(hidden))
    best, chosen = logits.max(-1)
    order = [number for numbers in passes for number in numbers]
    back = [order.index(number) for number in range(len(rows))]
    wanted = logits
    if read is not None:
        # All of 64 rows would take the host long enough for the device to run out of work.
        wanted = logits[:, sent(torch.tensor(read, dtype=torch.int64), logits.device)]
    first_logits = wanted[sent(torch.tensor(back), logits.device)].float()
    fetched = _fetched(first_logits, chosen, best.isfinite())
    if buffers is None:

        def wait() -> Produced:
            first, tokens, finite = fetched()
            answers = [[token] for token in tokens[back].tolist()]
            return Produced(answers, first, finite[back].tolist(), read)

        return wait
    slots = model.workspace.slots(model.device, buffers.rows, ends, pad)
    slots.begin(chosen, [lengths[number] for number in order], best.isfinite())
    buffers.clear_state(len(rows))
    writing = Writing(model, buffers, slots, len(rows), limit, ends)
    if model.device.type == "cuda":
        writing.queue()  # behind the prompts: first tokens seldom end an answer

    def write() -> Produced:
        first, first_tokens, first_finite = fetched()
        tokens, finite = writing.written(first_tokens.tolist(), first_finite.tolist())
        if not all(finite):
            buffers.wipe()
        return Produced([tokens[place] for place in back], first, [finite[place] for place in back], read)

    return write


def _fetched(*tensors: Tensor) -> Callable[[], list[Tensor]]:
    """Begin to bring tensors to the CPU; returns what waits for that, and for nothing that follows."""
    if not tensors[0].is_cuda:
        return lambda: list(tensors)
    copies = [
        torch.empty(t.shape, dtype=t.dtype, pin_memory=True).copy_(t, non_blocking=True) for t in tensors
    ]
    there = torch.cuda.Event()
    there.record()

    def wait() -> list[Tensor]:
        there.synchronize()
        return [copy.clone() for copy in copies]  # page-locked memory is for the next batch

    return wait


def _even(lengths: Sequence[int], most: int) -> int:
    """Return a limit below ``most`` that makes passes alike: kernels are planned for each shape."""
    longest = max(lengths)
    passes = -(-len(lengths) * longest // most)
    return min(most, -(-len(lengths) // passes) * longest)


def plan(lengths: Sequence[int], prefixes: Sequence[tuple[Hashable, int]], most: int) -> list[list[int]]:
    """Part a batch into passes of rows that have about the same length, and prefixes of the same.

    Args:
        lengths: Of the prompts in tokens.
        prefixes: Of each row, a key and a length, as `FamilyRuntime.prefix` gives them.
        most: Positions of a pass at most, padding included; a single row may have more.

    Returns:
        Numbers of rows; each row is in one pass.
    """
    users = Counter(key for key, length in prefixes if length)
    shared = [length if users[key] > 1 else 0 for key, length in prefixes]
    # Rows that share a prefix stay together, and come where the longest of them belongs.
    longest: dict[tuple[Hashable, int], int] = {}
    groups = [(key, number if not shared[number] else -1) for number, (key, _) in enumerate(prefixes)]
    for group, length in zip(groups, lengths, strict=True):
        longest[group] = max(length, longest.get(group, 0))
    first = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    numbers = sorted(
        range(len(lengths)),
        key=lambda n: (shared[n], longest[groups[n]], first[groups[n]], lengths[n]),
        reverse=True,
    )
    passes: list[list[int]] = []
    for number in numbers:
        own = shared[number]
        if passes and shared[passes[-1][0]] == own:
            together = [*passes[-1], number]
            wide = max(lengths[n] for n in together) - own
            if len(together) * wide + own * len({groups[n] for n in together}) <= most:
                passes[-1] = together
                continue
        passes.append([number])
    return passes
