"""Following alerts, and waiting until a replay has gone through."""

import asyncio

from services.commands.follow import alerts_from, drained
from services.core.topics import ARTICLES, EVENTS, SIGHTINGS, Topic, TopicNames
from services.core.wire import encode
from services.runtime.broker import Record
from tests.commands.samples import alert
from tests.fakes import MemoryBroker

NAMES = TopicNames("t")


async def put(broker: MemoryBroker, topic: str, *values: bytes | None) -> None:
    async with broker.producer() as producer:
        await producer.send(*(Record(topic, b"key", value) for value in values))


async def read(broker: MemoryBroker, group: str, topic: Topic) -> None:
    """A stage of this group reads all there is of a topic."""
    committed = broker.group(NAMES.group(group)).committed
    committed |= {place: len(broker.log(place)) for place in broker.places(NAMES.of(topic))}


async def test_alerts_come_in_order_and_what_is_none_is_passed_over() -> None:
    broker, stop = MemoryBroker(), asyncio.Event()
    await put(broker, "alerts", encode(alert(reason="one")), b"garbage", None, encode(alert(reason="two")))
    stop.set()
    async with broker.consumer(["alerts"], group=None, everything=True) as consumer:
        assert [one.reason async for one in alerts_from(consumer, stop)] == ["one", "two"]


async def test_following_ends_only_when_nothing_more_is_there() -> None:
    broker, stop = MemoryBroker(), asyncio.Event()
    seen = []
    async with broker.consumer(["alerts"], group=None) as consumer:
        await put(broker, "alerts", encode(alert(reason="before")))
        async for one in alerts_from(consumer, stop):
            seen.append(one.reason)
            if one.reason == "before":
                stop.set()
                await put(broker, "alerts", encode(alert(reason="after")))
    assert seen == ["before", "after"]


async def test_a_replay_has_gone_through_when_each_link_of_the_chain_has_read_what_the_one_before_wrote() -> None:
    broker = MemoryBroker()
    await put(broker, NAMES.of(ARTICLES), b"article")
    waiting = asyncio.create_task(drained(broker, NAMES))
    for group, topic, leads_to in (
        ("alerter", ARTICLES, SIGHTINGS),
        ("extractor", ARTICLES, EVENTS),
        ("alerter", EVENTS, SIGHTINGS),
    ):
        await put(broker, NAMES.of(leads_to), b"more")
        await read(broker, group, topic)
        await asyncio.sleep(0.35)
        assert not waiting.done()
    await read(broker, "alerter", SIGHTINGS)
    await asyncio.wait_for(waiting, 5)


async def test_where_nothing_was_sent_there_is_nothing_to_wait_for() -> None:
    await asyncio.wait_for(drained(MemoryBroker(), NAMES), 5)
