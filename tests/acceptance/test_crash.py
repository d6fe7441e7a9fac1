"""A service that crashes or stops in the middle of a replay, on real Kafka, does not show in the alerts."""

import asyncio
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from services.commands.backtest import backtest
from services.core.article import Article
from services.extractor.pipeline import load_pipeline
from services.runtime.files import load_rules
from tests.acceptance.pipeline import ROOT, RULES, ends, pipeline, stored

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


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("service", "number"),
    [("alerter", signal.SIGKILL), ("alerter", signal.SIGTERM), ("extractor", signal.SIGKILL)],
    ids=lambda part: getattr(part, "name", part),
)
async def test_a_service_that_ends_in_mid_replay_does_not_show_in_the_alerts(
    real_kafka: str, tmp_path: Path, service: str, number: signal.Signals
) -> None:
    articles = months_of_news("crash")
    outcome = backtest(load_rules(RULES), load_pipeline(), articles)
    async with pipeline(real_kafka, tmp_path, embedded=False) as running:
        sending = asyncio.create_task(running.send(articles))
        while running.total("alerter", "tocsin_sightings_total") < 10:  # noqa: ASYNC110 -- it is another process
            await asyncio.sleep(0.1)
        running.end(service, number)
        await sending
        alerts = await running.read_alerts("crash")
        log = (tmp_path / f"{service}.log").read_text(encoding="utf-8")
    assert running.supervisor.failures[service] == 1
    assert ('"event": "stopped"' in log) or number is signal.SIGKILL, "it did not stop cleanly"
    assert ends(alerts) == ends(outcome.alerts)
    assert phases(alerts) >= phases([alert for alert in outcome.alerts if alert.state == "firing"])
