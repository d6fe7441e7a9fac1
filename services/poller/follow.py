"""Follows feeds: waits, fetches, decides, publishes, saves; one task for each feed, with bounds they share."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.core.article import LIVE, Article
from services.core.feed_state import FeedState, Result
from services.core.topics import ARTICLES, FEEDS, TopicNames
from services.core.wire import cloud_event, encode
from services.poller.answer import Answer, Failure, Outcome, conditions, is_to_parse, read_answer
from services.poller.clock import Clock
from services.poller.fetch import Fetcher
from services.poller.hosts import Hosts
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

_SPREAD = timedelta(milliseconds=50)
"""Time per feed over which first polls are spread after a start: twenty a second."""

_FINISH_SECONDS = 5.0


@dataclass
class Follower:
    """Follows feeds. ``chance`` gives random numbers from 0 to 1."""

    names: TopicNames
    producer: Producer
    fetcher: Fetcher
    parsers: Parsers
    metrics: Metrics
    hosts: Hosts
    clock: Clock
    interval: timedelta
    chance: Callable[[], float]
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FETCHES))
    _publishing: set[asyncio.Task[Any]] = field(default_factory=set)
    _ending: bool = False

    async def follow_all(self, feeds: Sequence[tuple[Source, FeedState]], stop: asyncio.Event) -> None:
        """Follows all feeds until ``stop`` is set; then lets what is being published be finished.

        Raises:
            BrokerError: Kafka does not take what is published; what was not saved will be fetched again.
        """
        spread = min(self.interval, _SPREAD * len(feeds))
        tasks = {asyncio.create_task(self._follow(source, state, spread)) for source, state in feeds}
        watching: list[asyncio.Task[Any]] = [asyncio.create_task(_raised(tasks)), asyncio.create_task(stop.wait())]
        try:
            done, _ = await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in watching:
                task.cancel()
            await self._end(tasks)

    async def _end(self, tasks: set[asyncio.Task[None]]) -> None:
        self._ending = True
        for task in tasks - self._publishing:
            task.cancel()
        if self._publishing:
            await asyncio.wait(self._publishing, timeout=_FINISH_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, source: Source, state: FeedState, spread: timedelta) -> None:
        if state.stopped:
            logger(__name__).warning("feed stays stopped", source=source.id, reason=state.reason)
            return
        due = first_poll(state, self.clock.now(), spread=spread, luck=self.chance())
        while not self._ending:
            await self.clock.until(due)
            state = await self._poll(source, state)
            if state.next_poll is None:
                return
            due = state.next_poll

    async def _poll(self, source: Source, state: FeedState) -> FeedState:
        outcome = await self._outcome(source, state)
        cadence = Cadence(source.interval or self.interval)
        after = next_poll(outcome, self.clock.now(), cadence, luck=self.chance())
        await self._published(outcome.articles, after)
        self._tell(source, outcome, after)
        return after

    async def _outcome(self, source: Source, state: FeedState) -> Outcome:
        """How one poll ends, whatever happens: no feed, and no mistake of ours, may stop the others."""
        try:
            url = state.moved_to or source.url
            async with self.hosts.turn(url), self._slots:
                answer = await self.fetcher.fetch(url, conditions(state, self.clock.now()))
                outcome = await self._read(source, state, answer)
            self.hosts.rest(url, outcome.wait)
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

    async def _published(self, articles: tuple[Article, ...], state: FeedState) -> None:
        """Articles first, then the state that remembers them: a crash between the two repeats, but loses nothing."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- for mypy; this is always inside a task
        self._publishing.add(task)
        try:
            if articles:
                await self.producer.send(*(self._record(article) for article in articles))
            await self.producer.send(state_record(self.names.of(FEEDS), state))
        finally:
            self._publishing.discard(task)

    def _record(self, article: Article) -> Record:
        headers = cloud_event(Article, f"{article.id}.{article.revision}", "poller", article.published)
        return Record(self.names.of(ARTICLES), article.id.encode(), encode(article), headers)

    def _tell(self, source: Source, outcome: Outcome, state: FeedState) -> None:
        self.metrics.count("tocsin_feed_polls_total", source=source.id, result=outcome.result)
        if outcome.articles:
            self.metrics.count("tocsin_articles_total", len(outcome.articles), stage="poller", stream=LIVE)
        log = logger(__name__).bind(source=source.id, result=str(outcome.result))
        if outcome.result.ok:
            log.debug("polled", articles=len(outcome.articles), next_poll=str(state.next_poll))
        else:
            log.warning("poll failed", reason=outcome.reason, failures=state.failures, next_poll=str(state.next_poll))


async def _raised(tasks: set[asyncio.Task[None]]) -> None:
    """Never returns, but raises what the first of the tasks to fail raised."""
    if tasks:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        if task.done():
            task.result()
    await asyncio.Event().wait()
