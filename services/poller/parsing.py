"""Parses feeds in processes of their own, which can be ended: 10 MB of the wrong bytes take minutes and gigabytes.

The parent writes jobs to a child's standard input and reads results from its standard output, each a pickle behind its
length. Run as ``python -m services.poller.parsing`` this module is the child.
"""

import pickle
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.feed import FeedError, Parsed, parse_feed
from services.poller.sources import Source

LENGTH_BYTES = 4

_MEMORY_BYTES = 1_500_000_000
"""Address space of a child; a common feed takes a tenth of it."""


@dataclass(frozen=True)
class Job:
    """One feed to parse; the fields are the arguments of :func:`services.poller.feed.parse_feed`."""

    body: bytes
    source: Source
    now: datetime
    url: str
    content_type: str


def framed(value: Job | Parsed | Failure) -> bytes:
    """The value as it goes through a pipe."""
    packed = pickle.dumps(value)
    return len(packed).to_bytes(LENGTH_BYTES, "big") + packed


def done(job: Job) -> Parsed | Failure:
    """What the job's feed holds, or why that cannot be told."""
    try:
        return parse_feed(job.body, job.source, job.now, url=job.url, content_type=job.content_type)
    except FeedError as error:
        return Failure(Result.NOT_A_FEED, str(error))
    except MemoryError:
        return Failure(Result.TOO_LARGE, "takes more memory than a feed may")


def serve(jobs: BinaryIO, results: BinaryIO) -> None:
    """Says that it is ready, by an empty result, and does one job after the other until there are no more."""
    results.write(bytes(LENGTH_BYTES))
    results.flush()
    while head := jobs.read(LENGTH_BYTES):
        job = pickle.loads(jobs.read(int.from_bytes(head, "big")))  # noqa: S301 -- written by our own parent
        results.write(framed(done(job)))
        results.flush()


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides what to do
    _limit_memory()
    pipe, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing that a library prints may get among the results
    serve(sys.stdin.buffer, pipe)
