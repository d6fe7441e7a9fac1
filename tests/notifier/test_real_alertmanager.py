"""A real Alertmanager is kept told of what rings."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from services.core.alert import Alert, AlertState
from services.core.rule import Severity
from services.core.topics import ALERTS, TopicNames
from services.core.wire import encode
from services.notifier.heard import Heard
from services.notifier.repeat import repeat
from services.runtime.broker import KafkaBroker, Record
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.dashboard.samples import alert
from tests.deploy.tools import alertmanager

CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of an Alertmanager that tells nobody."""
    config = tmp_path / "config.yml"
    config.write_text(CONFIG, encoding="utf-8")
    with alertmanager(config, tmp_path) as address:
        yield address


async def ringing(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """What rings there, by alert and severity."""
    try:
        async with session.get(f"{url}/api/v2/alerts") as answer:
            return {f"{each['labels']['alert_id']} {each['labels']['severity']}": each for each in await answer.json()}
    except aiohttp.ClientError:
        return {}


async def until(session: aiohttp.ClientSession, url: str, expected: set[str]) -> dict[str, Any]:
    async with asyncio.timeout(40):
        while set(found := await ringing(session, url)) != expected:  # noqa: ASYNC110 -- asked from outside
            await asyncio.sleep(0.2)
    return found


async def test_alertmanager_follows_an_alert_through_its_life(embedded_kafka: str, address: str) -> None:
    settings = Settings(kafka=embedded_kafka, topics=TopicSettings(prefix="am"))
    stage = Stage("notifier", settings, Metrics(), Health(), asyncio.Event())
    now = datetime.now(UTC)

    async def publish(*alerts: Alert) -> None:
        topic = TopicNames("am").of(ALERTS)
        async with KafkaBroker(settings, "test").producer() as producer:
            await producer.send(*(Record(topic, each.alert_id.encode(), encode(each)) for each in alerts))

    live = alert(alert_id="a", started_at=now - timedelta(hours=1), changed_at=now - timedelta(hours=1))
    await publish(live, alert(alert_id="replayed", stream="seeds"))
    async with aiohttp.ClientSession() as session:
        repeating = asyncio.create_task(repeat(stage, session, address, heard=Heard(), pause=0.5))
        found = await until(session, address, {"a warning"})
        assert found["a warning"]["annotations"]["sentence"] == live.evidence[0].sentence
        graver = {"state": AlertState.ESCALATED, "severity": Severity.CRITICAL, "changed_at": now}
        await publish(live.model_copy(update=graver))
        await until(session, address, {"a critical"})
        await publish(live.model_copy(update={**graver, "state": AlertState.RESOLVED}))
        await until(session, address, set())
        stage.stop.set()
        await asyncio.wait_for(repeating, 10)
    labels = {"channel": "alertmanager", "result": "delivered"}
    assert stage.metrics.registry.get_sample_value("tocsin_notifications_total", labels) >= 3  # type: ignore[operator]
