"""The notifier's process against the embedded cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from services.core.alert import Alert
from services.core.topics import ALERTS, TopicNames
from services.core.wire import decode, encode
from services.notifier.app import serve
from services.runtime.broker import Broker, KafkaBroker, Record
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.sections import NotifierSettings, TopicSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.dashboard.samples import alert
from tests.notifier.receiver import receiver


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Stage]:
    stage = Stage("notifier", settings, Metrics(), Health({"kafka"}), asyncio.Event())
    task = asyncio.create_task(serve(stage))
    try:
        yield stage
    finally:
        stage.stop.set()
        await asyncio.wait_for(task, 10)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not condition():  # noqa: ASYNC110 -- a condition of another party
            await asyncio.sleep(0.1)


async def until_read(broker: Broker, names: TopicNames) -> None:
    async with asyncio.timeout(40), broker.offsets(names.group("notifier")) as offsets:
        while await offsets.lag(names.of(ALERTS)):  # noqa: ASYNC110 -- asked from outside
            await asyncio.sleep(0.1)


def told(stage: Stage, result: str) -> float:
    labels = {"channel": "webhook", "result": result}
    return stage.metrics.registry.get_sample_value("tocsin_notifications_total", labels) or 0.0


def settings_for(kafka: str, prefix: str, **notifier: object) -> Settings:
    chosen = NotifierSettings.model_validate(notifier)
    return Settings(kafka=kafka, topics=TopicSettings(prefix=prefix), notifier=chosen)


def record(names: TopicNames, each: Alert) -> Record:
    return Record(names.of(ALERTS), each.alert_id.encode(), encode(each))


async def test_each_change_of_a_live_alert_is_delivered_once_whatever_fails_in_between(embedded_kafka: str) -> None:
    names = TopicNames("tell")
    async with receiver(*[503] * 50) as took:
        settings = settings_for(embedded_kafka, "tell", webhook_url=took.url)
        broker = KafkaBroker(settings, "test")
        async with broker.producer() as producer:
            more = alert(reason="with one more article")
            await producer.send(Record(names.of(ALERTS), b"alert-1", b"not json"))
            await producer.send(*(record(names, each) for each in (alert(), more, alert(alert_id="x", stream="seeds"))))
        async with running(settings) as stage:
            await until(lambda: took.asked > 0)
            assert stage.metrics.registry.get_sample_value("tocsin_deadletters_total", {"stage": "notifier"}) == 1
        assert not took.accepted
        # It stopped with an alert undelivered; the receiver comes back, and so does the notifier.
        took.answers.clear()
        async with running(settings) as stage:
            await until_read(broker, names)
            assert told(stage, "delivered") == 1
            async with broker.producer() as producer:
                await producer.send(record(names, alert(alert_id="later")))
            await until(lambda: told(stage, "delivered") == 2)
    assert [decode(Alert, body).alert_id for _, body in took.accepted] == ["alert-1", "later"]


async def test_without_a_webhook_alerts_are_read_and_counted(embedded_kafka: str) -> None:
    names = TopicNames("nobody")
    settings = settings_for(embedded_kafka, "nobody")
    broker = KafkaBroker(settings, "test")
    async with broker.producer() as producer:
        await producer.send(record(names, alert()))
    async with running(settings) as stage:
        await until_read(broker, names)
        assert told(stage, "not_configured") == 1
        assert stage.health.ready
