"""How far a consumer group has come, asked without joining it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.runtime.clients import as_broker_error, assignable


class Offsets(Protocol):
    """How far one consumer group has come. Everything here raises :class:`BrokerError` where Kafka does not answer."""

    async def committed(self, topic: str) -> dict[int, int]:
        """The first offset of each partition that the group has not committed."""
        ...

    async def lag(self, topic: str) -> int:
        """Records of the topic that the group has not committed; all of them where it never committed."""
        ...

    async def ends(self, topic: str) -> dict[int, int]:
        """The offset that the next record of each partition will get."""
        ...


async def ahead(offsets: Offsets, topic: str) -> dict[int, int]:
    """The ends of the partitions that hold anything the group has not committed.

    Of a group that never commits that is all they hold: a partition whose records are gone has none.
    """
    committed = await offsets.committed(topic)
    return {number: end for number, end in (await offsets.ends(topic)).items() if end > committed[number]}


class KafkaOffsets:
    """:class:`Offsets` by way of a consumer that is in the group but never joins it."""

    def __init__(self, consumer: AIOKafkaConsumer, seconds: float) -> None:
        self._consumer = consumer
        self._seconds = seconds
        self._partitions: dict[str, list[TopicPartition]] = {}

    async def committed(self, topic: str) -> dict[int, int]:
        """See :class:`Offsets`."""
        partitions = await self._of(topic)
        async with self._answered("committed offsets of", topic):
            begins = await self._consumer.beginning_offsets(partitions)
            done = {at: await self._consumer.committed(at) for at in partitions}
        return {at.partition: begins[at] if done[at] is None else done[at] for at in partitions}

    async def lag(self, topic: str) -> int:
        """See :class:`Offsets`."""
        committed = await self.committed(topic)
        return sum(max(0, end - committed[partition]) for partition, end in (await self.ends(topic)).items())

    async def ends(self, topic: str) -> dict[int, int]:
        """See :class:`Offsets`."""
        partitions = await self._of(topic)
        async with self._answered("ends of", topic):
            return {at.partition: end for at, end in (await self._consumer.end_offsets(partitions)).items()}

    @asynccontextmanager
    async def _answered(self, what: str, topic: str) -> AsyncIterator[None]:
        # aiokafka asks for committed offsets again and again while no broker answers.
        with as_broker_error(f"{what} {topic}"):
            async with asyncio.timeout(self._seconds):
                yield

    async def _of(self, topic: str) -> list[TopicPartition]:
        if topic not in self._partitions:
            self._partitions[topic] = await assignable(self._consumer, topic)
            every = [at for known in self._partitions.values() for at in known]
            self._consumer.assign(every)
            self._consumer.pause(*every)  # or it would fetch what nobody reads here
        return self._partitions[topic]
