"""What the alerter does with time: silence, when watching began, and streams that never mix."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.alerter.app import Alerter, Tables
from services.core.alert import Alert
from services.core.article import Article
from services.core.rule import Rules
from services.core.sighting import Tick
from services.core.wire import decode, encode
from services.runtime.broker import Record
from tests.alerter.running import Running
from tests.builders import article, at, rule
from tests.fakes import MemoryBroker
from tests.runtime.stages import stage_on

SILENT = rule(name="silence", kind="flatline", window="6h", group_by="none", severities={"info": 1})
NEW = rule(name="new", kind="new_term", window="6h", new_term={"unseen": "2d"}, severities={"info": 1})


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    stage = stage_on("127.0.0.1:9", "time", tmp_path)
    broker = MemoryBroker()
    async with broker.producer() as producer:
        yield Running(stage, broker, producer, SILENT, NEW)


def tells(hour: float, stream: str = "test") -> Article:
    return article(f"Two sides clashed at {hour}.", published=at(hour), stream=stream, ident=f"{stream}-{hour}")


async def test_a_replay_in_which_nothing_matches_falls_silent_by_its_own_clock(running: Running) -> None:
    for hour in (0, 5, 7):
        await running.hears(tells(hour))
    (alert,) = running.alerts()
    assert (alert.rule, alert.group, alert.stream, alert.started_at) == ("silence", "all", "test", at(6))


async def test_streams_never_mix(running: Running) -> None:
    await running.reads(tells(0, "a"), tells(100, "b"), tells(5, "a"), tells(103, "b"))
    assert running.alerts() == []
    await running.reads(tells(12, "a"))
    assert [(one.stream, one.state.value) for one in running.alerts()] == [("a", "firing"), ("a", "resolved")]


async def test_an_article_from_before_the_first_one_moves_the_beginning_back(running: Running) -> None:
    await running.reads(tells(100))
    assert [one for one in running.alerts() if one.rule == "new"] == []
    await running.hears(article("Nothing of note.", published=at(0), ident="early"))
    (alert,) = [one for one in running.alerts() if one.rule == "new"]
    assert (alert.started_at, alert.baseline and alert.baseline.model_dump()["since"]) == (at(100), at(0))


async def test_the_order_of_articles_does_not_matter_to_when_watching_began(running: Running, tmp_path: Path) -> None:
    hours = [0, 60, 63, 130, 200, 201]
    await running.reads(*map(tells, hours))
    broker = MemoryBroker()
    async with broker.producer() as producer:
        other = Running(stage_on("127.0.0.1:9", "time", tmp_path), broker, producer, SILENT, NEW)
        await other.reads(*map(tells, [201, 63, 0, 200, 130, 60, 63]))

    def ends(alerts: list[Alert]) -> set[str]:
        last = {one.alert_id: one for one in alerts}
        stand = [one for one in last.values() if one.state != "retracted"]
        return {one.model_copy(update={"alert_id": ""}).model_dump_json() for one in stand}

    assert ends(running.alerts()) == ends(other.alerts()) != set()


async def test_a_rule_that_is_new_to_a_running_stream_has_not_watched_it_from_the_start(tmp_path: Path) -> None:
    stage, table = stage_on("127.0.0.1:9", "time", tmp_path), {}
    broker = MemoryBroker(partitions=1)
    async with broker.producer() as producer:
        before = Alerter(stage, Rules(rules=(SILENT,)), producer=producer, tables=Tables(table, {}))
        tick = Tick(stream="live", clock=at(0))
        await before.on_sighting(Record("s", b"tick", encode(tick), partition=0))
        after = Alerter(stage, Rules(rules=(SILENT, NEW)), producer=producer, tables=Tables(table, {}))
        later = Record("s", b"tick", encode(tick.model_copy(update={"clock": at(100)})), partition=0)
        await after.on_sighting(later)
        await after.on_sighting(replace(later, value=encode(tick.model_copy(update={"clock": at(101)}))))
    began = {key.split(b"|")[0]: decode(Tick, raw).clock for key, raw in table.items()}
    assert began == {f"@began-{SILENT.matching}".encode(): at(0), f"@began-{NEW.matching}".encode(): at(100)}
