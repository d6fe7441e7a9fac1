"""The whole poller: a local web server on one side, the embedded cluster on the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from services.core.article import Article
from services.core.feed_state import FeedState, Result
from services.core.topics import ARTICLES, FEEDS
from services.core.wire import decode
from services.poller.app import poll_feeds
from services.poller.sources import Source
from services.runtime.broker import Record
from services.runtime.http import Health
from services.runtime.metrics import Metrics
from services.runtime.sections import PollerSettings, TopicSettings
from services.runtime.settings import Settings
from services.runtime.stage import Stage
from tests.poller.samples import item, rss, source
from tests.poller.server import always, serving


def stage_on(kafka: str, prefix: str, *, seconds: int = 30, full_text: bool = False) -> Stage:
    """A poller's stage on topics of its own."""
    settings = Settings(
        kafka=kafka,
        embedded=True,
        topics=TopicSettings(prefix=prefix),
        poller=PollerSettings(
            allow_private_addresses=True,
            interval=timedelta(seconds=1),
            timeout=timedelta(seconds=seconds),
            full_text=full_text,
        ),
    )
    return Stage("poller", settings, Metrics(), Health({"kafka"}), asyncio.Event())


@asynccontextmanager
async def polling(stage: Stage, *sources: Source) -> AsyncIterator["Seen"]:
    """A running poller, and a view of what it writes."""
    running = asyncio.create_task(poll_feeds(stage, sources))
    names = [stage.topics.of(ARTICLES), stage.topics.of(FEEDS)]
    async with stage.broker.consumer(names, group=None, everything=True) as consumer:
        seen = Seen([], consumer.poll)
        try:
            yield seen
        finally:
            stage.stop.set()
            async with asyncio.timeout(60):
                await running


class Seen:
    """The records so far on the articles and feeds topics."""

    def __init__(self, records: list[Record], poll: object) -> None:
        self.records = records
        self._poll = poll

    @property
    def articles(self) -> list[Article]:
        """All articles so far."""
        return [decode(Article, each.value) for each in self.records if each.topic.endswith(".articles")]

    def results(self, ident: str) -> list[Result | None]:
        """The results of one feed's polls so far."""
        return [state.result for state in self.states(ident)]

    def states(self, ident: str) -> list[FeedState]:
        """The states of one feed so far."""
        mine = [
            each for each in self.records if each.topic.endswith(".feeds") and each.key == ident.encode() and each.value
        ]
        return [decode(FeedState, each.value) for each in mine]

    async def polls(self, ident: str, count: int) -> None:
        """Waits for so many polls of a feed."""
        async with asyncio.timeout(90):
            while len(self.states(ident)) < count:
                self.records += await self._poll(0.2)  # type: ignore[operator]


async def test_articles_are_published_once_and_the_feed_is_asked_conditionally_from_then_on(
    embedded_kafka: str,
) -> None:
    async def feed(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match") == '"1"'
        return web.Response(
            status=304 if known else 200, body=None if known else rss(item(1), item(2)), headers={"ETag": '"1"'}
        )

    stage = stage_on(embedded_kafka, "poll-once")
    async with serving({"/feed": feed}) as site, polling(stage, source(url=site.url("/feed"), interval="1s")) as seen:
        await seen.polls("wire", 3)
        assert stage.health.ready
    assert seen.results("wire")[:3] == [Result.NEW, Result.NOT_MODIFIED, Result.NOT_MODIFIED]
    assert sorted(article.title for article in seen.articles) == ["Story 1", "Story 2"]
    assert {each.key for each in seen.records if each.topic.endswith(".articles")} == {
        article.id.encode() for article in seen.articles
    }
    count = stage.metrics.registry.get_sample_value
    assert count("tocsin_articles_total", {"stage": "poller", "stream": "live"}) == 2
    assert count("tocsin_feed_polls_total", {"source": "wire", "result": "new"}) == 1


async def test_a_restarted_poller_goes_on_where_the_last_one_stopped(embedded_kafka: str) -> None:
    bodies = [rss(item(1)), rss(item(2), item(1))]

    async def feed(_: web.Request) -> web.Response:
        return web.Response(body=bodies[0])

    async with serving({"/feed": feed}) as site:
        mine = source(url=site.url("/feed"), interval="1s")
        async with polling(stage_on(embedded_kafka, "poll-restart"), mine) as first:
            await first.polls("wire", 1)
        bodies.pop(0)
        async with polling(stage_on(embedded_kafka, "poll-restart"), mine) as second:
            await second.polls("wire", len(first.states("wire")) + 1)
    assert [article.title for article in second.articles] == ["Story 1", "Story 2"]


async def test_where_full_texts_are_wanted_articles_carry_the_text_of_their_page(embedded_kafka: str) -> None:
    story = "<p>Shells fell near the village. Two houses burned down, and a school was damaged, officials said.</p>"
    page = f"<html><body><article><h1>Story 1</h1>{story * 5}</article></body></html>".encode()

    async def feed(request: web.Request) -> web.Response:
        return web.Response(
            body=rss(
                f"<title>Story 1</title><link>http://{request.host}/page</link><description>Shells fell.</description>"
            )
        )

    stage = stage_on(embedded_kafka, "poll-pages", full_text=True)
    routes = {"/feed": feed, "/page": always(page, Content_Type="text/html")}
    async with serving(routes) as site, polling(stage, source(url=site.url("/feed"), interval="1s")) as seen:
        await seen.polls("wire", 1)
        assert [request.path for request in site.asked][:3] == ["/feed", "/robots.txt", "/page"]
    (article,) = seen.articles
    assert "Two houses burned down" in article.text
    assert article.text_from == "page"


async def test_a_feed_that_fails_does_not_stop_the_others(embedded_kafka: str) -> None:
    async def hangs(_: web.Request) -> web.Response:
        await asyncio.sleep(20)
        return web.Response()

    routes = {"/good": always(rss(item(1))), "/page": always(b"<!doctype html><html>hello</html>"), "/hangs": hangs}
    async with serving(routes) as site:
        sources = [source(path, site.url(f"/{path}"), interval="1s") for path in ("good", "page", "hangs", "missing")]
        sources.append(source("nowhere", "http://name.invalid/feed"))
        stage = stage_on(embedded_kafka, "poll-failures", seconds=3)
        count = stage.metrics.registry.get_sample_value
        async with polling(stage, *sources) as seen:
            for each in sources:
                await seen.polls(each.id, 1)
            failures = {each.id: min(count("tocsin_feed_failures", {"source": each.id}) or 0, 1) for each in sources}
    assert count("tocsin_feed_failures", {"source": "good"}) is None
    firsts = {each.id: seen.results(each.id)[0] for each in sources}
    assert firsts == {
        "good": Result.NEW,
        "page": Result.NOT_A_FEED,
        "hangs": Result.TIMEOUT,
        "missing": Result.NOT_FOUND,
        "nowhere": Result.DNS,
    }
    assert seen.states("page")[0].reason == "an HTML page, not a feed"
    assert failures == {each.id: float(each.id != "good") for each in sources}
