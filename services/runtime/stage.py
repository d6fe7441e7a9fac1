"""How every service runs: logs, metrics and health up, then its body, then a clean stop on SIGTERM; and a watchdog."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from services.core.errors import BrokerError
from services.core.topics import TopicNames
from services.runtime.broker import Broker, KafkaBroker
from services.runtime.http import Health, HealthServer
from services.runtime.logs import configure_logs, logger
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings

PORTS = {"poller": 9101, "extractor": 9102, "alerter": 9103, "dashboard": 8080, "notifier": 9105}
"""Default HTTP port of each service."""

STOP_SECONDS = 10.0
"""A service that was told to stop and has not after this time is ended."""

_STUCK_SECONDS = 120.0
_LAG_SECONDS = 5.0
_EXIT_STUCK = 70


@dataclass(frozen=True)
class Stage:
    """What a service's body gets: its settings and the edge, nothing global."""

    name: str
    settings: Settings
    metrics: Metrics
    health: Health
    stop: asyncio.Event

    @property
    def topics(self) -> TopicNames:
        """Names of topics and groups."""
        return TopicNames(self.settings.topics.prefix)

    @property
    def group(self) -> str:
        """The consumer group of this service."""
        return self.topics.group(self.name)

    @property
    def broker(self) -> Broker:
        """The cluster."""
        return KafkaBroker(self.settings, self.name)

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)


Body = Callable[[Stage], Awaitable[None]]


def run_stage(name: str, settings: Settings, body: Body, *, own_http: bool = False) -> int:
    """Runs a service until SIGTERM, SIGINT, or its body ends or fails.

    Args:
        name: the service.
        settings: its settings.
        body: what it does; must return soon after ``stage.stop`` is set.
        own_http: the body serves metrics and health itself (the dashboard, on the page's port).

    Returns:
        The exit code: 0 after a clean stop, 3 when Kafka failed it, 1 after any other failure.
    """
    configure_logs(name, settings.log.level, settings.log.format)
    metrics, health = Metrics(), Health({"kafka"})
    port = settings.http.port if settings.http.port is not None else PORTS[name]
    if own_http:
        return asyncio.run(_run(Stage(name, settings, metrics, health, asyncio.Event()), body))
    with HealthServer(settings.http.host, port, metrics=metrics, health=health) as server:
        logger(__name__).info("listening", host=settings.http.host, port=server.port)
        return asyncio.run(_run(Stage(name, settings, metrics, health, asyncio.Event()), body))


async def _run(stage: Stage, body: Body) -> int:
    log = logger(__name__)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stage.stop.set)
    watched = asyncio.create_task(_watch(stage))
    working = asyncio.ensure_future(body(stage))
    stopping = asyncio.create_task(stage.stop.wait())
    log.info("started", version_group=stage.group)
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait_for(working, STOP_SECONDS if stage.stop.is_set() else None)
    except TimeoutError:
        log.error("did not stop in time", seconds=STOP_SECONDS)
        return 1
    except BrokerError as error:
        log.error("kafka failed", error=str(error))
        return 3
    except Exception:
        log.exception("failed")
        return 1
    finally:
        for task in (watched, stopping):
            task.cancel()
        stage.health.waits_for("shutdown")
    log.info("stopped")
    return 0


async def _watch(stage: Stage) -> None:
    """Feeds the watchdog and the readiness gauge for as long as the main loop moves."""
    beat = [time.monotonic()]
    threading.Thread(target=_end_when_stuck, args=(beat, stage.name), name="watchdog", daemon=True).start()
    while True:
        beat[0] = time.monotonic()
        stage.metrics.gauge("tocsin_ready", stage=stage.name).set(stage.health.ready)
        await asyncio.sleep(1)


def _end_when_stuck(beat: list[float], name: str) -> None:
    """Ends the process when its main loop has not turned for two minutes: whoever runs it starts it anew."""
    while time.monotonic() - beat[0] < _STUCK_SECONDS:
        time.sleep(1)
    logger(__name__).critical("main loop is stuck; ending the process", service=name)
    os._exit(_EXIT_STUCK)


async def report_lag(stage: Stage, topics: tuple[str, ...]) -> None:
    """Keeps ``tocsin_consumer_lag`` of this service's group up to date until it stops; runs beside the body."""
    while not stage.stop.is_set():
        with suppress(BrokerError):
            async with stage.broker.offsets(stage.group) as offsets:
                await _report(stage, offsets.lag, topics)


async def _report(stage: Stage, lag: Callable[[str], Awaitable[int]], topics: tuple[str, ...]) -> None:
    while not stage.stop.is_set():
        for topic in topics:
            stage.metrics.gauge("tocsin_consumer_lag", group=stage.group, topic=topic).set(await lag(topic))
        with suppress(TimeoutError):
            await asyncio.wait_for(stage.stop.wait(), _LAG_SECONDS)
