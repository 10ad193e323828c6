"""The engine of served models, whatever their API: an `Engine` around a `Remote`."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from importlib.util import find_spec
from queue import Empty, SimpleQueue

from kurabe.common.errors import UnaskedError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import QUESTIONS, QuestionKind
from kurabe.models.context import Context
from kurabe.models.engines.served.asking import Asking
from kurabe.models.engines.served.identity import Identity
from kurabe.models.engines.served.loop import Loop
from kurabe.models.engines.served.pictures import Encoder
from kurabe.models.engines.served.remote import Remote
from kurabe.models.engines.served.secrets import Secrets, from_environment, of_proxies
from kurabe.models.engines.served.settings import ServedSettings
from kurabe.models.protocol import Needs, PromptTokens, Readiness

_VERSION = 1
"""Part of the fingerprint; raised when the same reply would make another answer."""

_TICK = 0.05
"""Seconds until those who wait for answers hear that there is none yet: what came before can be stored then,
and a session that ends need not wait for a server."""

_WINDOWS = 2
"""How many requests are handed over for each that may be under way."""


@dataclass(frozen=True, slots=True)
class Api:
    """What an engine of served models is made for.

    Attributes:
        engine: The engine's name in ``models.toml``, which is also the extra that installs its client.
        package: The client's package.
        where: The server's address; it holds no secret.
        connect: Makes the `Remote`; called in the event loop, so that the client is imported only then.
    """

    engine: str
    package: str
    where: str
    connect: Callable[[], Remote]


@dataclass(slots=True)
class _Connection:
    """What there is once the server has been needed."""

    loop: Loop
    remote: Remote
    asking: Asking


class ServedEngine:
    """Answers with a model that somebody serves."""

    questions: frozenset[QuestionKind] = frozenset(QUESTIONS)
    reads_references = False

    def __init__(self, name: str, settings: ServedSettings, api: Api, context: Context) -> None:
        """Take what is needed; nothing is imported or connected.

        Args:
            name: The entry's name.
            settings: Its settings.
            api: Whose API it speaks, and where.
            context: The surroundings.
        """
        self.name = name
        self.memory = f"{api.engine} {name}"
        self._settings = settings
        self._api = api
        self._spending = context.spending
        self._encoder = Encoder(settings)
        self._identity = Identity(f"{api.engine} {api.where} {settings.model}", context.memory)
        self._connection: _Connection | None = None
        self._changed: str | None = None

    @property
    def greedy(self) -> bool:
        """Whether answers are decoded greedily."""
        return self._settings.greedy

    @property
    def priced(self) -> bool:
        """Whether it is known what answers cost."""
        return self._settings.prices is not None

    @property
    def window(self) -> int | None:
        """How many requests are wanted at once."""
        return _WINDOWS * self._settings.concurrency

    # What is known without loading

    def readiness(self) -> Readiness:
        """Say whether client and keys are there; the server is not asked, as cached answers do without it."""
        where = self._api.where
        if not _installed(self._api.package):
            return Readiness(False, f"install its client: pip install 'kurabe[{self._api.engine}]'", where)
        if missing := self._settings.missing():
            return Readiness(False, missing, where)
        return Readiness(True, source=where)

    def needs(self) -> Needs:
        """Need nothing of this machine."""
        return Needs()

    def fingerprint(self) -> str:
        """Identify the server, the model, the settings, and what the server tells of the model.

        The server is asked once. If it cannot be reached, what it told last time counts.
        """
        parts = {
            "engine": f"{self._api.engine} {_VERSION}",
            "where": self._api.where,
            **self._settings.depends_on(),
            "server": self._identity.get(self._about),
        }
        return json.dumps(parts, sort_keys=True)

    def _about(self) -> dict[str, object]:
        connection = self._connected()
        told = connection.loop.start(connection.asking.about()).result()
        return dict(told)

    def describe(self) -> dict[str, object]:
        """Facts for the manifest; what the server turned out to be able to do once it was asked."""
        facts: dict[str, object] = {"server": self._api.where, "model": self._settings.model}
        if self._connection is not None:
            asking = self._connection.asking
            facts |= {
                "identity": self.fingerprint(),
                "features": asking.abilities.facts(),
                "versions": sorted(asking.versions),
                "at_once": asking.pace.busiest,
                "repeated": asking.retries.made,
            }
        return facts

    def remarks(self) -> list[str]:
        """Return what a reader of the results has to know, in sentences."""
        if self._connection is None:
            return []
        asking = self._connection.asking
        found = [f"{self.name}: the server {remark}" for remark in asking.abilities.remarks()]
        if self._changed is None:
            self._changed = self._identity.saw(asking.versions)
        if self._changed:
            found.append(f"{self.name}: the server {self._changed}")
        if why := asking.stopped or asking.given_up:  # all the rest may have been under way already
            found.append(why)
        if asking.retries.made:
            found.append(f"{self.name}: {asking.retries.made} requests were repeated after failures")
        return found

    # Loading

    def load(self) -> None:
        """Start what requests run in; a second call does nothing."""
        self._connected()

    def _connected(self) -> _Connection:
        if self._connection is None:
            secrets = Secrets([*map(from_environment, self._settings.variables), *of_proxies()])
            secrets.guard()
            loop = Loop(f"kurabe {self.name}")

            async def connect() -> tuple[Remote, Asking]:
                remote = self._api.connect()
                own = self.name, self._settings, remote, self._encoder, secrets, self._spending
                return remote, Asking(*own)

            self._connection = _Connection(loop, *loop.start(connect()).result())
        return self._connection

    def unload(self) -> None:
        """Close all connections."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if self._changed is None:
                self._identity.saw(connection.asking.versions)
            self._changed = None
            connection.loop.close(connection.remote.close())

    def prompt_tokens(self, request: Request) -> PromptTokens:
        """Return what the server tells of a prompt's tokens; see `kurabe.models.protocol.TellsPrompt`."""
        connection = self._connected()
        return connection.loop.start(connection.asking.prompt_tokens(request)).result()

    # Answering

    def prepare(self, request: Request) -> None:
        """Encode a request's pictures ahead; in any thread."""
        self._encoder.encode(request)

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer requests, many at once."""
        return (given for given in self.answer_on(requests, lambda: ()) if given is not None)

    def answer_on(
        self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]
    ) -> Iterator[tuple[int, Answer] | None]:
        """Answer requests, and those that follow; see `kurabe.models.protocol.Ahead`.

        Raises:
            UnaskedError: Once all that was asked is answered, if the rest is not to be asked.
        """
        connection = self._connected()
        asking, done = connection.asking, SimpleQueue[int]()
        open_: dict[int, Future[Answer]] = {}
        asked, stopped = 0, ""

        def more_waiting() -> bool:
            return len(open_) > asking.pace.limit

        try:
            while True:
                for index, request in enumerate(requests, asked):
                    future = connection.loop.start(asking.answer(request, more_waiting))
                    open_[index] = future
                    future.add_done_callback(lambda _, index=index: done.put(index))  # type: ignore[misc]
                asked += len(requests)
                requests = ()
                if not stopped and len(open_) < _WINDOWS * asking.pace.limit and (requests := following()):
                    continue
                if not open_:
                    break
                try:
                    index = done.get(timeout=_TICK)
                except Empty:
                    yield None
                    continue
                try:
                    answer = open_.pop(index).result()
                except UnaskedError as error:
                    stopped = stopped or str(error)
                    continue
                yield index, answer
        finally:
            for future in open_.values():
                future.cancel()
        if stopped:
            raise UnaskedError(stopped)


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # the package that it is part of
        return False
