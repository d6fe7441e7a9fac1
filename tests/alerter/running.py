"""The alerter on a broker in memory, whose tables outlive it and whose sightings are judged when asked for."""

from collections.abc import Awaitable
from typing import Any

from services.alerter.app import Alerter, Tables
from services.core.alert import Alert
from services.core.article import Article
from services.core.rule import Rule, Rules
from services.core.topics import ALERTS, ARTICLES, EVENTS, SIGHTINGS
from services.core.wire import decode, encode
from services.runtime.broker import Producer, Record
from services.runtime.stage import Stage
from tests.builders import event
from tests.fakes import MemoryBroker


async def handled(handling: Awaitable[Awaitable[Any] | None]) -> None:
    """Waits for all of a record's handling."""
    if rest := await handling:
        await rest


class Running:
    """An alerter that can be started again, with other rules."""

    def __init__(self, stage: Stage, broker: MemoryBroker, producer: Producer, *rules: Rule) -> None:
        self.tables = Tables({}, {})
        self.stage, self._broker, self._producer = stage, broker, producer
        self._done: set[tuple[int | None, int | None]] = set()
        self.start(*rules)

    def start(self, *rules: Rule) -> None:
        """Puts a new one in its place, which knows no more than the tables."""
        self.alerter = Alerter(self.stage, Rules(rules=rules), producer=self._producer, tables=self.tables)

    async def pump(self) -> None:
        """Has it judge all sightings that were sent since."""
        for record in self._broker.records(self.stage.topics.of(SIGHTINGS)):
            if (record.partition, record.offset) not in self._done:
                self._done.add((record.partition, record.offset))
                await handled(self.alerter.on_sighting(record))

    async def change(self, *rules: Rule) -> None:
        """Changes its rules while it runs."""
        await self.alerter.take_rules(Rules(rules=rules))
        await self.pump()

    async def hears(self, article: Article) -> None:
        """Hands it an article of which no events are told."""
        await self.alerter.on_article(Record(ARTICLES, article.id.encode(), encode(article)))
        await self.pump()

    async def reads(self, *articles: Article) -> None:
        """Hands it articles, each with one event."""
        for one in articles:
            await self.alerter.on_article(Record(ARTICLES, one.id.encode(), encode(one)))
            await handled(self.alerter.on_event(Record(EVENTS, one.id.encode(), encode(event(one)))))
            await self.pump()

    def alerts(self) -> list[Alert]:
        """Everything published; the records of one alert in their order."""
        return [decode(Alert, one.value) for one in self._broker.records(self.stage.topics.of(ALERTS))]

    def told(self) -> list[tuple[str, str]]:
        """The states that were published, each with the version of its rule."""
        return [(one.state.value, one.rule_version) for one in self.alerts()]
