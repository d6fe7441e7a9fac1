"""The alerter on the stream: articles and events become sightings, sightings become alerts.

Sightings travel over a topic of their own, keyed by rule, stream and group, so that all that is judged together meets
in one place. An alert is delivered before the group's entry is written, and the entry before the sighting is
acknowledged: a crash in between repeats the alert, byte for byte, and never loses it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from services.alerter.alerts import phase_of
from services.alerter.change import adopted, set_aside
from services.alerter.clocks import LONG_AGO, Clocks
from services.alerter.groups import Groups, Place
from services.alerter.judge import judge_and_tell
from services.alerter.match import ALL, match, match_keywords
from services.alerter.sent import SentTable
from services.alerter.state import History
from services.core.alert import Alert
from services.core.article import LIVE, Article, ArticleRef
from services.core.errors import BrokerError
from services.core.event import Event
from services.core.kinds import Kind
from services.core.rule import Rule, Rules
from services.core.sighting import Revision, Sighting, Tick, decode_sighting, group_key
from services.core.topics import ALERTS, ARTICLES, EVENTS, SIGHTINGS, alerts_of
from services.core.wire import cloud_event, content_id, decode, encode
from services.runtime.admin import topics_for
from services.runtime.broker import Producer, Record
from services.runtime.files import load_rules
from services.runtime.intake import consume
from services.runtime.kafka import raw_table, run_app, stream_app
from services.runtime.logs import logger
from services.runtime.metrics import stream_label
from services.runtime.pacing import open_producer
from services.runtime.rulesfile import RulesFile
from services.runtime.settings import Settings
from services.runtime.stage import Stage, report_lag, run_stage
from services.runtime.underway import Underway

_TICK_SECONDS = 15.0


def main(settings: Settings) -> int:
    """Runs the alerter; returns its exit code."""
    load_rules(settings.rules)
    return run_stage("alerter", settings, _serve)


async def _serve(stage: Stage) -> None:
    file = RulesFile(stage)
    rules = file.first()
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
        work = (report_lag(stage, tuple(topics)), alerter.tick_live(), file.keep(alerter.take_rules))
        beside = [asyncio.create_task(one) for one in work]
        try:
            await run_app(stage, app, rebalanced=alerter.forget)
        finally:
            for task in beside:
                task.cancel()


@dataclass(frozen=True)
class Tables:
    """What the alerter remembers: of groups where their sightings come in, of articles where those do."""

    history: Any
    sent: Any


class Alerter:
    """The alerter's reaction to each kind of record."""

    def __init__(self, stage: Stage, rules: Rules, *, producer: Producer, tables: Tables) -> None:
        self._stage = stage
        self._rules = rules
        self._producer = producer
        self._groups = Groups(tables.history)
        self._sent = SentTable(tables.sent)
        self._clocks = Clocks(tables.history)
        self._spans: dict[str, tuple[datetime, datetime]] = {}
        self._told_of: set[str] = set()
        self._judged: set[Place] = set()
        self._sending, self._underway = Underway(), Underway()

    async def on_article(self, record: Record) -> None:
        """Sends the sightings of keyword rules, and moves the clock of the article's stream on."""
        article = decode(Article, record.value)
        self._stage.metrics.count("tocsin_articles_total", stage="alerter", stream=stream_label(article.stream))
        records = self._sightings(article.ref, match_keywords(self._rules, article), record)
        if records:
            await self._producer.send(*records)
        if article.stream != LIVE:
            await self._stretch(article.stream, article.published)

    async def _stretch(self, stream: str, published: datetime) -> None:
        """Tells of a replay's clock, and of when it began, whenever an article moves one of them."""
        began, clock = self._spans.get(stream, (published, LONG_AGO))
        if published < began or published > clock:
            began, clock = self._spans[stream] = (min(began, published), max(clock, published))
            await self._send_ticks(Tick(stream=stream, clock=clock, began=began))

    async def on_event(self, record: Record) -> Awaitable[Any] | None:
        """Sends the sightings of event rules; hands back what goes on while the next events are read."""
        event = decode(Event, record.value)
        sightings = match(self._rules, event)
        if sightings and event.article:
            records = self._sightings(event.article, sightings, record)
            return await self._sending.begin(event.event_id.encode(), self._producer.send(*records))
        return None

    async def on_sighting(self, record: Record) -> Awaitable[Any] | None:
        """Judges a sighting or edit in its group, or all open groups of this partition when a clock has moved.

        Hands back the delivery of what has changed, which goes on while other groups are judged.
        """
        message = decode_sighting(record.value)
        partition = _partition(record)
        if isinstance(message, Tick):
            if message.group_key:
                return await self._judge(message.group_key.encode(), None, message.clock, partition=partition)
            await self._on_tick(message, partition)
            return None
        live = message.stream == LIVE
        clock = self._stage.now() if live else self._clocks.clock(message.stream, partition)
        return await self._judge(message.key.encode(), message, clock, partition=partition, raw=record.value)

    async def _on_tick(self, tick: Tick, partition: int) -> None:
        await self._underway.all_over()
        moved, earlier = self._clocks.ahead(tick, self._rules, partition)
        deliveries: list[Awaitable[Any]] = []
        for key in sorted(self._affected((tick.stream, partition), moved=moved, earlier=earlier)):
            rule = self._rule_of(key)
            began = (tick.began or tick.clock) if rule and rule.name in earlier else None
            delivery = await self._judge(key, None, tick.clock, partition=partition, began=began)
            deliveries += [delivery] if delivery else []
            await asyncio.sleep(0)
        await asyncio.gather(*deliveries)
        self._clocks.take(tick, self._rules, partition)
        self._judged.add((tick.stream, partition))

    def _affected(self, place: Place, *, moved: bool, earlier: Iterable[str]) -> set[bytes]:
        """The groups there that a tick can change, and those of changed rules if none has come since they did."""
        silent = [rule.name for rule in self._rules.rules if rule.kind is Kind.FLATLINE]
        timed = self._groups.open(place) | self._groups.of_rules(place, silent) if moved else set()
        stale = set() if place in self._judged else self._groups.stale(place, self._rules)
        return timed | stale | self._groups.of_rules(place, earlier)

    async def take_rules(self, rules: Rules) -> None:
        """Puts changed rules in force, once their topics are there, and has every group judged by them."""
        if not await topics_for(self._stage, rules, besides=self._rules):
            return
        self._rules = rules
        self._told_of.clear()
        self.forget()
        with suppress(BrokerError):  # the next tick of each stream does as much
            await self.tick_all()

    def forget(self) -> None:
        """Looks at all groups again when the next tick comes: rules or partitions are others now."""
        self._judged.clear()
        self._groups.forget()
        self._clocks.forget()
        self._sent.forget()

    async def tick_all(self) -> None:
        """Tells the clock of every stream that is known, so that groups are judged of which no more articles come."""
        for stream, clock in self._clocks.replays().items():
            await self._send_ticks(Tick(stream=stream, clock=clock))
        await self._send_ticks(Tick(stream=LIVE, clock=self._stage.now()))

    async def tick_live(self) -> None:
        """Moves the live stream's clock on for as long as the service runs; it is the wall clock."""
        tick = self.tick_all  # at first: the rules may have changed while this service was not there
        while not self._stage.stop.is_set():
            if self._stage.health.ready:
                try:
                    await tick()
                    tick = self._tick_now
                except BrokerError as error:
                    logger(__name__).warning("the live clock stands still", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stage.stop.wait(), _TICK_SECONDS)

    async def _tick_now(self) -> None:
        await self._send_ticks(Tick(stream=LIVE, clock=self._stage.now()))

    async def _judge(
        self,
        key: bytes,
        news: Sighting | Revision | None,
        clock: datetime,
        *,
        partition: int = -1,
        began: datetime | None = None,
        raw: bytes | None = None,
    ) -> Awaitable[Any] | None:
        await self._underway.over(key)
        rule = self._rule_of(key)
        known = self._groups.entry(key)
        before = (known or History(partition=partition)).under(key.decode())
        fresh = ""
        if rule is None:
            after, changes = set_aside(before, news, clock)
        else:
            began = began or self._clocks.began(rule, before.stream, before.partition)
            before = adopted(rule, before.watched_since(began))
            after, changes, judged = judge_and_tell(rule, before, news, clock)
            fresh = judged.sighting.sighting_id if judged and not before.holds(judged.sighting) else ""
            if judged and fresh:
                self._stage.metrics.count("tocsin_sightings_total", rule=rule.name, verdict=judged.verdict.value)
        # What came a second time is written again: after a crash only the local store may have it, and not yet the
        # changelog, from which another instance would go on.
        if not (news or changes) and after == known:
            return None
        keep = partial(self._groups.write, key, after, fresh, raw)
        if changes:
            return await self._underway.begin(key, self._publish(before, changes, keep))
        return keep()

    async def _publish(self, before: History, changes: Sequence[Alert], keep: Callable[[], None]) -> None:
        await self._producer.send(*(record for alert in changes for record in self._records(alert)))
        for alert in changes:
            if phase_of(alert) not in before.told:
                self._announce(alert)
        keep()

    def _records(self, alert: Alert) -> list[Record]:
        names = (self._stage.topics.of(ALERTS), self._stage.topics.of(alerts_of(alert.rule)))
        body, key = encode(alert), alert.alert_id.encode()
        headers = cloud_event(Alert, content_id(body.decode()), "alerter", alert.changed_at)
        return [Record(name, key, body, headers) for name in names]

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

    def _sightings(self, article: ArticleRef, sightings: Sequence[Sighting], record: Record) -> list[Record]:
        """The sightings to send, and to all groups that hold some of this article its revisions, if it was edited.

        What is sent is noted here, before: events and articles are handled side by side, and whichever of an edit and
        a sighting is noted last finds the other.
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
        return records

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
        headers = {key: cloud_event(Tick, f"{key}@{tick.clock.isoformat()}", "alerter", tick.clock) for key in keys}
        ticks = {key: tick.model_copy(update={"group_key": key}) for key in keys}
        return [Record(topic, key.encode(), encode(ticks[key]), headers[key]) for key in keys]


def _partition(record: Record) -> int:
    return record.partition if record.partition is not None else -1
