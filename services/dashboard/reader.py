"""Follows the topics from their beginning and puts every message on show."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
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
from services.runtime.metrics import Metrics, stream_label
from services.runtime.stage import Stage

HISTORY = "history"
"""What the process waits for until it has read its topics to where they ended when it started."""

KAFKA = "kafka"
"""What the process waits for while no broker answers."""

_KINDS: Final[dict[str, type[Message]]] = {ALERTS.name: Alert, EVENTS.name: Event, ARTICLES.name: Article}
_POLL_SECONDS = 0.5
_IDLE_SECONDS = 15.0
_PROBE_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
_TIDY_SECONDS = 600.0
_KEPT: Final = timedelta(days=ARTICLES.retention_days or 30)


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
        stage.health.has(KAFKA)
        await _read(stage, shown, consumer, kinds, progress=Progress(ends))


async def _read(
    stage: Stage, shown: Shown, consumer: Consumer, kinds: Mapping[str, type[Message]], *, progress: "Progress"
) -> None:
    loop = asyncio.get_running_loop()
    moved = tidied = loop.time()
    while not stage.stop.is_set():
        records = await consumer.poll(_POLL_SECONDS)
        if records:
            moved = loop.time()
            await take(records, kinds, stage=stage, shown=shown)
            progress.saw(records)
        if records and stage.settings.embedded:
            await consumer.commit()
        # Control records at the end of a partition are never handed out, so silence has to do as well.
        if progress.done or loop.time() - moved > _IDLE_SECONDS:
            stage.health.has(HISTORY)
        if loop.time() - tidied > _TIDY_SECONDS:
            tidied = loop.time()
            await asyncio.to_thread(shown.store.forget, stage.now() - _KEPT)


async def take(records: Sequence[Record], kinds: Mapping[str, type[Message]], *, stage: Stage, shown: Shown) -> None:
    """Puts records on show; those that cannot be decoded are counted, logged and passed over."""
    started = time.perf_counter()
    decoded = [_decoded(record, kinds[record.topic], stage.metrics) for record in records if record.value]
    messages = [message for message in decoded if message is not None]
    await asyncio.to_thread(shown.keep, messages)
    shown.take(messages)
    each = (time.perf_counter() - started) / len(records)
    for _ in records:
        stage.metrics.observe("tocsin_stage_seconds", each, stage="dashboard")


def _decoded(record: Record, kind: type[Message], metrics: Metrics) -> Message | None:
    try:
        message = decode(kind, record.value)
    except WireError as error:
        metrics.count("tocsin_deadletters_total", stage="dashboard")
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        logger(__name__).warning("passed over a record", error=str(error), **where)
        return None
    if isinstance(message, Article):
        metrics.count("tocsin_articles_total", stage="dashboard", stream=stream_label(message.stream))
    return message


class Progress:
    """Whether the reader has come to where the topics ended when it started."""

    def __init__(self, ends: Mapping[str, tuple[Mapping[int, int], int]]) -> None:
        """Args: ``ends`` is, for each topic, the beginning of each partition and how many offsets there are in all."""
        self._left = {topic: length for topic, (_, length) in ends.items()}
        self._at = {(topic, number): at for topic, (begins, _) in ends.items() for number, at in begins.items()}

    def saw(self, records: Sequence[Record]) -> None:
        """The reader has come past these records."""
        for record in records:
            at = (record.topic, record.partition or 0)
            self._left[record.topic] -= max(0, record.offset + 1 - self._at.get(at, record.offset + 1))
            self._at[at] = record.offset + 1

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return all(left <= 0 for left in self._left.values())


async def probe(stage: Stage, *, seconds: float = _PROBE_SECONDS) -> None:
    """Asks Kafka now and then whether it is there: a consumer waits in silence for brokers that are gone."""
    topic = stage.topics.of(ALERTS)
    while not stage.stop.is_set():
        try:
            async with stage.broker.offsets(f"{stage.group}-measure") as offsets:
                while not stage.stop.is_set():
                    await asyncio.wait_for(offsets.lag(topic), _ANSWER_SECONDS)
                    stage.health.has(KAFKA)
                    await asyncio.sleep(seconds)
        except Exception as error:
            # Whatever it is that fails here, Kafka did not answer, and that is all there is to say.
            stage.health.waits_for(KAFKA)
            logger(__name__).warning("kafka does not answer", error=repr(error))
            await asyncio.sleep(seconds)


async def _ends(broker: Broker, topics: tuple[str, ...], group: str) -> dict[str, tuple[Mapping[int, int], int]]:
    # A group that never commits: its lag is then the whole length of the topic.
    async with broker.offsets(f"{group}-measure") as offsets:
        return {topic: (await offsets.committed(topic), await offsets.lag(topic)) for topic in topics}
