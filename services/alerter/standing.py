"""What each sighting stands for, and how long: refusals, revisions, denials, and the independent things told. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import lt
from typing import Any

from services.alerter.clusters import incidents_of
from services.alerter.denials import denied
from services.alerter.facts import facts_of
from services.alerter.incidents import stories
from services.alerter.revisions import edits_of
from services.core.rule import Count, Rule
from services.core.sighting import Revision, Sighting, Verdict


@dataclass(frozen=True)
class Judged:
    """A sighting with what became of it, and why."""

    sighting: Sighting
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class End:
    """Why a sighting stopped to count before its window had passed, and when."""

    moment: datetime
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Units:
    """For each sighting's id, the independent thing it is told of, each way of counting.

    ``reasons`` say why a sighting was put to the others of its incident; ``starts`` and ``ends`` are only of those that
    do not count from their publication, or not until their window has passed.
    """

    of: Mapping[Count, Mapping[str, str]]
    reasons: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, datetime] = field(default_factory=dict)
    ends: Mapping[str, End] = field(default_factory=dict)

    def key(self, count: Count, sighting: Sighting) -> str:
        """The thing that this sighting is one telling of."""
        return self.of[count][sighting.sighting_id]

    def start(self, sighting: Sighting) -> datetime:
        """When it begins to count."""
        return self.starts.get(sighting.sighting_id, sighting.at)

    def end(self, sighting: Sighting) -> End | None:
        """Why and when it was taken back, if it was."""
        return self.ends.get(sighting.sighting_id)


@dataclass(frozen=True)
class Standing:
    """A group's sightings, in the order of event time: those that count for a time, and those that never do."""

    may_count: tuple[Sighting, ...]
    refused: tuple[Judged, ...]
    by: Units

    @cached_property
    def times_of_refused(self) -> list[datetime]:
        """When the others were published."""
        return [judged.sighting.at for judged in self.refused]

    @cached_property
    def times(self) -> list[datetime]:
        """When those that may count were published."""
        return [sighting.at for sighting in self.may_count]


def standing(sightings: Iterable[Sighting], rule: Rule, revised: Sequence[Revision] = ()) -> Standing:
    """What stands among the sightings; a function of the set of them and of what is known of revisions."""
    ordered = _ordered(sightings)
    may_count = tuple(s for s in ordered if not s.refused)
    others = [s for s in ordered if s.refused]
    incidents, same_story = incidents_of(may_count), stories(ordered)
    doubts = denied(may_count, others, incidents, stories=same_story, rule=rule)
    edits = edits_of(ordered, revised)
    starts: dict[str, datetime] = {}
    ends: dict[str, End] = {}
    for sighting in may_count if edits.of or doubts.withdrawn else ():
        ident = sighting.sighting_id
        start, edited = edits.stands(sighting)
        if start is not sighting.at:
            starts[ident] = start
        if end := _first_end(edited, doubts.withdrawn.get(ident)):
            ends[ident] = end
    of = {
        Count.INCIDENTS: incidents.of,
        Count.CASUALTIES: incidents.of,
        Count.STORIES: same_story,
        Count.OUTLETS: {s.sighting_id: s.article.outlet for s in may_count},
        Count.SIGHTINGS: {s.sighting_id: s.sighting_id for s in may_count},
    }
    refused = tuple(_refused(s, doubts.notes) for s in others)
    return Standing(may_count, refused, Units(of, incidents.reasons, starts, ends))


def _ordered(sightings: Iterable[Sighting]) -> list[Sighting]:
    """In the order of event time; only what has the same time needs to be looked at more closely."""
    known = list(sightings)
    times = [sighting.article.published for sighting in known]
    return known if all(map(lt, times, times[1:])) else sorted(known, key=_in_order)


def _in_order(sighting: Sighting) -> tuple[Any, ...]:
    return facts_of(sighting).order


def in_time(sighting: Sighting) -> tuple[datetime, str, int, int, str]:
    """Orders sightings by event time and then by what does not depend on the stream's name."""
    return sighting.at, sighting.article.id, sighting.sentence.start, sighting.trigger.start, sighting.event_id or ""


def _first_end(edited: datetime | None, withdrawn: tuple[datetime, str] | None) -> End | None:
    if withdrawn and (edited is None or withdrawn[0] <= edited):
        return End(withdrawn[0], Verdict.WITHDRAWN, withdrawn[1])
    if edited:
        return End(edited, Verdict.OLDER_REVISION, f"the outlet has edited this article on {edited:%Y-%m-%d %H:%M} UTC")
    return None


def _refused(sighting: Sighting, notes: Mapping[str, str]) -> Judged:
    if note := notes.get(sighting.sighting_id):
        return Judged(sighting, Verdict.DENIAL, note)
    return Judged(sighting, sighting.refused or Verdict.COUNTED, sighting.because or "")
