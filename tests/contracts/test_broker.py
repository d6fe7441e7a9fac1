"""What a broker must do, whichever it is: in memory, embedded, or Apache Kafka."""

import asyncio
import time
from collections.abc import Iterable

import pytest
from aiokafka.partitioner import DefaultPartitioner

from services.core.errors import BrokerError, WireError
from services.runtime.broker import MAX_RECORD_BYTES, Consumer, KafkaBroker, Producer, Record, partition_of
from services.runtime.settings import Settings
from tests.contracts.clusters import PARTITIONS, Cluster, kafka, memory, read, round_of


@pytest.fixture(params=["memory", "embedded", pytest.param("real", marks=pytest.mark.kafka)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """Each kind of cluster in turn."""
    if request.param == "memory":
        return memory()
    if request.param == "embedded":
        return kafka(request.getfixturevalue("embedded_kafka"), embedded=True)
    return kafka(request.getfixturevalue("real_kafka"), embedded=False)


def places(records: Iterable[Record]) -> set[tuple[int | None, int]]:
    """Where records are."""
    return {(record.partition, record.offset) for record in records}


def one_each(topic: str, value: bytes = b"") -> list[Record]:
    """A record for each partition."""
    return [Record(topic, None, value, partition=number) for number in range(PARTITIONS)]


async def test_sent_records_come_back_with_their_place(cluster: Cluster) -> None:
    topic = await cluster.topic()
    async with cluster.broker.producer() as producer:
        sent = await producer.send(*(Record(topic, b"key", b"%d" % number) for number in range(3)))
        assert await producer.partitions(topic) == PARTITIONS
    assert [record.offset for record in sent] == [0, 1, 2]
    assert [(record.topic, record.key, record.value) for record in sent] == [
        (topic, b"key", b"%d" % number) for number in range(3)
    ]


async def test_a_key_lands_in_the_same_partition_on_every_kind_of_cluster(cluster: Cluster) -> None:
    topic = await cluster.topic()
    keys = [f"key-{number}".encode() for number in range(50)]
    async with cluster.broker.producer() as producer:
        sent = await producer.send(*(Record(topic, key, b"") for key in keys * 2))
    numbers = list(range(PARTITIONS))
    assert [record.partition for record in sent] == [DefaultPartitioner()(key, numbers, numbers) for key in keys * 2]
    assert [record.partition for record in sent] == [partition_of(key, PARTITIONS) for key in keys * 2]
    assert {record.partition for record in sent} == set(numbers)


async def test_keys_values_and_headers_survive_byte_for_byte(cluster: Cluster) -> None:
    topic = await cluster.topic()
    headers = (("ce_id", b"1"), ("twice", b"a"), ("twice", b"\xff\x00"), ("empty", b""))
    records = [
        Record(topic, b"null value", None, headers, partition=1),
        Record(topic, None, b"null key", partition=1),
        Record(topic, b"empty value", b"", partition=1),
        Record(topic, b"\x00\xff", bytes(range(256)), headers, partition=1),
    ]
    async with cluster.broker.producer() as producer:
        sent = await producer.send(*records)
    async with cluster.broker.consumer([topic], group=None, everything=True) as consumer:
        assert await read(consumer, 4) == list(sent)


async def test_two_producers_keep_their_own_order_in_each_partition(cluster: Cluster) -> None:
    topic = await cluster.topic()

    async def write(name: str) -> None:
        async with cluster.broker.producer() as producer:
            for start in range(0, 100, 10):
                numbers = range(start, start + 10)
                await producer.send(*(Record(topic, b"key-%d" % (n % 7), f"{name} {n}".encode()) for n in numbers))

    await asyncio.gather(write("one"), write("two"))
    async with cluster.broker.consumer([topic], group=None, everything=True) as consumer:
        records = await read(consumer, 200)
    assert len(places(records)) == len(records) == 200
    for name in ("one", "two"):
        for number in range(7):
            mine = [
                int(record.value.split()[1])
                for record in records
                if record.key == f"key-{number}".encode() and record.value and record.value.startswith(name.encode())
            ]
            assert mine == list(range(number, 100, 7))


async def test_members_of_a_group_share_the_partitions_and_resume_from_what_was_committed(cluster: Cluster) -> None:
    topic, group = await cluster.topic(), cluster.group()
    async with cluster.broker.producer() as producer:
        done = await producer.send(*one_each(topic, b"done"), *one_each(topic, b"done"))
        async with cluster.broker.consumer([topic], group=group) as first:
            assert places(await read(first, 8)) == places(done)
            await first.commit()
            undone = await producer.send(*one_each(topic, b"undone"))
            assert places(await read(first, 4)) == places(undone)
        async with cluster.broker.consumer([topic], group=group) as second:
            assert places(await read(second, 4)) == places(undone)
            if not cluster.shares:
                return
            async with cluster.broker.consumer([topic], group=group) as third:
                await both_get_a_share([second, third], producer, topic)


async def both_get_a_share(members: list[Consumer], producer: Producer, topic: str) -> None:
    """Sends to all partitions until both members of the group get some, and none gets another's."""
    async with asyncio.timeout(40):
        while True:
            sent = await producer.send(*one_each(topic))
            shares = await round_of(members, places(sent))
            if all(shares) and not shares[0] & shares[1]:
                owned = [member.assigned() for member in members]
                assert owned == [frozenset((topic, number) for number in share) for share in shares]
                return


async def test_reading_everything_starts_at_the_beginning_whatever_was_committed(cluster: Cluster) -> None:
    topic, group = await cluster.topic(), cluster.group()
    async with cluster.broker.producer() as producer, cluster.broker.offsets(group) as offsets:
        sent = await producer.send(*one_each(topic))
        async with cluster.broker.consumer([topic], group=group, everything=True) as consumer:
            assert places(await read(consumer, 4)) == places(sent)
            await consumer.commit()
            assert await offsets.lag(topic) == 0
            assert await offsets.committed(topic) == await offsets.ends(topic) == dict.fromkeys(range(PARTITIONS), 1)
            later = await producer.send(Record(topic, None, b"later", partition=2))
            assert await offsets.lag(topic) == 1
        async with cluster.broker.consumer([topic], group=group, everything=True) as consumer:
            assert places(await read(consumer, 5)) == places(sent + later)


async def test_a_reader_without_a_group_sees_only_what_comes_after_it(cluster: Cluster) -> None:
    topic = await cluster.topic()
    async with cluster.broker.producer() as producer:
        await producer.send(*one_each(topic, b"before"))
        async with cluster.broker.consumer([topic], group=None) as consumer:
            assert await consumer.poll(0.3) == ()
            later = await producer.send(*one_each(topic, b"after"))
            assert places(await read(consumer, 4)) == places(later)
            assert consumer.assigned() == {(topic, number) for number in range(PARTITIONS)}
            await consumer.commit()


async def test_readers_without_a_group_see_everything_each_from_several_topics(cluster: Cluster) -> None:
    topics = [await cluster.topic(), await cluster.topic()]
    async with cluster.broker.producer() as producer:
        await producer.send(*one_each(topics[0]), *one_each(topics[1]))
    for _ in range(2):
        async with cluster.broker.consumer(topics, group=None, everything=True) as consumer:
            records = await read(consumer, 8)
            assert {(record.topic, record.partition) for record in records} == {
                (topic, number) for topic in topics for number in range(PARTITIONS)
            }


async def test_a_reader_without_a_group_can_go_on_where_it_ended(cluster: Cluster) -> None:
    topic = await cluster.topic()
    async with cluster.broker.producer() as producer:
        for _ in range(2):
            sent = await producer.send(*one_each(topic))
    since = {(topic, 0): 1, (topic, 3): 2}
    async with cluster.broker.consumer([topic], group=None, everything=True, since=since) as consumer:
        records = await read(consumer, 5)
    assert places(records) == (places(sent) | {(1, 0), (2, 0)}) - {(3, 1)}


async def test_a_group_that_never_committed_has_the_whole_topic_before_it(cluster: Cluster) -> None:
    topic, other = await cluster.topic(), await cluster.topic()
    async with cluster.broker.producer() as producer, cluster.broker.offsets(cluster.group()) as offsets:
        await producer.send(*one_each(topic), Record(topic, None, b"", partition=3))
        assert await offsets.committed(topic) == {0: 0, 1: 0, 2: 0, 3: 0}
        assert await offsets.ends(topic) == {0: 1, 1: 1, 2: 1, 3: 2}
        assert await offsets.lag(topic) == 5
        assert await offsets.lag(other) == 0
        await producer.send(*one_each(topic))
        assert await offsets.lag(topic) == 9


async def test_a_poll_without_records_ends_after_its_time(cluster: Cluster) -> None:
    topic = await cluster.topic()
    async with cluster.broker.consumer([topic], group=None) as consumer:
        started = time.monotonic()
        assert await consumer.poll(0.5) == ()
        assert 0.4 < time.monotonic() - started < 5


async def test_a_record_that_is_too_large_is_refused_for_good(cluster: Cluster) -> None:
    topic = await cluster.topic()
    async with cluster.broker.producer() as producer:
        with pytest.raises(WireError, match=topic):
            await producer.send(Record(topic, b"key", bytes(MAX_RECORD_BYTES + 30_000)))
        (sent,) = await producer.send(Record(topic, b"key", bytes(MAX_RECORD_BYTES)))
    assert sent.offset == 0


async def test_a_topic_that_nobody_created_is_an_error_except_where_topics_create_themselves(cluster: Cluster) -> None:
    broker = cluster.broker
    if cluster.creates:
        async with broker.producer() as producer:
            assert await producer.partitions(f"{cluster.group()}-new") == PARTITIONS
        return
    topic = f"{cluster.group()}-missing"
    async with broker.producer() as producer, broker.offsets(cluster.group()) as offsets:
        errors = await asyncio.gather(
            producer.send(Record(topic, b"key", b"")),
            producer.partitions(topic),
            offsets.lag(topic),
            broker.consumer([topic], group=None).__aenter__(),
            broker.consumer([topic], group=cluster.group()).__aenter__(),
            return_exceptions=True,
        )
    assert [str(error) for error in errors] == [f"no topic {topic}; `tocsin topics` creates it"] * 5
    assert {type(error) for error in errors} == {BrokerError}


async def test_a_cluster_that_does_not_answer_is_an_error() -> None:
    broker = KafkaBroker(Settings(kafka="127.0.0.1:9"), "test", timeout_ms=500)
    for opened in (broker.producer(), broker.consumer(["any"], group="any"), broker.offsets("any")):
        with pytest.raises(BrokerError, match="no broker answers"):
            await opened.__aenter__()
