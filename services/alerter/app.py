"""The alerter on the stream: articles and events become sightings, sightings become alerts.

Sightings travel over a topic of their own, keyed by rule, stream and group, so that all that is judged together meets
in one place. An alert is delivered before the group's entry is written, and the entry before the sighting is
acknowledged: a crash in between repeats the alert, byte for byte, and never loses it.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.alerter.clocks import LONG_AGO, Clocks, is_time
from services.alerter.judge import digest_of, judge_and_tell, phase_of
from services.alerter.match import ALL, match, match_keywords
from services.alerter.sent import MAX_ARTICLES, Sent, new_sent, sent_key
from services.alerter.state import MAX_BYTES, History
from services.core.alert import Alert
from services.core.article import LIVE, Article, ArticleRef
from services.core.errors import BrokerError
from services.core.event import Event
from services.core.kinds import Kind
from services.core.rule import Rule, Rules
from services.core.sighting import Revision, Sighting, Tick, decode_sighting, group_key
from services.core.topics import ALERTS, ARTICLES, EVENTS, SIGHTINGS, alerts_of
from services.core.wire import cloud_event, decode, encode
from services.runtime.broker import Producer, Record
from services.runtime.files import load_rules
from services.runtime.kafka import consume, raw_table, run_app, stream_app
from services.runtime.logs import logger
from services.runtime.metrics import stream_label
from services.runtime.pacing import open_producer
from services.runtime.settings import Settings
from services.runtime.stage import Stage, report_lag, run_stage

_TICK_SECONDS = 15.0


def main(settings: Settings) -> int:
    """Runs the alerter; returns its exit code."""
    rules = load_rules(settings.rules)
    return run_stage("alerter", settings, lambda stage: _serve(stage, rules))


async def _serve(stage: Stage, rules: Rules) -> None:
    async with open_producer(stage.broker, stage.topics, embedded=stage.settings.embedded) as producer:
        app = stream_app(stage)
        tables = Tables(history=raw_table(app, "history"), sent=raw_table(app, "sent"))
        alerter = Alerter(stage, rules, producer=producer, tables=tables)
        topics = {
            stage.topics.of(ARTICLES): alerter.on_article,
            stage.topics.of(EVENTS): alerter.on_event,
            stage.topics.of(SIGHTINGS): alerter.on_sighting,
        }
        for topic, handle in topics.items():
            consume(stage, app, topic, producer=producer, handle=handle)
        beside = [asyncio.create_task(report_lag(stage, tuple(topics))), asyncio.create_task(alerter.tick_live())]
        try:
            await run_app(stage, app)
        finally:
            for task in beside:
                task.cancel()


@dataclass(frozen=True)
class Tables:
    """What the alerter remembers: of groups where their sightings come in, of articles where those do."""

    history: Any
    sent: Any


class SentTable:
    """The table of what was sent of which article, kept within bounds."""

    def __init__(self, table: Any, *, most: int = MAX_ARTICLES) -> None:
        self._table = table
        self._most = most
        self._keys: dict[int, dict[bytes, None]] = {}

    def note(self, article: ArticleRef, sightings: Sequence[Sighting], partition: int) -> Sent:
        """The entry of an article with this revision and these sightings in it."""
        key = sent_key(article)
        raw = self._table.get(key)
        before = decode(Sent, raw) if raw else new_sent(article, partition)
        after = before.having(article, sightings)
        if raw is None or after != before:
            self._table[key] = encode(after)
            self._bound(key, partition)
        return after

    def _bound(self, key: bytes, partition: int) -> None:
        """Forgets the article that was first heard of longest ago when there are too many."""
        if partition not in self._keys:
            entries = [(known, decode(Sent, raw)) for known, raw in self._table.items()]
            mine = sorted((sent.published, known) for known, sent in entries if sent.partition == partition)
            self._keys[partition] = {known: None for _, known in mine}
        keys = self._keys[partition]
        keys.setdefault(key)
        while len(keys) > self._most:
            oldest = next(iter(keys))
            del keys[oldest]
            self._table.pop(oldest, None)


class Alerter:
    """The alerter's reaction to each kind of record."""

    def __init__(self, stage: Stage, rules: Rules, *, producer: Producer, tables: Tables) -> None:
        self._stage = stage
        self._rules = rules
        self._producer = producer
        self._table = tables.history
        self._sent = SentTable(tables.sent)
        self._clocks = Clocks(tables.history)
        self._spans: dict[str, tuple[datetime, datetime]] = {}
        self._told_of: set[str] = set()
        self._decoded: dict[bytes, tuple[bytes, History]] = {}

    async def on_article(self, record: Record) -> None:
        """Sends the sightings of keyword rules, and moves the clock of the article's stream on."""
        article = decode(Article, record.value)
        self._stage.metrics.count("tocsin_articles_total", stage="alerter", stream=stream_label(article.stream))
        await self._send_sightings(article.ref, match_keywords(self._rules, article), record)
        if article.stream != LIVE:
            await self._stretch(article.stream, article.published)

    async def _stretch(self, stream: str, published: datetime) -> None:
        """Tells of a replay's clock, and of when it began, whenever an article moves one of them."""
        began, clock = self._spans.get(stream, (published, LONG_AGO))
        if published < began or published > clock:
            began, clock = self._spans[stream] = (min(began, published), max(clock, published))
            await self._send_ticks(Tick(stream=stream, clock=clock, began=began))

    async def on_event(self, record: Record) -> None:
        """Sends the sightings of event rules."""
        event = decode(Event, record.value)
        sightings = match(self._rules, event)
        if sightings and event.article:
            await self._send_sightings(event.article, sightings, record)

    async def on_sighting(self, record: Record) -> None:
        """Judges a sighting or edit in its group, or all open groups of this partition when a clock has moved."""
        message = decode_sighting(record.value)
        partition = _partition(record)
        if isinstance(message, Tick):
            await self._on_tick(message, partition)
        else:
            live = message.stream == LIVE
            clock = self._stage.now() if live else self._clocks.clock(message.stream, partition)
            await self._judge(message.key.encode(), message, clock, partition=partition)

    async def _on_tick(self, tick: Tick, partition: int) -> None:
        if tick.group_key:
            await self._judge(tick.group_key.encode(), None, tick.clock, partition=partition)
            return
        moved, earlier = self._clocks.take(tick, self._rules, partition)
        for rule, key, history in self._groups(tick.stream, partition):
            if rule.name in earlier or (moved and (history.open or rule.kind is Kind.FLATLINE)):
                await self._judge(key, None, tick.clock, partition=partition)

    async def tick_live(self) -> None:
        """Moves the live stream's clock on for as long as the service runs; it is the wall clock."""
        while not self._stage.stop.is_set():
            if self._stage.health.ready:
                try:
                    await self._send_ticks(Tick(stream=LIVE, clock=self._stage.now()))
                except BrokerError as error:
                    logger(__name__).warning("the live clock stands still", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stage.stop.wait(), _TICK_SECONDS)

    async def _judge(
        self, key: bytes, news: Sighting | Revision | None, clock: datetime, *, partition: int = -1
    ) -> None:
        rule = self._rule_of(key)
        if rule is None:
            logger(__name__).warning("sighting of a rule that is gone", key=key.decode())
            return
        before = (self._known(key) or History(partition=partition)).under(key.decode())
        before = before.watched_since(self._clocks.began(rule, before.stream, before.partition))
        after, changes, verdict = judge_and_tell(rule, before, news, clock)
        await self._publish(rule, before, changes)
        if verdict and isinstance(news, Sighting) and not before.holds(news):
            self._stage.metrics.count("tocsin_sightings_total", rule=rule.name, verdict=verdict.value)
        if after != before:
            raw = encode(after)
            if len(raw) > MAX_BYTES:
                after = after.fitting()
                raw = encode(after)
            self._table[key] = raw
            self._decoded[key] = (raw, after)

    def _known(self, key: bytes) -> History | None:
        """The group's entry; decoded anew only when the table holds other bytes than it was last decoded from."""
        raw = self._table.get(key)
        if raw is None:
            return None
        if key not in self._decoded or self._decoded[key][0] != raw:
            self._decoded[key] = (raw, decode(History, raw))
        return self._decoded[key][1]

    async def _publish(self, rule: Rule, before: History, changes: Iterable[Alert]) -> None:
        names = (self._stage.topics.of(ALERTS), self._stage.topics.of(alerts_of(rule.name)))
        for alert in changes:
            headers = cloud_event(Alert, digest_of(alert), "alerter", alert.changed_at)
            body, key = encode(alert), alert.alert_id.encode()
            await self._producer.send(*(Record(name, key, body, headers) for name in names))
            if phase_of(alert) not in before.told:
                self._announce(alert)

    def _announce(self, alert: Alert) -> None:
        self._stage.metrics.count(
            "tocsin_alerts_total", rule=alert.rule, severity=alert.severity.value, state=alert.state.value
        )
        if alert.stream == LIVE and alert.state.active:
            seconds = (self._stage.now() - alert.changed_at).total_seconds()
            self._stage.metrics.observe("tocsin_publish_to_alert_seconds", seconds, rule=alert.rule)
        logger(__name__).info("alert", rule=alert.rule, group=alert.group, state=alert.state, reason=alert.reason)

    def _rule_of(self, key: bytes) -> Rule | None:
        return self._rules.named(key.decode().split("|", 1)[0])

    def _groups(self, stream: str, partition: int) -> list[tuple[Rule, bytes, History]]:
        """The groups of a stream that live in a partition, each with its rule."""
        groups = ((self._rule_of(key), key) for key in self._table if not is_time(key) and _stream_of(key) == stream)
        known = ((rule, key, self._known(key)) for rule, key in groups if rule)
        return [(rule, key, history) for rule, key, history in known if history and history.partition == partition]

    async def _send_sightings(self, article: ArticleRef, sightings: Sequence[Sighting], record: Record) -> None:
        """Sends the sightings, and tells all groups that hold some of this article of its revisions, if it was edited.

        What was sent is noted first, and without a pause in between: events and articles are handled side by side, and
        whichever of an edit and a sighting is noted last finds the other.
        """
        topic = self._stage.topics.of(SIGHTINGS)
        sent = self._sent.note(article, sightings, _partition(record))
        records = [
            Record(topic, s.key.encode(), encode(s), cloud_event(Sighting, s.sighting_id, "alerter", s.at))
            for s in sightings
        ]
        records += [
            Record(topic, r.key.encode(), encode(r), cloud_event(Revision, r.ident, "alerter", r.published))
            for r in sent.revisions()
        ]
        if records:
            await self._producer.send(*records)

    async def _send_ticks(self, tick: Tick) -> None:
        topic = self._stage.topics.of(SIGHTINGS)
        headers = cloud_event(Tick, f"{tick.stream}@{tick.clock.isoformat()}", "alerter", tick.clock)
        count = await self._producer.partitions(topic)
        await self._producer.send(
            *(Record(topic, b"tick", encode(tick), headers, partition=number) for number in range(count)),
            *self._silent_groups(tick, topic),
        )

    def _silent_groups(self, tick: Tick, topic: str) -> list[Record]:
        """A tick for each group that is watched before anything has matched, once for each stream and process."""
        if tick.stream in self._told_of:
            return []
        self._told_of.add(tick.stream)
        keys = [group_key(rule.name, tick.stream, ALL) for rule in self._rules.rules if rule.watches_silence]
        return [
            Record(topic, key.encode(), encode(tick.model_copy(update={"group_key": key})), headers)
            for key in keys
            for headers in [cloud_event(Tick, f"{key}@{tick.clock.isoformat()}", "alerter", tick.clock)]
        ]


def _partition(record: Record) -> int:
    return record.partition if record.partition is not None else -1


def _stream_of(key: bytes) -> str:
    return key.decode().split("|", 2)[1]
