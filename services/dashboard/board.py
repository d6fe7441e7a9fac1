"""What the page shows, folded from the topics one message at a time. Pure.

board = Board()
for message in messages:
    board = fold(board, message)
alerts_of(board, AlertFilter(state="active"))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from services.core.alert import Alert, AlertState
from services.core.article import Article, ArticleRef
from services.core.event import Event
from services.core.rule import Severity
from services.core.wire import Message

MAX_ALERTS = 2_000
MAX_EVENTS = 5_000
MAX_ARTICLES = 5_000

ACTIVE = "active"
"""Stands for all states in which an alert still rings, where a state can be asked for."""

T = TypeVar("T")


@dataclass(frozen=True)
class Board:
    """The latest record of each alert, and the newest events and articles (without their texts), by id.

    Bounded: beyond ``MAX_...`` the one that came first is forgotten, of alerts one that is over before one that rings.
    """

    alerts: Mapping[str, Alert] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    articles: Mapping[str, ArticleRef] = field(default_factory=dict)

    @property
    def streams(self) -> tuple[str, ...]:
        """Every stream that something on the board belongs to, in alphabetical order."""
        of_alerts = {alert.stream for alert in self.alerts.values()}
        return tuple(sorted(of_alerts | {article.stream for article in self.articles.values()}))


def fold(board: Board, message: Message) -> Board:
    """The board after one more message; the same board when the message tells nothing new."""
    match message:
        case Alert():
            return _with_alert(board, message)
        case Event():
            return replace(board, events=_newest(board.events, message.event_id, message, limit=MAX_EVENTS))
        case Article():
            return replace(board, articles=_newest(board.articles, message.id, message.ref, limit=MAX_ARTICLES))
    return board


def _with_alert(board: Board, alert: Alert) -> Board:
    known = board.alerts.get(alert.alert_id)
    if known and (alert.changed_at < known.changed_at or alert == known):
        return board
    alerts = {**board.alerts, alert.alert_id: alert}
    if len(alerts) > MAX_ALERTS:
        del alerts[next((ident for ident, each in alerts.items() if not each.state.active), next(iter(alerts)))]
    return replace(board, alerts=alerts)


def _newest(known: Mapping[str, T], ident: str, one: T, *, limit: int) -> Mapping[str, T]:
    grown = {**known, ident: one}
    if len(grown) > limit:
        del grown[next(iter(grown))]
    return grown


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


@dataclass(frozen=True)
class EventFilter:
    """Which events are asked for; None lets any pass. ``type`` is an event type or a sub-event type."""

    stream: str | None = None
    type: str | None = None
    article: str | None = None

    def lets(self, event: Event) -> bool:
        """Whether the event is one of those."""
        right_stream = self.stream is None or (event.article is not None and event.article.stream == self.stream)
        right_type = self.type in (None, event.event_type, event.sub_event_type)
        return right_stream and right_type and self.article in (None, event.article_id)


def alerts_of(board: Board, wanted: AlertFilter = AlertFilter()) -> list[Alert]:
    """The alerts that ring before those that are over, graver before milder, the latest change first."""
    gravity = list(Severity)
    return sorted(
        (alert for alert in board.alerts.values() if wanted.lets(alert)),
        key=lambda alert: (alert.state.active, gravity.index(alert.severity), alert.changed_at, alert.alert_id),
        reverse=True,
    )


def events_of(board: Board, wanted: EventFilter = EventFilter()) -> list[Event]:
    """The events, those of the latest published article first, in the order of the text within one article."""
    found = [event for event in board.events.values() if wanted.lets(event)]
    found.sort(key=lambda event: (event.article_id, event.trigger.start))
    found.sort(key=lambda event: event.article.published.timestamp() if event.article else 0.0, reverse=True)
    return found
