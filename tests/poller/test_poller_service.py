"""The poller as a process, and how it stops."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.core.feed_state import FeedState
from services.core.topics import FEEDS, TopicNames
from services.core.wire import encode
from services.poller.clock import WallClock
from services.poller.fetch import Limits, open_fetcher
from services.poller.follow import Follower
from services.poller.hosts import Hosts
from services.poller.parsers import open_parsers
from services.poller.statelog import read_states, state_record
from services.runtime.broker import KafkaBroker, Record
from services.runtime.metrics import Metrics
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings, child_environment
from tests.poller.samples import NOW, item, rss, source
from tests.poller.server import always, serving

FEED = "  - {{id: {0}, url: 'http://{0}.invalid/feed', outlet: {0}, country: GBR, kind: media}}\n"


@contextmanager
def poller_process(kafka: str, feeds: Path, prefix: str) -> Iterator[subprocess.Popen[str]]:
    """A poller in a process of its own, as ``tocsin poller`` runs it."""
    code = "import sys; from services.poller.app import main; from services.runtime.settings import load_settings"
    environment = child_environment(
        kafka=kafka, feeds=str(feeds), topics__prefix=prefix, http__port="0", log__format="json", embedded="true"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", f"{code}; sys.exit(main(load_settings()))"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def logged_until(process: subprocess.Popen[str], event: str, count: int) -> list[dict[str, Any]]:
    """The log up to so many lines of an event."""
    assert process.stderr
    lines = []
    while sum(line["event"] == event for line in lines) < count:
        lines.append(json.loads(process.stderr.readline()))
    return lines


def test_without_any_network_the_poller_stays_up_ready_and_quiet(embedded_kafka: str, tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("feeds:\n" + "".join(FEED.format(name) for name in ("a", "b", "c")))
    with poller_process(embedded_kafka, feeds, "poll-offline") as process:
        lines = logged_until(process, "poll failed", 3)
        port = next(line["port"] for line in lines if line["event"] == "listening")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            assert 'tocsin_feed_polls_total{result="dns",source="a"} 1.0' in answer.read().decode()
        failed = [line for line in lines if line["event"] == "poll failed"]
        assert {line["source"] for line in failed} == {"a", "b", "c"}
        assert all(line["reason"] and line["result"] == "dns" for line in failed)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_ctrl_c_ends_the_poller_without_a_traceback(embedded_kafka: str, tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("feeds:\n" + FEED.format("a"))
    with poller_process(embedded_kafka, feeds, "poll-interrupted") as process:
        logged_until(process, "poll failed", 1)
        os.kill(process.pid, signal.SIGINT)
        _, rest = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "Traceback" not in rest


class SlowProducer:
    """A producer that takes its time, or forever, and remembers what it was given."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.begun = asyncio.Event()
        self.written: list[Record] = []

    async def send(self, *records: Record) -> tuple[Record, ...]:
        self.begun.set()
        await asyncio.sleep(self.seconds)
        self.written += records
        return records

    async def partitions(self, _topic: str) -> int:
        return 1


@asynccontextmanager
async def following(producer: SlowProducer, url: str) -> AsyncIterator[None]:
    """One feed followed through this producer until the block ends."""
    clock = WallClock()
    limits = Limits(timedelta(seconds=30), 100_000)
    async with open_fetcher(limits, "test", allowed=lambda _: True) as fetcher, open_parsers() as parsers:
        follower = Follower(
            names=TopicNames("test"),
            producer=producer,
            fetcher=fetcher,
            parsers=parsers,
            metrics=Metrics(),
            hosts=Hosts(clock),
            clock=clock,
            interval=timedelta(seconds=1),
            slowest=timedelta(seconds=1),
            chance=lambda: 0.0,
        )
        mine = source(url=url, interval="1s")
        state = FeedState(source=mine.id, url=mine.url)
        running = asyncio.create_task(follower.follow(mine, state, partition=0, spread=timedelta()))
        yield
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(("seconds", "topics"), [(1.0, ["test.articles", "test.feeds"]), (60.0, [])])
async def test_what_is_being_published_is_finished_at_a_stop_unless_that_takes_too_long(
    seconds: float, topics: list[str]
) -> None:
    producer = SlowProducer(seconds)
    async with serving({"/": always(rss(item(1)))}) as site:
        async with following(producer, site.url("/")):
            await producer.begun.wait()
            started = time.monotonic()
        assert time.monotonic() - started < 40
    assert [record.topic for record in producer.written] == topics


async def test_the_newest_state_of_each_feed_is_read_back_and_bad_records_are_passed_over(embedded_kafka: str) -> None:
    broker = KafkaBroker(Settings(kafka=embedded_kafka, topics=TopicSettings(prefix="states")), "test")
    topic = TopicNames("states").of(FEEDS)
    states = [FeedState(source=f"feed-{n % 7}", url="u", items=n, polled_at=NOW) for n in range(50)]
    async with broker.producer() as producer:
        assert await read_states(broker, producer, topic) == {}
        await producer.send(*(state_record(topic, state) for state in states))
        await producer.send(Record(topic, b"broken", b"{"), Record(topic, b"feed-0", None))
        first, second = [await read_states(broker, producer, topic) for _ in range(2)]
    assert first == second == {state.source: state for state in states[-7:] if state.source != "feed-0"}
    assert encode(first["feed-1"])
