"""Load run: thousands of feeds of every manner on a server of ours, followed for ten minutes of simulated time.

``python -m tests.bench.feeds --feeds 5000 --minutes 10 --speed 4`` prints one JSON object. The web server runs in a
process of its own; the feeds have host names of their own, which all resolve to it; Kafka is a list in memory.
"""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import random
import resource
import socket
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web

from services.core.feed_state import FeedState, Result
from services.core.topics import TopicNames
from services.core.wire import decode
from services.poller.fetch import Limits, open_fetcher
from services.poller.follow import Follower
from services.poller.hosts import Hosts
from services.poller.lookup import Address
from services.poller.parsers import open_parsers
from services.poller.sources import Source
from services.runtime.broker import Record
from services.runtime.logs import configure_logs
from services.runtime.metrics import Metrics
from tests.poller.samples import item, rss, source

BOMB = gzip.compress(bytes(200_000_000), 9)
NESTED = b"<rss version='2.0'><channel>" + b"<item>" * 200_000
_SLOW_ITSELF = (Result.TIMEOUT, Result.TOO_LARGE)
"""Ends of polls that take their time by themselves; such feeds may be late, the others may not."""

_WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

TEXT = "A sentence of a story that goes on for some time. " * 40


async def hang() -> web.Response:
    await asyncio.sleep(300)
    return web.Response()


async def behave(number: int, request: web.Request) -> web.Response:
    """What feed number so and so answers: most are well, some are not, a few are hostile."""
    kind = number % 100
    if kind < 60:
        known = request.headers.get("If-None-Match")
        return (
            web.Response(status=304)
            if known
            else web.Response(body=rss(*map(item, range(20))), headers={"ETag": '"1"'})
        )
    if kind < 85:
        newest = int(time.time()) // 10
        return web.Response(body=rss(*(item(each, TEXT) for each in range(newest - 20, newest))))
    if kind < 90:
        return web.Response(status=429, headers={"Retry-After": "120"})
    if kind < 94:
        return await hang()
    if kind < 98:
        return web.Response(status=404 if kind < 96 else 500)
    return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"}) if kind == 98 else web.Response(body=NESTED)


def serve(ready: Connection) -> None:
    """Runs the web server; sends its port."""

    async def answer(request: web.BaseRequest) -> web.Response:
        return await behave(int((request.host or "f0").split(".")[0][1:]), request)  # type: ignore[arg-type]

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1000).start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


class FastClock:
    """A clock that runs faster than the wall's."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.started = time.monotonic()

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(seconds=(time.monotonic() - self.started) * self.speed)

    async def until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 -- a clock waits for no event
            await asyncio.sleep(left / self.speed)


class Memory:
    """A producer that keeps the states, and of the articles only their number."""

    def __init__(self) -> None:
        self.states: defaultdict[str, list[FeedState]] = defaultdict(list)
        self.articles = 0

    async def send(self, *records: Record) -> tuple[Record, ...]:
        for record in records:
            if record.topic.endswith(".feeds"):
                state = decode(FeedState, record.value)
                self.states[state.source].append(state.model_copy(update={"seen": ""}))
            else:
                self.articles += 1
        return records

    async def partitions(self, _topic: str) -> int:
        return 1


class Weight:
    """The memory of the poller and its children together, at its highest."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.peak = 0

    async def watch(self) -> None:
        """Looks twice a second."""
        while True:
            self.peak = max(self.peak, sum(map(resident, family() - {self.server})))
            await asyncio.sleep(0.5)


def family() -> set[int]:
    """This process and its children."""
    own = os.getpid()
    return {own, *map(int, Path(f"/proc/{own}/task/{own}/children").read_text().split())}


def resident(process: int) -> int:
    """Bytes that a process has in memory; none when it has just ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def addresses(_host: str, _port: int, _family: object) -> Sequence[Address]:
    return [(socket.AF_INET, "127.0.0.1")]


async def follow(feeds: list[Source], speed: float, minutes: float, weight: Weight) -> Memory:
    """Follows the feeds for so many simulated minutes."""
    clock, memory = FastClock(speed), Memory()
    limits = Limits(timedelta(seconds=60 / speed), 10_000_000)
    async with (
        open_fetcher(limits, "load", allowed=lambda _: True, addresses=addresses) as fetcher,
        open_parsers() as parsers,
    ):
        follower = Follower(
            names=TopicNames("load"),
            producer=memory,
            fetcher=fetcher,
            parsers=parsers,
            metrics=Metrics(),
            hosts=Hosts(clock),
            clock=clock,
            interval=timedelta(minutes=3),
            slowest=timedelta(hours=1),
            chance=random.random,
        )
        spread = timedelta(milliseconds=50) * len(feeds)
        follow_one = partial(follower.follow, partition=0, spread=spread)
        tasks = [asyncio.create_task(follow_one(each, FeedState(source=each.id, url=each.url))) for each in feeds]
        watching = asyncio.create_task(weight.watch())
        await asyncio.sleep(minutes * 60 / speed)
        watching.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return memory


def report(memory: Memory, feeds: list[Source], weight: Weight) -> dict[str, object]:
    """How late polls were, what they ended in, and what it took."""
    late = [
        (later.polled_at - earlier.next_poll).total_seconds()
        for states in memory.states.values()
        for earlier, later in pairwise(states)
        if earlier.next_poll and later.polled_at and later.result not in _SLOW_ITSELF
    ]
    return {
        "feeds": len(feeds),
        "never_polled": [each.id for each in feeds if each.id not in memory.states],
        "polls": sum(map(len, memory.states.values())),
        "articles": memory.articles,
        "results": Counter(str(state.result) for states in memory.states.values() for state in states),
        "late_seconds": {
            "median": statistics.median(late or [0.0]),
            "p99": sorted(late or [0.0])[len(late) * 99 // 100],
            "max": max(late, default=0.0),
        },
        "peak_mb": weight.peak // 1_000_000,
        "cpu_seconds": round(sum(sum(resource.getrusage(who)[:2]) for who in _WHOSE)),
        "load_average": os.getloadavg(),
        "threads": len(list(Path("/proc/self/task").iterdir())),
    }


def main() -> None:
    """Runs the load and prints the report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--speed", type=float, default=4)
    chosen = parser.parse_args()
    configure_logs("load", "error", "text")
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    feeds = [source(f"f{n}", f"http://f{n}.example:{port}/", interval="3m") for n in range(chosen.feeds)]
    weight = Weight(server.pid or 0)
    memory = asyncio.run(follow(feeds, chosen.speed, chosen.minutes, weight))
    server.terminate()
    print(json.dumps(report(memory, feeds, weight), indent=1))  # noqa: T201 -- the report


if __name__ == "__main__":
    main()
