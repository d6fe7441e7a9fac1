"""All five services beside a web server with news for them, a Prometheus that scrapes them and its Alertmanager."""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from services.commands.run import SERVICES
from services.core.topics import TopicNames
from services.runtime.admin import all_topics, touch_topics
from services.runtime.broker import KafkaBroker
from services.runtime.files import load_rules
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings, child_environment
from services.runtime.supervisor import Program, Supervisor
from tests.acceptance.pipeline import until_ready
from tests.deploy.monitoring import ALERTMANAGER, PROMETHEUS, RULES, read_yaml
from tests.deploy.tools import alertmanager, prometheus
from tests.poller.samples import rss
from tests.poller.server import serving
from tests.ports import free_port

TOWNS = ("Kassala in Sudan", "Poipet in Cambodia", "Gori in Georgia", "Mubi in Nigeria", "Zahle in Lebanon")
"""A story for each of them, so that each rings by itself."""

OUR_RULES = """
rules:
  - {name: shelling, when: {event_types: [Explosions/Remote violence]}, window: 24h, severities: {info: 1}}
"""


@dataclass(frozen=True)
class Watched:
    """What runs: addresses of Prometheus and of its Alertmanager, and the brokers."""

    prometheus: str
    alertmanager: str
    broker: KafkaBroker
    names: TopicNames
    session: aiohttp.ClientSession

    async def ask(self, path: str, **query: str) -> Any:
        """What Prometheus answers to one question of its HTTP API; an error there is one here."""
        async with self.session.get(f"{self.prometheus}/api/v1/{path}", params=query) as answer:
            told = await answer.json()
        assert told["status"] == "success", f"{query}: {told}"
        return told["data"]

    async def series(self, expression: str) -> list[Mapping[str, str]]:
        """The labels of what an expression yields now."""
        return [each["metric"] for each in (await self.ask("query", query=expression))["result"]]


def newspaper() -> dict[str, Any]:
    """Handlers by path: a feed with one more story at each look, their pages, a feed that fails, and a webhook."""
    looks = itertools.count(1)

    async def feed(request: web.Request) -> web.Response:
        shown = range(min(next(looks), len(TOWNS)))
        return web.Response(body=rss(*(_item(str(request.url.origin()), each) for each in shown)))

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html><body><p>Short.</p></body></html>", content_type="text/html")

    async def broken(_: web.Request) -> web.Response:
        return web.Response(status=500)

    async def hook(_: web.Request) -> web.Response:
        return web.Response(status=204)

    pages = {f"/{number}": page for number in range(len(TOWNS))}
    return {"/feed": feed, "/broken": broken, "/hook": hook, **pages}


def _item(site: str, number: int) -> str:
    text = f"Artillery shelled the town of {TOWNS[number]} on {datetime.now(UTC):%A}, wounding three residents."
    day = format_datetime(datetime.now(UTC), usegmt=True)
    return (
        f"<title>Report {number}</title><link>{site}/{number}</link><guid>{number}</guid>"
        f"<pubDate>{day}</pubDate><description>{text}</description>"
    )


@asynccontextmanager
async def watched(kafka: str, folder: Path) -> AsyncIterator[Watched]:
    """Everything, with Prometheus looking from before the services are there, so that it sees counters rise."""
    ports = {service: free_port() for service in SERVICES}
    own = free_port()
    async with serving(newspaper()) as site, Supervisor() as supervisor, aiohttp.ClientSession() as session:
        settings = _settings(kafka, folder, site.url(""))
        await touch_topics(
            KafkaBroker(settings, "test"), all_topics(load_rules(settings.rules)), TopicNames(settings.topics.prefix)
        )
        with alertmanager(ALERTMANAGER, folder) as alarms:
            config = _config(folder, {**ports, "prometheus": own}, alarms)
            with prometheus(config, folder, own) as address:
                for program in _programs(settings, ports, site.url("/hook")):
                    supervisor.start(program)
                async with asyncio.TaskGroup() as starting:
                    for port in ports.values():
                        starting.create_task(until_ready(port))
                yield Watched(
                    address, alarms, KafkaBroker(settings, "test"), TopicNames(settings.topics.prefix), session
                )


def _settings(kafka: str, folder: Path, site: str) -> Settings:
    rules, feeds = folder / "rules.yaml", folder / "feeds.yaml"
    rules.write_text(OUR_RULES, encoding="utf-8")
    owned = {"outlet": "ours", "country": "GBR", "kind": "media", "interval": "1s"}
    sources = [{"id": name, "url": f"{site}/{name}", **owned} for name in ("feed", "broken")]
    feeds.write_text(yaml.safe_dump({"feeds": sources}), encoding="utf-8")
    return Settings(kafka=kafka, rules=rules, feeds=feeds, state_dir=folder, topics=TopicSettings(prefix="watched"))


def _programs(settings: Settings, ports: Mapping[str, int], hook: str) -> Iterator[Program]:
    for service, port in ports.items():
        environment = child_environment(
            kafka=settings.brokers,
            embedded="true",
            topics__prefix=settings.topics.prefix,
            rules=str(settings.rules),
            feeds=str(settings.feeds),
            state_dir=str(settings.state_dir),
            http__port=str(port),
            poller__allow_private_addresses="true",
            poller__full_text="true",
            notifier__webhook_url=hook,
        )
        argv = (sys.executable, "-m", "services", service)
        yield Program(service, argv, environment, settings.state_dir / f"{service}.log")


def _config(folder: Path, ports: Mapping[str, int], alarms: str) -> Path:
    """The configuration of `deploy/` with addresses of this machine, looking every second."""
    config = read_yaml(PROMETHEUS)
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(RULES)]
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alarms.removeprefix("http://")]
    for job in config["scrape_configs"]:
        for part in job["static_configs"]:
            service = part.get("labels", {}).get("service", "prometheus")
            part["targets"] = [f"127.0.0.1:{ports[service]}"]
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path
