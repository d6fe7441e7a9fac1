"""Time as the poller sees it, so that a test can let a day pass in a second."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def until(self, moment: datetime) -> None:
        """Returns when the moment has come, at once if it is past."""
        ...


class WallClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """See :class:`Clock`."""
        return datetime.now(UTC)

    async def until(self, moment: datetime) -> None:
        """See :class:`Clock`. Looks again each minute, since a machine's clock may be set."""
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 -- nothing sets time as an event
            await asyncio.sleep(min(left, 60.0))
