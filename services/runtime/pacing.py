"""Writers on the embedded cluster wait for its readers, since it silently keeps only the newest 5 MB of a partition."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from services.core.topics import TOPICS, TopicNames
from services.runtime.broker import Broker, Producer, Record
from services.runtime.logs import logger
from services.runtime.offsets import Offsets

LIMIT_BYTES = 1_000_000
"""Most bytes of one partition that not all readers have committed; a fifth of what the embedded cluster keeps."""

_POLL_SECONDS = 0.1
_COMPLAIN_SECONDS = 15.0

Committed = Callable[[str], Awaitable[Mapping[int, int]]]
"""For a topic: the first offset of each partition that not all of its readers have committed; nothing if none reads."""


class _Unread:
    """The records of one partition that not all readers have committed, and their bytes."""

    def __init__(self) -> None:
        self.bytes = 0
        self._records: deque[tuple[int, int]] = deque()

    def add(self, offset: int, size: int) -> None:
        self._records.append((offset, size))
        self.bytes += size

    def forget(self, end: int) -> None:
        while self._records and self._records[0][0] < end:
            self.bytes -= self._records.popleft()[1]


class PacedProducer:
    """A producer that keeps less than ``LIMIT_BYTES`` of each partition unread. Wraps the real one."""

    def __init__(self, producer: Producer, committed: Committed) -> None:
        self._producer = producer
        self._committed = committed
        self._unread: dict[str, dict[int, _Unread]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(self, *records: Record) -> tuple[Record, ...]:
        """Writes the records one by one, each when there is room for it in its topic; see :class:`Producer`."""
        return tuple([await self._send(record) for record in records])

    async def partitions(self, topic: str) -> int:
        """See :class:`Producer`."""
        return await self._producer.partitions(topic)

    async def _send(self, record: Record) -> Record:
        size = len(record.value or b"") + len(record.key or b"") + sum(len(v) + len(k) for k, v in record.headers) + 100
        # Several may send at once; each must find in the count what those before it have sent.
        async with self._turns[record.topic]:
            await self._room(record.topic, size)
            (sent,) = await self._producer.send(record)
            self._unread.setdefault(sent.topic, {}).setdefault(sent.partition or 0, _Unread()).add(sent.offset, size)
        return sent

    async def _room(self, topic: str, size: int) -> None:
        """Waits until every partition has room, since Kafka chooses the partition only when it sends."""
        waited = 0.0
        while self._fullest(topic) and self._fullest(topic) + size > LIMIT_BYTES:
            await self._forget(topic)
            if self._fullest(topic) + size <= LIMIT_BYTES:
                return
            await asyncio.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
            if waited >= _COMPLAIN_SECONDS:
                logger(__name__).warning("waiting for readers", topic=topic, unread_bytes=self._fullest(topic))
                waited = 0.0

    def _fullest(self, topic: str) -> int:
        return max((unread.bytes for unread in self._unread.get(topic, {}).values()), default=0)

    async def _forget(self, topic: str) -> None:
        committed = await self._committed(topic)
        if not committed:
            del self._unread[topic]
            return
        for partition, unread in self._unread[topic].items():
            unread.forget(committed.get(partition, 0))


def committed_by(readers: Mapping[str, Sequence[Offsets]]) -> Committed:
    """The :data:`Committed` of the groups that read each topic; a topic nobody reads is never waited for."""

    async def committed(topic: str) -> Mapping[int, int]:
        each = [await offsets.committed(topic) for offsets in readers.get(topic, ())]
        return {partition: min(done[partition] for done in each) for partition in (each[0] if each else ())}

    return committed


@asynccontextmanager
async def open_producer(broker: Broker, names: TopicNames, *, embedded: bool) -> AsyncIterator[Producer]:
    """The cluster's producer; on the embedded cluster one that waits for readers."""
    async with AsyncExitStack() as stack:
        producer = await stack.enter_async_context(broker.producer())
        if embedded:
            stages = {stage for topic in TOPICS for stage in topic.readers}
            offsets = {stage: await stack.enter_async_context(broker.offsets(names.group(stage))) for stage in stages}
            readers = {names.of(topic): [offsets[stage] for stage in topic.readers] for topic in TOPICS}
            producer = PacedProducer(producer, committed_by(readers))
        yield producer
