"""The alerts as they stand, folded from their topic one message at a time. Pure.

``functools.reduce(fold, messages, Board())`` is the board after all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.core.alert import Alert, AlertState
from services.core.rule import Severity
from services.core.wire import Message

MAX_ALERTS = 2_000
MAX_STEPS = 50

_GRAVITY = list(Severity)
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)

ACTIVE = "active"
"""Stands for all states in which an alert still rings, where a state can be asked for."""


@dataclass(frozen=True)
class Step:
    """One change in an alert's life: the state it came to, at which event time, and how grave it was then."""

    state: AlertState
    changed_at: datetime
    severity: Severity


@dataclass(frozen=True)
class Board:
    """The latest record of each alert by id, and the steps of its life as far as they were seen, oldest first.

    Bounded: beyond ``MAX_ALERTS`` the one that came first is forgotten, one that is over before one that rings.
    """

    alerts: Mapping[str, Alert] = field(default_factory=dict)
    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)


def fold(board: Board, message: Message) -> Board:
    """The board after one more message; the same board when the message tells nothing new of an alert."""
    if not isinstance(message, Alert):
        return board
    known = board.alerts.get(message.alert_id)
    if known and (message.changed_at < known.changed_at or message == known):
        return board
    alerts = {**board.alerts, message.alert_id: message}
    steps = {**board.steps, message.alert_id: _with_step(board.steps.get(message.alert_id, ()), message)}
    if len(alerts) > MAX_ALERTS:
        forgotten = next((ident for ident, each in alerts.items() if not each.state.active), next(iter(alerts)))
        del alerts[forgotten], steps[forgotten]
    return Board(alerts, steps)


def _with_step(steps: tuple[Step, ...], alert: Alert) -> tuple[Step, ...]:
    step = Step(alert.state, alert.changed_at, alert.severity)
    return steps if steps and steps[-1] == step else (*steps, step)[-MAX_STEPS:]


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are asked for; None lets any pass. ``state`` is a state or :data:`ACTIVE`."""

    stream: str | None = None
    rule: str | None = None
    state: AlertState | str | None = None

    def lets(self, alert: Alert) -> bool:
        """Whether the alert is one of those."""
        right_state = alert.state.active if self.state == ACTIVE else self.state in (None, alert.state)
        return self.stream in (None, alert.stream) and self.rule in (None, alert.rule) and right_state


def alerts_of(board: Board, wanted: AlertFilter = AlertFilter()) -> list[Alert]:
    """The alerts that ring before those that are over, graver before milder, the latest change first."""
    return sorted((alert for alert in board.alerts.values() if wanted.lets(alert)), key=place_of, reverse=True)


Place = tuple[bool, int, int, str]


def place_of(alert: Alert) -> Place:
    """Where an alert is in a list, the higher the earlier: whether it rings, how gravely, when it changed, its id."""
    since = alert.changed_at - _EPOCH
    return alert.state.active, _GRAVITY.index(alert.severity), since // timedelta(microseconds=1), alert.alert_id
