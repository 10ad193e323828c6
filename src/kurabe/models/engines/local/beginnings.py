"""What prompts about the same pictures begin with, computed once by transformers' own cache.

A prompt shows its pictures first, and its question is short beside them. Here prompts are cut into a
beginning, which holds all pictures, and a rest; keys and values of the beginnings are then copied for each
row that goes on from them. Rests are padded on the left, behind the beginnings; a sliding window would count
that, so where there is one, rows that are computed together have rests of the same length.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from kurabe.models.engines.local.by_generate import decoding, on_device
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.families.inputs import Inputs, written

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

    from kurabe.common.request import Request

Make = Callable[[Sequence[str], Sequence[Sequence["Image"]]], Inputs]
"""Runs the processor on prompts and the pictures of each."""

_MOVING = frozenset({"dynamic", "longrope"})
"""Rotary positions that depend on how long the whole row is: a beginning alone gets others."""


class ApartError(Exception):
    """Prompts or a model that cannot share what they begin with, and why."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts of a batch.

    Attributes:
        beginnings: One row a set of pictures, padded on the left to (pairs, tokens), with all pictures.
        ids: Of each prompt, whole, without padding.
        pairs: The row in ``beginnings`` of each prompt.
        firsts: The number of the first prompt of each pair.
    """

    beginnings: Inputs
    ids: list[list[int]]
    pairs: list[int]
    firsts: list[int]

    def rest(self, prompt: int) -> int:
        """Return how many tokens of a prompt stand behind its beginning."""
        return len(self.ids[prompt]) - self.beginnings.lengths[self.pairs[prompt]]

    @property
    def reused(self) -> int:
        """Tokens that are not computed, as another prompt begins alike."""
        lengths = self.beginnings.lengths
        return sum(lengths[pair] for pair in self.pairs) - sum(lengths)


def picture_tokens(loaded: Loaded) -> frozenset[int]:
    """Return the tokens that pictures are put in the place of; none if nobody tells."""
    names = ("image_token_id", "image_token_index")
    known = [getattr(own, name, None) for own in (loaded.model.config, loaded.processor) for name in names]
    return frozenset(token for token in known if isinstance(token, int))


def unfit(loaded: Loaded) -> str:
    """Say why a model cannot go on from a beginning, as far as its configuration tells; "" if it may."""
    if not picture_tokens(loaded):
        return "nobody tells which tokens its pictures are"
    config = loaded.model.config
    if getattr(config, "is_encoder_decoder", False):
        return "it reads prompts with an encoder"
    text = config.get_text_config()
    rope = getattr(text, "rope_parameters", None) or {}
    kinds = {own.get("rope_type") for own in (rope, *rope.values()) if isinstance(own, dict)}
    if kinds & _MOVING:
        return "its positions depend on how long a row is"
    if getattr(text, "attention_chunk_size", None) is not None:
        return "its attention is cut into chunks"
    return ""


def cut(loaded: Loaded, requests: Sequence["Request"], pairs: Sequence[int], make: Make) -> Prompts:
    """Run the processor, and cut the prompts into beginnings and rests.

    Args:
        loaded: The model.
        requests: One a row.
        pairs: The number of each row's pictures, counted from 0 in the order of the rows.
        make: Runs the processor.

    Raises:
        ApartError: If pictures are behind what the questions of a pair have in common.
    """
    firsts = [list(pairs).index(pair) for pair in range(max(pairs) + 1)]
    shown = make([requests[row].prompt for row in firsts], [requests[row].pictures for row in firsts])
    leads = _unpadded(shown)
    ids = [
        _follows(loaded, requests[firsts[pair]], own, leads[pair])
        for own, pair in zip(requests, pairs, strict=True)
    ]
    if unknown := [row for row, own in enumerate(ids) if own is None]:
        asked = [requests[row] for row in unknown]
        made = _unpadded(make([own.prompt for own in asked], [own.pictures for own in asked]))
        for row, own in zip(unknown, made, strict=True):
            ids[row] = own
    whole = [own for own in ids if own is not None]
    ends, more, tokens = [], [], picture_tokens(loaded)
    for pair in range(len(leads)):
        rows = [own for own, of in zip(whole, pairs, strict=True) if of == pair]
        ends.append(1 + max(place for row in rows for place, token in enumerate(row) if token in tokens))
        more.append(min(_alike(rows), min(map(len, rows)) - 1) - ends[pair])
    if min(more) < 0:
        raise ApartError("its prompts do not begin with their pictures")
    # As many tokens behind the pictures for all pairs: a question then has the same rest for each of them.
    return Prompts(_begin(loaded, shown, [end + min(more) for end in ends]), whole, list(pairs), firsts)


def _follows(loaded: Loaded, first: "Request", other: "Request", lead: list[int]) -> list[int] | None:
    """Return the tokens of a prompt, from those of another about the same pictures; None if that is not sure.

    Running the processor on the pictures once more would tell the same, and take much longer. Behind a
    token that no tokenizer joins to its neighbours, words become tokens alike whatever stands before.
    """
    if other.prompt == first.prompt:
        return lead
    words, number = loaded.processor.tokenizer, len(first.pictures)
    texts = [written(loaded.processor, own.prompt, number) for own in (first, other)]
    plain, wanted = (words.encode(text, add_special_tokens=False) for text in texts)
    same = _alike([plain[::-1], lead[::-1]])
    for place in range(len(plain) - same, _alike([plain, wanted])):
        if plain[place] in words.added_tokens_decoder:
            return [*lead[: len(lead) - (len(plain) - place) + 1], *wanted[place + 1 :]]
    return None


def _alike(rows: Sequence[Sequence[int]]) -> int:
    """Return how many tokens rows have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda tokens: len(set(tokens)) == 1, zip(*rows, strict=False)))


def _unpadded(inputs: Inputs) -> list[list[int]]:
    rows = zip(inputs.tensors["input_ids"], inputs.lengths, strict=True)
    return [row[len(row) - length :].tolist() for row, length in rows]


def _begin(loaded: Loaded, shown: Inputs, lengths: list[int]) -> Inputs:
    """Leave the first ``lengths`` tokens of rows that are padded on the left."""
    shape = shown.tensors["input_ids"].shape
    tensors = dict(shown.tensors)
    for name, tensor in shown.tensors.items():
        if getattr(tensor, "shape", ())[:2] != shape or "pixel" in name:
            continue
        if tensor.shape != shape:
            raise ApartError(f"it takes {name} for each token")
        fill = loaded.processor.tokenizer.pad_token_id if name == "input_ids" else 0
        tensors[name] = left = tensor.new_full((len(lengths), max(lengths)), fill)
        for row, (length, whole) in enumerate(zip(lengths, shown.lengths, strict=True)):
            left[row, max(lengths) - length :] = tensor[row, shape[1] - whole :][:length]
    return Inputs(tensors, lengths)


class Begun:
    """The beginnings of a batch, computed.

    Args:
        loaded: The model.
        prompts: The batch's.

    Attributes:
        sliding: Whether any layer looks at the last columns alone.

    Raises:
        ApartError: If what the model remembers of them cannot be copied row by row.
        torch.OutOfMemoryError: If there are too many.
    """

    def __init__(self, loaded: Loaded, prompts: Prompts) -> None:
        import torch

        self._loaded = loaded
        self._prompts = prompts
        tensors, settings = on_device(loaded, prompts.beginnings), decoding(loaded, 1)
        settings.return_dict_in_generate = True
        with torch.inference_mode():
            given = loaded.model.generate(**tensors, generation_config=settings)
        self._cache: Any = given.past_key_values
        self._ids, self._mask = tensors["input_ids"], tensors["attention_mask"]
        _check(self._cache, *self._ids.shape)
        self.sliding = any(layer.is_sliding for layer in self._cache.layers)
        # Families of the Qwen-VL kind keep beside the cache how far a row's pictures move its positions.
        parts = [part for part in loaded.model.modules() if vars(part).get("rope_deltas") is not None]
        self._moved = [(part, part.rope_deltas) for part in parts]

    def rows(self, chosen: Sequence[int]) -> Inputs:
        """Return what ``generate`` goes on from.

        Args:
            chosen: Numbers of prompts; where the cache is `sliding`, with rests of the same length.

        Returns:
            The whole prompts, (rows, tokens), with padding before both parts, and a cache of their
            beginnings, which is theirs alone. It holds until the next call.
        """
        import torch

        prompts, ids = self._prompts, self._ids
        places = torch.tensor([prompts.pairs[row] for row in chosen])  # on the CPU it fits all devices
        lengths = [prompts.rest(row) for row in chosen]
        most, pad = max(lengths), self._loaded.processor.tokenizer.pad_token_id
        padded = [
            [pad] * (most - own) + prompts.ids[row][-own:] for row, own in zip(chosen, lengths, strict=True)
        ]
        rest = ids.new_tensor(padded)
        asked = ids.new_tensor([[0] * (most - own) + [1] * own for own in lengths])
        mask = self._mask[places]
        for part, moved in self._moved:
            part.rope_deltas = moved[places]
        tensors = {
            "input_ids": torch.cat([ids[places], rest], 1),
            "attention_mask": torch.cat([mask, asked], 1),
            "past_key_values": _copied(self._cache, places),
        }
        return Inputs(tensors, [len(prompts.ids[row]) for row in chosen])


def _check(cache: Any, rows: int, tokens: int) -> None:
    """Refuse a cache of which it is not known that its rows can be copied.

    States of linear attention, static buffers and the like are changed in place, or hold more than keys and
    values.
    """
    from transformers.cache_utils import DynamicCache, DynamicLayer, DynamicSlidingWindowLayer

    layers: list[Any] = getattr(cache, "layers", [])
    kinds = {type(layer) for layer in layers}
    if type(cache) is not DynamicCache or not kinds or kinds - {DynamicLayer, DynamicSlidingWindowLayer}:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise ApartError(f"it remembers a prompt in {type(cache).__name__} ({names}), which is not copied")
    if cache.get_seq_length() != tokens or any(len(layer.keys) != rows for layer in layers):
        raise ApartError("it does not remember all tokens of a prompt")


def _copied(cache: Any, places: "torch.Tensor") -> Any:
    """Return a cache of some rows of another one, which stays as it is; a row may be taken several times."""
    made = copy(cache)
    made.layers = [copy(layer) for layer in cache.layers]
    made.batch_select_indices(places)  # gives each layer new tensors
    return made


def differs(
    loaded: Loaded, shared: "torch.Tensor", plain: "torch.Tensor", tokens: tuple[list[int], list[int]]
) -> str:
    """Say how an answer that went on from a beginning differs from the plain one; "" if it does not.

    Args:
        loaded: The model.
        shared: float32 (vocabulary,): what the first new token was chosen by.
        plain: Likewise.
        tokens: The answers, the shared one first. They are compared in float32 alone: elsewhere the order in
            which numbers are added decides near ties.
    """
    import torch

    exact = loaded.model.dtype in (torch.float32, torch.float64)
    finite = plain.isfinite()
    if not torch.equal(finite, shared.isfinite()) or not finite.any():
        return "some logits are no numbers"
    # Beside how far logits are spread: those of an untrained model are all near 0.
    spread = float(plain[finite].max() - plain[finite].min())
    off = float((shared - plain)[finite].abs().max())
    moved = float((shared.softmax(0) - plain.softmax(0)).abs().max())
    if off > (1e-4 if exact else 5e-2) * spread or moved > (1e-4 if exact else 2e-2):
        return f"logits of the first token differ by {off:.2g} of {spread:.2g}"
    return "its words differ" if exact and tokens[0] != tokens[1] else ""
