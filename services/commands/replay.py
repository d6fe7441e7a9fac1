"""``tocsin replay``: stored articles onto the articles topic, as a stream of their own."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.core.article import LIVE, Article
from services.core.errors import InputError
from services.core.topics import ARTICLES, TopicNames
from services.core.wire import cloud_event, encode
from services.runtime.broker import Producer, Record

_BATCH = 100


@dataclass(frozen=True)
class Timer:
    """What a replay keeps time with: seconds on a clock that never runs back, and how to wait some of them."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep


def stream_name(path: str, now: datetime) -> str:
    """A name for a replay of ``path`` that no earlier one has: what is replayed, and when."""
    stem = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "replay"
    return f"{stem[-40:]}-{now:%Y%m%dT%H%M%S}"


def check_stream(name: str) -> str:
    """The name, if a replay may have it.

    Raises:
        InputError: it is ``live``, or has characters that group keys use.
    """
    if name == LIVE or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}", name):
        raise InputError("--stream", f"{name!r}: letters, digits, dots, dashes and underscores, and not 'live'")
    return name


def parse_speed(text: str) -> float | None:
    """How many seconds of event time pass in one second: None for as fast as it goes, 1.0 for ``real``.

    Raises:
        InputError: it is neither ``max`` nor ``real`` nor a factor such as ``60x``.
    """
    if text == "max":
        return None
    if text == "real":
        return 1.0
    factor = re.fullmatch(r"(\d+(?:\.\d+)?)x", text)
    if not factor or not float(factor[1]):
        raise InputError("--speed", f"{text!r} is neither max nor real nor a factor such as 60x")
    return float(factor[1])


def article_record(article: Article, names: TopicNames, *, stage: str) -> Record:
    """The record of the articles topic for an article."""
    headers = cloud_event(Article, f"{article.id}.{article.revision}", stage, article.published)
    return Record(names.of(ARTICLES), article.id.encode(), encode(article), headers)


async def replay(
    articles: Sequence[Article],
    producer: Producer,
    *,
    names: TopicNames,
    speed: float | None,
    sent: Callable[[int], None],
    timer: Timer = Timer(),
) -> None:
    """Sends the articles in the order of their publication, with the pauses between them that ``speed`` leaves.

    ``sent`` is told how many more are delivered. Time that sending takes is taken off the next pause.
    """
    async for batch in _batches(sorted(articles, key=lambda article: article.published), speed, timer):
        await producer.send(*(article_record(article, names, stage="replay") for article in batch))
        sent(len(batch))


async def _batches(articles: Sequence[Article], speed: float | None, timer: Timer) -> AsyncIterator[Sequence[Article]]:
    if speed is None:
        for start in range(0, len(articles), _BATCH):
            yield articles[start : start + _BATCH]
        return
    begun = timer.now()
    for article in articles:
        due = begun + (article.published - articles[0].published).total_seconds() / speed
        await timer.wait(max(0.0, due - timer.now()))
        yield [article]
