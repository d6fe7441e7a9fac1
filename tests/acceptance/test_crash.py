"""A service that crashes or stops in the middle of a replay, on real Kafka, does not show in the alerts."""

import asyncio
import json
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from services.commands.backtest import backtest
from services.core.article import Article
from services.extractor.text.pipeline import load_pipeline
from services.runtime.files import load_rules
from tests.acceptance.pipeline import ROOT, RULES, Pipeline, ends, pipeline, stored
from tests.runtime.stages import until

COPIES = 8


def months_of_news(stream: str) -> list[Article]:
    """The seeds told again and again, a week later each time: many episodes, and enough work to be killed in."""
    seeds = stored(ROOT / "seeds", stream)
    return [later(article, weeks) for weeks in range(COPIES) for article in seeds]


def later(article: Article, weeks: int) -> Article:
    shift = timedelta(weeks=weeks)
    moved = {"id": f"{article.id}-{weeks}", "published": article.published + shift, "fetched": article.fetched + shift}
    return article.model_copy(update=moved)


def phases(alerts: Sequence[object]) -> set[tuple[object, ...]]:
    return {(a.rule, a.group, a.state, a.changed_at) for a in alerts}  # type: ignore[attr-defined]


def assigned(log: Path) -> list[int]:
    """How many partitions a service got, each time that it got some."""
    entries = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{"))
    return [entry["count"] for entry in entries if entry.get("event") == "partitions assigned"]


async def judged(running: Pipeline, *services: str) -> str:
    """Waits until one of the services has judged ten sightings, and says which."""
    while True:
        for service in services:
            if running.total(service, "tocsin_sightings_total") >= 10:
                return service
        await asyncio.sleep(0.1)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("service", "number"),
    [("alerter", signal.SIGKILL), ("alerter", signal.SIGTERM), ("extractor", signal.SIGKILL)],
    ids=lambda part: getattr(part, "name", part),
)
async def test_a_service_that_ends_in_mid_replay_does_not_show_in_the_alerts(
    real_kafka: str, tmp_path: Path, service: str, number: signal.Signals
) -> None:
    """Once with the local tables that it left, and once without: then all comes back from the changelogs."""
    articles = months_of_news("crash")
    outcome = backtest(load_rules(RULES), load_pipeline(), articles)
    tables = tmp_path / "faust" / "alerter-0"
    async with pipeline(real_kafka, tmp_path, embedded=False) as running:
        sending = asyncio.create_task(running.send(articles))
        await judged(running, "alerter")
        assert list(tables.glob("v1/tables/history-*.db/CURRENT")), "its tables are not in RocksDB"
        running.end(service, number)
        if number is signal.SIGTERM:
            await until(lambda: running.supervisor.failures[service])
            shutil.rmtree(tables)
        await sending
        alerts = await running.read_alerts("crash")
        log = (tmp_path / f"{service}.log").read_text(encoding="utf-8")
    assert running.supervisor.failures[service] == 1
    assert ('"event": "stopped"' in log) or number is signal.SIGKILL, "it did not stop cleanly"
    assert ends(alerts) == ends(outcome.alerts)
    assert phases(alerts) >= phases([alert for alert in outcome.alerts if alert.state == "firing"])


@pytest.mark.timeout(300)
async def test_two_alerters_share_the_groups_and_one_that_dies_leaves_them_to_the_other(
    real_kafka: str, tmp_path: Path
) -> None:
    articles = months_of_news("shared")
    outcome = backtest(load_rules(RULES), load_pipeline(), articles)
    async with pipeline(real_kafka, tmp_path, embedded=False, alerters=2, pause=300) as running:
        sending = asyncio.create_task(running.send(articles))
        dying = await judged(running, "alerter", "alerter-2")
        running.end(dying, signal.SIGKILL)
        (survivor,) = {"alerter", "alerter-2"} - {dying}
        log, died = tmp_path / f"{survivor}.log", time.monotonic()
        shared = assigned(log)
        await until(lambda: assigned(log)[-1] > shared[-1], 60)
        sys.stdout.write(f"its partitions were the other's after {time.monotonic() - died:.1f} s\n")
        await sending
        alerts = await running.read_alerts("shared")
    assert running.supervisor.failures[dying] == 1
    assert ends(alerts) == ends(outcome.alerts)
    assert phases(alerts) >= phases([alert for alert in outcome.alerts if alert.state == "firing"])
