"""What the alerter remembers of one group: the entry of its table, a plain JSON value."""

from datetime import datetime
from typing import Final

from services.core.alert import Alert
from services.core.sighting import Sighting
from services.core.wire import Message, UtcTime, encode

MAX_SIGHTINGS: Final = 300
"""Sightings kept of one group."""

MAX_BYTES: Final = 900_000
"""Bytes of a table entry: it must stay below what one Kafka record may hold (1 MB)."""


class History(Message):
    """Everything known of one rule's group in one stream.

    ``alerts`` are the episodes as last published, without their evidence, of which ``digests`` are kept in the same
    order; ``told`` are the phases published of them. ``dropped`` counts the sightings given up for room, ``partition``
    is where the group's entry lives, -1 outside a stream.
    """

    sightings: tuple[Sighting, ...] = ()
    alerts: tuple[Alert, ...] = ()
    digests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    clock: UtcTime | None = None
    dropped: int = 0
    partition: int = -1

    @property
    def open(self) -> bool:
        """Whether some episode has not ended, so that the passing of time alone can change it."""
        return any(alert.state.active for alert in self.alerts)

    def at(self, clock: datetime) -> "History":
        """The same at a later time; clocks never run back."""
        return self.model_copy(update={"clock": max(clock, self.clock or clock)})

    def with_sighting(self, sighting: Sighting) -> "History":
        """The same with one sighting more, or itself if it is known. When full, the oldest one goes."""
        if any(known.sighting_id == sighting.sighting_id for known in self.sightings):
            return self
        kept = sorted((*self.sightings, sighting), key=lambda s: (s.at, s.sighting_id))
        excess = max(0, len(kept) - MAX_SIGHTINGS)
        return self.model_copy(update={"sightings": tuple(kept[excess:]), "dropped": self.dropped + excess})

    def without_older_than(self, horizon: datetime) -> "History":
        """The same without what ended before ``horizon``; sightings of episodes that go on are kept."""
        pairs = zip(self.alerts, self.digests, strict=True)
        kept = [(alert, digest) for alert, digest in pairs if alert.state.active or alert.changed_at > horizon]
        alerts = tuple(alert for alert, _ in kept)
        cut = min([horizon, *(alert.window.start for alert in alerts), *(_first(alert) for alert in alerts)])
        sightings = tuple(sighting for sighting in self.sightings if sighting.at > cut)
        digests = tuple(digest for _, digest in kept)
        return self.model_copy(update={"alerts": alerts, "digests": digests, "sightings": sightings})

    def fitting(self) -> "History":
        """The same without as many of its oldest sightings as do not fit into a table entry."""
        size, count = len(encode(self)), len(self.sightings)
        if size <= MAX_BYTES or not count:
            return self
        excess = min(count, max(1, count * (size - MAX_BYTES) // size + 1))
        smaller = self.model_copy(update={"sightings": self.sightings[excess:], "dropped": self.dropped + excess})
        return smaller.fitting()


def _first(alert: Alert) -> datetime:
    """Just before the earliest evidence of an alert's first window."""
    return alert.started_at - (alert.window.end - alert.window.start)
