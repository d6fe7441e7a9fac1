"""The three kinds of cluster that the one contract holds for, and ways to read them."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from services.core.topics import Topic, TopicNames
from services.runtime.admin import create_topics
from services.runtime.broker import Broker, Consumer, KafkaBroker, Record
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings
from tests.fakes import MemoryBroker

PARTITIONS = 4
_NUMBERS = itertools.count(1)
_SECONDS = 40.0


@dataclass(frozen=True)
class Cluster:
    """A cluster, with names on it that no other test has.

    ``creates``: topics appear when somebody asks for them. ``shares``: a group may have more than one member.
    """

    broker: Broker
    settings: Settings
    creates: bool
    shares: bool

    async def topic(self) -> str:
        """A new topic with four partitions."""
        topic = Topic(f"t{next(_NUMBERS)}", "delete")
        if not self.creates:
            await create_topics(self.settings, [topic])
        return TopicNames(self.settings.topics.prefix).of(topic)

    def group(self) -> str:
        """A name for a new consumer group."""
        return f"{self.settings.topics.prefix}-group-{next(_NUMBERS)}"


def memory() -> Cluster:
    """A fake in this process."""
    return Cluster(MemoryBroker(PARTITIONS), Settings(), creates=True, shares=True)


def kafka(address: str, *, embedded: bool) -> Cluster:
    """A cluster that speaks Kafka's protocol."""
    prefix = f"contract{next(_NUMBERS)}"
    settings = Settings(kafka=address, topics=TopicSettings(prefix=prefix, partitions=PARTITIONS))
    # The embedded cluster makes a group that was left wait for a session less a second before the next may join.
    broker = KafkaBroker(settings, "test", timeout_ms=20_000, session_ms=4_000)
    return Cluster(broker, settings, creates=embedded, shares=not embedded)


async def read(consumer: Consumer, count: int) -> list[Record]:
    """The next so many records; more only where the last poll brought more."""
    records: list[Record] = []
    async with asyncio.timeout(_SECONDS):
        while len(records) < count:
            records += await consumer.poll(0.5)
    return records


async def round_of(consumers: Sequence[Consumer], expected: set[tuple[int | None, int]]) -> list[set[int | None]]:
    """Polls the consumers side by side until they have met all places expected; the partitions that each has met."""
    met: list[set[tuple[int | None, int]]] = [set() for _ in consumers]
    async with asyncio.timeout(_SECONDS):
        while not expected <= set().union(*met):
            for places, records in zip(met, await asyncio.gather(*(each.poll(0.2) for each in consumers)), strict=True):
                places |= {(record.partition, record.offset) for record in records}
    return [{partition for partition, _ in places & expected} for places in met]
