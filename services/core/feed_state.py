"""What is remembered of a feed between two polls, as it travels on the feeds topic."""

from enum import StrEnum

from services.core.wire import Message, UtcTime


class Result(StrEnum):
    """How one poll ended. The first five are successes; a hard failure is one that waiting does not mend."""

    NEW = "new"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    EMPTY = "empty"
    LYING_VALIDATORS = "lying_validators"

    DNS = "dns"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    BROKEN_ANSWER = "broken_answer"

    REFUSED = "refused"
    NOT_FOUND = "not_found"
    GONE = "gone"
    NOT_A_FEED = "not_a_feed"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    REDIRECTS = "redirects"

    @property
    def ok(self) -> bool:
        """Whether the feed answered as a feed should."""
        return self in _OK

    @property
    def hard(self) -> bool:
        """Whether the same question will most likely get the same answer."""
        return self in _HARD


_OK = frozenset(tuple(Result)[: tuple(Result).index(Result.DNS)])
_HARD = frozenset(tuple(Result)[tuple(Result).index(Result.REFUSED) :])


class FeedState(Message):
    """The poll state of one source.

    ``url`` is the configured URL the rest belongs to, ``moved_to`` where a permanent redirect leads. ``full_at`` is
    when the feed last sent its content, ``new_at`` when that last held something new. ``pause`` and ``skip_hours`` are
    what the feed asks for: seconds of rest, and hours (0-23, UTC) without polls. ``failures`` counts failed polls in a
    row, ``steps`` weighs them: it is the exponent of the back-off. A ``stopped`` feed is not polled again until its URL
    changes in the configuration. ``seen`` is as the poller's module of that name has it.
    """

    source: str
    url: str
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    trust_validators: bool = True
    polled_at: UtcTime | None = None
    full_at: UtcTime | None = None
    new_at: UtcTime | None = None
    next_poll: UtcTime | None = None
    result: Result | None = None
    reason: str = ""
    status: int | None = None
    items: int = 0
    failures: int = 0
    failing_since: UtcTime | None = None
    steps: int = 0
    pause: int = 0
    skip_hours: tuple[int, ...] = ()
    stopped: bool = False
    seen: str = ""
