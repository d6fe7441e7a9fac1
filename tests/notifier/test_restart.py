"""The notifier is killed and started again: nobody is told twice, and nobody is left out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from services.core.alert import Alert
from services.core.errors import BrokerError
from services.core.topics import ALERTS, NOTIFIED, TopicNames
from services.core.wire import decode
from services.notifier.app import serve
from services.runtime.broker import Broker, Producer, Record
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.stage import Stage
from tests.dashboard.samples import alert
from tests.fakes import BrokenProducer, MemoryBroker
from tests.notifier.receiver import Receiver, receiver
from tests.notifier.test_notifier_app import record, settings_for, until

NAMES = TopicNames("again")
ENDED = {"state": "resolved", "changed_at": alert().changed_at.replace(hour=20)}


@dataclass(frozen=True)
class InMemory(Stage):
    """A stage on a cluster of this process."""

    cluster: Broker = field(default_factory=MemoryBroker)

    @property
    def broker(self) -> Broker:
        return self.cluster


class TakesNoNotes(MemoryBroker):
    """A cluster that goes away when something is to be written."""

    @asynccontextmanager
    async def producer(self) -> AsyncIterator[Producer]:
        yield BrokenProducer()


async def publish(broker: MemoryBroker, *alerts: Alert) -> None:
    async with broker.producer() as producer:
        await producer.send(*(record(NAMES, each) for each in alerts))


def forget_commits(broker: MemoryBroker) -> None:
    """As if the process had been killed before it acknowledged anything."""
    broker.group(NAMES.group("notifier")).committed.clear()


@asynccontextmanager
async def running(broker: Broker, *hooks: Receiver, most: int = 0) -> AsyncIterator[Stage]:
    apprise = " ".join(hook.url.replace("http:", "json:") for hook in hooks[1:])
    chosen = {"webhook_url": hooks[0].url, "apprise_urls": apprise, "most_per_minute": most}
    settings = settings_for("127.0.0.1:1", NAMES.prefix, **chosen)
    stage = InMemory("notifier", settings, Metrics(), Health({"kafka"}), asyncio.Event(), broker)
    task = asyncio.create_task(serve(stage))
    try:
        yield stage
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def acknowledged(broker: MemoryBroker, records: int) -> Callable[[], bool]:
    return lambda: sum(broker.group(NAMES.group("notifier")).committed.values()) == records


def told(took: Receiver) -> list[tuple[str, str]]:
    alerts = [decode(Alert, body) for _, body in took.accepted]
    return sorted((each.alert_id, each.state.value) for each in alerts)


async def test_what_was_told_before_a_kill_is_not_told_after_it() -> None:
    broker = MemoryBroker()
    async with receiver() as took:
        await publish(broker, alert(), alert(alert_id="b"), alert(**ENDED))
        async with running(broker, took):
            await until(acknowledged(broker, 3))
        forget_commits(broker)
        await publish(broker, alert(alert_id="b", reason="with one more article"), alert(alert_id="c"))
        async with running(broker, took):
            await until(acknowledged(broker, 5))
        assert told(took) == [("alert-1", "firing"), ("alert-1", "resolved"), ("b", "firing"), ("c", "firing")]


async def test_a_crash_between_telling_and_noting_tells_again_with_the_same_key() -> None:
    broker, broken = MemoryBroker(), TakesNoNotes()
    await publish(broker, alert())
    broken._logs = broker._logs
    async with receiver() as took:
        settings = settings_for("127.0.0.1:1", NAMES.prefix, webhook_url=took.url)
        stage = InMemory("notifier", settings, Metrics(), Health({"kafka"}), asyncio.Event(), broken)
        with pytest.raises(BrokerError):
            await serve(stage)
        async with running(broker, took):
            await until(acknowledged(broker, 1))
        keys = [headers["Idempotency-Key"] for headers, _ in took.accepted]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_a_channel_that_was_told_is_not_told_again_because_another_one_was_away() -> None:
    broker = MemoryBroker()
    async with receiver() as took, receiver(*[503] * 50) as away:
        await publish(broker, alert())
        async with running(broker, took, away):
            await until(lambda: bool(took.accepted and away.asked))
            await until(lambda: bool(broker.records(NAMES.of(NOTIFIED))))
        assert not acknowledged(broker, 1)()
        away.answers.clear()
        async with running(broker, took, away):
            await until(acknowledged(broker, 1))
        assert (len(took.accepted), len(away.accepted)) == (1, 1)


async def test_a_note_that_cannot_be_read_stops_nothing() -> None:
    broker = MemoryBroker()
    await publish(broker, alert())
    async with broker.producer() as producer:
        await producer.send(Record(NAMES.of(NOTIFIED), b"x", b"not json"), Record(NAMES.of(ALERTS), b"x", None))
    async with receiver() as took, running(broker, took):
        await until(acknowledged(broker, 2))
        assert told(took) == [("alert-1", "firing")]
