"""Fakes of the shared edge: the same contracts as the real thing (``tests/contracts``), in memory and at once."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from services.core.errors import BrokerError, WireError
from services.runtime.broker import MAX_REQUEST_BYTES, Consumer, Producer, Record, partition_of
from services.runtime.offsets import Offsets

Place = tuple[str, int]
"""A topic and the number of one of its partitions."""

_MOST_RECORDS = 500
_ROUND_ROBIN = itertools.count()


class MemoryBroker:
    """A :class:`services.runtime.broker.Broker` of one event loop. Topics appear when they are first asked for."""

    def __init__(self, partitions: int = 4) -> None:
        """``partitions`` is how many each topic has."""
        self.numbers = range(partitions)
        self.grown = asyncio.Condition()
        self._logs: dict[Place, list[Record]] = {}
        self._groups: dict[str, _Group] = {}

    def log(self, place: Place) -> list[Record]:
        """All records of one partition, as Kafka has them."""
        return self._logs.setdefault(place, [])

    def records(self, topic: str) -> list[Record]:
        """All records of a topic, partition by partition."""
        return [record for number in self.numbers for record in self.log((topic, number))]

    def places(self, *topics: str) -> list[Place]:
        """Every partition of the topics."""
        return [(topic, number) for topic in topics for number in self.numbers]

    def group(self, name: str) -> "_Group":
        """What the cluster knows of a consumer group."""
        return self._groups.setdefault(name, _Group())

    @asynccontextmanager
    async def producer(self) -> AsyncIterator[Producer]:
        """See :class:`services.runtime.broker.Broker`."""
        yield _MemoryProducer(self)

    @asynccontextmanager
    async def consumer(
        self,
        topics: Sequence[str],
        *,
        group: str | None,
        everything: bool = False,
        since: Mapping[Place, int] | None = None,
    ) -> AsyncIterator[Consumer]:
        """See :class:`services.runtime.broker.Broker`."""
        member = _MemoryConsumer(self, topics, group=self.group(group) if group else None, everything=everything)
        if member.group:
            member.group.join(member)
        else:
            begins = {place: 0 if everything else len(self.log(place)) for place in self.places(*topics)}
            member.assign(begins | dict(since or {}))
        try:
            yield member
        finally:
            if member.group:
                member.group.leave(member)

    @asynccontextmanager
    async def offsets(self, group: str) -> AsyncIterator[Offsets]:
        """See :class:`services.runtime.broker.Broker`."""
        yield _MemoryOffsets(self, self.group(group))


class _Group:
    """A consumer group: its members share the partitions of their topics, and each rebalance goes back to commits."""

    def __init__(self) -> None:
        self.committed: dict[Place, int] = {}
        self._members: list[_MemoryConsumer] = []

    def join(self, member: "_MemoryConsumer") -> None:
        self._members.append(member)
        self._rebalance()

    def leave(self, member: "_MemoryConsumer") -> None:
        self._members.remove(member)
        self._rebalance()

    def _rebalance(self) -> None:
        shares: list[dict[Place, int]] = [{} for _ in self._members]
        for place in sorted({place for member in self._members for place in member.wanted}):
            takers = [share for share, member in zip(shares, self._members, strict=True) if place in member.wanted]
            takers[place[1] % len(takers)][place] = self.committed.get(place, 0)
        for share, member in zip(shares, self._members, strict=True):
            member.assign(dict.fromkeys(share, 0) if member.everything else share)


class _MemoryProducer:
    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def send(self, *records: Record) -> tuple[Record, ...]:
        sent = tuple([self._append(record) for record in records])
        async with self._broker.grown:
            self._broker.grown.notify_all()
        return sent

    async def partitions(self, topic: str) -> int:  # noqa: ARG002 -- they all have as many
        return len(self._broker.numbers)

    def _append(self, record: Record) -> Record:
        size = len(record.key or b"") + len(record.value or b"") + sum(len(k) + len(v) for k, v in record.headers)
        if size > MAX_REQUEST_BYTES:
            raise WireError(f"a record of {record.topic} is too large: {size:,} bytes")
        number = self._number(record.key) if record.partition is None else record.partition
        log = self._broker.log((record.topic, number))
        log.append(replace(record, partition=number, offset=len(log)))
        return log[-1]

    def _number(self, key: bytes | None) -> int:
        if key is None:
            return next(_ROUND_ROBIN) % len(self._broker.numbers)
        return partition_of(key, len(self._broker.numbers))


class _MemoryConsumer:
    def __init__(self, broker: MemoryBroker, topics: Sequence[str], *, group: _Group | None, everything: bool) -> None:
        self.group = group
        self.everything = everything
        self.wanted = set(broker.places(*topics))
        self._broker = broker
        self._next: dict[Place, int] = {}

    def assign(self, positions: dict[Place, int]) -> None:
        self._next = dict(positions)

    async def poll(self, timeout: float) -> tuple[Record, ...]:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout), self._broker.grown:
                await self._broker.grown.wait_for(self._behind)
        except TimeoutError:
            return ()
        return self._take()

    def assigned(self) -> frozenset[Place]:
        return frozenset(self._next)

    async def commit(self) -> None:
        if self.group:
            self.group.committed.update(self._next)

    def _behind(self) -> bool:
        return any(at < len(self._broker.log(place)) for place, at in self._next.items())

    def _take(self) -> tuple[Record, ...]:
        taken: list[Record] = []
        for place, at in self._next.items():
            batch = self._broker.log(place)[at : at + _MOST_RECORDS - len(taken)]
            self._next[place] = at + len(batch)
            taken += batch
        return tuple(taken)


class _MemoryOffsets:
    def __init__(self, broker: MemoryBroker, group: _Group) -> None:
        self._broker = broker
        self._group = group

    async def committed(self, topic: str) -> dict[int, int]:
        return {number: self._group.committed.get((topic, number), 0) for number in self._broker.numbers}

    async def lag(self, topic: str) -> int:
        committed = await self.committed(topic)
        return sum(end - committed[number] for number, end in (await self.ends(topic)).items())

    async def ends(self, topic: str) -> dict[int, int]:
        return {number: len(self._broker.log((topic, number))) for number in self._broker.numbers}


class BrokenProducer:
    """A :class:`services.runtime.broker.Producer` whose cluster is gone."""

    async def send(self, *records: Record) -> tuple[Record, ...]:
        """See :class:`services.runtime.broker.Producer`."""
        raise BrokerError(f"Kafka did not take a record of {records[0].topic}")

    async def partitions(self, topic: str) -> int:
        """See :class:`services.runtime.broker.Producer`."""
        raise BrokerError(f"no topic {topic}")
