"""What the command line does with feeds: try one, and tell how all are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from services.core.article import Article
from services.core.feed_state import FeedState
from services.core.topics import FEEDS, TopicNames
from services.poller.answer import Answer, Failure
from services.poller.app import gate_of
from services.poller.clock import WallClock
from services.poller.feed import Parsed, Skipped
from services.poller.fetch import Fetcher, Limits, open_fetcher
from services.poller.hosts import Hosts
from services.poller.pages import open_pages
from services.poller.parsers import open_parsers
from services.poller.parsing import Job
from services.poller.schedule import state_of
from services.poller.sources import Kind, Source, feed_url
from services.poller.statelog import read_states
from services.runtime.broker import Broker
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings


@dataclass(frozen=True)
class Trial:
    """What a feed would bring. ``ok`` is whether a feed was read, also an empty one; else ``reason`` tells why not."""

    url: str
    ok: bool
    status: int | None
    reason: str
    form: str = ""
    title: str = ""
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The trial as ``tocsin feeds test --json`` prints it."""
        fields = ("id", "title", "url", "published", "text")
        items = [article.model_dump(mode="json", include=set(fields)) for article in self.articles]
        return {"url": self.url, "ok": self.ok, "status": self.status, "reason": self.reason, "items": items}


async def try_feed(url: str, settings: Settings) -> Trial:
    """Fetches and parses the feed at ``url``, and its pages where they are wanted, as the poller would.

    Raises:
        ConfigError: pages are wanted without the extra that reads them. Whatever is at the URL raises nothing.
    """
    try:
        feed_url(url)
    except ValueError as error:
        return Trial(url, ok=False, status=None, reason=str(error))
    options = settings.poller
    limits = Limits(options.timeout, options.max_body)
    async with open_fetcher(limits, options.user_agent, allowed=gate_of(options)) as fetcher:
        answer = await fetcher.fetch(url, {})
        if isinstance(answer, Failure):
            return Trial(url, ok=False, status=answer.status, reason=f"{answer.result}: {answer.reason}")
        if not 200 <= answer.status < 300:
            return Trial(url, ok=False, status=answer.status, reason=f"HTTP {answer.status}")
        parsed = await _parsed(url, answer)
        if isinstance(parsed, Parsed) and options.full_text:
            parsed = replace(parsed, articles=await _told(parsed.articles, fetcher, options.user_agent))
    return _trial(url, answer, parsed)


async def _told(articles: tuple[Article, ...], fetcher: Fetcher, user_agent: str) -> tuple[Article, ...]:
    clock = WallClock()
    async with open_pages(fetcher, Hosts(clock), clock, metrics=Metrics(), user_agent=user_agent) as pages:
        return await pages.told(articles)


async def _parsed(url: str, answer: Answer) -> Parsed | Failure:
    source = Source(id="test", url=url, outlet="test", country="ZZZ", kind=Kind.MEDIA)
    kind = answer.headers.get("content-type", "")
    async with open_parsers() as parsers:
        return await parsers.parse(Job(answer.body, source, datetime.now(UTC), answer.url, kind))


def _trial(url: str, answer: Answer, parsed: Parsed | Failure) -> Trial:
    if isinstance(parsed, Failure):
        return Trial(url, ok=False, status=answer.status, reason=f"{parsed.result}: {parsed.reason}")
    return Trial(
        url=url,
        ok=True,
        status=answer.status,
        reason="" if parsed.items else "empty: a feed without items",
        form=parsed.form,
        title=parsed.title,
        articles=parsed.articles,
        skipped=parsed.skipped,
    )


async def feed_states(broker: Broker, names: TopicNames) -> Mapping[str, FeedState]:
    """The newest poll state of each feed, by source id.

    Raises:
        BrokerError: Kafka does not answer.
    """
    async with broker.producer() as producer:
        return await read_states(broker, producer, names.of(FEEDS))


def feed_rows(sources: Iterable[Source], states: Mapping[str, FeedState]) -> tuple[tuple[Source, FeedState], ...]:
    """Each configured source with its state (an empty one if it was never polled), those that fail longest first."""
    rows = [(source, state_of(source, states.get(source.id))) for source in sources]
    return tuple(sorted(rows, key=lambda row: (not row[1].stopped, -row[1].failures, row[0].id)))
