"""What the notifier knows of all alerts and silences: whether an alert is to be heard now."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from services.core.alert import Alert
from services.core.errors import WireError
from services.core.mute import Mute, facts_of, muted_by
from services.core.receivers import Grouping, Receiver, grouping_of, receivers_of
from services.core.silence import Silence
from services.core.wire import decode
from services.notifier.notified import take_notes
from services.notifier.route import Sent
from services.runtime.broker import Record
from services.runtime.rulesfile import InForce
from services.runtime.silences import take_silences

_KEPT = 10_000


class Heard:
    """All alerts as they stand, all silences, what was told, and the inhibitions and routes that are in force.

    Beyond a number alerts that are over are forgotten first.
    """

    def __init__(self, rules: InForce | None = None) -> None:
        self.alerts: dict[str, Alert] = {}
        self.silences: dict[str, Silence] = {}
        self._sent: dict[str, Sent] = {}
        self._rules = rules or InForce()

    def sent_by(self, channel: str) -> Sent:
        """What a channel was told; grows while the notes of any instance are read."""
        return self._sent.setdefault(channel, Sent())

    def take(self, records: Iterable[Record], silences: str, notified: str = "") -> None:
        """Puts records of the topics in; ``silences`` and ``notified`` are the names of the topics of those."""
        records = tuple(records)
        take_silences(self.silences, (record for record in records if record.topic == silences))
        take_notes(self._sent, (record for record in records if record.topic == notified))
        for record in records:
            # What cannot be decoded is counted and logged where the same topic is read for the webhook.
            with suppress(WireError):
                if record.topic not in (silences, notified):
                    self._put(decode(Alert, record.value))

    def _put(self, alert: Alert) -> None:
        before = self.alerts.pop(alert.alert_id, None)
        self.alerts[alert.alert_id] = before if before and alert.changed_at < before.changed_at else alert
        while len(self.alerts) > _KEPT:
            del self.alerts[
                next((i for i, each in self.alerts.items() if not each.state.active), next(iter(self.alerts)))
            ]

    def goes_to(self, alert: Alert, receiver: Receiver) -> bool:
        """Whether an alert is routed there."""
        return receiver in receivers_of(facts_of(alert), self._rules.routes)

    def grouping(self, alert: Alert, receiver: Receiver) -> Grouping | None:
        """What an alert is told together with there; None: with nothing."""
        return grouping_of(facts_of(alert), self._rules.routes, receiver)

    def mutes(self, alert: Alert, now: datetime) -> tuple[Mute, ...]:
        """What keeps an alert from being heard at ``now``."""
        inhibits = self._rules.inhibit
        others = self.alerts.values() if inhibits else ()
        return muted_by(alert, others, silences=self.silences.values(), inhibits=inhibits, now=now)


class Held:
    """Changes that were not sent because their alert was muted: of each alert the latest."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}

    def hold(self, alert: Alert) -> None:
        """Keeps a change for later."""
        before = self._alerts.pop(alert.alert_id, None)
        self._alerts[alert.alert_id] = before if before and alert.changed_at < before.changed_at else alert
        while len(self._alerts) > _KEPT:
            del self._alerts[next(iter(self._alerts))]

    def due(self, heard: Heard, told: Collection[str], now: datetime) -> list[Alert]:
        """What may be sent by now: what still rings, and the end of what somebody was told of."""
        free = [alert for alert in self._alerts.values() if not heard.mutes(alert, now)]
        for alert in free:
            if not alert.state.active and alert.alert_id not in told:
                del self._alerts[alert.alert_id]
        return [alert for alert in free if alert.alert_id in self._alerts]

    def release(self, alert: Alert) -> None:
        """Forgets a change, since it was sent."""
        self._alerts.pop(alert.alert_id, None)
