"""Turns at the hosts that are fetched from: one connection at a time for each, and a pause between two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from services.poller.clock import Clock

GAP = timedelta(seconds=1)
"""Least time from the end of one fetch from a host to the start of the next, unless told otherwise."""

LONGEST_REST = timedelta(minutes=10)
"""A host that asks one of its feeds to wait gets rest from its other feeds too, but for no longer."""


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


_MANY = 10_000
"""Hosts that are known before those that nobody waits for are forgotten; pages are on ever new ones."""


@dataclass
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    rests_until: datetime = _LONG_AGO
    visitors: int = 0


def host_of(url: str) -> str:
    """The host and port of a URL, by which turns are taken."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


class Hosts:
    """All hosts, by the host and port of a URL; whatever fetches from them shares their turns."""

    def __init__(self, clock: Clock, gap: timedelta = GAP) -> None:
        """Knows none yet; ``gap`` is the least time from the end of one fetch to the start of the next."""
        self._clock = clock
        self._gap = gap
        self._hosts: dict[str, _Host] = {}
        self._many = _MANY

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Waits until nobody else fetches from the URL's host and it had its pause; holds it for the block."""
        host = self._of(url)
        host.visitors += 1
        try:
            async with host.turn:
                await self._clock.until(host.rests_until)
                try:
                    yield
                finally:
                    self.rest(url, self._gap)
        finally:
            host.visitors -= 1

    def rest(self, url: str, wait: timedelta) -> None:
        """Leaves the URL's host alone for this time from now, or until when it is left alone already."""
        host = self._of(url)
        host.rests_until = max(host.rests_until, self._clock.now() + min(wait, LONGEST_REST))

    def _of(self, url: str) -> _Host:
        if len(self._hosts) > self._many:
            now = self._clock.now()
            self._hosts = {name: host for name, host in self._hosts.items() if host.visitors or host.rests_until > now}
            self._many = max(_MANY, 2 * len(self._hosts))
        return self._hosts.setdefault(host_of(url), _Host())
