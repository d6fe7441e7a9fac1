"""The notifier's notes on Kafka: what each channel was told, so that a restart tells nothing twice.

On a topic and not in a file: a note is there for whichever instance gets the alert's partition next, and it
lasts exactly as long as the alerts do. A note is written when the receiver has answered, or was waited for too long.
After a crash in between the change is sent once more, with the same idempotency key.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Protocol

from services.core.alert import Alert
from services.core.errors import WireError
from services.core.notified import Notified, Outcome
from services.core.topics import NOTIFIED, TopicNames
from services.core.wire import decode, encode
from services.notifier.request import idempotency_key
from services.notifier.route import Sent
from services.runtime.broker import Producer, Record


class Note(Protocol):
    """Remembers what became of changes in a channel."""

    async def __call__(self, channel: str, alerts: Collection[Alert], outcome: Outcome) -> None:
        """Returns when it is written; raises :class:`BrokerError` where it cannot be."""
        ...


def note_on(producer: Producer, names: TopicNames) -> Note:
    """A :class:`Note` that writes to Kafka."""

    async def note(channel: str, alerts: Collection[Alert], outcome: Outcome) -> None:
        await producer.send(*(_record(channel, alert, outcome, names) for alert in alerts))

    return note


def _record(channel: str, alert: Alert, outcome: Outcome, names: TopicNames) -> Record:
    facts = {"alert_id": alert.alert_id, "state": alert.state, "changed_at": alert.changed_at}
    told = Notified.model_validate({"channel": channel, "outcome": outcome, **facts})
    return Record(names.of(NOTIFIED), f"{channel}|{idempotency_key(alert)}".encode(), encode(told))


def take_notes(sent: dict[str, Sent], records: Iterable[Record]) -> None:
    """Puts the records of the topic in, by channel. What was given up was not told, and may be yet."""
    for record in records:
        # A note that cannot be read notes nothing: an alert told twice is better than one not told.
        with suppress(WireError):
            told = decode(Notified, record.value)
            of_channel = sent.setdefault(told.channel, Sent())
            if told.outcome is Outcome.GIVEN_UP:
                of_channel.lost.add(told.alert_id)
            else:
                of_channel.put(told.alert_id, told.state, told.changed_at)
