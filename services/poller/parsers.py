"""The processes that parse feeds: started when first needed, ended when a feed takes too long or has made them fat."""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.feed import Parsed
from services.poller.parsing import LENGTH_BYTES, Job, framed

SECONDS = 30.0
"""Longest time one feed may take to parse; a common one takes 20 ms."""

_QUICK, _SLOW = 2, 1
"""Processes for common feeds, and for large ones: those wait for each other, and nobody else waits for them."""

_LARGE_BODY = 1_000_000
"""A process that parsed a body of so many bytes is ended afterwards, since it keeps the memory."""

_LARGE_TAGS = 10_000
"""Tags of a feed that takes a second or so: an honest one has ten to twenty for each item."""

_LARGE_WAITING = 16
"""Large feeds that may wait for each other; one more is to come again later, since all of them hold memory."""


class Parsers:
    """Parses feeds; made by :func:`open_parsers`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._quick, self._slow = _idle(_QUICK), _idle(_SLOW)
        self._running: set[Process] = set()
        self._large = 0

    async def parse(self, job: Job) -> Parsed | Failure:
        """What the feed holds, or why that cannot be told. Waits its turn."""
        large = len(job.body) >= _LARGE_BODY or job.body.count(b"<") > _LARGE_TAGS
        if large and self._large >= _LARGE_WAITING:
            return Failure(Result.TIMEOUT, "too many large feeds wait to be parsed")
        self._large += large
        try:
            return await self._parsed(job, self._slow if large else self._quick)
        finally:
            self._large -= large

    async def _parsed(self, job: Job, idle: asyncio.Queue[Process | None]) -> Parsed | Failure:
        process = await idle.get()
        kept = None
        try:
            process = process or await self._started()
            async with asyncio.timeout(self._seconds):
                result = await _asked(process, job)
            kept = process if len(job.body) < _LARGE_BODY else None
        except TimeoutError:
            result = Failure(Result.TOO_LARGE, f"takes more than {self._seconds:g} s to parse")
        except (asyncio.IncompleteReadError, ConnectionError):
            result = Failure(Result.TOO_LARGE, "ended the process that parsed it")
        finally:
            if process and not kept:
                await self._end(process)
            idle.put_nowait(kept)
        return result

    async def close(self) -> None:
        """Ends all processes."""
        await asyncio.gather(*map(self._end, tuple(self._running)))

    async def _started(self) -> Process:
        command = (sys.executable, "-m", "services.poller.parsing")
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        self._running.add(process)
        assert process.stdout is not None  # noqa: S101 -- for mypy: it is a pipe
        # Its imports take half a second, on a busy machine many: that is not the time of the feed.
        await process.stdout.readexactly(LENGTH_BYTES)
        return process

    async def _end(self, process: Process) -> None:
        self._running.discard(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()  # reads the pipes to their end, else they are closed only after the event loop


def _idle(processes: int) -> asyncio.Queue[Process | None]:
    queue: asyncio.Queue[Process | None] = asyncio.Queue()
    for _ in range(processes):
        queue.put_nowait(None)
    return queue


async def _asked(process: Process, job: Job) -> Parsed | Failure:
    assert process.stdin is not None  # noqa: S101 -- for mypy: both are pipes
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(framed(job))
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    result: Parsed | Failure = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 -- our own child's
    return result


@asynccontextmanager
async def open_parsers(seconds: float = SECONDS) -> AsyncIterator[Parsers]:
    """Parsers, ended with the block."""
    parsers = Parsers(seconds)
    try:
        yield parsers
    finally:
        await parsers.close()
