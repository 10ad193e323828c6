"""Is the prompt that a server makes of a request the one that a local model gets, token by token?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kurabe.commands.check_model import built_in
from kurabe.common.errors import ModelError
from kurabe.models.protocol import PromptTokens, TellsPrompt
from kurabe.models.registry import Registry

_PLAIN = 8
"""A token that is repeated more often than so stands for a picture: no question of the bench does that."""


@dataclass(frozen=True, slots=True)
class ComparedPrompt:
    """One prompt of two models.

    Attributes:
        name: What was shown and asked.
        one: The prompt of the model that is checked.
        other: That of the model it is held against.
        parts: Where they part, in ``one`` and in ``other``; None if they do not, or if nobody tells.
    """

    name: str
    one: PromptTokens
    other: PromptTokens
    parts: tuple[int, int] | None

    @property
    def known(self) -> bool:
        """Whether both tell their tokens."""
        return self.one.ids is not None and self.other.ids is not None

    @property
    def counts_differ(self) -> bool:
        """Whether both say how many tokens there are, and say different numbers."""
        return None not in (self.one.count, self.other.count) and self.one.count != self.other.count

    @property
    def equal(self) -> bool:
        """Whether nothing tells the two apart."""
        return self.parts is None and not self.counts_differ


def compare_prompts(registry: Registry, name: str, against: str) -> list[ComparedPrompt]:
    """Let two models tell the tokens of the built-in pairs' prompts.

    Raises:
        ModelError: If one of them cannot run here or cannot tell, or if they are not shown pairs alike.
    """
    entries = registry.models.entries
    layouts = [entries[each].common.layout for each in (name, against)]
    if layouts[0] != layouts[1]:
        raise ModelError(
            f"{name} is shown pairs {layouts[0]!r} and {against} {layouts[1]!r}: give both the same 'layout'"
        )
    told: list[list[PromptTokens]] = []
    requests = built_in(layouts[0], registry.engine(name).questions & registry.engine(against).questions)
    for each in (name, against):
        engine = registry.ready(each)
        if not isinstance(engine, TellsPrompt):
            raise ModelError(f"{each}: its engine {entries[each].common.engine!r} makes no prompt of tokens")
        told.append([engine.prompt_tokens(request) for request in requests])
    return [
        ComparedPrompt(request.trial, one, other, where_they_part(one, other))
        for request, one, other in zip(requests, *told, strict=True)
    ]


def where_they_part(one: PromptTokens, other: PromptTokens) -> tuple[int, int] | None:
    """Return the first places at which two prompts differ; None if they are alike or not told.

    A picture's tokens count as one: what stands for a picture has other numbers elsewhere. How many there are
    is compared, unless a server tells its tokens as they are before pictures get their places.
    """
    if one.ids is None or other.ids is None:
        return None
    pictures, whole = one.pictures | other.pictures, one.whole and other.whole
    at = place = 0
    while at < len(one.ids) and place < len(other.ids):
        shows = [_kind(ids[n], pictures)[0] for ids, n in ((one.ids, at), (other.ids, place))]
        if not any(shows):
            if one.ids[at] != other.ids[place]:
                return at, place
            at, place = at + 1, place + 1
            continue
        lengths = [_length(ids[n:], pictures) for ids, n in ((one.ids, at), (other.ids, place))]
        # What only one side takes for a picture's stands for one on the other if it is repeated.
        unknown = [length for length, known in zip(lengths, shows, strict=True) if not known]
        if whole and (lengths[0] != lengths[1] or unknown == [1]):
            return at, place
        at, place = at + lengths[0], place + lengths[1]
    return None if (at, place) == (len(one.ids), len(other.ids)) else (at, place)


def _length(ids: Sequence[int], pictures: frozenset[int]) -> int:
    """Return how many tokens of the first one's kind there are in a row."""
    _, group = next(groupby(ids, lambda each: _kind(each, pictures)))
    return sum(1 for _ in group)


def _runs(ids: Sequence[int], pictures: frozenset[int]) -> list[tuple[int, int, int]]:
    """Return (token, how often in a row, where) of each token; what may be a picture's is taken together."""
    runs, at = [], 0
    for (shows, token), group in groupby(ids, lambda each: _kind(each, pictures)):
        length = sum(1 for _ in group)
        if shows or length > _PLAIN:
            runs.append((token, length, at))
        else:
            runs += [(token, 1, at + place) for place in range(length)]
        at += length
    return runs


def _kind(token: int, pictures: frozenset[int]) -> tuple[bool, int]:
    """Say whether a token stands for a picture; all that do are of one kind."""
    shows = token < 0 or token in pictures
    return shows, -1 if shows else token


def shown(prompt: PromptTokens, words: dict[int, str]) -> str:
    """Write a prompt's tokens in a line: numbers, with their words where these are known."""
    if prompt.ids is None:
        return "(not told)"
    return " ".join(_token(token, length, words) for token, length, _ in _runs(prompt.ids, prompt.pictures))


def _token(token: int, times: int, words: dict[int, str]) -> str:
    word = "picture" if token < 0 else repr(words[token]) if token in words else ""
    return f"{token}{f':{word}' if word else ''}{f' ×{times}' if times > 1 else ''}"


def describe(found: ComparedPrompt, name: str, against: str) -> list[str]:
    """Return the lines that tell of a prompt."""
    words = {
        token: piece
        for prompt in (found.one, found.other)
        for token, piece in zip(prompt.ids or (), prompt.pieces, strict=False)
    }
    lines = [found.name, f"  {name}: {shown(found.one, words)}", f"  {against}: {shown(found.other, words)}"]
    counts = f"{_counted(found.one)} and {_counted(found.other)} tokens"
    if not found.known:
        silent = name if found.one.ids is None else against
        lines.append(f"  {silent} does not tell its tokens, so only their numbers are compared: {counts}")
    elif found.parts is None:
        before = (
            ""
            if found.one.whole and found.other.whole
            else ", but for the places of pictures, which are not told"
        )
        lines.append(f"  the same, token by token{before} ({counts})")
    else:
        at, place = found.parts
        here, there = (_around(found.one, at, words), _around(found.other, place, words))
        lines.append(f"  they part at token {at + 1} of {name}: {here}, where {against} has {there}")
    return lines


def _around(prompt: PromptTokens, at: int, words: dict[int, str]) -> str:
    assert prompt.ids is not None
    if at >= len(prompt.ids):
        return "nothing more"
    return _token(prompt.ids[at], 1, words)


def _counted(prompt: PromptTokens) -> str:
    return "an unknown number of" if prompt.count is None else f"{prompt.count:,}"
