"""A question to one model, and what the model gave back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kurabe.common.vocabulary import Box, BoxForm, QuestionKind, Relation

if TYPE_CHECKING:  # whoever only reads answers does without Pillow
    from pathlib import Path

    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is read when somebody looks at it.

    Attributes:
        content: Its content id: what tells it apart, by mode, size and pixels.
        load: Returns it, mode RGB. It may come from a memory or be decoded again: keep what you need.
    """

    content: str
    load: "Callable[[], Image]" = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the test picture is in what a model is shown; in pixels.

    Attributes:
        index: Which of the pictures shows it.
        shown: Width and height of that one.
        left: Left edge of the test picture in it.
        top: Upper edge.
        size: Width and height of the test picture.
    """

    index: int
    shown: tuple[int, int]
    left: int
    top: int
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to one model.

    Attributes:
        trial: The trial's id, for messages.
        question: What kind of question is asked.
        prompt: The question's text as the user wrote it: no chat template, no image tags.
        pictures: What a VLM is shown, in order: processed and laid out, mode RGB.
        pair: The processed pictures before layout, mode RGB: (reference, test), or the one picture
            of ``describe``. Of several good parts the reference is the nearest. Classical engines
            compare these.
        relation: How reference and test belong together.
        yes: Words that answer a ``verdict`` with "different"; the first tokens carry P(different).
        no: Words that answer a ``verdict`` with "same".
        options: The lettered options of a ``choice``, as texts.
        max_new_tokens: Limit of the answer's length in tokens.
        seed: Number of the repeat; engines that sample start their generator from it.
        contents: What tells the ``pictures`` apart, by mode, size and pixels; empty if nobody has looked.
        files: For each of the ``pictures`` the file that it was read from, if nothing was done to it; empty
            if nobody has looked.
        boxes: How boxes are asked for; None if they are not, so that words are enough.
        references: All good parts of the case, unprocessed, in the case's order; the test picture is none
            of them. An engine that reads these, such as a bank of good parts, sees more than the pair.
        suite: Returns all distinct good parts of the suite's cases of this relation, unprocessed, as their
            cases show them, in the suite's order, without the test picture. Files are read when it is
            called. None where the pair is processed.
        form: JSON schema that the answer must follow, where an engine can see to that; None where the
            question decides.
    """

    trial: str
    question: QuestionKind
    prompt: str
    pictures: "tuple[Image, ...]"
    pair: "tuple[Image, ...]"
    relation: Relation
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    max_new_tokens: int = 128
    seed: int = 0
    contents: tuple[str, ...] = ()
    files: "tuple[Path | None, ...]" = field(default=(), compare=False)
    boxes: BoxForm | None = None
    references: tuple[Picture, ...] = ()
    suite: Callable[[], tuple[Picture, ...]] | None = field(default=None, repr=False)
    form: Mapping[str, object] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model gave back.

    Attributes:
        text: The answer in words; it is read by `kurabe.reading.read`.
        p_different: Probability that the test differs, in [0, 1], where the engine can tell.
        boxes: Where the engine sees differences, in pixels of the test image; None if it gives no boxes.
        tokens_in: Length of the prompt in tokens, pictures included; None without a tokenizer.
        tokens_out: Length of the answer in tokens.
        seconds: This answer's share of the time that its batch took, for a served model the time from its
            request to its reply, without waiting for its turn; None where it came with another answer and
            nobody can tell.
        error: Why there is no answer; the other fields are then empty, but for tokens, seconds and cost of a
            served model that replied and withheld its answer. One bad request does not spoil the others of
            its batch.
        cost: What it cost, by the prices of its entry, in their currency; None without prices.
        seen: Width and height of each picture as the model saw it, where the engine knows that they differ
            from what was shown: pixels in the answer's words are counted there.
        heat: How strongly each place of the test picture speaks for a difference, as `kurabe.heat_map` makes
            it; None if the engine does not tell.
        p_options: Probability of each option of a ``choice``, together 1, where the engine weighs the letters
            against each other instead of writing; ``text`` is then the likeliest letter.
    """

    text: str = ""
    p_different: float | None = None
    boxes: tuple[Box, ...] | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float | None = 0.0
    error: str | None = None
    cost: float | None = None
    seen: tuple[tuple[int, int], ...] | None = None
    heat: str | None = None
    p_options: tuple[float, ...] | None = None
