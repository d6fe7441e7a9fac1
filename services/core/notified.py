"""Notes of what channels were told: a restart repeats nothing by them, and the page says what got lost."""

from enum import StrEnum

from services.core.alert import AlertState
from services.core.wire import Message, UtcTime


class Outcome(StrEnum):
    """What became of a change: taken, refused for good, or given up after the receiver did not answer for too long."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


class Notified(Message):
    """What became of one change of an alert in one channel."""

    channel: str
    alert_id: str
    state: AlertState
    changed_at: UtcTime
    outcome: Outcome = Outcome.DELIVERED
