"""The ``function`` engine: a function of the user's answers, plain or ``async``.

Whatever the function does wrong is an error of the one request: the others are asked even so.
"""

import asyncio
import hashlib
import inspect
import math
import traceback
from collections.abc import Awaitable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from numbers import Real
from queue import SimpleQueue
from reprlib import repr as shortened
from threading import Thread
from time import perf_counter
from typing import Any, cast

from kurabe.common.errors import ModelError, Problem
from kurabe.common.heat import is_heat_map
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import Box, QuestionKind
from kurabe.models.config import Entry
from kurabe.models.context import Context
from kurabe.models.functions import DECLARED, Declared, Given
from kurabe.models.protocol import Needs, Readiness

_USUAL = 8
"""Calls of an ``async`` function that are under way at once."""

_EXPECTED = "return the answer as str, or as kurabe.Answer"


def create(entry: Entry, context: Context) -> "FunctionEngine":  # noqa: ARG001
    """Build the engine of a function that ``conftest.py`` declares."""
    made = entry.settings.get(DECLARED)
    if not isinstance(made, Declared):
        what = "engine = 'function' is no entry of this file: write @kurabe.model(…) above it in conftest.py"
        raise ModelError(str(Problem(what, entry.path, entry.line, f"model {entry.name}")))
    return FunctionEngine(made)


class FunctionEngine:
    """Calls the function for each request: one after the other, in threads, or on an event loop."""

    def __init__(self, made: Declared) -> None:
        self.memory = f"function {made.name}"
        self.questions: frozenset[QuestionKind] = frozenset(made.questions)
        self._made = made
        self._async = inspect.iscoroutinefunction(made.call) or inspect.iscoroutinefunction(
            getattr(made.call, "__call__", None)  # noqa: B004  (what it is, not whether it is there)
        )
        self._concurrent = made.concurrent or (_USUAL if self._async else 1)
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def cacheable(self) -> bool:
        """Whether the function says by a version when its answers change."""
        return self._made.version is not None

    def readiness(self) -> Readiness:
        """A function can always be called."""
        return Readiness(True, source=f"{self._made.path.name}:{self._made.line}")

    def needs(self) -> Needs:
        """What a function takes, only its author knows."""
        return Needs()

    def fingerprint(self) -> str:
        """Name the version; without one, what the function's own text is."""
        version = self._made.version
        return f"function {self._made.name} " + (
            f"source {self._source}" if version is None else f"version {version}"
        )

    @property
    def _source(self) -> str:
        try:
            return hashlib.sha256(inspect.getsource(cast(Any, self._made.call)).encode()).hexdigest()[:16]
        except (OSError, TypeError):
            return "unknown"

    def describe(self) -> dict[str, object]:
        """Facts for the manifest."""
        return {
            "function": f"{self._made.path.name}:{self._made.line}",
            "version": self._made.version,
            "concurrent": self._concurrent,
        }

    def load(self) -> None:
        """Start the event loop, which lasts as long as the model: clients of servers are tied to theirs."""
        if self._async and self._loop is None:
            self._loop = asyncio.new_event_loop()
            name = f"kurabe model {self._made.name}"
            Thread(target=_run, args=(self._loop,), daemon=True, name=name).start()

    def unload(self) -> None:
        """Stop the event loop."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Call the function for each request."""
        self.load()
        if self._loop is not None:
            yield from self._on_loop(requests, self._loop)
        elif self._concurrent > 1:
            yield from self._in_threads(requests)
        else:
            for index, request in enumerate(requests):
                yield index, self._call(request)

    def _in_threads(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        pool = ThreadPoolExecutor(self._concurrent)
        try:
            begun = {pool.submit(self._call, request): index for index, request in enumerate(requests)}
            for future in as_completed(begun):
                yield begun[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _on_loop(
        self, requests: Sequence[Request], loop: asyncio.AbstractEventLoop
    ) -> Iterator[tuple[int, Answer]]:
        done: SimpleQueue[tuple[int, Answer]] = SimpleQueue()
        begun = asyncio.run_coroutine_threadsafe(self._all(requests, done), loop)
        begun.add_done_callback(partial(_tell_the_end, done))
        try:
            for _ in requests:
                index, answer = done.get()
                if index < 0:  # the loop has ended, by whatever the function did to it
                    return
                yield index, answer
        finally:
            begun.cancel()

    async def _all(self, requests: Sequence[Request], done: "SimpleQueue[tuple[int, Answer]]") -> None:
        room = asyncio.Semaphore(self._concurrent)

        async def one(index: int, request: Request) -> None:
            async with room:
                done.put((index, await self._awaited(request)))

        await asyncio.gather(*(one(index, request) for index, request in enumerate(requests)))

    async def _awaited(self, request: Request) -> Answer:
        begun = perf_counter()
        # A task of its own, so that one that cancels itself is told from one that is cancelled.
        task = asyncio.ensure_future(self._guarded(request))
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if task.cancelled():
            return self._error("was cancelled by its own work")
        return self._told(task.result(), begun)

    async def _guarded(self, request: Request) -> "object":
        try:
            return await cast(Awaitable[Given], self._made.call(_own(request)))
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise
        except BaseException as error:  # sys.exit() would end the loop, and pytest.fail() is no Exception
            return _Raised(error)

    def _call(self, request: Request) -> Answer:
        begun = perf_counter()
        returned: object
        try:
            returned = self._made.call(_own(request))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            returned = _Raised(error)
        return self._told(returned, begun)

    def _told(self, returned: object, begun: float) -> Answer:
        """Return what a call gave as an answer; whatever is wrong with it becomes the answer's error."""
        seconds = perf_counter() - begun
        if isinstance(returned, _Raised):
            return self._error(self._where(returned.error))
        try:
            answer = checked(returned)
        except _WrongError as wrong:
            return self._error(f"returned {wrong}")
        return answer if answer.seconds else replace(answer, seconds=seconds)

    def _where(self, error: BaseException) -> str:
        """Name an exception, and the last line of the function's own file that it came through."""
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if self._is_own(frame)]
        at = f" in line {lines[-1]}" if lines else ""
        said = f": {error}" if str(error) else ""
        return f"raised {type(error).__name__}{said}{at}"

    def _is_own(self, frame: traceback.FrameSummary) -> bool:
        return frame.filename == str(self._made.path)

    def _error(self, what: str) -> Answer:
        return Answer(error=f"{self._made.name} ({self._made.path.name}:{self._made.line}) {what}")


class _Raised:
    """What a function raised instead of returning."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _WrongError(ValueError):
    """What a function returned is no answer; the text says what it is, and what was expected."""


def _own(request: Request) -> Request:
    """Return a request whose pictures the function may change: others are shown the same ones."""
    copies = {id(each): each.copy() for each in (*request.pictures, *request.pair)}
    return replace(
        request,
        pictures=tuple(copies[id(each)] for each in request.pictures),
        pair=tuple(copies[id(each)] for each in request.pair),
    )


def checked(returned: object) -> Answer:
    """Return what a function returned as an answer.

    Raises:
        ValueError: If it is none; the text says what came, and what is expected.
    """
    if isinstance(returned, str):
        return Answer(str(returned))
    if inspect.isawaitable(returned):
        if inspect.iscoroutine(returned):
            returned.close()  # else Python warns that nobody has waited for it
        raise _WrongError(f"a {type(returned).__name__} of a function that is not async: write 'async def'")
    if not isinstance(returned, Answer):
        came = "None" if returned is None else f"{type(returned).__name__} {shortened(returned)}"
        raise _WrongError(f"{came}: {_EXPECTED}")
    p, text, error = _number(returned, "p_different"), _text(returned, "text"), _text(returned, "error")
    if p is not None and not 0 <= p <= 1:
        raise _wrong("p_different", p, "a probability from 0 to 1")
    return replace(
        returned,
        text=text or "",
        error=error,
        p_different=p,
        boxes=None if returned.boxes is None else _boxes(returned.boxes),
        tokens_in=_count(returned, "tokens_in"),
        tokens_out=_count(returned, "tokens_out"),
        seconds=_number(returned, "seconds"),
        heat=_heat(returned.heat),
        p_options=_p_options(returned.p_options),
    )


def _wrong(field: str, came: object, expected: str) -> _WrongError:
    return _WrongError(f"an Answer with {field} = {shortened(came)}: {expected} is expected there")


def _text(answer: Answer, field: str) -> str | None:
    value: object = getattr(answer, field)
    if isinstance(value, str) or (value is None and field == "error"):
        return value
    raise _wrong(field, value, "a text")


def _number(answer: Answer, field: str) -> float | None:
    value: object = getattr(answer, field)
    if value is None:
        return None
    # True and False are numbers to Python.
    if value is True or value is False or not isinstance(value, Real) or not 0 <= float(value) < math.inf:
        raise _wrong(field, value, "a number from 0")
    return float(value)


def _count(answer: Answer, field: str) -> int | None:
    value = _number(answer, field)
    if value is not None and value != int(value):
        raise _wrong(field, value, "a whole number")
    return None if value is None else int(value)


def _boxes(boxes: object) -> tuple[Box, ...]:
    try:
        found = tuple(Box(*map(float, box)) for box in cast(Any, boxes))
    except (TypeError, ValueError):
        found = (Box(math.nan, 0, 0, 0),)
    if not all(math.isfinite(sum(box)) and box.x1 < box.x2 and box.y1 < box.y2 for box in found):
        raise _wrong("boxes", boxes, "a list of (left, top, right, bottom) in pixels of the test picture")
    return found


def _p_options(p_options: object) -> tuple[float, ...] | None:
    if p_options is None:
        return None
    try:
        found = tuple(map(float, cast(Any, p_options)))
    except (TypeError, ValueError):
        found = (math.nan,)
    if not all(0 <= each <= 1 for each in found):
        raise _wrong("p_options", p_options, "a probability from 0 to 1 for each option")
    return found


def _heat(heat: object) -> str | None:
    if heat is None or is_heat_map(heat):
        return cast("str | None", heat)
    raise _wrong("heat", heat, "what kurabe.heat_map(grid) returns")


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run an event loop until it is stopped, and let it end what it has begun."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in (left := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _tell_the_end(done: "SimpleQueue[tuple[int, Answer]]", _: "Future[None]") -> None:
    done.put((-1, Answer()))
