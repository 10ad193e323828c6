"""One batch through transformers' ``generate``, and answers of what a batch gave, whoever computed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Loaded, accepts
from kurabe.models.protocol import Answer, Request

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

    from kurabe.models.runtime.loop import Produced


_Beginnings = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """A batch as its processor made it, still on the CPU.

    Attributes:
        tensors: ``input_ids`` and ``attention_mask`` of shape (rows, tokens), padded on the left, and
            what the family's vision tower takes.
        lengths: Each row's length in tokens, without padding.
    """

    tensors: dict[str, Any]
    lengths: list[int]


def written(processor: Any, prompt: str, pictures: int, answer: str | None = None) -> str:
    """Write a question as the model's chat template has it, up to where the answer begins.

    Args:
        processor: The model's.
        prompt: The question.
        pictures: Number of pictures, which come before the question.
        answer: Instead of opening the model's turn, write it with this answer.
    """
    content = [*({"type": "image"} for _ in range(pictures)), {"type": "text", "text": prompt}]
    messages = [{"role": "user", "content": content}]
    if answer is not None:
        messages.append({"role": "assistant", "content": [{"type": "text", "text": answer}]})
    return str(processor.apply_chat_template(messages, add_generation_prompt=answer is None, tokenize=False))


def prepare(
    processor: Any, prompts: Sequence[str], pictures: Sequence[Sequence["Image"]], crops: int | None
) -> Inputs:
    """Turn questions into the processor's tensors, padded on the left; the same for asking and for training.

    Args:
        processor: The model's.
        prompts: The questions, one a row.
        pictures: The pictures of each row.
        crops: Crops or tiles a picture; None for the processor's own number.
    """
    texts = [written(processor, prompt, len(own)) for prompt, own in zip(prompts, pictures, strict=True)]
    options: dict[str, Any] = {"padding": True, "return_tensors": "pt"}
    if begins_itself(processor, texts[0]):
        options["add_special_tokens"] = False
    keyword = _crops_keyword(processor)
    if crops is not None:
        options[keyword] = crops
    tensors = dict(processor(text=texts, images=[list(own) for own in pictures], **options))
    if crops is not None and keyword == "max_image_tiles":
        tensors = import_module("kurabe.models.families.mllama.correction").with_all_tiles(
            tensors, crops, processor.image_processor.max_image_tiles
        )
    lengths = tensors["attention_mask"].sum(1).tolist()
    return Inputs(tensors, [int(length) for length in lengths])


def begins_itself(processor: Any, text: str) -> bool:
    """Say whether the chat template has written the token already that the tokenizer would begin with."""
    begin = processor.tokenizer.bos_token
    return bool(begin) and text.startswith(begin)


def _crops_keyword(processor: Any) -> str:
    """Return what a family's processor calls the number of crops."""
    if accepts(processor.__call__, "num_crops"):
        return "num_crops"
    return "max_image_tiles" if hasattr(processor.image_processor, "max_image_tiles") else "max_patches"


def by_logits(request: Request, settings: LocalSettings) -> bool:
    """Say whether one forward pass answers this request."""
    return request.question == "verdict" and settings.verdict == "logits"


def generate(loaded: Loaded, inputs: Inputs, settings: LocalSettings, limit: int, seed: int) -> "Produced":
    """Answer one batch by transformers' ``generate``: any family, greedily or sampled.

    Args:
        loaded: The model.
        inputs: The requests' tensors.
        settings: How to decode.
        limit: New tokens at most; 1 where the logits decide.
        seed: Of the sampling.

    Raises:
        torch.OutOfMemoryError: If the batch is too large.
    """
    import torch

    from kurabe.models.runtime.loop import Produced

    watch = _Watch()
    tensors = {key: _move(value, loaded.device, loaded.model.dtype) for key, value in inputs.tensors.items()}
    with torch.inference_mode():
        produced = loaded.model.generate(
            **tensors,
            generation_config=_decoding(loaded, settings, limit, seed),
            logits_processor=[watch],
        )
    assert watch.first is not None
    ends = end_tokens(loaded)
    rows = produced[:, tensors["input_ids"].shape[1] :].tolist()
    return Produced([_up_to_end(row, ends) for row in rows], watch.first, watch.finite)


def _up_to_end(row: list[int], ends: frozenset[int]) -> list[int]:
    """Take off what stands behind the token that ends an answer."""
    length = next((place + 1 for place, token in enumerate(row) if token in ends), len(row))
    return row[:length]


def answers(
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
    """Return the tokens whose first logits `answers` reads.

    Raises:
        ModelError: If the words of a verdict begin alike.
    """
    pairs = {(r.yes, r.no) for r in requests if _has_words(r)}
    found = [_beginnings(name, tokenizer, *words) for words in pairs]
    return sorted({token for both in found for tokens in both for token in tokens})


def _has_words(request: Request) -> bool:
    return request.question == "verdict" and bool(request.yes) and bool(request.no)


def end_tokens(loaded: Loaded) -> frozenset[int]:
    """Return the tokens that end an answer."""
    own = getattr(loaded.processor, "eos_token_ids", None) or loaded.model.generation_config.eos_token_id
    ends = loaded.processor.tokenizer.eos_token_id if own is None else own
    return frozenset(ends if isinstance(ends, list | tuple) else [ends]) - {None}


def _decoding(loaded: Loaded, settings: LocalSettings, limit: int, seed: int) -> Any:
    """Return greedy settings, or sampling with a seed, whatever the checkpoint recommends."""
    import torch

    tokenizer, own = loaded.processor.tokenizer, loaded.model.generation_config
    decoding: dict[str, Any] = {
        "max_new_tokens": limit,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": sorted(end_tokens(loaded)) or None,
        "bos_token_id": own.bos_token_id,
        "do_sample": settings.temperature > 0,
    }
    if settings.temperature > 0:
        decoding["temperature"] = settings.temperature
        torch.manual_seed(seed)
    configuration: Any = import_module("transformers").GenerationConfig
    return configuration(**decoding)


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


class _Watch:
    """A logits processor that changes nothing: keeps the first step's logits and looks for NaN."""

    def __init__(self) -> None:
        self.first: torch.Tensor | None = None
        self._finite: torch.Tensor | None = None

    def __call__(self, _input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        # A masked vocabulary entry is -inf by intent; NaN and +inf never are.
        good = ~(scores.isnan().any(-1) | scores.isposinf().any(-1) | scores.isneginf().all(-1))
        if self.first is None:
            self.first, self._finite = scores.float().cpu(), good
        else:
            assert self._finite is not None
            self._finite = self._finite & good
        return scores.nan_to_num()  # sampling from NaN would raise and hide which row it was

    @property
    def finite(self) -> list[bool]:
        """Whether all logits of each row were numbers; read once, at the end, to keep the GPU busy."""
        assert self._finite is not None
        return [bool(value) for value in self._finite.tolist()]


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


def _move(value: Any, device: "torch.device", dtype: "torch.dtype") -> Any:
    if not hasattr(value, "to"):
        return value
    moved = value.to(device)
    return moved.to(dtype) if moved.is_floating_point() else moved
