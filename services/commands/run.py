"""``tocsin run``: a cluster if there is none, all services, a replay if asked for, and the alerts as they fire."""

import asyncio
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.commands.follow import alerts_from, drained
from services.commands.replay import replay
from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import BrokerError, ConfigError, Problem
from services.core.rule import Rules
from services.core.topics import ALERTS, TopicNames
from services.runtime.admin import all_topics, create_topics, touch_topics
from services.runtime.broker import Broker, KafkaBroker
from services.runtime.embedded import PARTITIONS
from services.runtime.pacing import open_producer
from services.runtime.settings import Settings, child_environment
from services.runtime.stage import PORTS
from services.runtime.supervisor import EmbeddedCluster, Program, Supervisor

SERVICES = ("extractor", "alerter", "dashboard", "notifier", "poller")
_NEEDED = ("extractor", "alerter", "dashboard")
_START_SECONDS = 120.0
_MAX_FAILURES = 3
_PORTS_TRIED = 1000


@dataclass(frozen=True)
class Played:
    """What is replayed through the services: the articles of one stream, and how fast."""

    articles: Sequence[Article]
    speed: float | None
    sent: Callable[[int], None]


@dataclass
class Seen:
    """What a run has shown: the stream it looks at (None: all), and how many alerts it has seen raised."""

    show: Callable[[Alert], None]
    stream: str | None
    raised: set[str] = field(default_factory=set)

    def take(self, alert: Alert) -> None:
        """Shows an alert of the stream."""
        if self.stream in (None, alert.stream):
            self.show(alert)
            if alert.state.active:
                self.raised.add(alert.alert_id)


@dataclass(frozen=True)
class Running:
    """The services of this machine while they run."""

    settings: Settings
    ports: Mapping[str, int]
    broker: Broker
    names: TopicNames

    @property
    def page(self) -> str:
        """Where the dashboard's page is."""
        host = self.settings.http.host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{self.ports['dashboard']}/"  # noqa: S104


async def run(
    settings: Settings,
    rules: Rules,
    *,
    played: Played | None,
    seen: Seen,
    ready: Callable[[Running], None],
    leave: bool,
) -> int:
    """Runs everything; returns the number of alerts raised.

    Args:
        settings: the settings; without brokers the embedded cluster is started.
        rules: the rules, for the topics of their alerts.
        played: what to replay, if anything.
        seen: where alerts are shown and counted.
        ready: called when all has started (and the replay has gone through, if it is not to leave).
        leave: end when the replay has gone through; otherwise stay until SIGINT or SIGTERM.

    Raises:
        BrokerError: Kafka does not answer, or a service does not start.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _cluster(settings, rules) as with_brokers, Supervisor() as supervisor:
        running = _start(with_brokers, supervisor)
        async with running.broker.consumer([running.names.of(ALERTS)], group=None) as consumer:
            done = asyncio.Event()

            async def watch() -> None:
                async for alert in alerts_from(consumer, done):
                    seen.take(alert)

            watching = asyncio.create_task(watch())
            working = asyncio.create_task(_work(running, supervisor, played))
            try:
                await _first_of(stop, working)
                if not leave and not stop.is_set():
                    ready(running)
                    await stop.wait()
            finally:
                working.cancel()
                done.set()
                await watching
    return len(seen.raised)


async def _first_of(stop: asyncio.Event, working: asyncio.Task[None]) -> None:
    """Waits for either; a failure of the work is raised here."""
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({told, working}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if working.done():
        working.result()


async def _work(running: Running, supervisor: Supervisor, played: Played | None) -> None:
    await _until_ready(running, supervisor)
    if played:
        embedded = running.settings.embedded
        async with open_producer(running.broker, running.names, embedded=embedded) as producer:
            await replay(played.articles, producer, names=running.names, speed=played.speed, sent=played.sent)
        await drained(running.broker, running.names)


@asynccontextmanager
async def _cluster(settings: Settings, rules: Rules) -> AsyncIterator[Settings]:
    """The settings with brokers in them, and the topics there."""
    names = TopicNames(settings.topics.prefix)
    if settings.kafka:
        await create_topics(settings, all_topics(rules))
        yield settings
        return
    if settings.topics.partitions != PARTITIONS:
        raise ConfigError((Problem("TOCSIN_TOPICS__PARTITIONS", f"the embedded cluster always has {PARTITIONS}"),))
    async with EmbeddedCluster(settings.state_dir / "logs" / "kafka.log") as address:
        settings = settings.model_copy(update={"kafka": address, "embedded": True})
        await touch_topics(KafkaBroker(settings, "run"), all_topics(rules), names)
        yield settings


def _start(settings: Settings, supervisor: Supervisor) -> Running:
    ports = {name: _free_port(settings.http.host, PORTS[name]) for name in SERVICES}
    for name in SERVICES:
        environment = child_environment(
            kafka=settings.brokers, embedded=str(settings.embedded).lower(), http__port=str(ports[name])
        )
        argv = (sys.executable, "-m", "services", name)
        supervisor.start(Program(name, argv, environment, settings.state_dir / "logs" / f"{name}.log"))
    return Running(settings, ports, KafkaBroker(settings, "run"), TopicNames(settings.topics.prefix))


def _free_port(host: str, wanted: int) -> int:
    """The wanted port if nothing listens there, else the next free one ten further: two runs must not collide.

    Not one the system picks: that lies where it also takes the near ends of connections from, so that a connection
    can have it before the service has started.
    """
    for port in range(wanted, wanted + _PORTS_TRIED, 10):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise ConfigError((Problem("TOCSIN_HTTP__HOST", f"cannot listen on {host}"),))


async def _until_ready(running: Running, supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _START_SECONDS
    waiting = list(_NEEDED)
    while waiting:
        if loop.time() > deadline or any(supervisor.failures[name] >= _MAX_FAILURES for name in waiting):
            logs = ", ".join(str(running.settings.state_dir / "logs" / f"{name}.log") for name in waiting)
            raise BrokerError(f"{' and '.join(waiting)} did not start; see {logs}")
        await asyncio.sleep(0.25)
        waiting = [name for name in waiting if not await asyncio.to_thread(_is_ready, running, name)]


def _is_ready(running: Running, name: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{running.ports[name]}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
