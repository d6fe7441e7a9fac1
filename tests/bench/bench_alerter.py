"""How fast the alerter judges on real Kafka, against a bare Faust agent that writes one table entry of each record.

``make bench-alerter``, or ``python -m tests.bench.bench_alerter [--groups 100 1000 ...] [--sightings 3000]``. Both take
the same records from the same kind of topic into the same kind of table (RocksDB with a changelog), in turns; a second
is given of the clock on the wall and of this process's processor time: on a busy machine only the latter means much.
The second table is the time of one sighting in a stream that has many other groups at rest, with ticks in between.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from aiokafka.partitioner import DefaultPartitioner

from services.alerter.app import Alerter, Tables
from services.alerter.judge import judge
from services.alerter.state import History
from services.core.rule import Rules
from services.core.sighting import Sighting, Tick
from services.core.topics import HISTORY, SIGHTINGS
from services.core.wire import encode
from services.runtime.admin import all_topics, create_topics
from services.runtime.broker import Producer, Record
from services.runtime.http import Health
from services.runtime.intake import Handler, consume
from services.runtime.kafka import App, raw_table, run_app, stream_app
from services.runtime.logs import configure_logs
from services.runtime.metrics import Metrics
from services.runtime.sections import TopicSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.builders import at, rule, sighting
from tests.kafka_server import KafkaServer

GOAL = 0.5
"""Sightings a second of the alerter, as a part of the bare agent's."""

_PER_GROUP = 5
_TURNS = 3
_PARTITIONS = 4
_BATCH = 2_000

QUIET = Rules(rules=(rule(severities={"info": _PER_GROUP + 1}),))
RINGING = Rules(rules=(rule(severities={"info": _PER_GROUP - 1}),))
"""Rules under which no group rings, and under which each does with its last two sightings."""

Contender = Callable[[Stage, App, Producer], Handler]


@dataclass
class Timing:
    """Seconds that all records took, by two clocks, and of each handled record."""

    count: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    each: list[float] = field(default_factory=list)


def bare(_stage: Stage, app: App, _producer: Producer) -> Handler:
    """The agent that does nothing but write one entry."""
    table = raw_table(app, HISTORY.name.split("-")[1])

    async def handle(record: Record) -> None:
        table[record.key] = record.value

    return handle


def judging(rules: Rules) -> Contender:
    """The alerter's own agent under these rules."""

    def contender(stage: Stage, app: App, producer: Producer) -> Handler:
        tables = Tables(history=raw_table(app, "history"), sent={})
        return Alerter(stage, rules, producer=producer, tables=tables).on_sighting

    return contender


async def timed(address: str, contender: Contender, records: Sequence[Record], stored: Sequence[Record] = ()) -> Timing:
    """One run of a contender over the records, on topics of its own; ``stored`` is in its changelog before."""
    timing = Timing()
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        topics = TopicSettings(prefix=f"b{uuid4().hex[:8]}", partitions=_PARTITIONS)
        settings = Settings(kafka=address, topics=topics, state_dir=Path(folder))
        stage = Stage("alerter", settings, Metrics(), Health({"kafka"}), asyncio.Event())
        await create_topics(settings, all_topics(QUIET))
        async with stage.broker.producer() as producer:
            await _send(producer, stage.topics.of(HISTORY), stored)
            await _send(producer, stage.topics.of(SIGHTINGS), records)
            app = stream_app(stage)
            handle = _watched(contender(stage, app, producer), stage, timing, total=len(records))
            consume(stage, app, stage.topics.of(SIGHTINGS), producer=producer, handle=handle)
            await run_app(stage, app)
        assert not stage.metrics.registry.get_sample_value("tocsin_deadletters_total", {"stage": "alerter"})
    return timing


async def _send(producer: Producer, topic: str, records: Sequence[Record]) -> None:
    for start in range(0, len(records), _BATCH):
        chunk = records[start : start + _BATCH]
        await producer.send(*(Record(topic, r.key, r.value, partition=r.partition) for r in chunk))


def _watched(handle: Handler, stage: Stage, timing: Timing, *, total: int) -> Handler:
    began = [0.0, 0.0]

    async def watched(record: Record) -> Awaitable[Any] | None:
        now = time.perf_counter()
        if not began[0]:
            began[:] = [now, time.process_time()]
        rest = await handle(record)
        if rest is None:
            counted(now)
            return None
        delivery = asyncio.ensure_future(rest)
        delivery.add_done_callback(lambda _: counted(now))
        return delivery

    def counted(since: float) -> None:
        timing.count += 1
        timing.each.append(time.perf_counter() - since)
        if timing.count == total:
            timing.wall, timing.cpu = time.perf_counter() - began[0], time.process_time() - began[1]
            stage.stop.set()

    return watched


def stream(count: int, groups: int, *, ticks: int = 0) -> Iterator[Record]:
    """So many sightings over so many groups, each of its own happening; ``ticks`` apart a tick of all partitions."""
    for number in range(count):
        one = told(number, f"g{number % groups}")
        yield Record("", one.key.encode(), encode(one), partition=_partition(one.key))
        if ticks and number % ticks == ticks - 1:
            body = encode(Tick(stream="test", clock=one.at, began=at(0)))
            yield from (Record("", b"tick", body, partition=place) for place in range(_PARTITIONS))


def told(number: int, group: str) -> Sighting:
    """One sighting, as long as one of the news."""
    text = f"Report {number} tells of shells that hit a village near the town in the night, and of two people wounded."
    return sighting(number / 1_000, f"incident {number}", text=text, outlet=f"outlet {number % 40}", group=group)


def at_rest(count: int) -> list[Record]:
    """The entries of so many groups with one sighting each."""
    (one,) = QUIET.rules
    template, _ = judge(one, History(), told(0, "GROUP"), at(0))
    body = encode(template.model_copy(update={"version": one.version, "partition": 0})).decode()
    head, tail = body.split('"partition":0', 1)
    records = []
    for number in range(count):
        key = f"{one.name}|test|g{number}"
        place = _partition(key)
        value = f'{head}"partition":{place}{tail}'.replace('"GROUP"', json.dumps(f"g{number}"))
        records.append(Record("", key.encode(), value.encode(), partition=place))
    return records


def _partition(key: str) -> int:
    places = list(range(_PARTITIONS))
    return int(DefaultPartitioner()(key.encode(), places, places))


async def ratios(address: str, count: int) -> float:
    """Prints the first table; returns the quiet alerter's speed as a part of the bare agent's, by processor time."""
    records = list(stream(count, count // _PER_GROUP))
    contenders = {"bare agent": bare, "quiet groups": judging(QUIET), "ringing groups": judging(RINGING)}
    found: dict[str, list[Timing]] = {name: [] for name in contenders}
    for _ in range(_TURNS):
        for name, contender in contenders.items():
            found[name].append(await timed(address, contender, records))
    _write(f"{'':>16}{'a second':>12}{'ratio':>8}{'a cpu second':>14}{'ratio':>8}")
    walls = {name: count / median(t.wall for t in times) for name, times in found.items()}
    cpus = {name: count / median(t.cpu for t in times) for name, times in found.items()}
    for name in contenders:
        wall, cpu = walls[name] / walls["bare agent"], cpus[name] / cpus["bare agent"]
        _write(f"{name:>16}{walls[name]:>12.0f}{wall:>8.2f}{cpus[name]:>14.0f}{cpu:>8.2f}")
    return cpus["quiet groups"] / cpus["bare agent"]


async def growth(address: str, sizes: Sequence[int], count: int) -> None:
    """Prints the second table."""
    _write(f"\n{'groups':>16}{'median ms':>12}{'mean ms':>10}{'cpu ms':>10}")
    for size in sizes:
        told_of = min(count, size * (_PER_GROUP - 1))  # as many to a group at any size, and none rings
        records = list(stream(told_of, told_of // (_PER_GROUP - 1), ticks=10))
        timing = await timed(address, judging(QUIET), records, at_rest(size))
        warm = timing.each[len(timing.each) // 5 :]  # without the first tick, which reads the table once
        mean, cpu = sum(warm) / len(warm), timing.cpu / timing.count
        _write(f"{size:>16,}{1e3 * median(warm):>12.2f}{1e3 * mean:>10.2f}{1e3 * cpu:>10.2f}")


def main() -> int:
    """Prints the tables; returns 1 where the goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--groups", type=int, nargs="*", default=[100, 1_000, 10_000, 100_000])
    options.add_argument("--sightings", type=int, default=3_000)
    chosen = options.parse_args()
    configure_logs("bench", "error", "text")
    _write(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")

    async def both(address: str) -> float:
        ratio = await ratios(address, chosen.sightings)
        await growth(address, chosen.groups, chosen.sightings)
        return ratio

    with KafkaServer() as kafka:
        return int(asyncio.run(both(kafka.bootstrap)) < GOAL)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
