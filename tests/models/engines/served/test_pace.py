import asyncio
import heapq
from collections.abc import Awaitable, Callable
from itertools import count

import pytest

from kurabe.models.engines.served.pace import Pace


class Clock:
    """An event loop's time that passes at once: a test of an hour takes no time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    async def sleep(self, seconds: float) -> None:
        due = asyncio.get_running_loop().create_future()
        heapq.heappush(self._due, (self.now + seconds, next(self._numbers), due))
        await due

    async def run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        while not task.done():
            for _ in range(6):  # until nobody can go on without the time passing
                await asyncio.sleep(0)
            if self._due and not task.done():
                self.now, _, due = heapq.heappop(self._due)
                if not due.done():
                    due.set_result(None)
        await task


class Server:
    """Serves so many at once; others wait, or are sent away."""

    def __init__(self, clock: Clock, slots: int, seconds: float, turns_away: bool = False) -> None:
        self.clock, self.slots, self.seconds, self.turns_away = clock, slots, seconds, turns_away
        self.free = asyncio.Semaphore(slots)
        self.busy = 0.0
        self.refused = 0

    async def serve(self) -> bool:
        if self.turns_away and self.free.locked():
            self.refused += 1
            await self.clock.sleep(0.001)
            return False
        async with self.free:
            await self.clock.sleep(self.seconds)
            self.busy += self.seconds
        return True


def played(requests: int, most: int, make: Callable[[Clock], Server]) -> tuple[Server, Pace, float]:
    """Ask so many requests; return the average number of busy slots, too."""

    async def main() -> tuple[Server, Pace, float]:
        clock = Clock()
        server = make(clock)
        pace = Pace(most, lambda: clock.now)
        left = requests

        async def one() -> None:
            nonlocal left
            while True:
                async with pace.turn():
                    served = await server.serve()
                if served:
                    left -= 1
                    pace.succeeded(left > pace.limit)
                    return
                pace.overloaded()
                await clock.sleep(0.05)

        async def everyone() -> None:
            await asyncio.gather(*(one() for _ in range(requests)))

        await clock.run(everyone())
        return server, pace, server.busy / clock.now

    return asyncio.run(main())


@pytest.mark.parametrize(("slots", "seconds"), [(32, 0.2), (8, 2.0), (1, 0.5), (48, 0.05)])
def test_a_server_whose_queue_is_open_is_kept_busy(slots: int, seconds: float) -> None:
    _, pace, busy = played(slots * 60, 256, lambda clock: Server(clock, slots, seconds))
    assert busy > 0.9 * slots
    assert pace.limit <= 3 * max(slots, 4)  # more would only wait there


def test_a_server_that_turns_away_is_kept_busy_and_rarely_turns_away() -> None:
    server, _, busy = played(2000, 256, lambda clock: Server(clock, 32, 0.2, turns_away=True))
    assert busy > 28
    assert server.refused < 400  # each of them comes back after a twentieth of a second


def test_never_more_are_under_way_than_the_entry_allows() -> None:
    _, pace, _ = played(300, 5, lambda clock: Server(clock, 64, 0.1))
    assert pace.busiest == 5


def test_nobody_is_let_in_before_the_time_that_a_server_asks_for() -> None:
    async def main() -> float:
        clock, begun = Clock(), 0.0
        pace = Pace(8, lambda: clock.now)
        pace.overloaded(retry_after=0.05)

        async def one() -> None:
            nonlocal begun
            async with pace.turn():
                begun = clock.now

        task = asyncio.create_task(one())
        await asyncio.sleep(0.01)
        assert not task.done()
        clock.now = 0.06
        await task
        return begun

    assert asyncio.run(main()) == 0.06
