"""What rules make of a stored stream: its alerts, by the code of the live ones; without Kafka and without spaCy."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from services.alerter.alerts import phase_of
from services.alerter.judge import lives_of
from services.commands.gathering import Gathering
from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import InputError
from services.core.event import Event
from services.core.rule import Rules


@dataclass(frozen=True)
class Stored:
    """What a stored stream tells: its articles, their events, and those articles that could not be processed.

    ``clock`` is the time at its end, None for that of its last publication.
    """

    articles: Sequence[Article] = ()
    events: Sequence[Event] = ()
    failed: tuple[InputError, ...] = ()
    clock: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What a backtest found: every phase of every alert, in the order of event time, and how much it looked at.

    ``failed`` tells of the articles that could not be processed; what they say is not counted.
    """

    alerts: tuple[Alert, ...]
    articles: int
    events: int
    sightings: int
    failed: tuple[InputError, ...] = ()


def outcome_of(rules: Rules, stored: Stored) -> Outcome:
    """Matches and judges what is stored, whatever its order."""
    gathering = gathered(rules, stored)
    alerts: dict[str, Alert] = {}
    with uncollected():
        for rule, history, settled in gathering.histories(stored.clock):
            standing = (alert for life in lives_of(rule, history) for alert in life)
            alerts |= {phase_of(alert): alert for alert in (*settled, *standing)}
    ordered = sorted(alerts.values(), key=lambda alert: (alert.changed_at, alert.rule, alert.alert_id))
    return Outcome(tuple(ordered), len(stored.articles), len(stored.events), gathering.sightings, stored.failed)


def gathered(rules: Rules, stored: Stored) -> Gathering:
    """The groups of what is stored."""
    gathering = Gathering(rules)
    with uncollected():
        for article in stored.articles:
            gathering.take_article(article)
        for event in stored.events:
            gathering.take_event(event)
    return gathering


@contextmanager
def uncollected() -> Iterator[None]:
    """Holds off the search for cycles while many values are made, which have none, and leaves them out of it for good.

    With a hundred thousand events the search took a third of a backtest's time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()
