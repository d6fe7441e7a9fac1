"""Many feeds of mixed behaviour in simulated time: all are polled when they are due, and none is starved."""

import asyncio
import heapq
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from services.core.feed_state import FeedState, Result
from services.core.topics import TopicNames
from services.poller.answer import Answer, Failure
from services.poller.feed import Parsed
from services.poller.fetch import Journey
from services.poller.follow import Follower
from services.poller.hosts import Hosts
from services.poller.parsing import Job
from services.runtime.broker import Record
from services.runtime.metrics import Metrics
from tests.poller.samples import NOW, source

FEEDS = 120
SPREAD = timedelta(seconds=20)
INTERVAL = timedelta(minutes=3)
SLOWEST = timedelta(minutes=4)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Lines of log take longer than the polls."""
    with capture_logs():
        yield


class SimulatedClock:
    """A clock that goes on to the next moment that somebody waits for when nobody has anything left to do."""

    def __init__(self) -> None:
        self.time = NOW
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> datetime:
        return self.time

    async def until(self, moment: datetime) -> None:
        if moment > self.time:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (moment, next(self._numbers), done))
            await done

    async def run(self, end: datetime) -> None:
        """Lets time pass."""
        while self._waiting and self._waiting[0][0] <= end:
            moment, _, done = heapq.heappop(self._waiting)
            self.time = max(self.time, moment)
            if not done.done():
                done.set_result(None)
            for _ in range(12):
                await asyncio.sleep(0)


class Servers:
    """In place of a fetcher: what feed number so and so answers, and how long that takes."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self.asked: defaultdict[int, list[datetime]] = defaultdict(list)

    def journey(self, url: str, headers: Mapping[str, str]) -> Journey:
        return Journey(headers, [url], 60.0)

    async def step(self, journey: Journey) -> Answer | Failure:
        number = int(journey.url.rpartition("/")[2])
        self.asked[number].append(self.clock.now())
        kind = number % 20
        await self.clock.until(self.clock.now() + timedelta(seconds=60 if kind == 0 else 0.2))
        if kind == 0:
            return Failure(Result.TIMEOUT, "not done within 60 s")
        if kind == 1:
            return Answer(429, journey.url, {"retry-after": "600"})
        if kind == 2:
            return Answer(404, journey.url)
        return Answer(200, journey.url, {}, b"the same" if kind < 12 else str(self.clock.now()).encode())


class Parsers:
    """In place of the parsers: takes a while."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock

    async def parse(self, _: Job) -> Parsed:
        await self.clock.until(self.clock.now() + timedelta(seconds=0.02))
        return Parsed("rss20", "", 1, ())


class Nowhere:
    """A producer that forgets what it gets."""

    async def send(self, *records: Record) -> tuple[Record, ...]:
        return records

    async def partitions(self, _topic: str) -> int:
        return 1


async def asked_in(length: timedelta, *, slots: int) -> Mapping[int, list[datetime]]:
    """When each feed was asked in this time, with room for so many fetches at once."""
    clock = SimulatedClock()
    servers, chance = Servers(clock), random.Random(7)
    follower = Follower(
        names=TopicNames("test"),
        producer=Nowhere(),
        fetcher=servers,  # type: ignore[arg-type]
        parsers=Parsers(clock),  # type: ignore[arg-type]
        metrics=Metrics(),
        hosts=Hosts(clock),
        clock=clock,
        interval=INTERVAL,
        slowest=SLOWEST,
        chance=chance.random,
        _slots=asyncio.Semaphore(slots),
    )
    hosts = [f"bad-{n}" if n % 20 < 3 else f"good-{n // 3}" for n in range(FEEDS)]
    feeds = [source(f"feed-{n}", f"https://{host}.example/{n}", interval="3m") for n, host in enumerate(hosts)]
    states = [FeedState(source=each.id, url=each.url) for each in feeds]
    tasks = [
        asyncio.create_task(follower.follow(each, state, partition=0, spread=SPREAD))
        for each, state in zip(feeds, states, strict=True)
    ]
    await asyncio.sleep(0)
    await clock.run(NOW + length)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return servers.asked


def waits(asked: list[datetime]) -> list[timedelta]:
    """The times between two polls."""
    return [later - earlier for earlier, later in pairwise(asked)]


async def test_feeds_that_are_well_are_polled_within_the_bounds_whatever_the_others_do() -> None:
    asked = await asked_in(timedelta(minutes=30), slots=64)
    assert len(asked) == FEEDS
    on_the_way = timedelta(seconds=5)
    for number in (n for n in range(FEEDS) if n % 20 > 2):
        assert asked[number][0] - NOW <= SPREAD + on_the_way
        assert all(INTERVAL <= wait <= SLOWEST * 1.1 + on_the_way for wait in waits(asked[number]))
        assert len(asked[number]) >= 5


async def test_with_far_too_little_room_feeds_are_late_but_all_get_their_turn() -> None:
    asked = await asked_in(timedelta(minutes=30), slots=3)
    assert len(asked) == FEEDS
    counts = [len(asked[number]) for number in range(FEEDS) if number % 20 > 2]
    assert max(counts) - min(counts) <= 2


async def test_there_is_no_herd_neither_at_the_start_nor_later() -> None:
    asked = await asked_in(timedelta(minutes=30), slots=256)
    seconds = Counter(int((moment - NOW).total_seconds()) for each in asked.values() for moment in each)
    assert max(seconds.values()) <= 3 * FEEDS / SPREAD.total_seconds()
