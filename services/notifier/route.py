"""Which changes of alerts are told to people. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.core.alert import Alert, AlertState


class Decision(StrEnum):
    """What becomes of one record of an alert, and why."""

    SEND = "send"
    OTHER_STREAM = "other_stream"
    ALREADY_SENT = "already_sent"
    OUTDATED = "outdated"
    MUTED = "muted"


@dataclass(frozen=True)
class Sent:
    """The last change that was sent of each alert, as its state and the event time of the change."""

    changes: Mapping[str, tuple[AlertState, datetime]] = field(default_factory=dict)
    limit: int = 10_000

    def having(self, alert: Alert) -> "Sent":
        """The same with one more alert sent; beyond ``limit`` alerts the one sent first is forgotten."""
        others = {ident: change for ident, change in self.changes.items() if ident != alert.alert_id}
        if len(others) >= self.limit:
            del others[next(iter(others))]
        return replace(self, changes={**others, alert.alert_id: (alert.state, alert.changed_at)})


def decide(alert: Alert, sent: Sent, *, streams: Collection[str], muted: bool = False) -> Decision:
    """Whether to send this record: only of these streams, and only when the alert's state changed.

    A record that merely brings more evidence is not a change. One that is older than what was sent is the past coming
    round again (a record delivered twice, a topic read anew). ``muted``: it is silenced or inhibited just now.
    """
    if alert.stream not in streams:
        return Decision.OTHER_STREAM
    known = sent.changes.get(alert.alert_id)
    if known == (alert.state, alert.changed_at):
        return Decision.ALREADY_SENT
    if known and alert.changed_at < known[1]:
        return Decision.OUTDATED
    return Decision.MUTED if muted else Decision.SEND
