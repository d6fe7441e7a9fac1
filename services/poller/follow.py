"""Follows feeds: waits, fetches, decides, publishes, saves; one task for each feed, with bounds they share."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.core.article import LIVE, Article
from services.core.feed_state import FeedState, Result
from services.core.topics import ARTICLES, FEEDS, TopicNames
from services.core.wire import cloud_event, encode
from services.poller.answer import Answer, Failure, Outcome, conditions, is_to_parse, read_answer
from services.poller.clock import Clock
from services.poller.fetch import Fetcher
from services.poller.hosts import Hosts
from services.poller.pages import Pages
from services.poller.parsers import Parsers
from services.poller.parsing import Job
from services.poller.schedule import Cadence, first_poll, next_poll
from services.poller.sources import Source
from services.poller.statelog import state_record
from services.runtime.broker import Producer, Record
from services.runtime.logs import logger
from services.runtime.metrics import Metrics

FETCHES = 256
"""Feeds that are fetched and parsed at once; so many that servers which never answer do not hold up those that do.

It also bounds the bodies in memory: what is fetched is parsed before another feed has its turn."""

_FINISH_SECONDS = 5.0


@dataclass
class Follower:
    """Follows feeds. ``chance`` gives random numbers from 0 to 1; ``slowest`` is as in :class:`Cadence`."""

    names: TopicNames
    producer: Producer
    fetcher: Fetcher
    parsers: Parsers
    metrics: Metrics
    hosts: Hosts
    clock: Clock
    interval: timedelta
    slowest: timedelta
    chance: Callable[[], float]
    pages: Pages | None = None
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FETCHES))

    async def follow(self, source: Source, state: FeedState, *, partition: int, spread: timedelta) -> None:
        """Follows one feed until it is cancelled; what is being published then is finished. Ends where the feed does.

        Args:
            source: the feed.
            state: what is remembered of it.
            partition: where on the feeds topic its state is kept.
            spread: the time within which an overdue feed is polled first.

        Raises:
            BrokerError: Kafka does not take what is published; what was not saved will be fetched again.
        """
        self._gauge(source, state)
        if state.stopped:
            logger(__name__).warning("feed stays stopped", source=source.id, reason=state.reason)
            return
        due: datetime | None = first_poll(state, self.clock.now(), spread=spread, luck=self.chance())
        try:
            while due:
                await self.clock.until(due)
                state = await self._poll(source, state, partition)
                due = state.next_poll
        except asyncio.CancelledError:
            self.metrics.forget("tocsin_feed_failures", source.id)  # it may be another poller's from now on
            raise

    async def _poll(self, source: Source, state: FeedState, partition: int) -> FeedState:
        outcome = await self._outcome(source, state)
        cadence = Cadence(source.interval or self.interval, self.slowest)
        after = next_poll(outcome, self.clock.now(), cadence, luck=self.chance())
        articles = await self.pages.told(outcome.articles) if self.pages else outcome.articles
        await finished(self._publish(articles, after, partition))
        self._tell(source, outcome, after)
        return after

    async def _outcome(self, source: Source, state: FeedState) -> Outcome:
        """How one poll ends, whatever happens: no feed, and no mistake of ours, may stop the others."""
        try:
            journey = self.fetcher.journey(state.moved_to or source.url, conditions(state, self.clock.now()))
            while True:
                # Each host on the way is waited for without holding up another one.
                async with self.hosts.turn(journey.url), self._slots:
                    answer = await self.fetcher.step(journey)
                    if answer is not None:
                        outcome = await self._read(source, state, answer)
                        self.hosts.rest(journey.url, outcome.wait)
                        return outcome
        except Exception as error:
            logger(__name__).exception("poll failed on a mistake of ours", source=source.id)
            failure = Failure(Result.NOT_A_FEED, f"could not be processed: {type(error).__name__}")
            return read_answer(state, failure, None, self.clock.now())

    async def _read(self, source: Source, state: FeedState, answer: Answer | Failure) -> Outcome:
        now = self.clock.now()
        parsed = None
        if isinstance(answer, Answer) and is_to_parse(state, answer):
            kind = answer.headers.get("content-type", "")
            parsed = await self.parsers.parse(Job(answer.body, source, now, answer.url, kind))
        return read_answer(state, answer, parsed, now)

    async def _publish(self, articles: tuple[Article, ...], state: FeedState, partition: int) -> None:
        """Articles first, then the state that remembers them: a crash between the two repeats, but loses nothing."""
        if articles:
            await self.producer.send(*(self._record(article) for article in articles))
        await self.producer.send(state_record(self.names.of(FEEDS), state, partition))

    def _gauge(self, source: Source, state: FeedState) -> None:
        self.metrics.gauge("tocsin_feed_failures", source=source.id).set(state.failures)

    def _record(self, article: Article) -> Record:
        headers = cloud_event(Article, f"{article.id}.{article.revision}", "poller", article.published)
        return Record(self.names.of(ARTICLES), article.id.encode(), encode(article), headers)

    def _tell(self, source: Source, outcome: Outcome, state: FeedState) -> None:
        self.metrics.count("tocsin_feed_polls_total", source=source.id, result=outcome.result)
        self._gauge(source, state)
        if outcome.articles:
            self.metrics.count("tocsin_articles_total", len(outcome.articles), stage="poller", stream=LIVE)
        log = logger(__name__).bind(source=source.id, result=str(outcome.result))
        if outcome.result.ok:
            log.debug("polled", articles=len(outcome.articles), next_poll=str(state.next_poll))
        else:
            log.warning("poll failed", reason=outcome.reason, failures=state.failures, next_poll=str(state.next_poll))


async def finished(work: Coroutine[Any, Any, None]) -> None:
    """Does the work to its end also where the caller is cancelled meanwhile, unless that takes too long."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({task}, timeout=_FINISH_SECONDS)
        if done:
            task.result()
        task.cancel()
        raise
