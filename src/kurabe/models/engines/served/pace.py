"""How many requests are under way: more while that brings more answers, fewer when a server has too much."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_FIRST = 8
"""Requests at first."""

_GAIN = 1.08
"""More at once has paid if answers come so much faster."""

_ROUND = 8
"""A round, after which speeds are compared, is at least so many answers."""

_REST, _LONGEST_REST = 12, 200
"""Rounds between two looks whether more would pay by now; twice as many after each that was too much."""


class Pace:
    """Lets requests in, as many at once as the server makes use of.

    It doubles the number as long as twice as many at once bring answers faster, and goes back to what paid,
    with a few more to wait at the server's door. From time to time it tries a quarter more. If the server has
    too much to do, it goes back to what the server took before, or if that is too much by now, to three
    quarters of it.

    One event loop uses it; only `limit` may be read elsewhere.

    Args:
        most: The most at once.
        now: A clock, in seconds.

    Attributes:
        limit: How many may be under way at this moment.
        busiest: The most that were under way at once.
    """

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self.limit = min(_FIRST, most)
        self.busiest = 0
        self._most = most
        self._now = now
        self._in = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._closed_until = 0.0
        self._growing = True
        self._before: tuple[int, float] | None = None  # what paid last: a number, and answers a second
        self._rounds = 0
        self._rest = _REST
        self._taken = 0  # a number that the server took for a whole round
        self._idle = self._overloaded = False
        self._began, self._replies = now(), 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it."""
        while True:
            if (pause := self._closed_until - self._now()) > 0:
                await asyncio.sleep(pause)
            elif self._in < self.limit:
                break
            else:
                turn = asyncio.get_running_loop().create_future()
                self._waiting.append(turn)
                await turn
        self._in += 1
        self.busiest = max(self.busiest, self._in)
        try:
            yield
        finally:
            self._in -= 1
            self._wake()

    def succeeded(self, more_waiting: bool) -> None:
        """Note a reply; ``more_waiting`` says whether other requests could have used more room."""
        self._replies += 1
        self._idle = self._idle or not (more_waiting or self._waiting)
        seconds = self._now() - self._began
        if self._replies >= max(_ROUND, self.limit) and seconds > 0:
            if not self._overloaded:
                self._taken = self.limit
            if not self._idle and not self._overloaded:
                self._compare(self._replies / seconds)
            self._begin_round()

    def overloaded(self, retry_after: float | None = None) -> None:
        """Note that the server has too much to do; nobody is let in until it wants to be asked again."""
        if retry_after is not None:
            self._closed_until = max(self._closed_until, self._now() + retry_after)
        if self._overloaded:
            return  # those that came with it are of one round
        if self.limit > self._taken > 0:
            self.limit = self._taken  # what it took before, and the next look comes later
            self._rest = min(_LONGEST_REST, 2 * self._rest)
        else:
            self.limit = max(1, self.limit * 3 // 4)
        self._growing, self._before, self._rounds = False, None, 0
        self._begin_round()
        self._overloaded = True

    def _compare(self, speed: float) -> None:
        """Take a round's speed into account, which came of ``limit`` requests at once."""
        if self._before is None:
            self._before = (self.limit, speed)
            self._rounds = 0
        elif self.limit > self._before[0]:
            if speed > self._before[1] * _GAIN:
                self._before = (self.limit, speed)
            else:
                # Some wait at the server's door, so that it never waits for us.
                self._set(self._before[0] + max(1, self._before[0] // 4))
                self._growing, self._before, self._rounds = False, None, 0
                return
        else:
            self._before = (self.limit, max(speed, self._before[1] * 0.9))
            self._rounds += 1
        if self._growing:
            self._set(2 * self.limit)
        elif self._rounds >= self._rest:
            self._rounds = 0
            self._set(self.limit + max(1, self.limit // 4))

    def _set(self, limit: int) -> None:
        self.limit = max(1, min(limit, self._most))
        self._wake()

    def _begin_round(self) -> None:
        self._began, self._replies = self._now(), 0
        self._idle = self._overloaded = False

    def _wake(self) -> None:
        room = self.limit - self._in
        while room > 0 and self._waiting:
            turn = self._waiting.pop(0)
            if not turn.done():
                turn.set_result(None)
                room -= 1
