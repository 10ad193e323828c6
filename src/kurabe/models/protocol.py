"""The seam between the bench and whatever answers: requests go in, answers come out.

An engine knows nothing of pytest and nothing of what is expected of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import QuestionKind


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
class Greedy(Protocol):
    """What an engine may offer besides: to say whether it always gives the same answer to a request."""

    @property
    def greedy(self) -> bool:
        """True if asking again would tell nothing new."""


def is_greedy(engine: Engine) -> bool:
    """Return what `Greedy.greedy` says; False for engines that do not have it."""
    return isinstance(engine, Greedy) and engine.greedy


@runtime_checkable
class Keeping(Protocol):
    """What an engine may offer besides: to say whether later runs may use its answers."""

    @property
    def cacheable(self) -> bool:
        """False if its fingerprint does not hold all that its answers depend on: they are not cached."""


def is_cacheable(engine: Engine) -> bool:
    """Return what `Keeping.cacheable` says; True for engines that do not have it."""
    return not isinstance(engine, Keeping) or engine.cacheable


@runtime_checkable
class Referring(Protocol):
    """What an engine may offer besides: to say whether it looks at all good parts of a case."""

    @property
    def reads_references(self) -> bool:
        """False if it never looks at `Request.references`: its answers do not depend on other good parts."""


def reads_references(engine: Engine) -> bool:
    """Return what `Referring.reads_references` says; True for engines that do not have it."""
    return not isinstance(engine, Referring) or engine.reads_references


@runtime_checkable
class ReadsSuite(Protocol):
    """What an engine may offer besides: to say whether it looks at the good parts of the whole suite."""

    @property
    def reads_suite(self) -> bool:
        """True if its answers depend on what `Request.suite` returns."""


def reads_suite(engine: Engine) -> bool:
    """Return what `ReadsSuite.reads_suite` says; False for engines that do not have it."""
    return isinstance(engine, ReadsSuite) and engine.reads_suite


@runtime_checkable
class Remarking(Protocol):
    """What an engine may offer besides: what a reader of the results has to know of how they came about."""

    def remarks(self) -> Sequence[str]:
        """Return sentences for the end of a run, each of which names the model; loads nothing."""


def remarks(engine: Engine) -> Sequence[str]:
    """Return what `Remarking.remarks` says; nothing for engines that do not have it."""
    return engine.remarks() if isinstance(engine, Remarking) else ()


@dataclass(frozen=True, slots=True)
class PromptTokens:
    """A prompt as a model gets it.

    Attributes:
        count: How many tokens it has, those of its pictures included; None if that is not told.
        ids: The tokens; None if they are not told.
        pieces: The words of the tokens; empty where only their numbers are known.
        pictures: Tokens that stand for pictures, as often as a picture has parts. Negative ones always do.
        whole: False if the tokens are told as they were before pictures got their places.
    """

    count: int | None
    ids: tuple[int, ...] | None = None
    pieces: tuple[str, ...] = ()
    pictures: frozenset[int] = frozenset()
    whole: bool = True


@runtime_checkable
class TellsPrompt(Protocol):
    """What an engine may offer besides: the tokens that a request becomes."""

    def prompt_tokens(self, request: Request) -> PromptTokens:
        """Return the tokens of a request's prompt; the engine is loaded.

        Raises:
            ModelError: If the server cannot be reached, or does not take the request.
        """


@runtime_checkable
class Priced(Protocol):
    """What an engine may offer besides, if its answers cost money: to say whether it is known how much."""

    @property
    def priced(self) -> bool:
        """False if a limit of money could not be kept."""


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
