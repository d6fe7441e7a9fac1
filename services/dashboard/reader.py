"""Follows the topics, from where the store ends, and puts every message on show."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import WireError
from services.core.event import Event
from services.core.feed_state import FeedState
from services.core.notified import Notified
from services.core.sighting import decode_sighting
from services.core.silence import Silence
from services.core.topics import ALERTS, ARTICLES, EVENTS, FEEDS, NOTIFIED, SIGHTINGS, SILENCES
from services.core.wire import Message, decode
from services.dashboard.shown import Shown
from services.dashboard.store import Kept, Place
from services.runtime.broker import Broker, Consumer, Record
from services.runtime.logs import logger
from services.runtime.metrics import Metrics, stream_label
from services.runtime.stage import Stage

HISTORY = "history"
"""What the process waits for until it has read its topics to where they ended when it started."""

KAFKA = "kafka"
"""What the process waits for while no broker answers."""

Decoders = Mapping[str, Callable[[bytes | None], Message]]
"""For each topic what makes a message of the value of a record, or raises :class:`WireError`."""

_DECODERS: Final[Decoders] = {
    ALERTS.name: partial(decode, Alert),
    EVENTS.name: partial(decode, Event),
    ARTICLES.name: partial(decode, Article),
    SIGHTINGS.name: decode_sighting,
    FEEDS.name: partial(decode, FeedState),
    SILENCES.name: partial(decode, Silence),
    NOTIFIED.name: partial(decode, Notified),
}
_POLL_SECONDS = 0.5
_IDLE_SECONDS = 15.0
_PROBE_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
_TIDY_SECONDS = 600.0


async def follow(stage: Stage, shown: Shown) -> None:
    """Reads until the stage stops.

    The embedded cluster forgets what is unread for too long, so writers there wait for what this reader commits; on a
    real cluster it reads alone and commits nothing, so that every instance shows everything.
    """
    topics = (ALERTS, EVENTS, ARTICLES, SIGHTINGS, FEEDS, SILENCES, NOTIFIED)
    decoders = {stage.topics.of(topic): _DECODERS[topic.name] for topic in topics}
    stage.health.waits_for(HISTORY)
    bounds = await _bounds(stage.broker, tuple(decoders), stage.group)
    since = await _since(shown, bounds)
    group = stage.group if stage.settings.embedded else None
    async with stage.broker.consumer(tuple(decoders), group=group, everything=True, since=since) as consumer:
        stage.health.has(KAFKA)
        await _read(stage, shown, consumer, decoders, progress=Progress(bounds, since))


async def _since(shown: Shown, bounds: "Bounds") -> Mapping[Place, int]:
    """Where the store ends. One that has read what the topics do not have yet was read from others of their name."""
    since = shown.store.offsets
    ends = {(topic, number): end for topic, (_, of) in bounds.items() for number, end in of.items()}
    if any(offset > ends.get(place, 0) for place, offset in since.items()):
        logger(__name__).warning("the topics are not those that the store was read from: it is made anew")
        await asyncio.to_thread(shown.clear)
        return {}
    return since


async def _read(stage: Stage, shown: Shown, consumer: Consumer, decoders: Decoders, *, progress: "Progress") -> None:
    loop = asyncio.get_running_loop()
    moved = tidied = loop.time()
    while not stage.stop.is_set():
        records = await consumer.poll(_POLL_SECONDS)
        if records:
            moved = loop.time()
            await take(records, decoders, stage=stage, shown=shown)
            progress.saw(records)
        if records and stage.settings.embedded:
            await consumer.commit()
        # Control records at the end of a partition are never handed out, so silence has to do as well.
        if progress.done or loop.time() - moved > _IDLE_SECONDS:
            stage.health.has(HISTORY)
        if loop.time() - tidied > _TIDY_SECONDS:
            tidied = loop.time()
            await asyncio.to_thread(shown.store.forget, _kept(stage))


def _kept(stage: Stage) -> Kept:
    chosen = stage.settings.dashboard
    return Kept(news=stage.now() - chosen.keep, alerts=stage.now() - chosen.keep_alerts)


async def take(records: Sequence[Record], decoders: Decoders, *, stage: Stage, shown: Shown) -> None:
    """Puts records on show; those that cannot be decoded are counted, logged and passed over."""
    started = time.perf_counter()
    decoded = [_decoded(record, decoders[record.topic], stage.metrics) for record in records if record.value]
    messages = [message for message in decoded if message is not None]
    # Of several records of a partition the last one decides, and they come in order.
    offsets = {(record.topic, record.partition or 0): record.offset + 1 for record in records}
    await asyncio.to_thread(shown.keep, messages, offsets)
    shown.take(messages)
    each = (time.perf_counter() - started) / len(records)
    for _ in records:
        stage.metrics.observe("tocsin_stage_seconds", each, stage="dashboard")


def _decoded(record: Record, decoder: Callable[[bytes | None], Message], metrics: Metrics) -> Message | None:
    try:
        message = decoder(record.value)
    except WireError as error:
        metrics.count("tocsin_deadletters_total", stage="dashboard")
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        logger(__name__).warning("passed over a record", error=str(error), **where)
        return None
    if isinstance(message, Article):
        metrics.count("tocsin_articles_total", stage="dashboard", stream=stream_label(message.stream))
    return message


Bounds = Mapping[str, tuple[Mapping[int, int], Mapping[int, int]]]
"""For each topic the first offset of each partition, and the one that its next record will get."""


class Progress:
    """Whether the reader has come to where the topics ended when it started."""

    def __init__(self, bounds: Bounds, since: Mapping[Place, int] | None = None) -> None:
        """Args: ``since`` is where reading begins, where that is not at the first offset."""
        begins = {(topic, number): at for topic, (firsts, _) in bounds.items() for number, at in firsts.items()}
        self._at = {place: max(at, (since or {}).get(place, 0)) for place, at in begins.items()}
        self._left = {
            topic: sum(max(0, end - self._at.get((topic, number), 0)) for number, end in ends.items())
            for topic, (_, ends) in bounds.items()
        }

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


async def _bounds(broker: Broker, topics: tuple[str, ...], group: str) -> Bounds:
    # A group that never commits: what it has not committed begins where the topic does.
    async with broker.offsets(f"{group}-measure") as offsets:
        return {topic: (await offsets.committed(topic), await offsets.ends(topic)) for topic in topics}
