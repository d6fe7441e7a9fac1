"""Fetches the pages of new articles, where that is wanted, and gives the articles the better text."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

from services.core.article import Article
from services.core.errors import ConfigError, Problem
from services.poller.answer import Answer, Failure
from services.poller.children import Children
from services.poller.clock import Clock
from services.poller.extraction import Page
from services.poller.fetch import Fetcher
from services.poller.fulltext import Choice, choose
from services.poller.hosts import Hosts
from services.poller.robots import Robots
from services.runtime.logs import logger
from services.runtime.metrics import Metrics

MOST = 30
"""Newest articles of one poll whose pages are fetched; the rest, as of a first poll, keep the feed's text."""

SECONDS = 300.0
"""Time for the pages of one poll; what is left then keeps the feed's text."""

EXTRACT_SECONDS = 15.0

_AT_ONCE = 8
"""Pages in memory."""

_HEADERS = {"Accept": "text/html, application/xhtml+xml;q=0.9"}
_KINDS = ("text/html", "application/xhtml+xml", "")


def require_extra(installed: bool | None = None) -> None:
    """Nothing, if pages can be read.

    Raises:
        ConfigError: the extra that reads them is not installed.
    """
    if not (find_spec("trafilatura") if installed is None else installed):
        message = "needs the extra `fulltext`, which is not installed: pip install 'tocsin[fulltext]'"
        raise ConfigError((Problem("TOCSIN_POLLER__FULL_TEXT", message),))


class Pages:
    """Made by :func:`open_pages`."""

    def __init__(self, fetcher: Fetcher, hosts: Hosts, robots: Robots, metrics: Metrics) -> None:
        self._fetcher = fetcher
        self._hosts = hosts
        self._robots = robots
        self._metrics = metrics
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self.readers: Children[Page, str | Failure] = Children(
            "services.poller.extraction", processes=1, seconds=EXTRACT_SECONDS, what="extract"
        )

    async def told(self, articles: tuple[Article, ...]) -> tuple[Article, ...]:
        """The articles, each with the text of its page where that is better. Raises nothing of its own."""
        chosen: dict[int, tuple[Article, Choice]] = {}
        newest = sorted(range(len(articles)), key=lambda place: articles[place].published, reverse=True)
        try:
            async with asyncio.timeout(SECONDS):
                for place in newest[:MOST]:
                    chosen[place] = await self._chosen(articles[place])
        except TimeoutError:
            logger(__name__).warning("no time for more pages", source=articles[0].source, read=len(chosen))
        told = [chosen.get(place, (article, Choice.TOO_MANY)) for place, article in enumerate(articles)]
        for article, choice in told:
            self._metrics.count("tocsin_article_texts_total", used=article.text_from, reason=choice)
        return tuple(article for article, _ in told)

    async def _chosen(self, article: Article) -> tuple[Article, Choice]:
        try:
            text = await self._text(article.url) if article.url else Choice.NO_LINK
        except Exception:
            logger(__name__).exception("page failed on a mistake of ours", url=article.url)
            text = Choice.NOT_EXTRACTED
        return (article, text) if isinstance(text, Choice) else choose(article, text)

    async def _text(self, url: str) -> str | Choice:
        """The text of the article on a page, or why there is none; each host on the way is asked for its rules."""
        journey = self._fetcher.journey(url, _HEADERS)
        while True:
            here = journey.url
            permission = await self._robots.of(here)
            if not permission.allowed:
                return Choice.ROBOTS
            async with self._hosts.turn(here), self._slots:
                answer = await self._fetcher.step(journey)
                self._hosts.rest(here, permission.delay)
                if answer is not None:
                    return await self._extracted(answer)

    async def _extracted(self, answer: Answer | Failure) -> str | Choice:
        if isinstance(answer, Failure) or not 200 <= answer.status < 300:
            return Choice.UNREACHABLE
        if answer.headers.get("content-type", "").partition(";")[0].strip().lower() not in _KINDS:
            return Choice.NOT_A_PAGE
        text = await self.readers.do(Page(answer.body, answer.url))
        return text if isinstance(text, str) and text else Choice.NOT_EXTRACTED


@asynccontextmanager
async def open_pages(
    fetcher: Fetcher, hosts: Hosts, clock: Clock, *, metrics: Metrics, user_agent: str
) -> AsyncIterator[Pages]:
    """Pages, their child processes ended with the block.

    Raises:
        ConfigError: the extra that reads them is not installed.
    """
    require_extra()

    async def ask(url: str) -> Answer | Failure:
        journey = fetcher.journey(url, {"Accept": "text/plain, */*;q=0.1"})
        while True:
            async with hosts.turn(journey.url):
                answer = await fetcher.step(journey)
            if answer is not None:
                return answer

    pages = Pages(fetcher, hosts, Robots(ask, user_agent, clock), metrics)
    try:
        yield pages
    finally:
        await pages.readers.close()
