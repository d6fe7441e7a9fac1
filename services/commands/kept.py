"""What Kafka still holds of a stream: its articles, their events as they were extracted then, and its alerts."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

from services.commands.outcome import Stored, uncollected
from services.commands.rung import NEVER
from services.core.alert import Alert
from services.core.article import LIVE, Article
from services.core.errors import WireError
from services.core.event import Event
from services.core.topics import ALERTS, ARTICLES, EVENTS, Topic, TopicNames
from services.core.wire import M, decode
from services.runtime.broker import Broker
from services.runtime.reading import held

_EVER = datetime.min.replace(tzinfo=UTC)


async def kept_stream(
    broker: Broker,
    names: TopicNames,
    stream: str,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Stored:
    """What was published in a stream from ``since`` until ``until``, of what Kafka holds when reading begins.

    The clock of the live stream ends at ``until``, or now; that of a replay with its last publication. What cannot be
    decoded is passed over: it is among the dead letters.

    Raises:
        BrokerError: Kafka does not answer.
    """
    first, last = since or _EVER, until or NEVER
    with uncollected():
        # Delivery is at least once, so the same message may lie there twice.
        articles = {
            (article.id, article.revision): article
            async for article in _messages(broker, names, ARTICLES, kind=Article)
            if article.stream == stream and first <= article.published <= last
        }
        events = {
            (event.event_id, event.article.revision): event
            async for event in _messages(broker, names, EVENTS, kind=Event)
            if event.article and event.article.stream == stream and first <= event.article.published <= last
        }
    return Stored(tuple(articles.values()), tuple(events.values()), clock=min(last, now) if stream == LIVE else None)


async def kept_alerts(broker: Broker, names: TopicNames) -> tuple[Alert, ...]:
    """All records of alerts that Kafka holds.

    Raises:
        BrokerError: Kafka does not answer.
    """
    return tuple([alert async for alert in _messages(broker, names, ALERTS, kind=Alert)])


async def _messages(broker: Broker, names: TopicNames, topic: Topic, *, kind: type[M]) -> AsyncIterator[M]:
    async for record in held(broker, names.of(topic), names.group("reading")):
        if record.value is not None:
            with suppress(WireError):
                yield decode(kind, record.value)
