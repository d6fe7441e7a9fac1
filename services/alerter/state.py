"""What the alerter remembers of one group: the entry of its table, a plain JSON value."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from services.alerter.episodes import Settled
from services.alerter.marks import Marks
from services.core.alert import Alert, AlertState
from services.core.baseline import NewTerms
from services.core.rule import REMEMBERED
from services.core.sighting import Part, Revision, Sighting
from services.core.wire import Message, UtcTime, Value, encode

MAX_SIGHTINGS: Final = 400
"""Sightings held of one group at most; of a sequence, on each of its sides half as many."""

KEPT_SIGHTINGS: Final = REMEMBERED
"""Of so many, the latest, a group that became too full is left with; so it is not full again with the next one."""

MAX_REVISED: Final = 300
"""Edited articles of which a group knows the revisions."""

MAX_BYTES: Final = 900_000
"""Bytes of a table entry: it must stay below what one Kafka record may hold (1 MB)."""


class History(Message):
    """Everything known of one rule's group in one stream.

    ``alerts`` are the episodes as last published, without their evidence, of which ``digests`` are kept in the same
    order; ``told`` are the phases published of them. ``revised`` are the revisions of edited articles. ``dropped`` and
    ``edits_dropped`` count the sightings and edited articles given up for room. ``floors`` has of each part of a
    sequence the last sighting given up, before which none is taken in any more; ``settled`` is how things stood then.
    ``due`` is when a cooldown ends that holds something back, ``partition`` is where the group's entry lives, -1
    outside a stream. ``marks`` remember when things were told for longer than their sightings are kept; ``began`` is
    since when the stream was watched for the rule. Alerts that were over by ``forgotten`` are published and given up.
    ``version`` is that of the rule by which the group was last judged.
    """

    stream: str = ""
    group: str = ""
    sightings: tuple[Sighting, ...] = ()
    revised: tuple[Revision, ...] = ()
    alerts: tuple[Alert, ...] = ()
    digests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    clock: UtcTime | None = None
    dropped: int = 0
    floors: dict[str, tuple[UtcTime, str]] = Field(default_factory=dict)
    settled: Settled | None = None
    edits_dropped: int = 0
    due: UtcTime | None = None
    partition: int = -1
    marks: Marks = Field(default_factory=Marks)
    began: UtcTime | None = None
    forgotten: UtcTime | None = None
    version: str = ""

    @property
    def open(self) -> bool:
        """Whether the passing of time alone can change something: an episode has not ended, or is held back."""
        return self.due is not None or any(alert.state.active for alert in self.alerts)

    def under(self, key: str) -> "History":
        """The same with its stream and group, by the key of the group's records."""
        _, stream, group = key.split("|", 2)
        return self if self.stream == stream else self.model_copy(update={"stream": stream, "group": group})

    def watched_since(self, began: datetime | None) -> "History":
        """The same with what is known of since when its stream is watched."""
        return self if began is None else self.model_copy(update={"began": began})

    def at(self, clock: datetime) -> "History":
        """The same at a later time; clocks never run back."""
        return self.model_copy(update={"clock": max(clock, self.clock or clock)})

    @property
    def floor(self) -> datetime | None:
        """When the last of the sightings was published that were given up for room; None if none was."""
        return max((moment for moment, _ in self.floors.values()), default=None)

    @property
    def crowded(self) -> bool:
        """Whether it holds more sightings than it may."""
        return bool(_excess(self.sightings))

    @property
    def room(self) -> int:
        """How many more sightings it can take in, of whatever part, before it holds more than it may."""
        numbers = Counter(sighting.part or "" for sighting in self.sightings)
        return min((_most(part) - number for part, number in numbers.items()), default=_most(Part.FIRST))

    def holds(self, sighting: Sighting) -> bool:
        """Whether the sighting is known, or came too late to be known among those that were given up for room."""
        ident = sighting.sighting_id
        return self._is_below(sighting) or any(known.sighting_id == ident for known in self.sightings)

    def with_sightings(self, sightings: Iterable[Sighting]) -> "History":
        """The same with all of these in it, in whatever order they came, or itself if it held them."""
        known = {sighting.sighting_id for sighting in self.sightings}
        fresh: dict[str, Sighting] = {}
        for sighting in sightings:
            if sighting.sighting_id not in known and not self._is_below(sighting):
                fresh.setdefault(sighting.sighting_id, sighting)
        if not fresh:
            return self
        kept = in_order((*self.sightings, *fresh.values()))
        return self.model_copy(update={"sightings": kept, "stream": kept[-1].stream, "group": kept[-1].group})

    def roomier(self) -> "History":
        """The same without its oldest sightings if it holds more than it may."""
        return self.without_oldest(_excess(self.sightings))

    def without_oldest(self, excess: Mapping[str, int]) -> "History":
        """The same without so many sightings of each part, the oldest of it."""
        left, floors, kept = dict(excess), dict(self.floors), []
        for sighting in self.sightings:
            part = sighting.part or ""
            if left.get(part, 0) > 0:
                left[part] -= 1
                floors[part] = _place(sighting)
            else:
                kept.append(sighting)
        dropped = self.dropped + len(self.sightings) - len(kept)
        return self.model_copy(update={"sightings": tuple(kept), "dropped": dropped, "floors": floors})

    def _is_below(self, sighting: Sighting) -> bool:
        floor = self.floors.get(sighting.part or "") if self.floors else None
        return floor is not None and _place(sighting) <= floor

    def with_told(self, of: str, bucket: timedelta, told: Iterable[tuple[datetime, tuple[str, ...]]]) -> "History":
        """The same with things marked as told at their moments; marks of something else than ``of`` are given up."""
        marks = self.marks if self.marks.of == of else Marks(of=of, seconds=int(bucket.total_seconds()))
        return self.model_copy(update={"marks": marks.with_all(told)})

    def with_revision(self, revision: Revision) -> "History":
        """The same knowing of the revisions of one article more, or itself if it knew. When full, the oldest goes."""
        known = next((each for each in self.revised if each.article_id == revision.article_id), None)
        if known:
            revision = _both(known, revision)
        if revision == known:
            return self
        others = (each for each in self.revised if each.article_id != revision.article_id)
        kept = sorted((*others, revision), key=lambda each: (each.published, each.article_id))
        excess = max(0, len(kept) - MAX_REVISED)
        update = {"revised": tuple(kept[excess:]), "edits_dropped": self.edits_dropped + excess}
        return self.model_copy(update=update)

    def without_older_than(
        self, horizon: datetime, beyond: timedelta = timedelta(), memory: timedelta = timedelta()
    ) -> "History":
        """The same without what ended before ``horizon``; sightings of episodes that go on are kept.

        Sightings are needed for ``beyond`` longer than the windows of their alerts, marks for ``memory`` longer.
        """
        pairs = zip(self.alerts, self.digests, strict=True)
        kept = [(alert, digest) for alert, digest in pairs if alert.state.active or alert.changed_at > horizon]
        alerts = tuple(alert for alert, _ in kept)
        cut = min([horizon, *(alert.window.start for alert in alerts), *(_first(alert) for alert in alerts)])
        return self.model_copy(
            update={
                "alerts": alerts,
                "digests": tuple(digest for _, digest in kept),
                "sightings": tuple(sighting for sighting in self.sightings if sighting.at > cut - beyond),
                "revised": tuple(each for each in self.revised if each.published > cut - beyond),
                "marks": self.marks.since(min([cut - memory, *(seen for alert in alerts for seen in _seen(alert))])),
                "forgotten": horizon,
            }
        )

    def fitting(self) -> "History":
        """The same without as many of its oldest sightings as do not fit into a table entry."""
        size, count = len(encode(self)), len(self.sightings)
        if size <= MAX_BYTES or not count:
            return self
        excess = min(count, max(1, count * (size - MAX_BYTES) // size + 1))
        return self.without_oldest(Counter(one.part or "" for one in self.sightings[:excess])).fitting()


class _Told(Value):
    """What can be told of an alert at a glance."""

    state: AlertState


class Glance(Message):
    """As much of a group's entry as says whether time alone can change something; cheap to read."""

    alerts: tuple[_Told, ...] = ()
    due: UtcTime | None = None
    partition: int = -1
    version: str = ""

    @property
    def open(self) -> bool:
        """As :attr:`History.open`."""
        return self.due is not None or any(alert.state.active for alert in self.alerts)


def new_history(key: str, partition: int = -1) -> History:
    """What is known of a group of which nothing has come yet, by the key of its records."""
    return History(partition=partition).under(key)


def in_order(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Sightings in the order in which a history has them, that of event time."""
    return tuple(sorted(sightings, key=_place))


def _place(sighting: Sighting) -> tuple[datetime, str]:
    """Where a sighting stands among those of its group."""
    return sighting.article.published, sighting.sighting_id


def _most(part: str) -> int:
    """How many sightings of a part are held at most: of the two parts of a sequence half as many as of others."""
    return MAX_SIGHTINGS // 2 if part else MAX_SIGHTINGS


def _excess(sightings: Sequence[Sighting]) -> dict[str, int]:
    """For each part of which there are too many sightings how many those are that are not kept."""
    if len(sightings) <= MAX_SIGHTINGS // 2:
        return {}
    numbers = Counter(sighting.part or "" for sighting in sightings)
    kept = {part: KEPT_SIGHTINGS // 2 if part else KEPT_SIGHTINGS for part in numbers}
    return {part: number - kept[part] for part, number in numbers.items() if number > _most(part)}


def _both(one: Revision, other: Revision) -> Revision:
    """What two records say of one article; a revision that both know was first fetched at the earlier time."""
    fetched = {**other.fetched, **one.fetched}
    for revision, moment in other.fetched.items():
        fetched[revision] = min(moment, fetched[revision])
    published = min(one.published, other.published)
    return one.model_copy(update={"published": published, "fetched": dict(sorted(fetched.items()))})


def _seen(alert: Alert) -> Iterator[datetime]:
    """When the new terms of an alert were seen before: it goes on saying so for as long as it is known."""
    if isinstance(alert.baseline, NewTerms):
        yield from (term.last_seen for term in alert.baseline.terms if term.last_seen)


def _first(alert: Alert) -> datetime:
    """Just before the earliest evidence of an alert's first window."""
    return alert.started_at - (alert.window.end - alert.window.start)
