"""What an answer to a poll means: a pure decision over the state of the feed and what came back."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.core.article import Article
from services.core.feed_state import FeedState, Result
from services.poller.feed import Parsed
from services.poller.hints import Headers, fresh_for, retry_after
from services.poller.seen import unseen

FULL_EVERY = timedelta(days=1)
"""After so long without content a feed is asked without conditions, to find out whether its validators lie."""

_RESULTS = {404: Result.NOT_FOUND, 410: Result.GONE, 408: Result.SERVER_ERROR, 429: Result.RATE_LIMITED}


@dataclass(frozen=True)
class Answer:
    """What a server said in the end.

    ``url`` is where it said so after all redirects; ``moved_to`` is the same if all of them were permanent, else empty.
    """

    status: int
    url: str
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    moved_to: str = ""


@dataclass(frozen=True)
class Failure:
    """Why there is no answer that could be read."""

    result: Result
    reason: str
    status: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How a poll ended: its result, what is to be published, and the state with what was learned.

    ``pause`` is how long caching headers say that nothing new can come; ``wait`` is what Retry-After demands.
    """

    state: FeedState
    result: Result
    reason: str = ""
    status: int | None = None
    articles: tuple[Article, ...] = ()
    pause: timedelta = timedelta()
    wait: timedelta = timedelta()


def conditions(state: FeedState, now: datetime) -> dict[str, str]:
    """The headers that make a request conditional; none when the whole feed is wanted."""
    if not state.trust_validators or state.full_at is None or now - state.full_at >= FULL_EVERY:
        return {}
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


def digest_of(body: bytes) -> str:
    """A short digest by which the same body is known again."""
    return hashlib.sha256(body).hexdigest()[:16]


def is_to_parse(state: FeedState, answer: Answer) -> bool:
    """Whether the answer has a body that is not the one read last."""
    return 200 <= answer.status < 300 and digest_of(answer.body) != state.digest


def read_answer(state: FeedState, answer: Answer | Failure, parsed: Parsed | Failure | None, now: datetime) -> Outcome:
    """What the answer means for the feed, and which articles it brings that are new.

    Args:
        state: what is remembered of the feed.
        answer: what its server said.
        parsed: what the body holds, where :func:`is_to_parse` says that it matters.
        now: when the answer came.
    """
    if isinstance(answer, Failure):
        return _failed(state, answer)
    if answer.status == 304 and state.digest:
        return Outcome(state, Result.NOT_MODIFIED, status=304, pause=fresh_for(answer.headers, now))
    if not 200 <= answer.status < 300:
        failure = Failure(_result_of(answer.status), f"HTTP {answer.status}", answer.status)
        return _failed(state, failure, wait=retry_after(answer.headers, now))
    if isinstance(parsed, Failure):
        return _failed(state, parsed)
    return _read_body(state, answer, parsed, now) if parsed else _same_body(state, answer, now)


def _same_body(state: FeedState, answer: Answer, now: datetime) -> Outcome:
    result = Result.UNCHANGED if state.items else Result.EMPTY
    after = _with_validators(state, answer, now)
    return Outcome(after, result, status=answer.status, pause=fresh_for(answer.headers, now))


def _read_body(state: FeedState, answer: Answer, parsed: Parsed, now: datetime) -> Outcome:
    fresh, seen = unseen(state.seen, parsed.articles)
    lied = bool(fresh) and _lied(state, answer.headers)
    result = Result.EMPTY if not parsed.items else Result.NEW if fresh else Result.UNCHANGED
    learned = {
        "digest": digest_of(answer.body),
        "seen": seen,
        "items": parsed.items,
        "new_at": now if fresh else state.new_at,
        "pause": round(parsed.pause.total_seconds()),
        "skip_hours": parsed.skip_hours,
        "trust_validators": state.trust_validators and not lied,
    }
    return Outcome(
        state=_with_validators(state, answer, now).model_copy(update=learned),
        result=Result.LYING_VALIDATORS if lied else result,
        status=answer.status,
        articles=fresh,
        pause=fresh_for(answer.headers, now),
    )


def _with_validators(state: FeedState, answer: Answer, now: datetime) -> FeedState:
    return state.model_copy(
        update={
            "etag": answer.headers.get("etag", "")[:1_000],
            "last_modified": answer.headers.get("last-modified", "")[:100],
            "full_at": now,
            "moved_to": answer.moved_to or state.moved_to,
        }
    )


def _lied(state: FeedState, headers: Headers) -> bool:
    """Whether the validators are those of the last content; with other content they would have hidden it."""
    kept = {"etag": state.etag, "last-modified": state.last_modified}
    same = [headers.get(name) == value for name, value in kept.items() if value]
    return bool(same) and all(same)


def _failed(state: FeedState, failure: Failure, wait: timedelta = timedelta()) -> Outcome:
    """A failure; a hard one also forgets the redirect, since the configured URL may be right again."""
    after = state.model_copy(update={"moved_to": "" if failure.result.hard else state.moved_to})
    return Outcome(after, failure.result, failure.reason, failure.status, wait=wait)


def _result_of(status: int) -> Result:
    if status >= 500:
        return Result.SERVER_ERROR
    return _RESULTS.get(status, Result.REFUSED if status >= 400 else Result.BROKEN_ANSWER)
