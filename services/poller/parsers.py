"""Parses feeds beside the event loop: common ones at once, large ones one after the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.children import Children
from services.poller.feed import Parsed
from services.poller.parsing import Job

SECONDS = 30.0
"""Longest time one feed may take to parse; a common one takes 20 ms."""

_QUICK, _SLOW = 2, 1
"""Processes for common feeds, and for large ones: those wait for each other, and nobody else waits for them."""

_LARGE_BODY = 1_000_000
"""A process that parsed a body of so many bytes is ended afterwards, since it keeps the memory."""

_LARGE_TAGS = 10_000
"""Tags of a feed that takes a second or so: an honest one has ten to twenty for each item."""

_LARGE_WAITING = 8
"""Large feeds that may wait for each other; one more is to come again later, so that none waits for many minutes."""


class Parsers:
    """Parses feeds; made by :func:`open_parsers`."""

    def __init__(self, seconds: float) -> None:
        self._quick = _children(_QUICK, seconds)
        self._slow = _children(_SLOW, seconds)
        self._large = 0

    async def parse(self, job: Job) -> Parsed | Failure:
        """What the feed holds, or why that cannot be told. Waits its turn."""
        large = len(job.body) >= _LARGE_BODY or job.body.count(b"<") > _LARGE_TAGS
        if large and self._large >= _LARGE_WAITING:
            return Failure(Result.TIMEOUT, "too many large feeds wait to be parsed")
        self._large += large
        try:
            return await (self._slow if large else self._quick).do(job, keep=len(job.body) < _LARGE_BODY)
        finally:
            self._large -= large

    async def close(self) -> None:
        """Ends all processes."""
        await self._quick.close()
        await self._slow.close()


def _children(processes: int, seconds: float) -> Children[Job, Parsed | Failure]:
    return Children("services.poller.parsing", processes=processes, seconds=seconds, what="parse")


@asynccontextmanager
async def open_parsers(seconds: float = SECONDS) -> AsyncIterator[Parsers]:
    """Parsers, ended with the block."""
    parsers = Parsers(seconds)
    try:
        yield parsers
    finally:
        await parsers.close()
