"""What robots.txt allows (RFC 9309), for the pages that articles link to. Feeds are published to be fetched."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from services.core.feed_state import Result
from services.poller.answer import Answer, Failure
from services.poller.clock import Clock

GOOD_FOR = timedelta(days=1)
"""No rules are believed for longer (RFC 9309, section 2.4)."""

_ASK_AGAIN = timedelta(hours=1)
_MOST_BYTES = 512_000
"""What lies behind is not read; the RFC wants 500 KiB at least."""

_CACHE_BYTES = 20_000_000
_NO_RULES_KNOWN = frozenset({429})


@dataclass(frozen=True)
class Permission:
    """Whether a page may be fetched, and how long its host wants to be left alone afterwards."""

    allowed: bool
    delay: timedelta = timedelta()


def permission(rules: bytes | None, url: str, user_agent: str) -> Permission:
    """What the rules say of a page.

    Args:
        rules: the content of robots.txt; None where a site has rules that could not be read: then nothing is allowed.
        url: the page.
        user_agent: who asks; rules are matched with what stands before the first slash.
    """
    if rules is None:
        return Permission(allowed=False)
    name = user_agent.partition("/")[0]
    parsed = Protego.parse(rules.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
    delay = parsed.crawl_delay(name) or 0.0
    return Permission(parsed.can_fetch(url, name), timedelta(seconds=min(max(delay, 0.0), 86_400.0)))


def rules_in(answer: Answer | Failure) -> bytes | None:
    """The rules that an answer for robots.txt brings; none at all where there is no such file, None if unreadable."""
    if isinstance(answer, Failure):
        return b"" if answer.result is Result.REDIRECTS else None
    if 200 <= answer.status < 300:
        return answer.body[:_MOST_BYTES]
    return None if answer.status >= 500 or answer.status in _NO_RULES_KNOWN else b""


class Robots:
    """The robots.txt of many sites, asked for once a day at most, and once an hour where it cannot be read."""

    def __init__(self, ask: Callable[[str], Awaitable[Answer | Failure]], user_agent: str, clock: Clock) -> None:
        """Knows none yet; ``ask`` fetches a URL with the manners due to its host."""
        self._ask = ask
        self._user_agent = user_agent
        self._clock = clock
        self._rules: OrderedDict[str, tuple[bytes | None, datetime]] = OrderedDict()
        self._bytes = 0
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of(self, url: str) -> Permission:
        """Whether the page may be fetched."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        lock = self._asking.setdefault(origin, asyncio.Lock())
        async with lock:
            if origin not in self._rules or self._rules[origin][1] <= self._clock.now():
                self._keep(origin, rules_in(await self._ask(f"{origin}/robots.txt")))
        return permission(self._rules[origin][0], url, self._user_agent)

    def _keep(self, origin: str, rules: bytes | None) -> None:
        self._forget(origin)
        until = self._clock.now() + (_ASK_AGAIN if rules is None else GOOD_FOR)
        self._rules[origin] = (rules, until)
        self._bytes += _size(rules)
        while self._bytes > _CACHE_BYTES and len(self._rules) > 1:
            self._forget(next(iter(self._rules)))

    def _forget(self, origin: str) -> None:
        self._bytes -= _size(self._rules.pop(origin)[0]) if origin in self._rules else 0


def _size(rules: bytes | None) -> int:
    return 500 + len(rules or b"")
