"""The pages as the five seed articles fill them; ``python -m tests.dashboard.pictures FOLDER`` takes their pictures."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path

from services.alerter.match import match, match_keywords
from services.commands.backtest import backtest
from services.commands.terminal import stored
from services.core.feed_state import FeedState, Result
from services.core.rule import Rules
from services.core.silence import Silence, new_silence
from services.core.wire import Message
from services.extractor.extract import events_in
from services.extractor.text.pipeline import load_pipeline
from services.runtime.files import load_rules
from tests.dashboard.browser import Tab, browser, tab
from tests.dashboard.serving import Desk, dashboard

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Picture:
    """A page and when it is complete."""

    path: str
    ready: str


PAGES = {
    "alerts": Picture("/", "document.querySelectorAll('.card').length > 0"),
    "events": Picture("/events?q=shell", "document.querySelectorAll('#found > li').length > 0"),
    "map": Picture("/map", "document.querySelector('.land').getAttribute('d') && document.querySelector('#places li')"),
    "timeline": Picture("/timeline", "document.querySelector('.row circle')"),
    "rules": Picture("/rules", "document.querySelectorAll('#rules li').length > 0"),
    "feeds": Picture("/feeds", "document.querySelectorAll('#feeds li').length > 0"),
    "silences": Picture("/silences", "document.querySelector('#silences li')"),
    "why": Picture("/why?alert={alert}", "document.querySelectorAll('#parts li').length > 0"),
    "why-not": Picture("/why?rule=border-incident&stream=seeds&group=AZE", "!document.querySelector('#answer').hidden"),
    "article": Picture("/article?id={article}", "document.querySelector('#text mark')"),
}


@cache
def rules() -> Rules:
    """The rules of the seeds."""
    return load_rules(ROOT / "seeds/rules.yaml")


@cache
def seeds() -> tuple[Message, ...]:
    """What a replay of the seeds puts on the topics."""
    nlp = load_pipeline()
    articles = stored(ROOT / "seeds", now=datetime.now(UTC), published=None, manifest=None, stream="seeds").articles
    events = [event for article in articles for event in events_in(nlp, article)]
    sightings = [found for event in events for found in match(rules(), event)]
    sightings += [found for article in articles for found in match_keywords(rules(), article)]
    return (*articles, *events, *sightings, *backtest(rules(), nlp, articles).alerts)


def feeds(now: datetime) -> Iterator[FeedState]:
    """Feeds in every state of health; made up."""
    well = {"polled_at": now - timedelta(minutes=4), "next_poll": now + timedelta(minutes=11), "new_at": now}
    yield FeedState(source="river-post", url="https://river.example/rss", result=Result.NEW, items=30, **well)
    yield FeedState(source="hill-radio", url="https://hill.example/feed.json", result=Result.NOT_MODIFIED, **well)
    failing = {"failures": 4, "failing_since": now - timedelta(hours=6), "polled_at": now - timedelta(minutes=50)}
    yield FeedState(
        source="border-wire", url="https://border.example/atom", result=Result.TIMEOUT, reason="60 s", **failing
    )
    yield FeedState(source="old-gazette", url="https://old.example/rss", result=Result.GONE, stopped=True, failures=1)
    yield FeedState(source="new-one", url="https://new.example/rss")


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int
    height: int
    dark: bool


LOOKS = {"wide": Look(940, 600, dark=False), "narrow": Look(390, 780, dark=True)}


async def open_page(page: Tab, desk: Desk, name: str, look: Look) -> None:
    """Opens a page and waits until all of it is there."""
    alert = next(iter(desk.shown.board.alerts.values()))
    article = alert.evidence[0].article_id
    path = PAGES[name].path.format(alert=alert.alert_id, article=article)
    await page.open(desk.url + path, width=look.width, height=look.height, dark=look.dark)
    await page.until(PAGES[name].ready)
    await asyncio.sleep(0.2)  # what is asked for once it is seen


def silence(now: datetime) -> Silence:
    """A silence of now."""
    ends = now + timedelta(hours=2)
    return new_silence(["rule=mediation"], starts_at=now, ends_at=ends, author="ada", comment="talks are expected")


async def paint(folder: Path, wanted: list[str]) -> None:
    """Writes pictures such as ``alerts-wide.png`` into the folder; all there are where none is named."""
    messages = (*seeds(), *feeds(datetime.now(UTC)), silence(datetime.now(UTC)))
    with browser() as port:
        async with dashboard(*messages, rules=rules().rules) as desk, tab(port) as page:
            for name, (kind, look) in product(PAGES, LOOKS.items()):
                if not wanted or f"{name}-{kind}" in wanted:
                    await open_page(page, desk, name, look)
                    (folder / f"{name}-{kind}.png").write_bytes(await page.picture())
            assert page.complaints == []


if __name__ == "__main__":
    asyncio.run(paint(Path(sys.argv[1]), sys.argv[2:]))
