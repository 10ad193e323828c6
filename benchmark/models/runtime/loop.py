"""A batch of prompts to answers: bounded passes over the prompts, then one token a row and step."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from benchmark.models.runtime.cache import Buffers, bucket_columns, bucket_rows
from benchmark.models.runtime.family import FamilyRuntime
from benchmark.models.runtime.graph import Slots
from benchmark.models.runtime.prepared import Row

TOKENS_PER_PASS = 32_768
"""Positions of prompts that are computed at once: 1 GiB for the widest activation of Phi-3.5-vision."""

STEPS_PER_LOOK = 8
"""Steps between two looks at the tokens, each of which waits for the device."""


@dataclass(frozen=True, slots=True)
class Produced:
    """What a batch gave, row by row.

    Attributes:
        tokens: New tokens, the one that ended the answer included.
        first_logits: float32 (rows, vocabulary) on the CPU: what the first new token was chosen by.
        finite: Whether all logits of the row were numbers.
    """

    tokens: list[list[int]]
    first_logits: Tensor
    finite: list[bool]


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


@torch.inference_mode()
def ask_rows(
    model: FamilyRuntime,
    rows: Sequence[Row],
    *,
    limit: int,
    ends: frozenset[int],
    pad: int,
    tokens_per_pass: int = TOKENS_PER_PASS,
) -> Callable[[], Produced]:
    """Let rows be answered greedily.

    Nothing waits for the device where nothing is decoded: the next batch can be handed to it before this
    one's answers are looked at.

    Args:
        model: The runtime; it takes all of the rows with this limit.
        rows: One request each.
        limit: New tokens a row at most; with 1 nothing is decoded, and nothing kept of the prompts.
        ends: Tokens that end an answer.
        pad: A token to feed to rows that have ended.
        tokens_per_pass: Positions of prompts that are computed at once.

    Returns:
        What waits for the answers and returns them.

    Raises:
        torch.OutOfMemoryError: If the batch is too large; buffers and graphs have been given back then.
    """
    try:
        return _ask(model, rows, limit, ends, pad, tokens_per_pass)
    except torch.OutOfMemoryError as error:
        reason = str(error)
    # Outside of the handler nothing holds the frames any more, and with them the buffers.
    model.workspace.forget()
    raise torch.OutOfMemoryError(reason)


def _ask(
    model: FamilyRuntime, rows: Sequence[Row], limit: int, ends: frozenset[int], pad: int, tokens: int
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
    fetched = _fetched(logits, chosen, best.isfinite())
    if buffers is None:

        def wait() -> Produced:
            first, tokens, finite = fetched()
            return Produced(
                [[token] for token in tokens[back].tolist()], first.float()[back], finite[back].tolist()
            )

        return wait
    slots = model.workspace.slots(model.device, buffers.rows, ends, pad)
    slots.begin(chosen, [lengths[number] for number in order], best.isfinite())
    buffers.repeat_state(len(rows))
    first, tokens_first, _ = fetched()
    written, good = _decode(model, buffers, slots, tokens_first.tolist(), limit, ends)
    if not all(good):
        buffers.wipe()
    produced = Produced(
        [written[place] for place in back], first.float()[back], [bool(good[place]) for place in back]
    )
    return lambda: produced


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


def _decode(
    model: FamilyRuntime,
    buffers: Buffers,
    slots: Slots,
    first: Sequence[int],
    limit: int,
    ends: frozenset[int],
) -> tuple[list[list[int]], list[bool]]:
    """Write answers on; returns the tokens of each row, and whether its logits were numbers."""
    written = [[token] for token in first]
    finite = [bool(good) for good in slots.finite[: len(first)].tolist()]
    live = {row: row for row, token in enumerate(first) if finite[row] and token not in ends}
    window = torch.empty(STEPS_PER_LOOK + 1, buffers.rows, dtype=torch.int64, device=model.device)
    adapters, done = model.signature(), 1
    while live and done < limit:
        buffers, slots, live = _compact(buffers, slots, live)
        key = adapters, model.graph_key(), buffers.key, slots.key
        step = partial(_advance, model, buffers, slots)
        steps = min(STEPS_PER_LOOK, limit - done)
        seen = window[:, : buffers.rows]
        for number in range(steps):
            model.workspace.run(model, key, step)
            seen[number] = slots.ids
        seen[steps] = slots.finite
        *tokens, good = seen[: steps + 1].tolist()
        for place, row in list(live.items()):
            for number in range(steps):
                written[row].append(tokens[number][place])
                if tokens[number][place] in ends:
                    break
            finite[row] = bool(good[place])
            if written[row][-1] in ends or not finite[row]:
                del live[place]
        done += steps
    return written, finite


def _advance(model: FamilyRuntime, buffers: Buffers, slots: Slots) -> None:
    """Feed each row its token and choose the next; the same code runs eagerly and captured."""
    best, tokens = model.logits(model.step(slots.ids, slots.positions, buffers)).max(-1)
    slots.finite.logical_and_(best.isfinite() | slots.ended)
    slots.ids.copy_(torch.where(slots.ended, slots.pad, tokens))
    slots.positions.add_(~slots.ended)
    ending = (tokens[:, None] == slots.ends).any(-1)
    slots.ended.logical_or_(ending | ~slots.finite)


def _compact(buffers: Buffers, slots: Slots, live: dict[int, int]) -> tuple[Buffers, Slots, dict[int, int]]:
    """Move live rows to the front if a smaller batch holds them.

    Args:
        buffers: In use.
        slots: In use.
        live: Place in the buffers to row, of the rows that have not ended.
    """
    rows = bucket_rows(len(live))
    if rows >= buffers.rows:
        return buffers, slots, live
    sources = [place for place in live if place >= rows]
    targets = [place for place in range(rows) if place not in live][: len(sources)]
    if sources:
        buffers.move(sources, targets)
        slots.move(sources, targets)
    moved = dict(zip(sources, targets, strict=True))
    live = {moved.get(place, place): row for place, row in live.items()}
    return buffers.front(rows), slots.front(rows), live
