"""How much a channel is told in a minute. Pure: the clock is an argument."""

from datetime import datetime, timedelta
from typing import Final

PERIOD: Final = timedelta(minutes=1)


class Limit:
    """At most so many in a minute, counted from the first; 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since: datetime | None = None
        self._taken = 0

    def take(self, now: datetime) -> bool:
        """Whether one more may be sent now; it then counts."""
        # A clock that was set back must not keep a channel silent until it is there again.
        if self._since is None or not self._since <= now < self._since + PERIOD:
            self._since, self._taken = now, 0
        if self._most and self._taken >= self._most:
            return False
        self._taken += 1
        return True
