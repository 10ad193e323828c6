"""The seam between the bench and an API: one call goes out, one reply comes back.

An engine of one more API implements `Remote` and nothing else. What `ServedEngine` does around it, and a
`Remote` must not do: retries and waiting between them, the number of calls under way, budgets, prices, the
limit of a call's time, remembering what a server cannot do, P(different), and taking keys out of texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

from kurabe.common.errors import KurabeError
from kurabe.models.protocol import PromptTokens

Feature = Literal["logprobs", "schema", "n"]
"""What a call may ask for and do without, where a server has it not.

``logprobs``: probabilities of the first token; ``schema``: an answer of a given form; ``n``: several answers
to one call. How answers are sampled is none: a server that refuses that cannot answer as its entry says.
"""

Trouble = Literal["busy", "broken", "gone", "slow", "refused", "denied"]
"""What kind of failure a call met; it decides what is done.

``busy``: the server has too much to do (429, 503, 529): fewer calls at once, later again.
``slow``: no reply in time: the same.
``broken``: the server failed, or its reply cannot be read (500, half a JSON, a cut connection): again.
``gone``: no connection: again, and if nobody answers for a while the model is given up.
``refused``: this request cannot be answered (400, 413): never again.
``denied``: none will be, with this key or this name (401, 403, 404, no quota left): the model is given up.
"""


class RemoteError(KurabeError):
    """A call that brought no reply.

    Args:
        trouble: What kind of failure it was.
        what: What happened, as the end of a sentence that begins with the model's name: "refuses the key …".
        retry_after: Seconds that the server asks to wait; None if it says nothing.
        names: Features that the server's words name as the reason, such as ``logprobs``.
    """

    def __init__(
        self,
        trouble: Trouble,
        what: str,
        *,
        retry_after: float | None = None,
        names: frozenset[Feature] = frozenset(),
    ) -> None:
        super().__init__(what)
        self.trouble = trouble
        self.what = what
        self.retry_after = retry_after
        self.names = names


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is sent: ``image/png`` or ``image/jpeg``, and its bytes in base64."""

    mime: str
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """The form that an answer must have.

    Attributes:
        schema: As JSON Schema: an object with one key.
        choices: All answers that there are, where the question has few; else empty.
    """

    schema: Mapping[str, object]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One question, as it is sent.

    Attributes:
        prompt: The question's text. It stands behind the pictures.
        pictures: The pictures, in order.
        max_new_tokens: The longest answer.
        temperature: None leaves it to the server.
        top_p: None leaves it to the server.
        top_k: None leaves it to the server.
        seed: None leaves it to the server.
        logprobs: How many of the likeliest first tokens are asked for; 0 for none.
        form: The form of the answer; None for free text.
        n: How many answers are asked for.
    """

    prompt: str
    pictures: tuple[Encoded, ...]
    max_new_tokens: int
    temperature: float | None = 0.0
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    logprobs: int = 0
    form: Form | None = None
    n: int = 1

    @property
    def asks_for(self) -> frozenset[Feature]:
        """The features that this call asks for."""
        asked: dict[Feature, bool] = {
            "logprobs": self.logprobs > 0,
            "schema": self.form is not None,
            "n": self.n > 1,
        }
        return frozenset(name for name, is_asked in asked.items() if is_asked)

    def with_pictures(self, pictures: tuple[Encoded, ...]) -> "Call":
        """Return the same call about other pictures."""
        return replace(self, pictures=pictures)

    def without(self, feature: Feature) -> "Call":
        """Return the same call without asking for a feature."""
        match feature:
            case "logprobs":
                return replace(self, logprobs=0)
            case "schema":
                return replace(self, form=None)
            case "n":
                return replace(self, n=1)


@dataclass(frozen=True, slots=True)
class Likely:
    """One of the tokens that an answer might have begun with.

    Attributes:
        piece: The token's bytes: a token may be part of a character.
        logprob: The natural logarithm of its probability.
    """

    piece: bytes
    logprob: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        texts: The answers in words, one each.
        first: The likeliest first tokens of the first answer; empty if the server told none.
        tokens_in: Tokens of the prompt, pictures included, that are charged; None if it does not say.
        tokens_out: Tokens of all answers that are charged; None if it does not say.
        version: What the server says of the software or model that answered; "" if it says nothing.
        withheld: Why there is no answer though the server replied, as the end of a sentence that begins with
            the model's name: "refuses to answer"; "" if there is one. It is charged all the same.
    """

    texts: tuple[str, ...]
    first: tuple[Likely, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    version: str = ""
    withheld: str = ""


class Remote(Protocol):
    """An API. All methods run in one event loop, `send` many times at once."""

    offers: frozenset[Feature]
    """What calls may ask for. What a server turns out not to have is found out by `ServedEngine`."""

    async def send(self, call: Call) -> Reply:
        """Ask once, and return what came back.

        The caller limits the time: cancelling must let go of the connection.

        Raises:
            RemoteError: Whatever went wrong.
        """

    async def about(self) -> Mapping[str, object]:
        """Return what the server tells of the model without asking it anything, for the cache's key.

        Only what stays the same until the model changes: no dates, no counters. Nothing if it tells nothing.

        Raises:
            RemoteError: If it cannot be reached.
        """

    async def close(self) -> None:
        """Let go of all connections."""


@runtime_checkable
class TellsTokens(Protocol):
    """What a `Remote` may offer besides: the tokens that the server makes of a call."""

    async def prompt_tokens(self, call: Call) -> PromptTokens:
        """Return the tokens, or how many there are, or nothing of both: as the server tells.

        Raises:
            RemoteError: If it cannot be reached, or does not take the call.
        """
