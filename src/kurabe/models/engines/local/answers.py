"""What a batch gave, in words and numbers, whoever computed it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.models.config import LocalSettings

if TYPE_CHECKING:
    import torch

    from kurabe.models.runtime.loop import Produced

_Beginnings = tuple[list[int], list[int]]


def by_logits(request: Request, settings: LocalSettings) -> bool:
    """Say whether one forward pass answers this request."""
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
        settings: How verdicts are read.
        seconds: That the batch took.

    Raises:
        ModelError: If the words of a verdict begin alike.
    """
    texts = tokenizer.batch_decode(produced.tokens, skip_special_tokens=True)
    begin: dict[tuple[tuple[str, ...], tuple[str, ...]], _Beginnings] = {}
    found = []
    for row, request in enumerate(requests):
        if not produced.finite[row]:
            what = "computes NaN or infinite logits: try another dtype, and check the weights"
            found.append(Answer(error=f"{name} {what}"))
            continue
        text, p_different = texts[row].strip(), None
        if _has_words(request):
            words = request.yes, request.no
            if words not in begin:
                begin[words] = _beginnings(name, tokenizer, *words)
            p_different = _p_different(produced.first_logits[row], produced.read, begin[words])
            if by_logits(request, settings):
                text = request.yes[0] if p_different >= 0.5 else request.no[0]
        # An end token that is the padding counts only where nothing else was written.
        written = max(1, sum(token != tokenizer.pad_token_id for token in produced.tokens[row]))
        found.append(
            Answer(
                text=text,
                p_different=p_different,
                tokens_in=lengths[row],
                tokens_out=written,
                seconds=seconds / len(requests),
            )
        )
    return found


def tokens_read(name: str, tokenizer: Any, requests: Sequence[Request]) -> list[int]:
    """Return the tokens whose first logits `of_batch` reads.

    Raises:
        ModelError: If the words of a verdict begin alike.
    """
    pairs = {(r.yes, r.no) for r in requests if _has_words(r)}
    found = [_beginnings(name, tokenizer, *words) for words in pairs]
    return sorted({token for both in found for tokens in both for token in tokens})


def _has_words(request: Request) -> bool:
    return request.question == "verdict" and bool(request.yes) and bool(request.no)


def _beginnings(name: str, tokenizer: Any, yes: Sequence[str], no: Sequence[str]) -> _Beginnings:
    """Return the tokens that only a yes, and those that only a no may begin with."""
    one, other = first_tokens(tokenizer, yes), first_tokens(tokenizer, no)
    if not one - other or not other - one:
        raise ModelError(
            f"{name}: its tokenizer begins {yes} and {no} alike, so their first tokens do not tell them "
            "apart: set verdict = 'text'"
        )
    return sorted(one - other), sorted(other - one)


def _p_different(logits: "torch.Tensor", read: Sequence[int] | None, beginnings: _Beginnings) -> float:
    """Return the softmax over the first tokens of yes and no; ``logits`` are of the tokens that were read."""
    import torch

    places = beginnings if read is None else [[read.index(token) for token in own] for own in beginnings]
    return float(torch.stack([logits[own].logsumexp(0) for own in places]).softmax(0)[0])


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
