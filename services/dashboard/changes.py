"""Changes of alerts, numbered and kept for a while, so that a page that lost its connection can catch up.

Ids are ``<run>-<number>``; a run is one life of the process, since numbers start anew with each.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.core.alert import Alert

KEPT = 1_000
"""Changes a reader may be behind; one that is further behind is told to load everything again."""


@dataclass(frozen=True)
class Change:
    """One changed alert. ``id`` is what a reader names to go on after it."""

    id: str
    alert: Alert


@dataclass(frozen=True)
class Reset:
    """The reader missed changes that are no longer kept: it must load everything again and go on from ``id``."""

    id: str


@dataclass(frozen=True)
class Quiet:
    """Nothing changed for a while; ``id`` is where the reader stands."""

    id: str


class Changes:
    """The newest changes, and a way to wait for more. Any number of readers; a slow one costs nothing."""

    def __init__(self, run: str, kept: int = KEPT) -> None:
        self._run = run
        self._kept: deque[Change] = deque(maxlen=kept)
        self._count = 0
        self._news = asyncio.Event()
        self._closed = False

    @property
    def latest(self) -> str:
        """The id of the last change."""
        return f"{self._run}-{self._count}"

    def add(self, alert: Alert) -> None:
        """Tells all readers of a changed alert."""
        self._count += 1
        self._kept.append(Change(self.latest, alert))
        self._wake()

    def close(self) -> None:
        """Ends all readers: the process stops."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def after(self, ident: str | None, *, quiet: float) -> AsyncIterator[Change | Reset | Quiet]:
        """All changes after the one with this id, then each as it comes.

        Args:
            ident: the last id the reader has seen; None for one that starts now.
            quiet: seconds without a change after which a :class:`Quiet` is yielded.
        """
        at = self._number(ident or self.latest)
        while not self._closed:
            if at is None or at < self._count - len(self._kept):
                at = self._count
                yield Reset(self.latest)
            news = self._news
            for change in list(self._kept)[len(self._kept) - (self._count - at) :]:
                yield change
                at += 1
            if at == self._count and not await _set_within(news, quiet):
                yield Quiet(f"{self._run}-{at}")

    def _number(self, ident: str) -> int | None:
        run, _, number = ident.rpartition("-")
        known = run == self._run and number.isascii() and number.isdecimal() and int(number) <= self._count
        return int(number) if known else None


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
