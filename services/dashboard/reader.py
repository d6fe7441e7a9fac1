"""Follows the topics from their beginning and puts every message on show."""

import asyncio
from collections.abc import Mapping
from typing import Final

from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import WireError
from services.core.event import Event
from services.core.topics import ALERTS, ARTICLES, EVENTS
from services.core.wire import Message, decode
from services.dashboard.shown import Shown
from services.runtime.broker import Broker, Consumer, Record
from services.runtime.logs import logger
from services.runtime.metrics import stream_label
from services.runtime.stage import Stage

HISTORY = "history"
"""What the process waits for until it has read its topics to where they ended when it started."""

_KINDS: Final[dict[str, type[Message]]] = {ALERTS.name: Alert, EVENTS.name: Event, ARTICLES.name: Article}
_POLL_SECONDS = 0.5
_IDLE_SECONDS = 15.0


async def follow(stage: Stage, shown: Shown) -> None:
    """Reads until the stage stops.

    The embedded cluster forgets what is unread for too long, so writers there wait for what this reader commits; on a
    real cluster it reads alone and commits nothing, so that every instance shows everything.
    """
    kinds = {stage.topics.of(topic): _KINDS[topic.name] for topic in (ALERTS, EVENTS, ARTICLES)}
    stage.health.waits_for(HISTORY)
    ends = await _ends(stage.broker, tuple(kinds), stage.group)
    group = stage.group if stage.settings.embedded else None
    async with stage.broker.consumer(tuple(kinds), group=group, everything=True) as consumer:
        stage.health.has("kafka")
        await _read(stage, shown, consumer, kinds, progress=Progress(ends))


async def _read(
    stage: Stage, shown: Shown, consumer: Consumer, kinds: Mapping[str, type[Message]], *, progress: "Progress"
) -> None:
    loop = asyncio.get_running_loop()
    moved = loop.time()
    while not stage.stop.is_set():
        records = await consumer.poll(_POLL_SECONDS)
        for record in records:
            progress.saw(record)
            take(record, kinds[record.topic], stage=stage, shown=shown)
        if records and stage.settings.embedded:
            await consumer.commit()
        moved = loop.time() if records else moved
        # Control records at the end of a partition are never handed out, so silence has to do as well.
        if progress.done or loop.time() - moved > _IDLE_SECONDS:
            stage.health.has(HISTORY)
        await asyncio.sleep(0)


def take(record: Record, kind: type[Message], *, stage: Stage, shown: Shown) -> None:
    """Puts one record on show; one that cannot be decoded is counted, logged and passed over."""
    if record.value is None:
        return
    try:
        with stage.metrics.timed("dashboard"):
            message = decode(kind, record.value)
            shown.take(message)
    except WireError as error:
        stage.metrics.count("tocsin_deadletters_total", stage="dashboard")
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        logger(__name__).warning("passed over a record", error=str(error), **where)
        return
    if isinstance(message, Article):
        stage.metrics.count("tocsin_articles_total", stage="dashboard", stream=stream_label(message.stream))


class Progress:
    """Whether the reader has come to where the topics ended when it started."""

    def __init__(self, ends: Mapping[str, tuple[Mapping[int, int], int]]) -> None:
        """Args: ``ends`` is, for each topic, the beginning of each partition and how many offsets there are in all."""
        self._left = {topic: length for topic, (_, length) in ends.items()}
        self._at = {(topic, number): at for topic, (begins, _) in ends.items() for number, at in begins.items()}

    def saw(self, record: Record) -> None:
        """The reader has come past this record."""
        at = (record.topic, record.partition or 0)
        self._left[record.topic] -= max(0, record.offset + 1 - self._at.get(at, record.offset + 1))
        self._at[at] = record.offset + 1

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return all(left <= 0 for left in self._left.values())


async def _ends(broker: Broker, topics: tuple[str, ...], group: str) -> dict[str, tuple[Mapping[int, int], int]]:
    # A group that never commits: its lag is then the whole length of the topic.
    async with broker.offsets(f"{group}-measure") as offsets:
        return {topic: (await offsets.committed(topic), await offsets.lag(topic)) for topic in topics}
