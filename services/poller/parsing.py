"""Parses feeds in processes of their own, which can be ended: 10 MB of the wrong bytes take minutes and gigabytes.

Run as ``python -m services.poller.parsing`` this module is the child.
"""

from dataclasses import dataclass
from datetime import datetime

from services.core.feed_state import Result
from services.poller.answer import Failure
from services.poller.child import work
from services.poller.feed import FeedError, Parsed, parse_feed
from services.poller.sources import Source


@dataclass(frozen=True)
class Job:
    """One feed to parse; the fields are the arguments of :func:`services.poller.feed.parse_feed`."""

    body: bytes
    source: Source
    now: datetime
    url: str
    content_type: str


def done(job: Job) -> Parsed | Failure:
    """What the job's feed holds, or why that cannot be told."""
    try:
        return parse_feed(job.body, job.source, job.now, url=job.url, content_type=job.content_type)
    except FeedError as error:
        return Failure(Result.NOT_A_FEED, str(error))
    except MemoryError:
        return Failure(Result.TOO_LARGE, "takes more memory than a feed may")


if __name__ == "__main__":
    work(done)
