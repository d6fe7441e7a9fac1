"""Writers wait for readers, so that the embedded cluster does not drop what nobody has read yet."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import pytest

from services.core.topics import SIGHTINGS, Topic, TopicNames, alerts_of
from services.runtime.broker import Broker, KafkaBroker, Record
from services.runtime.pacing import LIMIT_BYTES, PacedProducer, committed_by, open_producer
from services.runtime.settings import Settings
from tests.fakes import MemoryBroker

TOPIC = "paced"
BIG = bytes(LIMIT_BYTES // 10)


async def sent_in_time(broker: MemoryBroker, producer: PacedProducer, count: int, topic: str = TOPIC) -> int:
    """How many of so many big records for one partition are written without anybody reading meanwhile."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            for _ in range(count):
                await producer.send(Record(topic, None, BIG, partition=1))
    return len(broker.log((topic, 1)))


async def test_a_writer_stops_before_its_limit_and_goes_on_when_a_reader_has_committed() -> None:
    broker = MemoryBroker()
    async with broker.producer() as raw, broker.offsets("group") as offsets:
        producer = PacedProducer(raw, committed_by({TOPIC: [offsets]}))
        assert await sent_in_time(broker, producer, 20) == 9
        async with broker.consumer([TOPIC], group="group") as reader:
            await reader.poll(0)
            assert await sent_in_time(broker, producer, 1) == 9
            await reader.commit()
            assert await sent_in_time(broker, producer, 20) == 18


async def test_many_writers_at_once_stop_before_the_same_limit() -> None:
    broker = MemoryBroker()
    async with broker.producer() as raw, broker.offsets("group") as offsets:
        producer = PacedProducer(raw, committed_by({TOPIC: [offsets]}))
        await asyncio.gather(*(sent_in_time(broker, producer, 1) for _ in range(20)))
        assert len(broker.log((TOPIC, 1))) == 9


async def test_the_slowest_of_several_readers_counts() -> None:
    broker = MemoryBroker()
    async with broker.producer() as raw, broker.offsets("fast") as fast, broker.offsets("slow") as slow:
        producer = PacedProducer(raw, committed_by({TOPIC: [fast, slow]}))
        await sent_in_time(broker, producer, 20)
        broker.group("fast").committed[TOPIC, 1] = 9
        broker.group("slow").committed[TOPIC, 1] = 2
        assert await sent_in_time(broker, producer, 20) == 11


async def test_a_topic_that_nobody_reads_is_never_waited_for() -> None:
    broker = MemoryBroker()
    async with broker.producer() as raw, broker.offsets("group") as offsets:
        producer = PacedProducer(raw, committed_by({TOPIC: [offsets]}))
        assert await sent_in_time(broker, producer, 50, topic="unread") == 50


async def test_a_record_larger_than_the_limit_is_sent_once_there_is_nothing_else_unread() -> None:
    broker = MemoryBroker()
    async with broker.producer() as raw, broker.offsets("group") as offsets:
        producer = PacedProducer(raw, committed_by({TOPIC: [offsets]}))
        (sent,) = await producer.send(Record(TOPIC, None, bytes(LIMIT_BYTES), partition=1))
        assert sent.offset == 0
        assert await sent_in_time(broker, producer, 1) == 1
        assert await producer.partitions(TOPIC) == 4


@pytest.mark.parametrize("topic", [alerts_of("clashes"), Topic("deadletters", "delete"), Topic("feeds", "compact")])
async def test_topics_without_readers_of_ours_never_stop_a_service(topic: Topic) -> None:
    broker = MemoryBroker()
    names = TopicNames("paced")
    async with open_producer(broker, names, embedded=True) as producer:
        assert isinstance(producer, PacedProducer)
        assert await sent_in_time(broker, producer, 30, topic=names.of(topic)) == 30


async def test_on_a_real_cluster_nobody_waits() -> None:
    async with open_producer(MemoryBroker(), TopicNames("paced"), embedded=False) as producer:
        assert not isinstance(producer, PacedProducer)


RECORDS = 225
RECORD_BYTES = 40_000
"""Nine megabytes in all; random bytes, since what the embedded cluster keeps is what it gets: compressed."""


async def through_one_partition(broker: Broker, names: TopicNames, *, paced: bool) -> list[int]:
    """Writes nine megabytes into one partition; what a reader gets of it that wakes late and commits slowly."""
    noise = random.Random(1)
    written = asyncio.Event()
    topic = names.of(SIGHTINGS)

    async def write() -> None:
        async with open_producer(broker, names, embedded=paced) as producer:
            for number in range(RECORDS):
                value = b"%d " % number + noise.randbytes(RECORD_BYTES)
                await producer.send(Record(topic, b"key", value, partition=0))
        written.set()

    async def read() -> list[int]:
        got: list[int] = []
        async with broker.consumer([topic], group=names.group("alerter")) as consumer:
            with suppress(TimeoutError):
                await asyncio.wait_for(written.wait(), 4)
            while RECORDS - 1 not in got:
                got += [int((record.value or b"").split(b" ", 1)[0]) for record in await consumer.poll(1)]
                await asyncio.sleep(0.05)
                await consumer.commit()
        return got

    writing = asyncio.create_task(write())
    got = await read()
    await writing
    return got


async def test_nine_megabytes_through_one_partition_of_the_embedded_cluster_arrive_only_when_paced(
    embedded_kafka: str, tmp_path: Path
) -> None:
    broker = KafkaBroker(Settings(kafka=embedded_kafka, state_dir=tmp_path), "test")
    async with asyncio.timeout(90):
        unpaced, paced = await asyncio.gather(
            through_one_partition(broker, TopicNames("unpaced"), paced=False),
            through_one_partition(broker, TopicNames("paced"), paced=True),
        )
    assert paced == list(range(RECORDS))
    # The premise: without pacing the cluster has dropped what was over 5 MB, and said nothing.
    assert unpaced == list(range(RECORDS - len(unpaced), RECORDS))
    assert 100 < len(unpaced) < 140
    async with broker.offsets("nobody") as offsets:
        # A group that never committed has only what is left before it.
        topic = TopicNames("unpaced").of(SIGHTINGS)
        assert (await offsets.committed(topic))[0] == RECORDS - len(unpaced)
        assert await offsets.lag(topic) == len(unpaced)
