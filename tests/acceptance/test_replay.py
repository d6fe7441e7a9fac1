"""The same articles end in the same alerts: on each kind of cluster, again, shuffled, doubled, and without Kafka."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from services.alerter.alerts import phase_of
from services.commands.backtest import backtest
from services.commands.kept import kept_stream
from services.commands.outcome import Outcome, outcome_of
from services.core.article import Article
from services.extractor.text.pipeline import load_pipeline
from services.runtime.files import load_rules
from tests.acceptance.pipeline import ORIGINALS, ROOT, RULES, Pipeline, ends, originals_manifest, pipeline, stored

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

NAMED = {"ceasefire-breach", "border-incident"}


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["embedded", "real"])
async def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pipeline]:
    address = request.getfixturevalue(f"{request.param}_kafka")
    folder = tmp_path_factory.mktemp(request.param)
    async with pipeline(address, folder, embedded=request.param == "embedded") as started:
        yield started


def seeds(stream: str, _folder: Path) -> list[Article]:
    return stored(ROOT / "seeds", stream)


def originals(stream: str, folder: Path) -> list[Article]:
    if not ORIGINALS.is_dir():
        pytest.skip("the original articles are not beside this repository")
    return stored(ORIGINALS, stream, originals_manifest(folder))


def expected(articles: Sequence[Article]) -> Outcome:
    return backtest(load_rules(RULES), load_pipeline(), articles)


@pytest.mark.parametrize("read", [seeds, originals])
async def test_every_way_of_sending_ends_in_the_alerts_of_the_backtest(
    running: Pipeline, read: object, tmp_path: Path
) -> None:
    name = read.__name__  # type: ignore[attr-defined]
    ways = {"first": sorted, "again": sorted, "shuffled": shuffled, "doubled": lambda a, **_: [*a, *shuffled(a)]}
    outcome = None
    for way, order in ways.items():
        articles = read(f"{name}-{way}", tmp_path)  # type: ignore[operator]
        outcome = outcome or expected(articles)
        alerts = await running.alerts_of(order(articles, key=lambda article: article.published))
        assert ends(alerts) == ends(outcome.alerts), way
        assert {alert.rule for alert in alerts if alert.state == "firing"} >= NAMED, way


def shuffled(articles: Sequence[Article], **_: object) -> list[Article]:
    return random.Random(7).sample(list(articles), len(articles))


async def test_two_streams_at_once_do_not_disturb_each_other(running: Pipeline) -> None:
    one, other = stored(ROOT / "seeds", "one"), stored(ROOT / "seeds", "other")
    alerts = await running.alerts_of([article for pair in zip(one, reversed(other), strict=True) for article in pair])
    others = await running.read_alerts("other")
    assert ends(alerts) == ends(others) == ends(expected(one).alerts)


async def test_a_backtest_of_what_kafka_holds_ends_in_the_alerts_that_rang(running: Pipeline) -> None:
    alerts = await running.alerts_of(stored(ROOT / "seeds", "kept"))
    kept = await kept_stream(running.broker, running.names, "kept", now=datetime.now(UTC))
    assert ends(outcome_of(load_rules(RULES), kept).alerts) == ends(alerts)


async def test_metrics_agree_with_what_was_sent(running: Pipeline) -> None:
    before = {name: running.total("extractor", name) for name in ("tocsin_articles_total", "tocsin_events_total")}
    rung = running.total("alerter", "tocsin_alerts_total", state="firing")
    articles = stored(ROOT / "seeds", "measured")
    outcome = expected(articles)
    alerts = await running.alerts_of(articles)
    read = running.total("extractor", "tocsin_articles_total", stage="extractor", stream="replay")
    assert read - before["tocsin_articles_total"] == len(articles)
    assert running.total("extractor", "tocsin_events_total") - before["tocsin_events_total"] == outcome.events
    # Not those of the backtest: articles of several partitions come in any order, and what rings in between differs.
    # A phase that is published again, with what was told since, is counted once.
    firing = {phase_of(alert) for alert in alerts if alert.state == "firing"}
    assert running.total("alerter", "tocsin_alerts_total", state="firing") - rung == len(firing)
    assert running.total("alerter", "tocsin_deadletters_total") == 0
