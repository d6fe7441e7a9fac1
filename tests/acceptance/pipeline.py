"""Extractor and alerter as real processes on a cluster, with streams sent through them and their alerts read back."""

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from services.commands.articles import Reading, load_manifest, read_articles
from services.commands.follow import drained
from services.commands.replay import replay
from services.core.alert import Alert
from services.core.article import Article
from services.core.topics import ALERTS, TopicNames
from services.core.wire import decode
from services.runtime.admin import all_topics, create_topics, touch_topics
from services.runtime.broker import KafkaBroker
from services.runtime.files import load_rules
from services.runtime.pacing import open_producer
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings, child_environment
from services.runtime.supervisor import Program, Supervisor
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
RULES = ROOT / "seeds" / "rules.yaml"
ORIGINALS = ROOT.parent / "shared" / "seeds"


class Pipeline:
    """A running extractor and alerter."""

    def __init__(self, settings: Settings, supervisor: Supervisor, ports: Mapping[str, int]) -> None:
        self.settings = settings
        self.names = TopicNames(settings.topics.prefix)
        self.broker = KafkaBroker(settings, "test")
        self.supervisor = supervisor
        self._ports = ports

    async def send(self, articles: Sequence[Article]) -> None:
        """Sends the articles in the order they are in, not in that of their publication."""
        async with open_producer(self.broker, self.names, embedded=self.settings.embedded) as producer:
            for article in articles:
                await replay([article], producer, names=self.names, speed=None, sent=lambda _: None)

    async def alerts_of(self, articles: Sequence[Article]) -> list[Alert]:
        """Sends a stream, waits until it has gone through, and returns all that was published about it."""
        await self.send(articles)
        return await self.read_alerts(articles[0].stream)

    async def read_alerts(self, stream: str) -> list[Alert]:
        """All alerts published of a stream, once everything that was sent has gone through."""
        await asyncio.wait_for(drained(self.broker, self.names), 120)
        topic = self.names.of(ALERTS)
        alerts: list[Alert] = []
        async with self.broker.consumer([topic], group=None, everything=True) as consumer:
            quiet = 0
            while quiet < 3:
                records = await consumer.poll(0.5)
                quiet = 0 if records else quiet + 1
                alerts += [decode(Alert, record.value) for record in records]
        return [alert for alert in alerts if alert.stream == stream]

    def scrape(self, service: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """All samples of a service's metrics, by name and labels."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._ports[service]}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        families = text_string_to_metric_families(text)
        return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families for s in f.samples}

    def total(self, service: str, name: str, **labels: str) -> float:
        """The sum of a metric's samples that have these labels."""
        wanted = set(labels.items())
        return sum(value for (n, found), value in self.scrape(service).items() if n == name and wanted <= set(found))

    def end(self, service: str, number: signal.Signals) -> None:
        """Sends a service a signal; the supervisor starts it again when it has ended."""
        pid = self.supervisor.pid(service)
        assert pid
        os.kill(pid, number)


@asynccontextmanager
async def pipeline(
    address: str, folder: Path, *, embedded: bool, alerters: int = 1, pause: float = 0.5, rules: Path = RULES
) -> AsyncIterator[Pipeline]:
    """Extractor and alerter on the cluster at ``address``, with topics of their own; ready when the body runs.

    Further alerters are ``alerter-2`` and so on; what ends is started again after ``pause`` seconds.
    """
    prefix = f"t{uuid4().hex[:8]}"
    settings = Settings(
        kafka=address, embedded=False, rules=rules, state_dir=folder, topics=TopicSettings(prefix=prefix)
    )
    topics = all_topics(load_rules(rules))
    if embedded:
        await touch_topics(KafkaBroker(settings, "test"), topics, TopicNames(prefix))
    else:
        await create_topics(settings, topics)
    more = [f"alerter-{number}" for number in range(2, alerters + 1)]
    ports = {service: free_port() for service in ("extractor", "alerter", *more)}
    async with Supervisor(first_pause=pause) as supervisor:
        for service, port in ports.items():
            environment = child_environment(
                kafka=address, topics__prefix=prefix, http__port=str(port), rules=str(rules), state_dir=str(folder)
            )
            argv = (sys.executable, "-m", "services", service.partition("-")[0])
            supervisor.start(Program(service, argv, environment, folder / f"{service}.log"))
        for port in ports.values():
            await until_ready(port)
        yield Pipeline(settings, supervisor, ports)


async def until_ready(port: int, seconds: float = 90) -> None:
    """Waits until ``/readyz`` says so."""
    for _ in range(round(seconds * 4)):
        try:
            answer = await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/readyz", timeout=2)
        except OSError:
            await asyncio.sleep(0.25)
        else:
            answer.close()
            return
    raise TimeoutError(f"nothing ready on port {port}")


def stored(path: Path, stream: str, manifest: Path | None = None) -> list[Article]:
    """The articles at a path; every one of them must be readable."""
    reading = Reading(
        stream=stream, now=datetime.fromisoformat("2026-01-01T00:00:00Z"), manifest=load_manifest(manifest, path)
    )
    found = list(read_articles(path, reading))
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def originals_manifest(folder: Path) -> Path:
    """A manifest with the dates of the originals, which their texts do not carry; from the gold beside them."""
    gold = json.loads((ORIGINALS / "gold.json").read_text(encoding="utf-8"))
    dates = {seed["file"]: {"published": f"{seed['article_date']}T12:00:00Z"} for seed in gold["seeds"]}
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(dates), encoding="utf-8")
    return manifest


def ends(alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """How the alerts ended, without what names the stream: comparable between streams.

    Ids are left out because they hold the stream's name and, where evidence came out of order, the start first told.
    """
    last = {alert.alert_id: alert for alert in alerts}
    standing = [alert for alert in last.values() if alert.state != "retracted"]
    facts = [alert.model_dump(mode="json", exclude={"alert_id", "stream"}) for alert in standing]
    return sorted(facts, key=lambda fact: json.dumps(fact, sort_keys=True))
