"""The dashboard's process against the embedded cluster."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import httpx
import pytest

from services.alerter.whynot import answered_by
from services.core.errors import ConfigError
from services.core.topics import ALERTS, ARTICLES, EVENTS, TopicNames
from services.core.wire import encode
from services.dashboard.app import listening, main, serve
from services.dashboard.store import Store
from services.runtime.broker import Broker, KafkaBroker, Record
from services.runtime.embedded import READY
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.sections import HttpSettings, TopicSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.dashboard.samples import NOON, alert, article, event


@dataclass
class Running:
    url: str
    stage: Stage
    task: asyncio.Task[None]


@asynccontextmanager
async def running(settings: Settings, folder: Path, at: socket | None = None) -> AsyncIterator[Running]:
    settings = settings.model_copy(update={"state_dir": folder})
    stage = Stage("dashboard", settings, Metrics(), Health({"kafka"}), asyncio.Event())
    with nullcontext(at.dup()) if at else listening("127.0.0.1", 0) as listener:
        task = asyncio.create_task(serve(stage, listener=listener, answering=answered_by))
        try:
            yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", stage, task)
        finally:
            stage.stop.set()
            await asyncio.wait_for(task, 10)


async def write(broker: Broker, names: TopicNames) -> None:
    async with broker.producer() as producer:
        await producer.send(
            Record(names.of(ARTICLES), b"article-1", encode(article())),
            Record(names.of(EVENTS), b"article-1", b'{"not": "an event"}'),
            Record(names.of(EVENTS), b"article-1", encode(event())),
            Record(names.of(ALERTS), b"alert-1", encode(alert())),
        )


async def ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(40):
        while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110 -- asked from outside
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("embedded", [True, False])
async def test_what_was_on_the_topics_before_the_start_is_shown_once_it_is_ready(
    embedded_kafka: str, embedded: bool, tmp_path: Path
) -> None:
    settings = Settings(kafka=embedded_kafka, embedded=embedded, topics=TopicSettings(prefix=f"dash{embedded}".lower()))
    names = TopicNames(settings.topics.prefix)
    broker = KafkaBroker(settings, "test")
    await write(broker, names)
    async with running(settings, tmp_path) as served, httpx.AsyncClient(base_url=served.url) as client:
        await ready(client)
        assert [each["alert_id"] for each in (await client.get("/api/v1/alerts")).json()["items"]] == ["alert-1"]
        assert [each["event_id"] for each in (await client.get("/api/v1/events")).json()["items"]] == ["event-1"]
        assert 'tocsin_deadletters_total{stage="dashboard"} 1.0' in (await client.get("/metrics")).text
        async with broker.offsets(names.group("dashboard")) as offsets:
            # Writers to the embedded cluster wait for what this group commits; elsewhere nobody does.
            assert (await offsets.lag(names.of(ALERTS)) == 0) is embedded


async def test_a_second_start_goes_on_where_the_first_ended_and_a_cluster_made_anew_is_noticed(
    embedded_kafka: str, tmp_path: Path
) -> None:
    settings = Settings(kafka=embedded_kafka, topics=TopicSettings(prefix="dashtwice"))
    names, broker = TopicNames("dashtwice"), KafkaBroker(settings, "test")
    await write(broker, names)
    with listening("127.0.0.1", 0) as listener:
        for dead_letters in ("1.0", None):
            async with running(settings, tmp_path, listener) as served:
                async with httpx.AsyncClient(base_url=served.url) as client:
                    await ready(client)
                    assert len((await client.get("/api/v1/alerts")).json()["items"]) == 1
                    told = (await client.get("/metrics")).text
                    # The record that cannot be decoded is not read a second time.
                    assert ('deadletters_total{stage="dashboard"} 1.0' in told) is (dead_letters is not None)
                port = served.url.rpartition(":")[2]
        with Store(tmp_path / f"dashboard-{port}.sqlite", origin=f"dashtwice of {embedded_kafka}", keep=True) as store:
            store.write([], NOON, {(names.of(EVENTS), 0): 99})
        async with running(settings, tmp_path, listener) as served, httpx.AsyncClient(base_url=served.url) as client:
            await ready(client)
            assert 'deadletters_total{stage="dashboard"} 1.0' in (await client.get("/metrics")).text


async def test_a_stop_ends_open_streams_and_the_process_in_time(embedded_kafka: str, tmp_path: Path) -> None:
    settings = Settings(kafka=embedded_kafka, topics=TopicSettings(prefix="dashstop"))
    async with (
        running(settings, tmp_path) as served,
        httpx.AsyncClient(base_url=served.url) as client,
        client.stream("GET", "/api/v1/stream") as response,
    ):
        lines = response.aiter_lines()
        await anext(lines)
        served.stage.stop.set()
        async with asyncio.timeout(8):
            async for _ in lines:
                pass
            await served.task


@pytest.fixture
def mortal_kafka() -> Iterator[subprocess.Popen[str]]:
    """An embedded cluster of its own, which ends when its standard input is closed."""
    command = [sys.executable, "-m", "services.runtime.embedded"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


async def test_readiness_follows_the_broker_when_it_goes(mortal_kafka: subprocess.Popen[str], tmp_path: Path) -> None:
    assert mortal_kafka.stdout is not None
    settings = Settings(kafka=mortal_kafka.stdout.readline().strip().removeprefix(READY))
    async with running(settings, tmp_path) as served, httpx.AsyncClient(base_url=served.url) as client:
        await ready(client)
        mortal_kafka.terminate()
        async with asyncio.timeout(40):
            while (answer := await client.get("/readyz")).status_code == 200:  # noqa: ASYNC110 -- asked from outside
                await asyncio.sleep(0.1)
    assert answer.json()["missing"] == ["kafka"]


async def test_without_kafka_the_page_is_served_and_says_that_it_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(kafka="127.0.0.1:9", topics=TopicSettings(prefix="nobody"))
    async with running(settings, tmp_path) as served:
        await asyncio.sleep(0.2)
        async with httpx.AsyncClient(base_url=served.url) as client:
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.get("/readyz")).status_code == 503


def test_a_taken_port_is_a_mistake_in_the_settings() -> None:
    with listening("127.0.0.1", 0) as taken:
        settings = Settings(kafka="127.0.0.1:9", http=HttpSettings(port=taken.getsockname()[1]))
        with pytest.raises(ConfigError, match=r"TOCSIN_HTTP__PORT.*is taken"):
            main(settings, answering=answered_by)


def test_a_foreign_address_is_a_mistake_in_the_settings() -> None:
    settings = Settings(kafka="127.0.0.1:9", http=HttpSettings(host="192.0.2.1", port=0))
    with pytest.raises(ConfigError, match=r"TOCSIN_HTTP__PORT: 192\.0\.2\.1:0"):
        main(settings, answering=answered_by)
