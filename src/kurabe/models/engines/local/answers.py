"""What a batch gave, in words and numbers, whoever computed it."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.models.config import LocalSettings

if TYPE_CHECKING:
    import torch

    from kurabe.models.runtime.loop import Produced

_Words = tuple[tuple[str, ...], ...]
"""The words of each answer that there is: those of yes and those of no, or the letters of a choice."""


def by_logits(request: Request, settings: LocalSettings) -> bool:
    """Say whether one forward pass answers this request."""
    if request.question == "choice":
        return settings.choice == "logits" and 1 < len(request.options) <= len(ascii_uppercase)
    return request.question == "verdict" and settings.verdict == "logits"


def of_batch(
    name: str,
    tokenizer: Any,
    requests: Sequence[Request],
    lengths: Sequence[int],
    produced: "Produced",
    settings: LocalSettings,
    seconds: float,
) -> list[Answer]:
    """Put what a batch gave into words and numbers.

    Args:
        name: The model's name, for messages.
        tokenizer: The model's.
        requests: One a row.
        lengths: Of the prompts, in tokens.
        produced: What the model gave.
        settings: How verdicts and choices are read.
        seconds: That the batch took.

    Raises:
        ModelError: If the words of a verdict, or the letters of a choice, begin alike.
    """
    texts = tokenizer.batch_decode(produced.tokens, skip_special_tokens=True)
    begin: dict[_Words, list[list[int]]] = {}
    found = []
    for row, request in enumerate(requests):
        if not produced.finite[row]:
            what = "computes NaN or infinite logits: try another dtype, and check the weights"
            found.append(Answer(error=f"{name} {what}"))
            continue
        text, p_different, p_options = texts[row].strip(), None, None
        words = _weighed(request, settings)
        if words:
            if words not in begin:
                begin[words] = _beginnings(name, tokenizer, request, words)
            weights = _probabilities(produced.first_logits[row], produced.read, begin[words])
            if request.question == "choice":
                p_options = tuple(weights)
                text = ascii_uppercase[weights.index(max(weights))]
            else:
                p_different = weights[0]
                if by_logits(request, settings):
                    text = request.yes[0] if p_different >= 0.5 else request.no[0]
        # An end token that is the padding counts only where nothing else was written.
        written = max(1, sum(token != tokenizer.pad_token_id for token in produced.tokens[row]))
        found.append(
            Answer(
                text=text,
                p_different=p_different,
                p_options=p_options,
                tokens_in=lengths[row],
                tokens_out=written,
                seconds=seconds / len(requests),
            )
        )
    return found


def tokens_read(name: str, tokenizer: Any, requests: Sequence[Request], settings: LocalSettings) -> list[int]:
    """Return the tokens whose first logits `of_batch` reads.

    Raises:
        ModelError: If the words of a verdict, or the letters of a choice, begin alike.
    """
    asked = {words: request for request in requests if (words := _weighed(request, settings))}
    found = [_beginnings(name, tokenizer, request, words) for words, request in asked.items()]
    return sorted({token for each in found for tokens in each for token in tokens})


def _weighed(request: Request, settings: LocalSettings) -> _Words:
    """Return the words of the answers that are weighed against each other; () if none are."""
    if request.question == "verdict" and request.yes and request.no:
        return request.yes, request.no
    if request.question == "choice" and by_logits(request, settings):
        return tuple((letter,) for letter in ascii_uppercase[: len(request.options)])
    return ()


def _beginnings(name: str, tokenizer: Any, request: Request, words: _Words) -> list[list[int]]:
    """Return for each answer the tokens that it alone may begin with."""
    first = [first_tokens(tokenizer, own) for own in words]
    found = []
    for place, own in enumerate(first):
        alone = own.difference(*first[:place], *first[place + 1 :])
        if not alone:
            told = " and ".join(str(each) for each in words) if len(words) == 2 else "the letters of a choice"
            raise ModelError(
                f"{name}: its tokenizer begins {told} alike, so their first tokens do not tell them "
                f"apart: set {request.question} = 'text'"
            )
        found.append(sorted(alone))
    return found


def _probabilities(
    logits: "torch.Tensor", read: Sequence[int] | None, beginnings: Sequence[Sequence[int]]
) -> list[float]:
    """Return the softmax over the first tokens of the answers; ``logits`` are of the tokens read."""
    import torch

    places = beginnings if read is None else [[read.index(token) for token in own] for own in beginnings]
    weights = torch.stack([logits[list(own)].logsumexp(0) for own in places]).softmax(0)
    return [float(weight) for weight in weights]


def first_tokens(tokenizer: Any, words: Sequence[str]) -> set[int]:
    """Return the tokens that an answer consisting of one of ``words`` may begin with.

    A word stands at the beginning of a text or behind a space; tokenizers write the two differently.
    """
    found: set[int] = set()
    for word in words:
        for text in (word, f" {word}"):
            for token in tokenizer.encode(text, add_special_tokens=False):
                piece = tokenizer.decode([token]).strip()
                if piece:
                    # A lone space may come first as a token of its own.
                    if word.startswith(piece):
                        found.add(int(token))
                    break
    return found
