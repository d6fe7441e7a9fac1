"""Which feeds this poller follows: those of the partitions of the feeds topic that the consumer group gives it.

A feed belongs to the partition of its host, so that all feeds of a host are polled in one place and share its turns.
Its state lies there too. When a poller dies the group gives its partitions to the others after a session; they read the
states from the topic and go on where it stopped. For a moment two may poll the same feed, which repeats articles with
the ids they had.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from services.core.feed_state import FeedState
from services.poller.hosts import host_of
from services.poller.schedule import state_of
from services.poller.sources import Source
from services.poller.statelog import Backlog, newer
from services.runtime.broker import Consumer, Producer, partition_of
from services.runtime.logs import logger

_POLL_SECONDS = 0.5

SPREAD = timedelta(milliseconds=50)
"""Time per feed over which first polls are spread after a start: twenty a second."""

_LONGEST_SPREAD = timedelta(minutes=15)


class Follow(Protocol):
    """Follows one feed."""

    def __call__(
        self, source: Source, state: FeedState, *, partition: int, spread: timedelta
    ) -> Coroutine[Any, Any, None]:
        """Goes on until it is cancelled, or the feed is gone; polls an overdue feed first within ``spread``."""
        ...


class Shares:
    """The partitions of this poller, and the tasks that follow their feeds."""

    def __init__(self, topic: str, producer: Producer, consumer: Consumer, follow: Follow) -> None:
        """Follows nothing yet.

        Args:
            topic: the feeds topic.
            producer: writes to it.
            consumer: reads it from the beginning of each partition that is assigned.
            follow: follows one feed.
        """
        self._topic = topic
        self._producer = producer
        self._consumer = consumer
        self._follow = follow
        self._backlog = Backlog()
        self._known: dict[str, FeedState] = {}
        self._unbegun: set[int] = set()
        self._tasks: dict[int, set[asyncio.Task[None]]] = {}
        self._failed: list[asyncio.Task[None]] = []

    async def follow_all(self, sources: Iterable[Source], stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Follows those of the sources that are this poller's at any time, until ``stop``; calls ``ready`` meanwhile.

        Raises:
            BrokerError: Kafka does not answer, or does not take what is published.
        """
        feeds = by_partition(sources, await self._producer.partitions(self._topic))
        try:
            while not stop.is_set():
                await self._settle(feeds)
                for failed in self._failed:
                    failed.result()
                if self._backlog.complete:
                    ready()
        finally:
            await self._leave(tuple(self._tasks))

    async def _settle(self, feeds: Mapping[int, Sequence[Source]]) -> None:
        """Lets go of partitions that are lost, reads those that are new, follows those that are read."""
        mine = {number for _, number in self._consumer.assigned()}
        await self._leave(tuple(self._tasks.keys() - mine))
        gained = sorted(mine - self._tasks.keys())
        if gained:
            self._tasks |= {number: set() for number in gained}
            self._unbegun |= set(gained)
            await self._backlog.expect(self._producer, self._topic, gained)
        for record in await self._consumer.poll(_POLL_SECONDS):
            self._known = newer(self._known, self._backlog.take(record))
        if self._unbegun and self._backlog.complete:
            self._begin(feeds)

    def _begin(self, feeds: Mapping[int, Sequence[Source]]) -> None:
        """Follows the feeds of all partitions that wait for it."""
        sources = {number: feeds.get(number, ()) for number in self._unbegun}
        count = sum(map(len, sources.values()))
        known = sum(source.id in self._known for each in sources.values() for source in each)
        logger(__name__).info("following feeds", partitions=sorted(sources), feeds=count, known=known)
        spread = min(_LONGEST_SPREAD, SPREAD * count)
        for number, each in sources.items():
            self._tasks[number] = {self._task(source, number, spread) for source in each}
        self._unbegun.clear()
        self._known = {}

    def _task(self, source: Source, partition: int, spread: timedelta) -> asyncio.Task[None]:
        state = state_of(source, self._known.get(source.id))
        task = asyncio.create_task(self._follow(source, state, partition=partition, spread=spread))
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            self._failed.append(task)

    async def _leave(self, partitions: Iterable[int]) -> None:
        tasks: list[asyncio.Task[None]] = []
        for number in partitions:
            self._backlog.forget(number)
            self._unbegun.discard(number)
            tasks += self._tasks.pop(number)
            logger(__name__).info("leaving feeds", partition=number)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def by_partition(sources: Iterable[Source], partitions: int) -> Mapping[int, Sequence[Source]]:
    """The sources by the number of the partition that their host belongs to."""
    feeds: defaultdict[int, list[Source]] = defaultdict(list)
    for source in sources:
        feeds[partition_of(host_of(source.url).encode(), partitions)].append(source)
    return feeds
