"""Kafka as the plain services use it: a producer that awaits delivery, a consumer that commits what was polled.

The small interface has a twin in memory (``tests/fakes.py``); one contract suite holds both, and every kind of cluster.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner

from services.core.errors import BrokerError, WireError
from services.core.wire import Header
from services.runtime.clients import (
    REQUEST_TIMEOUT_MS,
    as_broker_error,
    assignable,
    partitions_of,
    security,
    started,
)
from services.runtime.offsets import KafkaOffsets, Offsets
from services.runtime.settings import Settings

SESSION_MS = 15_000
"""Default session of a member of a consumer group: a killed member's partitions move after this time."""

_BACKOFF_MS = 500
MAX_RECORD_BYTES = 1_000_000
"""Largest value of a record."""

MAX_REQUEST_BYTES = MAX_RECORD_BYTES + 24_000
"""Largest record with its key and headers; below the 1 MiB that brokers take unless told otherwise."""


@dataclass(frozen=True)
class Record:
    """One record of a topic. ``offset`` is -1 and ``partition`` None until Kafka has given it a place."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()
    partition: int | None = None
    offset: int = -1


def partition_of(key: bytes, partitions: int) -> int:
    """Which of so many partitions a record with this key lands in; the same on every kind of cluster."""
    numbers = list(range(partitions))
    return int(DefaultPartitioner()(key, numbers, numbers))


class Producer(Protocol):
    """Writes records."""

    async def send(self, *records: Record) -> tuple[Record, ...]:
        """Writes the records and waits until Kafka has them all; they come back with partition and offset.

        Raises:
            BrokerError: Kafka did not take one of them in time; those before it may be written.
            WireError: one of them is larger than ``MAX_REQUEST_BYTES``: trying again would not help.
        """
        ...

    async def partitions(self, topic: str) -> int:
        """How many partitions the topic has; raises :class:`BrokerError` where there is no such topic."""
        ...


class Consumer(Protocol):
    """Reads records in the order of their offsets, partition by partition."""

    async def poll(self, timeout: float) -> tuple[Record, ...]:  # noqa: ASYNC109 -- Kafka's own poll takes one
        """The next records, or none after ``timeout`` seconds; raises :class:`BrokerError` where Kafka refuses."""
        ...

    def assigned(self) -> frozenset[tuple[str, int]]:
        """The topics and numbers of the partitions that are this consumer's now: all of them without a group.

        Of a group's member they change while it polls, and are none until it has joined.
        """
        ...

    async def commit(self) -> None:
        """Marks everything polled so far as done for the consumer's group; without a group does nothing.

        Raises:
            BrokerError: the group did not take it; what is not marked comes again.
        """
        ...


class Broker(Protocol):
    """A Kafka cluster."""

    def producer(self) -> AbstractAsyncContextManager[Producer]:
        """A producer, closed (and flushed) at the end of the block."""
        ...

    def consumer(
        self,
        topics: Sequence[str],
        *,
        group: str | None,
        everything: bool = False,
        since: Mapping[tuple[str, int], int] | None = None,
    ) -> AbstractAsyncContextManager[Consumer]:
        """A consumer of these topics.

        Args:
            topics: full names of topics.
            group: consumer group, sharing the partitions with its other members; None reads alone, from now on.
            everything: read from the beginning whatever the group has committed, as the only one in its group.
            since: without a group, the offsets to begin at, by topic and partition, where they are still there.

        Raises:
            BrokerError: no broker answers, or there is no such topic (the embedded cluster creates it).
        """
        ...

    def offsets(self, group: str) -> AbstractAsyncContextManager[Offsets]:
        """How far a consumer group has come, without joining it."""
        ...


class KafkaBroker:
    """A real or embedded cluster, by way of aiokafka."""

    def __init__(
        self, settings: Settings, client: str, *, timeout_ms: int = REQUEST_TIMEOUT_MS, session_ms: int = SESSION_MS
    ) -> None:
        """Names the cluster.

        Args:
            settings: where it is and how to authenticate.
            client: what brokers call us, behind ``tocsin-``.
            timeout_ms: longest wait for it to be up, or to answer one request.
            session_ms: after this time of silence a member of a group counts as dead.
        """
        self._seconds = timeout_ms / 1000
        self._session_ms = session_ms
        self._common = {
            "bootstrap_servers": settings.brokers,
            "client_id": f"tocsin-{client}",
            "request_timeout_ms": timeout_ms,
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
            max_request_size=MAX_REQUEST_BYTES,
            **self._common,
        )
        await started(producer, self._seconds)
        try:
            yield _KafkaProducer(producer)
        finally:
            await producer.stop()

    @asynccontextmanager
    async def consumer(
        self,
        topics: Sequence[str],
        *,
        group: str | None,
        everything: bool = False,
        since: Mapping[tuple[str, int], int] | None = None,
    ) -> AsyncIterator["Consumer"]:
        """See :class:`Broker`."""
        consumer = AIOKafkaConsumer(
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest" if group or everything else "latest",
            session_timeout_ms=self._session_ms,
            heartbeat_interval_ms=self._session_ms // 5,
            fetch_max_wait_ms=100,
            max_poll_records=500,
            **self._common,
        )
        await started(consumer, self._seconds)
        try:
            partitions = [at for topic in topics for at in await assignable(consumer, topic)]
            if group:
                consumer.subscribe(list(topics), listener=_Rewind(consumer) if everything else None)
            else:
                consumer.assign(partitions)
                await _seek(consumer, partitions, to_end=not everything)
                wanted = since or {}
                for at in (at for at in partitions if at in wanted):
                    consumer.seek(at, wanted[at])
            yield _KafkaConsumer(consumer, group)
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def offsets(self, group: str) -> AsyncIterator[Offsets]:
        """See :class:`Broker`."""
        # Assigned, never subscribed: such a consumer sees the group's offsets without joining the group.
        consumer = AIOKafkaConsumer(group_id=group, enable_auto_commit=False, **self._common)
        await started(consumer, self._seconds)
        try:
            yield KafkaOffsets(consumer, self._seconds)
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


class _KafkaProducer:
    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(self, *records: Record) -> tuple[Record, ...]:
        for topic in {record.topic for record in records}:
            await self.partitions(topic)
        with _refused(records):
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
        return tuple(
            Record(record.topic, record.key, record.value, record.headers, at.partition, at.offset)
            for record, at in zip(records, done, strict=True)
        )

    async def partitions(self, topic: str) -> int:
        return len(await partitions_of(self._producer.client, topic))


@contextmanager
def _refused(records: Sequence[Record]) -> Iterator[None]:
    topics = ", ".join(sorted({record.topic for record in records}))
    with as_broker_error(f"Kafka did not take a record of {topics}"):
        try:
            yield
        except MessageSizeTooLargeError as error:
            largest = max(len(record.value or b"") for record in records)
            raise WireError(f"a record of {topics} is too large: {largest:,} bytes") from error


class _KafkaConsumer:
    def __init__(self, consumer: AIOKafkaConsumer, group: str | None) -> None:
        self._consumer = consumer
        self._group = group

    async def poll(self, timeout: float) -> tuple[Record, ...]:  # noqa: ASYNC109
        with as_broker_error("could not read"):
            batches = await self._consumer.getmany(timeout_ms=round(timeout * 1000))
        return tuple(
            Record(raw.topic, raw.key, raw.value, tuple(raw.headers), raw.partition, raw.offset)
            for batch in batches.values()
            for raw in batch
        )

    def assigned(self) -> frozenset[tuple[str, int]]:
        return frozenset((at.topic, at.partition) for at in self._consumer.assignment())

    async def commit(self) -> None:
        if self._group:
            with as_broker_error("could not commit"):
                await self._consumer.commit()


async def _seek(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], *, to_end: bool) -> None:
    with as_broker_error("could not find where to read from"):
        found = await (consumer.seek_to_end(*partitions) if to_end else consumer.seek_to_beginning(*partitions))
    if not found:
        raise BrokerError("Kafka did not say in time where to read from")
