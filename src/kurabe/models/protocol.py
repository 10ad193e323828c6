"""The seam between the bench and whatever answers: requests go in, answers come out.

An engine knows nothing of pytest and nothing of what is expected of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PIL.Image import Image

from kurabe.common.vocabulary import Box, QuestionKind, Relation


@dataclass(frozen=True, slots=True)
class Request:
    """One question to one model.

    Attributes:
        trial: The trial's id, for messages.
        question: What kind of question is asked.
        prompt: The question's text as the user wrote it: no chat template, no image tags.
        pictures: What a VLM is shown, in order: processed and laid out, mode RGB.
        pair: The processed pictures before layout, mode RGB: (reference, test), or the one picture
            of ``describe``. Classical engines compare these.
        relation: How reference and test belong together.
        yes: Words that answer a ``verdict`` with "different"; the first tokens carry P(different).
        no: Words that answer a ``verdict`` with "same".
        options: The lettered options of a ``choice``, as texts.
        max_new_tokens: Limit of the answer's length in tokens.
        seed: Number of the repeat; engines that sample start their generator from it.
        contents: What tells the ``pictures`` apart, by mode, size and pixels; empty if nobody has looked.
    """

    trial: str
    question: QuestionKind
    prompt: str
    pictures: tuple[Image, ...]
    pair: tuple[Image, ...]
    relation: Relation
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    max_new_tokens: int = 128
    seed: int = 0
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model gave back.

    Attributes:
        text: The answer in words; it is read by `kurabe.cases.prompts.read`.
        p_different: Probability that the test differs, in [0, 1], where the engine can tell.
        boxes: Where the engine sees differences, in pixels of the test image; None if it gives no boxes.
        tokens_in: Length of the prompt in tokens, pictures included; None without a tokenizer.
        tokens_out: Length of the answer in tokens.
        seconds: This answer's share of the time that its batch took.
        error: Why there is no answer; the other fields are then empty. One bad request
            does not spoil the others of its batch.
    """

    text: str = ""
    p_different: float | None = None
    boxes: tuple[Box, ...] | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What an engine takes before it is loaded.

    Attributes:
        memory: Bytes on the device, weights and working memory.
        device: ``cpu`` or ``cuda``.
    """

    memory: int = 0
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether an engine can run on this machine, now.

    Attributes:
        ready: True if `Engine.load` is expected to work.
        reason: Why not, and what to do; or a remark.
        source: Where the weights are (folder, hub repository, or "none needed").
        fetchable: True if nothing but a download of the weights is missing.
    """

    ready: bool
    reason: str = ""
    source: str = ""
    fetchable: bool = False


class Engine(Protocol):
    """Something that answers requests. Construction is cheap: nothing is loaded and torch is not imported."""

    questions: frozenset[QuestionKind]
    """The kinds of question that this engine can answer; others are not asked."""

    memory: str
    """Engines of equal ``memory`` share what they load, as adapters share their base."""

    def readiness(self) -> Readiness:
        """Say whether this engine can run here, without loading it."""

    def needs(self) -> Needs:
        """Estimate what loading takes."""

    def fingerprint(self) -> str:
        """Identify everything that an answer depends on besides the request.

        Engine and its version, model revision, hashes of weights and adapter, generation settings.
        Two engines of equal fingerprint give equal answers; the cache relies on it. Loads nothing.
        """

    def load(self) -> None:
        """Bring the model into memory; a second call does nothing.

        Raises:
            ModelError: With the reason and a remedy.
        """

    def unload(self) -> None:
        """Give the memory back; `load` may follow."""

    def describe(self) -> dict[str, object]:
        """Facts for the manifest: attention, dtype, device, revision, hashes; more of them once loaded."""

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer all requests, batched as the engine sees fit.

        Yields:
            (index into ``requests``, answer), each exactly once and as soon as its batch is done,
            in any order, so that finished answers can be made durable at once.
        """


@runtime_checkable
class Learned(Protocol):
    """What an engine may offer besides: which pictures its model was trained on."""

    def trained_on(self) -> frozenset[str]:
        """Return the beginnings of the pictures' content ids; loads nothing.

        See `kurabe.imaging.content.content_id`.

        No pair that holds one of them is put to the model: what it has learned by heart proves nothing.

        Raises:
            ModelError: If nobody can tell.
        """


def trained_on(engine: Engine) -> frozenset[str]:
    """Return what `Learned.trained_on` says; nothing for engines that do not have it."""
    return engine.trained_on() if isinstance(engine, Learned) else frozenset()


@runtime_checkable
class Ahead(Protocol):
    """What an engine may offer besides: to work ahead of the tests, so that its device never waits for them.

    An engine has all three members or none. `kurabe.answering` uses `answer_on` instead of `Engine.answer`
    wherever it is there; `window` says whether requests are sent before a test asks for their answers.
    """

    @property
    def window(self) -> int | None:
        """How many requests it wants at once; None if it is only to be asked when a test waits."""

    def prepare(self, request: Request) -> None:
        """Do ahead what `answer_on` will need for this very request.

        Several threads may call it while other requests are answered. It raises nothing: if the request is
        wrong, its answer says so.
        """

    def answer_on(
        self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]
    ) -> Iterator[tuple[int, Answer] | None]:
        """Answer all requests as `Engine.answer` does, and those that follow.

        Args:
            requests: As there.
            following: Asked for more once the device has all requests. It does not wait: if nothing is
                ready it returns nothing, and the engine finishes.

        Yields:
            As there, the requests that follow numbered on from the first ones. None whenever the engine
            goes on to compute, so that what it gave before can be stored.
        """
