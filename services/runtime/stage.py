"""How every service runs: logs, metrics and health up, then its body, then a clean stop on SIGTERM; and a watchdog."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.core.errors import BrokerError
from services.core.topics import TopicNames
from services.runtime.broker import Broker, KafkaBroker
from services.runtime.http import Health, HealthServer
from services.runtime.logs import configure_logs, logger
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.runtime.watchdog import Watchdog

PORTS = {"poller": 9101, "extractor": 9102, "alerter": 9103, "dashboard": 8080, "notifier": 9105}
"""Default HTTP port of each service."""

_GRACE_SECONDS = 1.0
_LAG_SECONDS = 5.0


@dataclass(frozen=True)
class Limits:
    """How long a service may take, in seconds, before it is ended by force.

    ``stop`` is for ending when it was told to, ``stuck`` for its main loop to turn once: whoever runs the service
    starts it anew.
    """

    stop: float = 10.0
    stuck: float = 120.0


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
_LIMITS = Limits()


def run_stage(name: str, settings: Settings, body: Body, *, own_http: bool = False, limits: Limits = _LIMITS) -> int:
    """Runs a service until SIGTERM, SIGINT, or its body ends or fails.

    Args:
        name: the service.
        settings: its settings.
        body: what it does; must return soon after ``stage.stop`` is set.
        own_http: the body serves metrics and health itself (the dashboard, on the page's port).
        limits: when it is ended by force, with exit code 70.

    Returns:
        The exit code: 0 after a clean stop, 3 when Kafka failed it, 1 after any other failure.

    Raises:
        ConfigError: the port of its HTTP server cannot be used.
    """
    configure_logs(name, settings.log.level, settings.log.format)
    stage = Stage(name, settings, Metrics(), Health({"kafka"}), asyncio.Event())
    with ExitStack() as stack:
        if not own_http:
            port = settings.http.port if settings.http.port is not None else PORTS[name]
            server = HealthServer(settings.http.host, port, metrics=stage.metrics, health=stage.health)
            stack.enter_context(server)
            logger(__name__).info("listening", host=settings.http.host, port=server.port)
        watchdog = stack.enter_context(Watchdog(name))
        return asyncio.run(_run(stage, body, watchdog, limits))


async def _run(stage: Stage, body: Body, watchdog: Watchdog, limits: Limits) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stage.stop.set)
    beating = asyncio.create_task(_beat(stage, watchdog, limits))
    working = asyncio.ensure_future(body(stage))
    logger(__name__).info("started", group=stage.group)
    try:
        return await _outcome(stage, working, limits.stop)
    finally:
        if not stage.stop.is_set():
            watchdog.feed(limits.stop)
        beating.cancel()


async def _outcome(stage: Stage, working: asyncio.Future[Any], seconds: float) -> int:
    """Waits until the body ends, or has had its time after the stop; the exit code."""
    log = logger(__name__)
    stopping: asyncio.Future[Any] = asyncio.create_task(stage.stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        async with asyncio.timeout(seconds if stage.stop.is_set() else None) as limit:
            await working
    except BrokerError as error:
        log.error("kafka failed", error=str(error))
        return 3
    except Exception:
        if limit.expired():
            log.error("did not stop in time", seconds=seconds)
        else:
            log.exception("failed")
        return 1
    log.info("stopped")
    return 0


async def _beat(stage: Stage, watchdog: Watchdog, limits: Limits) -> None:
    """Feeds the watchdog for as long as the main loop turns and nobody said stop; keeps the readiness gauge."""
    while not stage.stop.is_set():
        watchdog.feed(limits.stuck)
        stage.metrics.gauge("tocsin_ready", stage=stage.name).set(stage.health.ready)
        with suppress(TimeoutError):
            await asyncio.wait_for(stage.stop.wait(), 1)
    stage.health.waits_for("shutdown")
    # Cancelling a body that hangs in its own cleanup would wait for ever.
    watchdog.feed(limits.stop + _GRACE_SECONDS)


async def report_lag(stage: Stage, topics: tuple[str, ...]) -> None:
    """Keeps ``tocsin_consumer_lag`` of this service's group up to date until it stops; runs beside the body."""
    while not stage.stop.is_set():
        try:
            async with stage.broker.offsets(stage.group) as offsets:
                await _report(stage, offsets.lag, topics)
        except BrokerError as error:
            logger(__name__).warning("lag is not known", error=str(error))
            await _pause(stage)


async def _report(stage: Stage, lag: Callable[[str], Awaitable[int]], topics: tuple[str, ...]) -> None:
    while not stage.stop.is_set():
        for topic in topics:
            stage.metrics.gauge("tocsin_consumer_lag", group=stage.group, topic=topic).set(await lag(topic))
        await _pause(stage)


async def _pause(stage: Stage) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stage.stop.wait(), _LAG_SECONDS)
