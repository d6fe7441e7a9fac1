"""A real Prometheus with the configuration and the rules of `deploy/`, beside the running services.

Grafana is no Debian package: of the dashboard each query is asked here, as Grafana would ask it, and its JSON is held
against a schema in tests/deploy. That Grafana draws it is not tested.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from services.core.topics import ARTICLES
from services.runtime.broker import Record
from services.runtime.metrics import DEFINITIONS
from tests.acceptance.watched import Watched, watched
from tests.deploy.monitoring import (
    HISTOGRAMS,
    PROMETHEUS,
    asked_for,
    dashboard,
    dashboard_expressions,
    expressions,
    filled_in,
    panels,
    read_yaml,
    rules,
)
from tests.deploy.tools import tool

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def world(embedded_kafka: str, tmp_path: Path) -> AsyncIterator[Watched]:
    """Everything that runs, or a skip where a program is missing."""
    for program in ("prometheus", "prometheus-alertmanager"):
        tool(program)
    async with watched(embedded_kafka, tmp_path) as world:
        yield world


async def test_prometheus_sees_every_service_every_metric_and_a_dead_letter_rings(world: Watched) -> None:
    """One start for all that can be asked of it: everything here takes seconds, and starting takes most of them."""
    await every_target_is_up(world)
    await break_a_record(world)
    await an_alert_reaches_the_alertmanager(world, "TocsinDeadLetters", receiver="ticket")
    await break_a_record(world)  # what counts by increases sees only the second one
    await everything_asked_yields_something(world)
    await every_rule_is_well(world)
    await every_metric_is_there(world)
    await every_legend_names_labels_that_are_there(world)


async def every_target_is_up(world: Watched) -> None:
    jobs = read_yaml(PROMETHEUS)["scrape_configs"]
    expected = sum(len(part["targets"]) for job in jobs for part in job["static_configs"])
    async with asyncio.timeout(30):
        while len(await up(world)) != expected:  # noqa: ASYNC110 -- asked from outside
            await asyncio.sleep(0.3)


async def up(world: Watched) -> list[str]:
    try:
        return [each["instance"] for each in await world.series("up == 1")]
    except aiohttp.ClientError:
        return []


async def break_a_record(world: Watched) -> None:
    async with world.broker.producer() as producer:
        await producer.send(Record(world.names.of(ARTICLES), b"broken", b"this is no article"))


async def an_alert_reaches_the_alertmanager(world: Watched, name: str, *, receiver: str) -> None:
    async with asyncio.timeout(30):
        while not (found := await alarms(world, name)):  # noqa: ASYNC110
            await asyncio.sleep(0.3)
    assert {tuple(each["name"] for each in alarm["receivers"]) for alarm in found} == {(receiver,)}
    assert all("could not process" in alarm["annotations"]["summary"] for alarm in found)


async def alarms(world: Watched, name: str) -> list[dict[str, object]]:
    url = f"{world.alertmanager}/api/v2/alerts"
    async with world.session.get(url, params={"filter": f'alertname="{name}"'}) as answer:
        found: list[dict[str, object]] = await answer.json()
        return found


async def everything_asked_yields_something(world: Watched) -> None:
    """All that is recorded or shown; most alerts of course yield nothing, but none may be refused."""
    for rule in rules("alert"):
        await world.series(rule["expr"])
    waiting = {*(rule["record"] for rule in rules("record")), *map(filled_in, dashboard_expressions())}
    try:
        async with asyncio.timeout(60):
            while waiting := {text for text in waiting if not await world.series(text)}:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
    except TimeoutError:
        pytest.fail("nothing to show for\n" + "\n".join(sorted(waiting)))


async def every_rule_is_well(world: Watched) -> None:
    groups = (await world.ask("rules"))["groups"]
    found = [rule for group in groups for rule in group["rules"]]
    assert {rule["name"]: rule.get("lastError", "") for rule in found if rule["health"] != "ok"} == {}
    assert len(found) == len(rules("record")) + len(rules("alert"))


async def every_metric_is_there(world: Watched) -> None:
    there = set(await world.ask("label/__name__/values"))
    plain = {each.name for each in DEFINITIONS} - HISTOGRAMS
    assert plain | {f"{name}_{part}" for name in HISTOGRAMS for part in ("bucket", "sum", "count")} <= there
    assert {name for text in expressions() for name in asked_for(text)} <= there


async def every_legend_names_labels_that_are_there(world: Watched) -> None:
    for target in (target for panel in panels() for target in panel["targets"]):
        named = set(re.findall(r"{{(\w+)}}", target.get("legendFormat", "")))
        assert all(named <= set(labels) for labels in await world.series(filled_in(target["expr"]))), target
    [variable] = dashboard()["templating"]["list"]
    metric, label = re.findall(r"\w+", variable["query"]["query"])[1:]
    assert await world.ask(f"label/{label}/values", **{"match[]": metric}) == ["shelling"]
