"""Faust as we use it: what its patches do, what becomes of a poison record, and how it ends when Kafka fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from services.core.errors import BrokerError
from services.core.topics import ARTICLES, DEADLETTERS, TOPICS
from services.runtime.admin import create_topics
from services.runtime.broker import KafkaBroker, Producer, Record
from services.runtime.clients import security
from services.runtime.intake import Handler, consume
from services.runtime.kafka import App, run_app, stream_app
from services.runtime.sections import SecuritySettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.contracts.clusters import read
from tests.fakes import BrokenProducer
from tests.runtime.stages import stage_on, until


class Running:
    """A running Faust app."""

    def __init__(self, app: App, task: asyncio.Task[None]) -> None:
        self.app = app
        self.task = task


@asynccontextmanager
async def running(stage: Stage, handle: Handler, producer: Producer | None = None) -> AsyncIterator[Running]:
    """The app of a stage, with one agent on the articles; stopped at the end unless it has ended by itself."""
    async with stage.broker.producer() as real:
        app = stream_app(stage)
        consume(stage, app, stage.topics.of(ARTICLES), producer=producer or real, handle=handle)
        task = asyncio.create_task(run_app(stage, app))
        try:
            yield Running(app, task)
        finally:
            stage.stop.set()
            async with asyncio.timeout(20):
                await asyncio.wait({task})


async def sent(stage: Stage, *values: bytes, partition: int = 2) -> tuple[Record, ...]:
    """Articles with these bytes, in one partition."""
    topic = stage.topics.of(ARTICLES)
    headers = (("ce_id", b"7"),)
    async with stage.broker.producer() as producer:
        return await producer.send(*(Record(topic, b"key", value, headers, partition) for value in values))


def listening() -> set[int]:
    """The ports on which this process listens."""
    mine = {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in mine}


async def test_a_poison_record_becomes_a_dead_letter_and_the_stream_goes_on(
    embedded_kafka: str, tmp_path: Path
) -> None:
    stage = stage_on(embedded_kafka, "poison", tmp_path)
    handled: list[Record] = []

    async def handle(record: Record) -> Awaitable[None] | None:
        if record.value == b"\x00poison":
            raise ValueError("not an article")
        handled.append(record)
        return asyncio.sleep(0.5) if record.value == b"one" else None

    records = await sent(stage, b"one", b"\x00poison", b"two", b"three")
    before = listening()
    async with running(stage, handle) as runs:
        await until(lambda: len(handled) == 3)
        assert stage.health.ready
        assert handled == [records[0], records[2], records[3]]
        patches_hold(runs.app)
        assert listening() == before
        async with stage.broker.offsets(stage.group) as offsets, asyncio.timeout(10):
            while await offsets.lag(stage.topics.of(ARTICLES)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    assert runs.task.exception() is None
    await one_dead_letter(stage)
    count = stage.metrics.registry.get_sample_value
    assert count("tocsin_deadletters_total", {"stage": "extractor"}) == 1
    assert count("tocsin_stage_seconds_count", {"stage": "extractor"}) == 4


def patches_hold(app: App) -> None:
    """The settings that Faust does not offer are in force on its running clients."""
    assert app.consumer._thread._consumer._fetcher._fetch_max_wait_ms == 100
    manager = app.producer._producer._txn_manager
    assert manager.has_pid()
    assert manager.transactional_id is None


async def one_dead_letter(stage: Stage) -> None:
    """The poison is on the dead letter topic as it was, with its origin."""
    async with stage.broker.consumer([stage.topics.of(DEADLETTERS)], group=None, everything=True) as consumer:
        (letter,) = await read(consumer, 1)
    assert (letter.key, letter.value) == (b"key", b"\x00poison")
    assert [name for name, _ in letter.headers[6:]] == ["tocsin-time"]
    assert letter.headers[:6] == (
        ("ce_id", b"7"),
        ("tocsin-stage", b"extractor"),
        ("tocsin-error", b"ValueError: not an article"),
        ("tocsin-topic", stage.topics.of(ARTICLES).encode()),
        ("tocsin-partition", b"2"),
        ("tocsin-offset", b"1"),
    )


async def kafka_fails(_: Record) -> None:
    """A handler whose own sends fail."""
    raise BrokerError("Kafka did not take a record")


async def kafka_fails_later(record: Record) -> Awaitable[None]:
    """A handler that sends while the next records are taken, and fails then."""
    return kafka_fails(record)


async def bug(_: Record) -> None:
    """A handler with a bug."""
    raise ValueError("a bug")


@pytest.mark.parametrize(
    ("handle", "producer"), [(kafka_fails, None), (kafka_fails_later, None), (bug, BrokenProducer())]
)
async def test_when_kafka_fails_the_app_ends_and_the_record_is_not_acknowledged(
    embedded_kafka: str, tmp_path: Path, handle: Handler, producer: Producer | None
) -> None:
    stage = stage_on(embedded_kafka, f"ends-{handle.__name__}", tmp_path)
    await sent(stage, b"one", b"two")
    async with running(stage, handle, producer) as runs, asyncio.timeout(30):
        with pytest.raises(BrokerError, match="Kafka did not take a record"):
            await runs.task
    async with stage.broker.offsets(stage.group) as offsets:
        assert await offsets.lag(stage.topics.of(ARTICLES)) == 2


async def test_what_goes_on_while_others_are_taken_is_acknowledged_when_it_ends(
    embedded_kafka: str, tmp_path: Path
) -> None:
    stage = stage_on(embedded_kafka, "later", tmp_path)
    taken: list[bytes | None] = []
    gate = asyncio.Event()

    async def not_delivered() -> None:
        await gate.wait()
        raise ValueError("not an article")

    async def handle(record: Record) -> Awaitable[object] | None:
        taken.append(record.value)
        later = {b"one": gate.wait, b"\x00poison": not_delivered}.get(record.value or b"")
        return later() if later else None

    await sent(stage, b"one", b"\x00poison", b"two")
    async with running(stage, handle), stage.broker.offsets(stage.group) as offsets, asyncio.timeout(20):
        await until(lambda: len(taken) == 3)
        await asyncio.sleep(1.5)  # longer than between two commits
        assert await offsets.lag(stage.topics.of(ARTICLES)) == 3
        gate.set()
        while await offsets.lag(stage.topics.of(ARTICLES)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await one_dead_letter(stage)


@pytest.mark.kafka
async def test_after_an_end_by_kafka_the_next_process_goes_on_with_the_same_record(
    real_kafka: str, tmp_path: Path
) -> None:
    first, second = (stage_on(real_kafka, "goes-on", tmp_path) for _ in range(2))
    await create_topics(first.settings, TOPICS)
    await sent(first, b"one", b"two", b"three")
    handled: list[bytes | None] = []

    async def fails_at_two(record: Record) -> None:
        if record.value == b"two":
            await kafka_fails(record)
        handled.append(record.value)

    async def works(record: Record) -> None:
        handled.append(record.value)

    async with running(first, fails_at_two) as runs, asyncio.timeout(30):
        with pytest.raises(BrokerError):
            await runs.task
    async with running(second, works):
        await until(lambda: b"three" in handled)
    assert handled in ([b"one", b"two", b"three"], [b"one", b"one", b"two", b"three"])


@pytest.mark.kafka
async def test_a_worker_beyond_the_number_of_partitions_stands_by_and_is_ready(real_kafka: str, tmp_path: Path) -> None:
    one, two = (stage_on(real_kafka, "stands-by", tmp_path / name, partitions=1) for name in ("one", "two"))
    await create_topics(one.settings, TOPICS)
    handled: list[bytes | None] = []

    async def handle(record: Record) -> None:
        handled.append(record.value)

    async with running(one, handle) as first, running(two, handle) as second:
        await until(lambda: one.health.ready and two.health.ready)
        await until(lambda: len(first.app.consumer.assignment()) + len(second.app.consumer.assignment()) == 1)
        await sent(one, b"one", b"two", partition=0)
        await until(lambda: len(handled) == 2)
        assert one.health.ready
        assert two.health.ready
    assert handled == [b"one", b"two"]


async def test_seeking_where_nothing_is_committed_goes_back_to_the_beginning(
    embedded_kafka: str, tmp_path: Path
) -> None:
    stage = stage_on(embedded_kafka, "seeks", tmp_path)
    handled: list[bytes | None] = []
    gate = asyncio.Event()

    async def handle(record: Record) -> None:
        handled.append(record.value)
        await gate.wait()

    await sent(stage, b"one", b"two", b"three")
    async with running(stage, handle) as runs:
        await until(lambda: handled == [b"one"])
        await runs.app.consumer.perform_seek()
        runs.app.consumer.resume_flow()
        gate.set()
        await until(lambda: handled.count(b"one") == 2 and handled[-1] == b"three")


async def test_an_app_that_finds_no_broker_ends_as_kafka_failed(tmp_path: Path) -> None:
    stage = stage_on("127.0.0.1:9", "nobody", tmp_path)
    app = stream_app(stage)
    consume(stage, app, stage.topics.of(ARTICLES), producer=BrokenProducer(), handle=bug)
    async with asyncio.timeout(30):
        with pytest.raises(BrokerError, match="Kafka failed the stream"):
            await run_app(stage, app)
    assert not stage.health.ready


async def test_a_step_of_a_tables_recovery_that_takes_too_long_crashes_instead_of_idling_for_ever(
    tmp_path: Path,
) -> None:
    recovery = stream_app(stage_on("127.0.0.1:9", "recovery", tmp_path)).tables.recovery
    with pytest.raises(RuntimeError, match="recovery of a table timed out"):
        await recovery._wait(asyncio.sleep(10), timeout=0.05)
    await recovery._wait(asyncio.sleep(0), timeout=5)


def test_the_app_is_the_stages_consumer_group_serves_no_web_and_declares_no_topics(tmp_path: Path) -> None:
    stage = stage_on("one:1,two:2", "conf", tmp_path)
    conf = stream_app(stage).conf
    assert conf.id == stage.group == "conf-extractor"
    assert [str(url) for url in conf.broker] == ["kafka://one:1", "kafka://two:2"]
    assert (conf.web_enabled, conf.topic_allow_declare, conf.topic_disable_leader) == (False, False, True)
    assert (conf.broker_session_timeout, conf.stream_wait_empty, conf.producer_request_timeout) == (10, True, 30)
    assert str(conf.datadir).startswith(str(tmp_path))


def secured(protocol: str) -> Settings:
    """Settings with a user and this protocol."""
    chosen: Any = {"protocol": protocol, "mechanism": "SCRAM-SHA-256", "username": "ann", "password": "secret"}
    return Settings(kafka="one:1", security=SecuritySettings(**chosen))


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])
def test_faust_and_the_plain_clients_authenticate_the_same_way(protocol: str, tmp_path: Path) -> None:
    settings = secured(protocol)
    stage = stage_on("one:1", "secured", tmp_path)
    stage = Stage(stage.name, settings, stage.metrics, stage.health, stage.stop)
    plain = security(settings)
    credentials = stream_app(stage).conf.broker_credentials
    assert plain.get("security_protocol", "PLAINTEXT") == protocol
    assert (credentials.protocol.value if credentials else "PLAINTEXT") == protocol
    assert ("ssl_context" in plain) is protocol.endswith("SSL")
    if protocol.startswith("SASL"):
        assert (plain["sasl_mechanism"], credentials.mechanism.value) == ("SCRAM-SHA-256", "SCRAM-SHA-256")
        assert (plain["sasl_plain_username"], credentials.username) == ("ann", "ann")
        assert (plain["sasl_plain_password"], credentials.password) == ("secret", "secret")
        assert bool(credentials.ssl_context) is protocol.endswith("SSL")


async def test_the_plain_producer_is_idempotent(embedded_kafka: str) -> None:
    async with KafkaBroker(Settings(kafka=embedded_kafka), "test").producer() as producer:
        await producer.send(Record("idempotent", b"key", b"value"))
        assert producer._producer._txn_manager.has_pid()  # type: ignore[attr-defined]
