"""One question to a served model: calls, repeats, budget, and what the replies make of it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import NoReturn

from kurabe.common.errors import ModelError, UnaskedError
from kurabe.common.request import Answer, Request
from kurabe.models.engines.served.abilities import Abilities
from kurabe.models.engines.served.forms import form_of
from kurabe.models.engines.served.pace import Pace
from kurabe.models.engines.served.pictures import Encoder, fitted
from kurabe.models.engines.served.probabilities import from_first_token, from_samples
from kurabe.models.engines.served.remote import Call, Feature, Remote, RemoteError, Reply, TellsTokens
from kurabe.models.engines.served.retries import Retries
from kurabe.models.engines.served.secrets import Secrets
from kurabe.models.engines.served.settings import ServedSettings
from kurabe.models.protocol import PromptTokens
from kurabe.models.spending import Spending

_LIKELIEST = 20
"""First tokens that are asked for: the most that servers tell."""

_SOON = 5.0
"""Seconds in which a server has to say what it serves."""

_APART = 1_000_003
"""Between the seeds of a trial's samples and those of its repeats, so that none are alike."""


@dataclass(slots=True)
class _Taken:
    """What a question has taken so far, over all its calls."""

    tokens_in: int | None = 0
    tokens_out: int | None = 0
    seconds: float = 0.0
    replies: int = 0

    def add(self, reply: Reply, seconds: float) -> None:
        self.tokens_in = _sum(self.tokens_in, reply.tokens_in)
        self.tokens_out = _sum(self.tokens_out, reply.tokens_out)
        self.seconds += seconds
        self.replies += 1


class Asking:
    """Asks a remote model. Everything but the construction happens in one event loop.

    Args:
        name: The model's name, for messages.
        settings: The entry's.
        remote: Its API.
        encoder: Encodes pictures.
        secrets: What no text may hold.
        spending: The session's account.

    Attributes:
        pace: How many requests are under way.
        retries: What is asked again.
        abilities: What the server turned out to have.
        versions: What it told of the software that answered.
        stopped: Why it is asked nothing more, and what to do; "" as long as it is.
    """

    def __init__(
        self,
        name: str,
        settings: ServedSettings,
        remote: Remote,
        encoder: Encoder,
        secrets: Secrets,
        spending: Spending,
    ) -> None:
        self.pace = Pace(settings.concurrency)
        self.retries = Retries(settings)
        self.abilities = Abilities(remote.offers)
        self.versions: set[str] = set()
        self.stopped = ""
        self._name = name
        self._settings = settings
        self._remote = remote
        self._encoder = encoder
        self._secrets = secrets
        self._spending = spending
        self._settled = asyncio.Event()

    async def answer(self, request: Request, more_waiting: Callable[[], bool]) -> Answer:
        """Answer a request.

        Args:
            request: The request.
            more_waiting: Says whether other requests wait for their turn.

        Raises:
            UnaskedError: If it was not asked: the budget is used up, or the model was given up before.
        """
        if self.retries.given_up:
            self._give_up()
        taken = _Taken()
        try:
            by_samples = self._settings.verdict == "samples" and _has_words(request)
            ask = self._samples if by_samples else self._once
            text, p_different = await ask(request, self._call(request), taken, more_waiting)
        except RemoteError as error:
            return self._answer(request, taken, error=self._secrets.scrub(f"{self._name} {error.what}"))
        except UnaskedError:
            raise
        except Exception as error:  # a client's library may raise anything: the other requests go on
            what = self._secrets.scrub(f"{self._name} failed: {type(error).__name__}: {error}")
            return self._answer(request, taken, error=what)
        return self._answer(request, taken, text, p_different)

    def _answer(
        self,
        request: Request,
        taken: _Taken,
        text: str = "",
        p_different: float | None = None,
        error: str | None = None,
    ) -> Answer:
        if not taken.replies:
            return Answer(error=error)
        cost = None
        if self._settings.prices is not None:
            cost = self._settings.prices.of(taken.tokens_in, taken.tokens_out)
        sizes = tuple(fitted(picture.size, self._settings.max_pixels) for picture in request.pictures)
        seen = sizes if sizes != tuple(picture.size for picture in request.pictures) else None
        own = taken.tokens_in, taken.tokens_out, taken.seconds, error
        return Answer(text, p_different, None, *own, cost, seen)

    async def about(self) -> dict[str, object]:
        """Return what the server tells of the model, without keys.

        Raises:
            RemoteError: If it cannot be reached soon.
        """
        try:
            async with asyncio.timeout(_SOON):
                told = await self._remote.about()
        except TimeoutError:
            raise RemoteError("slow", "does not say what it serves") from None
        found: dict[str, object] = json.loads(self._secrets.scrub(json.dumps(told, ensure_ascii=False)))
        return found

    @property
    def given_up(self) -> str:
        """Why the model was given up, and what to do; "" if it was not."""
        if not self.retries.given_up:
            return ""
        what = self._secrets.scrub(self.retries.given_up)
        return f"{self._name} {what}; then run the same command again: what is answered is not asked again"

    def _give_up(self) -> NoReturn:
        self.stopped = self.given_up
        raise UnaskedError(self.stopped)

    async def prompt_tokens(self, request: Request) -> PromptTokens:
        """Return what the server tells of a prompt's tokens.

        Raises:
            ModelError: If it cannot be reached, or does not take the request.
        """
        if not isinstance(self._remote, TellsTokens):
            return PromptTokens(None)
        pictures = await asyncio.to_thread(self._encoder.encode, request)
        call = Call(request.prompt, pictures, 1, None if self._settings.server_sampling else 0.0)
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await self._remote.prompt_tokens(call)
        except TimeoutError:
            raise ModelError(
                f"{self._name} does not tell its tokens in {self._settings.timeout:g} s"
            ) from None
        except RemoteError as error:
            raise ModelError(self._secrets.scrub(f"{self._name} {error.what}")) from None

    # What is asked

    def _call(self, request: Request) -> Call:
        own = self._settings
        by_logits = own.verdict == "logits" and _has_words(request) and self.abilities.has("logprobs")
        by_samples = own.verdict == "samples" and _has_words(request)
        wants_form = own.structured and not by_logits and not by_samples and self.abilities.has("schema")
        return Call(
            request.prompt,
            (),
            own.limit(request.max_new_tokens),
            None if own.server_sampling else own.temperature,
            own.top_p,
            own.top_k,
            (own.seed + request.seed * _APART) % 2**31 if own.sampled else None,
            logprobs=_LIKELIEST if by_logits else 0,
            form=form_of(request) if wants_form else None,
        )

    async def _once(
        self, request: Request, call: Call, taken: _Taken, more_waiting: Callable[[], bool]
    ) -> tuple[str, float | None]:
        reply = await self._reply(request, call, taken, more_waiting)
        p_different = from_first_token(reply.first, request.yes, request.no) if reply.first else None
        if p_different is None:
            return reply.texts[0], None
        return (request.yes if p_different >= 0.5 else request.no)[0], p_different

    async def _samples(
        self, request: Request, call: Call, taken: _Taken, more_waiting: Callable[[], bool]
    ) -> tuple[str, float | None]:
        texts: list[str] = []
        while (left := self._settings.samples - len(texts)) > 0:
            seed = None if call.seed is None else call.seed + len(texts)
            reply = await self._reply(request, replace(call, n=left, seed=seed), taken, more_waiting)
            texts += reply.texts[:left]
        return from_samples(texts, request.yes, request.no)

    # How it is asked

    async def _reply(
        self, request: Request, call: Call, taken: _Taken, more_waiting: Callable[[], bool]
    ) -> Reply:
        """Ask until there is a reply: again after failures, and without what the server refuses.

        Raises:
            RemoteError: If there is none.
            UnaskedError: As `answer`.
        """
        tried, failed = 0, None
        while True:
            try:
                async with self.pace.turn():
                    if self.retries.given_up:  # meanwhile
                        if failed is not None:
                            raise failed
                        self._give_up()
                    reply, seconds = await self._understood(request, call)
            except RemoteError as error:
                tried, failed = tried + 1, error
                wait = self.retries.wait(error, tried)
                if error.trouble in ("busy", "slow"):
                    # Where the wait would be too long, nobody is to wait.
                    self.pace.overloaded(None if wait is None else error.retry_after)
                if wait is None:
                    raise
                await asyncio.sleep(wait)
                continue
            self.retries.succeeded()
            self.pace.succeeded(more_waiting())
            taken.add(reply, seconds)
            if reply.withheld:
                raise RemoteError("refused", reply.withheld)
            return reply

    async def _understood(self, request: Request, call: Call) -> tuple[Reply, float]:
        """Send a call, and again at once without what the server refuses."""
        left_out: list[Feature] = []
        while True:
            sent = self.abilities.reduced(call)
            try:
                reply, seconds = await self._paid(request, sent)
            except RemoteError as error:
                feature = self.abilities.to_leave_out(sent, error) if error.trouble == "refused" else None
                if feature is None:
                    raise
                left_out.append(feature)
                call = sent.without(feature)
                continue
            for feature in left_out:
                self.abilities.refused(feature)
            if not reply.withheld:
                self.abilities.saw(sent, reply)
            return reply, seconds

    async def _paid(self, request: Request, call: Call) -> tuple[Reply, float]:
        """Send a call once, if the budget has room for it."""
        # Only now, as pictures of those who wait for their turn would fill the memory.
        call = call.with_pictures(await asyncio.to_thread(self._encoder.encode, request))
        while not self._spending.may_ask(self._name):
            if self._spending.is_spent(self._name):
                self.stopped = self._spending.why(self._name)
                raise UnaskedError(self.stopped)
            self._settled.clear()
            await self._settled.wait()
        tokens: int | None = 0
        cost = None
        try:
            begun = time.perf_counter()
            reply = self._clean(await self._in_time(self._remote.send(call)))
            seconds = time.perf_counter() - begun
            tokens = _sum(reply.tokens_in, reply.tokens_out)
            if self._settings.prices is not None:
                cost = self._settings.prices.of(reply.tokens_in, reply.tokens_out)
        finally:
            self._spending.settle(self._name, tokens, cost)
            self._settled.set()
        return reply, seconds

    async def _in_time(self, sending: Awaitable[Reply]) -> Reply:
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await sending
        except TimeoutError:
            what = f"gave no reply within {self._settings.timeout:g} s: raise 'timeout' if it needs longer"
            raise RemoteError("slow", what) from None

    def _clean(self, reply: Reply) -> Reply:
        scrub = self._secrets.scrub
        if version := scrub(reply.version):
            self.versions.add(version)
        return replace(reply, texts=tuple(scrub(text).strip() for text in reply.texts), version=version)


def _has_words(request: Request) -> bool:
    return request.question == "verdict" and bool(request.yes) and bool(request.no)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
