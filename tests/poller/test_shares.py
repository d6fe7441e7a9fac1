"""Pollers that share the feeds as members of a consumer group."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from services.core.article import Article
from services.core.errors import BrokerError
from services.core.feed_state import FeedState
from services.core.wire import decode
from services.poller.hosts import host_of
from services.poller.shares import Shares, by_partition
from services.poller.sources import Source
from services.poller.statelog import state_record
from services.runtime.broker import partition_of
from tests.fakes import MemoryBroker
from tests.poller.processes import created, poller, records
from tests.poller.samples import NOW, item, rss, source
from tests.poller.server import Site, serving

TOPIC = "tocsin.feeds"
FEEDS = [source(f"feed-{number}", f"https://{number}.example/feed") for number in range(40)]


class Following:
    """Takes the place of a follower: notes which feeds are followed, with what state."""

    def __init__(self) -> None:
        self.now: dict[str, tuple[FeedState, int]] = {}
        self.fail = asyncio.Event()
        self.failed = 0

    async def follow(self, each: Source, state: FeedState, *, partition: int, spread: timedelta) -> None:
        assert spread > timedelta()
        self.now[each.id] = (state, partition)
        try:
            await self.fail.wait()
            self.failed += 1
            raise BrokerError("Kafka is gone")
        finally:
            del self.now[each.id]


@asynccontextmanager
async def sharing(broker: MemoryBroker, group: str | None = "pollers") -> AsyncIterator[Following]:
    """One poller of the group."""
    following, stop = Following(), asyncio.Event()
    async with broker.producer() as producer, broker.consumer([TOPIC], group=group, everything=True) as consumer:
        shares = Shares(TOPIC, producer, consumer, following.follow)
        running = asyncio.create_task(shares.follow_all(FEEDS, stop, lambda: None))
        try:
            yield following
        finally:
            stop.set()
            await running
    assert following.now == {}


async def until(condition: Callable[[], bool]) -> None:
    """Waits until it holds."""
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 -- nothing tells of it
            await asyncio.sleep(0.05)


async def test_one_poller_follows_all_feeds_each_with_its_newest_state() -> None:
    broker = MemoryBroker()
    states = [FeedState(source="feed-7", url=FEEDS[7].url, items=n, polled_at=NOW + timedelta(hours=n)) for n in (1, 2)]
    place = partition_of(b"7.example", 4)
    async with broker.producer() as producer:
        # The newest on another partition than the feed's, as after a change of its host.
        await producer.send(state_record(TOPIC, states[1], (place + 1) % 4), state_record(TOPIC, states[0], place))
    async with sharing(broker) as following:
        await until(lambda: len(following.now) == len(FEEDS))
        assert following.now["feed-7"] == (states[1], place)
        assert following.now["feed-8"][0] == FeedState(source="feed-8", url=FEEDS[8].url)


async def test_pollers_share_the_feeds_and_whoever_remains_takes_them_over() -> None:
    broker = MemoryBroker()
    async with sharing(broker) as first:
        await until(lambda: len(first.now) == len(FEEDS))
        async with sharing(broker) as second:
            await until(lambda: bool(second.now) and len(first.now) + len(second.now) == len(FEEDS))
            assert not set(first.now) & set(second.now)
        await until(lambda: len(first.now) == len(FEEDS))


async def test_a_poller_without_a_group_follows_all() -> None:
    broker = MemoryBroker()
    async with sharing(broker, None) as following:
        await until(lambda: len(following.now) == len(FEEDS))


async def failing(broker: MemoryBroker) -> None:
    """A poller whose feeds all fail on Kafka."""
    async with sharing(broker) as following:
        following.fail.set()
        await until(lambda: following.failed == len(FEEDS))
        await asyncio.sleep(0.6)


async def test_where_kafka_fails_a_feed_the_poller_ends() -> None:
    with pytest.raises(BrokerError, match="Kafka is gone"):
        await failing(MemoryBroker())


def test_all_feeds_of_a_host_are_on_one_partition() -> None:
    feeds = [source(f"f{number}", f"https://{'user@' * (number % 2)}One.example/{number}") for number in range(9)]
    (shared,) = by_partition(feeds, 12).values()
    assert list(shared) == feeds
    assert len(by_partition(FEEDS, 4)) == 4


async def feed(request: web.Request) -> web.Response:
    """A feed of one item that is its own port's, and has an ETag."""
    if request.headers.get("If-None-Match"):
        return web.Response(status=304)
    return web.Response(body=rss(item(int(host_of(str(request.url)).partition(":")[2]))), headers={"ETag": '"1"'})


async def sites_on_all_partitions(stack: AsyncExitStack) -> list[Site]:
    """So many sites that each partition of the feeds topic has one."""
    sites: list[Site] = []
    while len({partition_of(host_of(site.base).encode(), 4) for site in sites}) < 4:
        sites.append(await stack.enter_async_context(serving({"/feed": feed})))
    return sites


def asked_by(site: Site) -> list[str]:
    """Who asked a site, in order."""
    return [request.headers["User-Agent"].removeprefix("poller-") for request in site.asked]


@pytest.mark.kafka
async def test_when_one_of_two_pollers_is_killed_the_other_goes_on_with_its_feeds(
    real_kafka: str, tmp_path: Path
) -> None:
    await created(real_kafka, "shares")
    feeds = tmp_path / "feeds.yaml"
    async with AsyncExitStack() as stack:
        sites = await sites_on_all_partitions(stack)
        fields = {"outlet": "wire", "country": "GBR", "kind": "media", "interval": "1s"}
        listed = [{"id": f"feed-{n}", "url": site.url("/feed"), **fields} for n, site in enumerate(sites)]
        feeds.write_text(json.dumps({"feeds": listed}))
        first = await stack.enter_async_context(poller(real_kafka, feeds, "shares", "first"))
        await stack.enter_async_context(poller(real_kafka, feeds, "shares", "second"))
        # Asked twice: the state of the first poll is saved.
        await until(lambda: all(len(set(asked_by(site)[-2:])) == 1 < len(site.asked) for site in sites))
        await until(lambda: {asked_by(site)[-1] for site in sites} == {"first", "second"})
        firsts = [site for site in sites if asked_by(site)[-1] == "first"]
        assert firsts
        first.send_signal(signal.SIGKILL)
        await first.wait()
        before = {site.base: len(site.asked) for site in firsts}
        await until(lambda: all(len(site.asked) > before[site.base] + 1 for site in firsts))
        for site in firsts:
            after = site.asked[before[site.base] :]
            assert {request.headers["User-Agent"] for request in after} == {"poller-second"}
            assert all(request.headers.get("If-None-Match") == '"1"' for request in after)
    # Read once nobody polls any more: while somebody does, there is always more to read.
    found = await records(real_kafka, "shares", states=len(sites))
    articles = [decode(Article, each.value) for each in found if each.topic == "shares.articles"]
    assert {article.source for article in articles} == {each["id"] for each in listed}
