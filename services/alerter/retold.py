"""What the alerter would have told of a group, had its sightings come in the order of event time. Pure."""

from collections.abc import Iterable

from services.alerter.alerts import phase_of
from services.alerter.judge import case_of, roomier, taken_in
from services.alerter.state import History, in_order
from services.core.alert import Alert
from services.core.rule import Rule
from services.core.sighting import Sighting


def retold(rule: Rule, history: History, sightings: Iterable[Sighting]) -> tuple[History, tuple[Alert, ...]]:
    """The history with all these sightings, and the alerts of what was settled when some had to be given up for room.

    Judging happens whenever the group is too full, which is when the judge of a stream settles something, not at each
    sighting: in between the order does not show. Only what has the very same moment is one step here, and in a stream
    as many as there are sightings: how things stand between them is told there and not here.
    """
    waiting = in_order(sightings)
    told: dict[str, Alert] = {}
    while waiting:
        taken = history.room + 1
        history = taken_in(rule, history, *waiting[:taken])
        waiting = waiting[taken:]
        if history.crowded:
            history, settled = roomier(case_of(rule, history, history.sightings[-1].at), history)
            told |= {phase_of(alert): alert for alert in settled}
    return history, tuple(told.values())
