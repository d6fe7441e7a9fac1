"""Kafka as the plain services use it: a producer that awaits delivery, a consumer that commits what was polled.

The small interface has a twin in memory (``tests/fakes.py``); one contract suite holds both, and every kind of cluster.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import stamina
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.helpers import create_ssl_context

from services.core.errors import BrokerError
from services.core.wire import Header
from services.runtime.settings import Settings

REQUEST_TIMEOUT_MS = 30_000
_BACKOFF_MS = 500
MAX_RECORD_BYTES = 1_000_000


@dataclass(frozen=True)
class Record:
    """One record of a topic. ``offset`` is -1 and ``partition`` None until Kafka has given it a place."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()
    partition: int | None = None
    offset: int = -1


class Producer(Protocol):
    """Writes records."""

    async def send(self, *records: Record) -> tuple[Record, ...]:
        """Writes the records and waits until Kafka has them all; they come back with partition and offset.

        Raises:
            BrokerError: Kafka did not take one of them in time; those before it may be written.
        """
        ...

    async def partitions(self, topic: str) -> int:
        """How many partitions the topic has."""
        ...


class Consumer(Protocol):
    """Reads records in the order of their offsets, partition by partition."""

    async def poll(self, timeout: float) -> tuple[Record, ...]:  # noqa: ASYNC109 -- Kafka's own poll takes one
        """The next records, or none after ``timeout`` seconds."""
        ...

    async def commit(self) -> None:
        """Marks everything polled so far as done for the consumer's group."""
        ...


class Broker(Protocol):
    """A Kafka cluster."""

    def producer(self) -> AbstractAsyncContextManager[Producer]:
        """A producer, closed (and flushed) at the end of the block."""
        ...

    def consumer(
        self, topics: Sequence[str], *, group: str | None, everything: bool = False
    ) -> AbstractAsyncContextManager[Consumer]:
        """A consumer of these topics.

        Args:
            topics: full names of topics.
            group: consumer group, sharing the partitions with its other members; None reads alone, from now on.
            everything: read from the beginning whatever the group has committed, as the only one in its group.
        """
        ...

    def offsets(self, group: str) -> AbstractAsyncContextManager["Offsets"]:
        """How far a consumer group has come, without joining it."""
        ...


class Offsets(Protocol):
    """How far one consumer group has come."""

    async def committed(self, topic: str) -> dict[int, int]:
        """The first offset of each partition that the group has not committed."""
        ...

    async def lag(self, topic: str) -> int:
        """Records of the topic that the group has not committed; all of them where it never committed."""
        ...


class KafkaBroker:
    """A real or embedded cluster, by way of aiokafka."""

    def __init__(self, settings: Settings, client: str) -> None:
        self._common = {
            "bootstrap_servers": settings.brokers,
            "client_id": f"tocsin-{client}",
            "request_timeout_ms": REQUEST_TIMEOUT_MS,
            "retry_backoff_ms": _BACKOFF_MS,
            "metadata_max_age_ms": 10_000,
            **security(settings),
        }

    @asynccontextmanager
    async def producer(self) -> AsyncIterator["Producer"]:
        """See :class:`Broker`."""
        producer = AIOKafkaProducer(
            acks="all",
            enable_idempotence=True,
            compression_type="gzip",
            linger_ms=5,
            max_request_size=MAX_RECORD_BYTES + 24_000,
            **self._common,
        )
        await _started(producer)
        try:
            yield _KafkaProducer(producer)
        finally:
            await producer.stop()

    @asynccontextmanager
    async def consumer(
        self, topics: Sequence[str], *, group: str | None, everything: bool = False
    ) -> AsyncIterator["Consumer"]:
        """See :class:`Broker`."""
        consumer = AIOKafkaConsumer(
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest" if group or everything else "latest",
            session_timeout_ms=15_000,
            heartbeat_interval_ms=3_000,
            fetch_max_wait_ms=100,
            max_poll_records=500,
            **self._common,
        )
        await _started(consumer)
        try:
            if group:
                consumer.subscribe(list(topics), listener=_Rewind(consumer) if everything else None)
            else:
                partitions = await _partitions(consumer, topics)
                consumer.assign(partitions)
                await (consumer.seek_to_beginning(*partitions) if everything else consumer.seek_to_end(*partitions))
            yield _KafkaConsumer(consumer)
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def offsets(self, group: str) -> AsyncIterator["Offsets"]:
        """See :class:`Broker`."""
        # Assigned, never subscribed: such a consumer sees the group's offsets without joining the group.
        consumer = AIOKafkaConsumer(group_id=group, enable_auto_commit=False, **self._common)
        await _started(consumer)
        try:
            yield _KafkaOffsets(consumer)
        finally:
            await consumer.stop()


class _Rewind(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        pass

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        if assigned:
            await self._consumer.seek_to_beginning(*assigned)


class _KafkaOffsets:
    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._partitions: dict[str, list[TopicPartition]] = {}

    async def committed(self, topic: str) -> dict[int, int]:
        partitions = await self._of(topic)
        begins = await self._consumer.beginning_offsets(partitions)
        done = {at: await self._consumer.committed(at) for at in partitions}
        return {at.partition: begins[at] if done[at] is None else done[at] for at in partitions}

    async def lag(self, topic: str) -> int:
        committed = await self.committed(topic)
        ends = await self._consumer.end_offsets(await self._of(topic))
        return sum(max(0, end - committed[at.partition]) for at, end in ends.items())

    async def _of(self, topic: str) -> list[TopicPartition]:
        if topic not in self._partitions:
            self._partitions[topic] = await _partitions(self._consumer, [topic])
            self._consumer.assign([at for known in self._partitions.values() for at in known])
        return self._partitions[topic]


class _KafkaProducer:
    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(self, *records: Record) -> tuple[Record, ...]:
        try:
            waiting = [
                await self._producer.send(
                    record.topic,
                    key=record.key,
                    value=record.value,
                    headers=list(record.headers),
                    partition=record.partition,
                )
                for record in records
            ]
            done = await asyncio.gather(*waiting)
        except KafkaError as error:
            raise BrokerError(f"Kafka did not take a record of {records[0].topic}: {error!r}") from error
        return tuple(
            Record(record.topic, record.key, record.value, record.headers, at.partition, at.offset)
            for record, at in zip(records, done, strict=True)
        )

    async def partitions(self, topic: str) -> int:
        return len(await self._producer.partitions_for(topic))


class _KafkaConsumer:
    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    async def poll(self, timeout: float) -> tuple[Record, ...]:  # noqa: ASYNC109
        batches = await self._consumer.getmany(timeout_ms=round(timeout * 1000))
        return tuple(
            Record(raw.topic, raw.key, raw.value, tuple(raw.headers), raw.partition, raw.offset)
            for batch in batches.values()
            for raw in batch
        )

    async def commit(self) -> None:
        try:
            await self._consumer.commit()
        except KafkaError as error:
            raise BrokerError(f"could not commit: {error!r}") from error


def security(settings: Settings) -> dict[str, Any]:
    """Arguments of aiokafka for encryption and authentication."""
    chosen = settings.security
    if chosen.protocol == "PLAINTEXT":
        return {}
    arguments: dict[str, Any] = {"security_protocol": chosen.protocol}
    if chosen.protocol.endswith("SSL"):
        arguments["ssl_context"] = create_ssl_context(cafile=str(chosen.ca_file) if chosen.ca_file else None)
    if chosen.protocol.startswith("SASL"):
        arguments |= {
            "sasl_mechanism": chosen.mechanism,
            "sasl_plain_username": chosen.username,
            "sasl_plain_password": chosen.password.get_secret_value(),
        }
    return arguments


async def _started(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Starts a client, waiting half a minute for a cluster that is not up yet.

    Raises:
        BrokerError: no broker answered in that time.
    """
    try:
        async for attempt in stamina.retry_context(on=KafkaConnectionError, attempts=None, timeout=30.0):
            with attempt:
                await client.start()
    except KafkaError as error:
        await client.stop()
        raise BrokerError(f"no broker answers: {error}") from error


async def _partitions(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> list[TopicPartition]:
    """All partitions of the topics; asking for a topic makes the embedded cluster create it."""
    # aiokafka learns of topics only when it subscribes, which would join the group; its client can be told directly.
    await consumer._client.set_topics(topics)
    found: list[TopicPartition] = []
    for topic in topics:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise BrokerError(f"no topic {topic}; `tocsin topics` creates it")
        found += [TopicPartition(topic, number) for number in sorted(numbers)]
    return found
