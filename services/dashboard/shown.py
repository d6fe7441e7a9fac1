"""What the process shows at this moment: alerts in memory, events and articles in the store."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce

from services.core.alert import Alert
from services.core.wire import Message
from services.dashboard.board import Board, fold
from services.dashboard.changes import Changes
from services.dashboard.store import Place, Store


class Shown:
    """The one thing that moves: whoever reads topics puts messages in, whoever answers requests looks."""

    def __init__(self, run: str, store: Store, now: Callable[[], datetime]) -> None:
        """Args: ``run`` names this life of the process, ``now`` is the wall clock in UTC."""
        self._now = now
        self.store = store
        self.board = reduce(fold, store.alerts(), Board())
        self.changes = Changes(run)
        self.started_at = now()
        self.read_at: datetime | None = None

    def keep(self, messages: Sequence[Message], offsets: Mapping[Place, int] | None = None) -> None:
        """Stores messages, and where to go on reading after them.

        May take a while, so it may run in a thread of its own, one at a time.
        """
        self.store.write(messages, self._now(), offsets)

    def clear(self) -> None:
        """Forgets everything: the cluster is not the one that it was read from."""
        self.store.clear()
        self.board = Board()

    def take(self, messages: Sequence[Message]) -> None:
        """Folds messages in, and tells the readers of each alert that changed. Runs in the event loop."""
        for message in messages:
            before, self.board = self.board, fold(self.board, message)
            if isinstance(message, Alert) and before is not self.board:
                self.changes.add(message)
        self.read_at = self._now()

    @property
    def streams(self) -> tuple[str, ...]:
        """Every stream that something belongs to, in alphabetical order."""
        return tuple(sorted(self.store.totals.streams | {alert.stream for alert in self.board.alerts.values()}))

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return self._now()
