"""Questions as a processor takes them: written by the chat template, one row each, padded on the left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kurabe.models.families.family import Family
from kurabe.models.families.templates import TRIALS

if TYPE_CHECKING:
    from PIL.Image import Image


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

    Raises:
        ModelError: If the template takes too much memory or time.
    """
    content = [*({"type": "image"} for _ in range(pictures)), {"type": "text", "text": prompt}]
    messages = [{"role": "user", "content": content}]
    if answer is not None:
        messages.append({"role": "assistant", "content": [{"type": "text", "text": answer}]})
    template = getattr(processor, "chat_template", None)
    if template is not None:  # a processor of our own that has none checks its tokenizer's
        names = getattr(processor.tokenizer, "special_tokens_map", {})
        TRIALS.check(template, messages, add_generation_prompt=answer is None, **names)
    return str(processor.apply_chat_template(messages, add_generation_prompt=answer is None, tokenize=False))


def prepare(
    family: Family,
    processor: Any,
    prompts: Sequence[str],
    pictures: Sequence[Sequence["Image"]],
    crops: int | None,
) -> Inputs:
    """Turn questions into the processor's tensors, padded on the left; the same for asking and for training.

    Args:
        family: The model's.
        processor: Likewise.
        prompts: The questions, one a row.
        pictures: The pictures of each row.
        crops: Crops or tiles a picture; None for the processor's own number.
    """
    texts = [written(processor, prompt, len(own)) for prompt, own in zip(prompts, pictures, strict=True)]
    options: dict[str, Any] = {"padding": True, "return_tensors": "pt"}
    if begins_itself(processor, texts[0]):
        options["add_special_tokens"] = False
    tensors = family.tensors(processor, texts, pictures, crops, options)
    lengths = tensors["attention_mask"].sum(1).tolist()
    return Inputs(tensors, [int(length) for length in lengths])


def begins_itself(processor: Any, text: str) -> bool:
    """Say whether the chat template has written the token already that the tokenizer would begin with."""
    begin = processor.tokenizer.bos_token
    return bool(begin) and text.startswith(begin)
