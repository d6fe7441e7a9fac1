"""Which changes of alerts are told to people. Pure."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from services.core.alert import Alert, AlertState


class Decision(StrEnum):
    """What becomes of one record of an alert, and why."""

    SEND = "send"
    OTHER_STREAM = "other_stream"
    OTHER_RECEIVER = "other_receiver"
    ALREADY_SENT = "already_sent"
    OUTDATED = "outdated"
    MUTED = "muted"
    HELD_BACK = "held_back"
    GIVEN_UP = "given_up"
    GROUPED = "grouped"


class Sent:
    """The last change that was sent of each alert: the event time of it, and the states that came at that time.

    ``lost`` are alerts of which a change was given up; they may have been told of it since.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self.changes: dict[str, tuple[datetime, frozenset[AlertState]]] = {}
        self.lost: set[str] = set()
        self._limit = limit

    def put(self, alert_id: str, state: AlertState, changed_at: datetime) -> None:
        """Notes a change unless a later one is known; beyond the limit the alert sent first is forgotten."""
        known = self.changes.pop(alert_id, None)
        if known is None or changed_at > known[0]:
            self.changes[alert_id] = (changed_at, frozenset({state}))
        else:
            self.changes[alert_id] = (known[0], known[1] | {state}) if changed_at == known[0] else known
        if len(self.changes) > self._limit:
            del self.changes[next(iter(self.changes))]


def decide(alert: Alert, sent: Sent, *, streams: Collection[str], ours: bool = True, muted: bool = False) -> Decision:
    """Whether to send this record: only of these streams, and only when the alert's state changed.

    A record that merely brings more evidence is not a change. One that is older than what was sent is the past coming
    round again (a record delivered twice, a topic read anew). ``ours``: it is routed to this channel; whoever was told
    of an alert hears of its further changes wherever they are routed. ``muted``: it is silenced or inhibited just now.
    """
    if alert.stream not in streams:
        return Decision.OTHER_STREAM
    known = sent.changes.get(alert.alert_id)
    if known and alert.changed_at == known[0] and alert.state in known[1]:
        return Decision.ALREADY_SENT
    if known and alert.changed_at < known[0]:
        return Decision.OUTDATED
    if not ours and known is None:
        return Decision.OTHER_RECEIVER
    return Decision.MUTED if muted else Decision.SEND
