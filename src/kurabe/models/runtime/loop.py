"""A batch of prompts to answers: bounded passes over the prompts, then one token a row and step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from kurabe.models.runtime.decoding import Writing
from kurabe.models.runtime.drawing import Sampling
from kurabe.models.runtime.forest import Forest, in_order, passes
from kurabe.models.runtime.pinned import sent
from kurabe.models.runtime.prepared import Row
from kurabe.models.runtime.protocol import FamilyRuntime
from kurabe.models.runtime.seats import Seats

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


Parts = list[tuple[list[int], Forest]]
"""The numbers of each pass's rows, and its trees."""


def parted(model: FamilyRuntime, rows: Sequence[Row], tokens_per_pass: int = TOKENS_PER_PASS) -> Parts:
    """Find out what rows have in common, and part them into passes: all on the host, before their turn."""
    order = in_order(rows, model.beginning if model.reuse and model.shares else None)
    return passes(rows, order, tokens_per_pass, model.trees_per_pass, model.alike)


def answer_rows(
    model: FamilyRuntime,
    rows: Sequence[Row],
    *,
    limit: int | Sequence[int],
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
    limit: int | Sequence[int],
    ends: frozenset[int],
    pad: int,
    tokens_per_pass: int = TOKENS_PER_PASS,
    read: Sequence[int] | None = None,
    parts: Parts | None = None,
    sampling: Sampling | None = None,
    keys: Sequence[int] | None = None,
) -> Callable[[], Produced]:
    """Let rows be answered; nothing waits for the device.

    Where nothing is decoded, the next batch can be handed over before this one's answers are waited for.
    Otherwise this one's come first: batches share the memory in which answers are written.

    Args:
        model: The runtime; it takes all of the rows with this limit.
        rows: One request each. What several of them begin with is computed once, kept once and read once.
        limit: New tokens a row at most, or of each row; with 1 nothing is decoded, and nothing kept of the
            prompt.
        ends: Tokens that end an answer.
        pad: A token to feed to rows that have ended.
        tokens_per_pass: Positions of prompts that are computed at once.
        read: Tokens whose first logits are wanted; None for all.
        parts: What `parted` has made of these rows; None if it has not been asked.
        sampling: How tokens are drawn; None for the likeliest ones.
        keys: With ``sampling``, what the draws of each row start from, in [0, 2**63).

    Returns:
        What writes the answers to their ends, waits for them and returns them.

    Raises:
        torch.OutOfMemoryError: Here, or from what is returned, if the batch is too large; buffers and graphs
            have been given back then.
    """
    limits = [limit] * len(rows) if isinstance(limit, int) else limit
    found = parted(model, rows, tokens_per_pass) if parts is None else parts
    draws = None if sampling is None or keys is None else (sampling, keys)
    finish = _giving_back(model, lambda: _ask(model, rows, limits, ends, pad, found, read, draws))
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
    limits: Sequence[int],
    ends: frozenset[int],
    pad: int,
    parts: Parts,
    read: Sequence[int] | None,
    draws: tuple[Sampling, Sequence[int]] | None,
) -> Callable[[], Produced]:
    model.begin(rows)
    forests = [forest for _, forest in parts]
    lengths = [row.length for row in rows]
    seats, buffers = Seats.of(parts, limits, model.parted), None
    if seats.rows:
        buffers = model.workspace.buffers(
            model, seats.room(lengths, limits, forests, bool(model.row_state()))
        )
        seats.begin(buffers, forests)
    hidden, back, answers = [], [0] * len(rows), 0
    for number, (numbers, forest) in enumerate(parts):
        kept = None if buffers is None else seats.kept(buffers, number, forest)
        hidden.append(model.prefill(forest, kept))
        for row, answer in zip(numbers, forest.answers, strict=True):
            back[row] = answers + answer
        answers += len(forest.last)
        model.counts.prefix_tokens_reused += sum(lengths[row] for row in numbers) - forest.tokens
    logits = model.logits(torch.cat(hidden))
    best, chosen = logits.max(-1)
    wanted = logits
    if read is not None:
        # All of 64 rows would take the host long enough for the device to run out of work.
        wanted = logits[:, sent(torch.tensor(read, dtype=torch.int64), logits.device)]
    places = sent(torch.tensor(back), logits.device)
    finite, chosen = best.isfinite()[places], chosen[places]
    if draws is not None:
        starts = (sent(torch.tensor(numbers), logits.device) for numbers in (draws[1], lengths))
        chosen = draws[0].draw(logits[places], *starts)
    fetched = _fetched(wanted[places].float(), chosen, finite)
    if buffers is None:

        def wait() -> Produced:
            first, tokens, good = fetched()
            return Produced([[token] for token in tokens.tolist()], first, good.tolist(), read)

        return wait
    writing = [seat.number for seat in seats.rows]
    asked = sent(torch.tensor(writing), logits.device)
    own = [limits[row] for row in writing]
    slots = model.workspace.slots(model.device, buffers.rows, ends, pad)
    own_keys = None if draws is None else [draws[1][row] for row in writing]
    slots.begin(chosen[asked], [lengths[row] for row in writing], finite[asked], own, own_keys)
    steps = Writing(model, buffers, slots, seats, own, ends, None if draws is None else draws[0])
    if model.device.type == "cuda":
        steps.queue()  # behind the prompts: first tokens seldom end an answer

    def write() -> Produced:
        first, first_tokens, first_finite = fetched()
        tokens, good = [[token] for token in first_tokens.tolist()], first_finite.tolist()
        written, still = steps.written([tokens[row][0] for row in writing], [good[row] for row in writing])
        for row, own_tokens, numbers in zip(writing, written, still, strict=True):
            tokens[row], good[row] = own_tokens, numbers
        if not all(good):
            buffers.wipe()
        return Produced(tokens, first, good, read)

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
