"""Faust as Tocsin uses it: one factory, with the settings and patches that keep its failure modes away.

What each setting is against: consumers dead for a minute after a hard kill (session timeout), a web server on all
interfaces that serves table data, topics declared by every worker, prefetch without bound, failed sends logged and
forgotten after 20 minutes (request timeout), fetches of idle partitions that hold up busy ones for 1.5 s (the
consumer thread below).
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

import faust
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context
from faust.exceptions import ConsistencyError
from faust.tables import recovery
from faust.transport.drivers import aiokafka as driver
from faust.types.auth import CredentialsT
from mode import CrashingSupervisor

from services.core.errors import BrokerError
from services.runtime.broker import MAX_REQUEST_BYTES
from services.runtime.localstore import OPTIONS, LocalStore, local_store
from services.runtime.logs import logger
from services.runtime.settings import Settings
from services.runtime.stage import Stage

_FETCH_WAIT_MS = 100
_REBALANCE_SECONDS = 300.0
_BATCH_BYTES = 256 * 1024
"""Of changelog entries sent at once; Kafka's usual 16 KB are three or four groups, each a request of its own."""


class _Producer(driver.Producer):  # type: ignore[misc]
    """Faust's producer, made idempotent: a retried send is written once."""

    def _settings_extra(self) -> dict[str, Any]:
        return {**super()._settings_extra(), "acks": "all", "enable_idempotence": True}


class _ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS  # hard-wired to 1500 in Faust
        return consumer

    async def seek_to_committed(self) -> Any:
        """Seeks, and where nothing is committed yet to the beginning, which aiokafka leaves out.

        Faust discards what it fetched before it seeks. Of a partition without a commit the first 200 records were gone,
        and counted as read: measured, two of seventeen clean restarts in the middle of a first replay.
        """
        consumer = self._ensure_consumer()
        offsets = await self.call_thread(consumer.seek_to_committed)
        tables = self.consumer.app.tables.changelog_topics
        fresh = [at for at, offset in offsets.items() if not offset and at.topic not in tables]
        if fresh:
            await self.call_thread(consumer.seek_to_beginning, *fresh)
        return offsets


class _Consumer(driver.Consumer):  # type: ignore[misc]
    def _new_consumer_thread(self) -> Any:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Seeks to the committed offsets with the flow stopped; whoever asks for it resumes the flow afterwards.

        After a table's recovery Faust resumes the stream partitions first, then seeks, then clears the agents' queues:
        records that were fetched in between are dropped, yet their offsets count as read, so they never come again.
        Measured: kill -9 with a backlog on one of twelve partitions, whose committed offset then stood still for good.
        """
        self.stop_flow()
        await super().perform_seek()


class _Transport(driver.Transport):  # type: ignore[misc]
    Producer = _Producer
    Consumer = _Consumer


_wait = recovery.Recovery._wait


async def _wait_or_crash(self: Any, step: Awaitable[Any], timeout: float | None = None) -> None:  # noqa: ASYNC109
    """Makes a recovery step that times out end the worker; Faust takes it for a stop and idles for ever."""
    try:
        await _wait(self, step, timeout)
    except recovery.ServiceStopped:
        if self.should_stop:
            raise
        raise RuntimeError("recovery of a table timed out") from None


recovery.Recovery._wait = _wait_or_crash


class App(faust.App):  # type: ignore[misc]
    """A Faust app on the patched transport."""

    local_store: LocalStore
    """Where its tables are; held for as long as the app lives."""

    def _new_transport(self) -> Any:
        return _Transport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> Any:
        return _Transport(self.conf.broker_producer, self)


def stream_app(stage: Stage) -> App:
    """The Faust app of a stage; its id is the stage's consumer group and the prefix of its changelogs."""
    settings = stage.settings
    store = local_store(settings, stage.name)
    app = App(
        stage.group,
        broker=[f"kafka://{broker}" for broker in settings.brokers.split(",")],
        broker_credentials=_credentials(settings),
        store=store.url,
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=settings.topics.partitions,
        topic_replication_factor=settings.topics.replication,
        table_standby_replicas=0,
        table_cleanup_interval=5,
        broker_session_timeout=10,
        broker_heartbeat_interval=3,
        broker_rebalance_timeout=60,
        broker_commit_interval=1.0,
        broker_max_poll_records=200,
        stream_buffer_maxsize=128,
        stream_wait_empty=True,
        producer_linger=0.005,
        producer_max_batch_size=_BATCH_BYTES,
        producer_request_timeout=30,
        # Elsewhere the broker compresses the changelogs, which takes as long as judging. The embedded one cannot.
        producer_compression_type="gzip" if settings.embedded else None,
        producer_max_request_size=MAX_REQUEST_BYTES,
        autodiscover=False,
        web_enabled=False,
        worker_redirect_stdouts=False,
        datadir=str(store.folder),
    )
    app.local_store = store
    return app


def _credentials(settings: Settings) -> CredentialsT | None:
    chosen = settings.security
    if chosen.protocol == "PLAINTEXT":
        return None
    context = create_ssl_context(cafile=str(chosen.ca_file) if chosen.ca_file else None)
    if chosen.protocol == "SSL":
        return faust.SSLCredentials(context=context)
    return faust.SASLCredentials(
        mechanism=chosen.mechanism,
        username=chosen.username,
        password=chosen.password.get_secret_value(),
        ssl_context=context if chosen.protocol == "SASL_SSL" else None,
    )


def raw_agent(app: App, topic: str, *, name: str, body: Callable[[Any], Awaitable[None]]) -> None:
    """An agent on the bytes of a topic, whose failure ends the app."""
    source = app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    app.agent(source, name=name, supervisor_strategy=CrashingSupervisor)(body)


def raw_table(app: App, name: str) -> Any:
    """A table of bytes by bytes, kept in a changelog topic; call it before the app starts."""
    options = dict(OPTIONS) if app.local_store.url == "rocksdb://" else {}
    return app.Table(name, key_type=bytes, value_type=bytes, options=options)


async def run_app(stage: Stage, app: App, *, rebalanced: Callable[[], None] | None = None) -> None:
    """Runs a Faust app inside this loop until the stage stops; ready once it knows its partitions.

    ``rebalanced`` is called whenever the app has got other partitions, before it reads on.

    Raises:
        BrokerError: Kafka did not answer, or failed a handler.
        RuntimeError: the app crashed otherwise, or was rebalancing for five minutes without an end.
    """
    Path(app.conf.datadir).parent.mkdir(parents=True, exist_ok=True)  # Faust makes the last folder only
    app.loop = asyncio.get_running_loop()
    app.finalize()
    joined = asyncio.Event()

    async def on_joined(_: Any, assigned: Collection[Any], **__: Any) -> None:
        logger(__name__).info("partitions assigned", count=len(assigned))
        if rebalanced:
            rebalanced()
        joined.set()

    app.on_partitions_assigned.connect(on_joined)
    try:
        await app.maybe_start()
        await _follow(stage, app, joined)
    except KafkaError as error:
        raise BrokerError(f"Kafka failed the stream: {error!r}") from error
    finally:
        await app.stop()


async def _follow(stage: Stage, app: App, joined: asyncio.Event) -> None:
    moved = asyncio.get_running_loop().time()
    while not stage.stop.is_set():
        if app.crashed:
            _raise_crash(app)
        now = asyncio.get_running_loop().time()
        # A worker beyond the number of partitions gets none and is ready all the same: it stands by.
        if joined.is_set() and not app.rebalancing:
            stage.health.has("kafka")
            moved = now
        else:
            stage.health.waits_for("kafka")
            if now - moved > _REBALANCE_SECONDS:
                raise RuntimeError("rebalancing for five minutes")
        await asyncio.sleep(0.2)


def _raise_crash(app: App) -> None:
    reason = app.crash_reason
    if isinstance(reason, ConsistencyError):
        # The changelog was made anew, with its cluster perhaps. It is what counts, so it is read from the beginning.
        shutil.rmtree(app.conf.tabledir, ignore_errors=True)
        logger(__name__).error("local tables are ahead of the changelog; deleted", folder=str(app.conf.tabledir))
    if isinstance(reason, BrokerError | KafkaError):
        raise reason
    raise RuntimeError(f"the stream app crashed: {reason!r}") from reason
