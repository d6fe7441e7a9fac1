"""How a feed is, from what the poller remembers of it. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from services.core.feed_state import FeedState, Result

_PATIENCE: Final = timedelta(hours=1)
"""How late a poll may be before somebody should look: longer than the poller rests after any soft failure."""


class FeedHealth(StrEnum):
    """How a feed is; the worst first."""

    STOPPED = "stopped"
    FAILING = "failing"
    OVERDUE = "overdue"
    WAITING = "waiting"
    WELL = "well"


_WORDS: Final = {
    Result.NEW: "new items",
    Result.UNCHANGED: "nothing new",
    Result.NOT_MODIFIED: "nothing new",
    Result.EMPTY: "answers, but holds no item",
    Result.LYING_VALIDATORS: "new items behind an answer that said there were none",
    Result.DNS: "its name is not found",
    Result.CONNECTION: "does not answer",
    Result.TLS: "its certificate or encryption is refused",
    Result.TIMEOUT: "takes too long",
    Result.RATE_LIMITED: "asks to be polled less often",
    Result.SERVER_ERROR: "has an error of its own",
    Result.BROKEN_ANSWER: "sends broken answers",
    Result.REFUSED: "refuses us",
    Result.NOT_FOUND: "is not found at its address",
    Result.GONE: "is gone for good",
    Result.NOT_A_FEED: "is not a feed",
    Result.TOO_LARGE: "is too large",
    Result.BLOCKED: "is at an address that is not public",
    Result.REDIRECTS: "leads from redirect to redirect",
}


def health_of(state: FeedState, now: datetime) -> FeedHealth:
    """How the feed is at this moment."""
    if state.stopped:
        return FeedHealth.STOPPED
    if state.failures:
        return FeedHealth.FAILING
    if state.next_poll and now - state.next_poll > _PATIENCE:
        return FeedHealth.OVERDUE
    return FeedHealth.WELL if state.polled_at else FeedHealth.WAITING


def in_words(state: FeedState, now: datetime) -> str:
    """How the feed is, in a few words."""
    if health_of(state, now) is FeedHealth.OVERDUE:
        return "should have been polled: does the poller run, and is the feed still in its list?"
    return _WORDS[state.result] if state.result else "not polled yet"


def shareable(state: FeedState) -> FeedState:
    """The state without what whoever looks has no use for or no right to: what was seen, passwords in addresses."""
    return state.model_copy(update={"seen": "", "url": _public(state.url), "moved_to": _public(state.moved_to)})


def _public(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
