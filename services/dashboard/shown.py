"""What the process shows at this moment: the board, the changes that led to it, and how far it has read."""

from collections.abc import Callable
from datetime import datetime

from services.core.alert import Alert
from services.core.wire import Message
from services.dashboard.board import Board, fold
from services.dashboard.changes import Changes


class Shown:
    """The one thing that moves: whoever reads topics puts messages in, whoever answers requests looks."""

    def __init__(self, run: str, now: Callable[[], datetime]) -> None:
        """Args: ``run`` names this life of the process, ``now`` is the wall clock in UTC."""
        self._now = now
        self.board = Board()
        self.changes = Changes(run)
        self.started_at = now()
        self.read_at: datetime | None = None

    def take(self, message: Message) -> None:
        """Folds one message in, and tells the readers when it changed an alert."""
        before, self.board = self.board, fold(self.board, message)
        self.read_at = self._now()
        if isinstance(message, Alert) and before is not self.board:
            self.changes.add(message)

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return self._now()
