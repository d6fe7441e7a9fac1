"""Which sightings tell of one happening: a pure function of the set of them.

They are gone through in the order of event time, which is the set's own. A copy of a wire sentence goes where the first
such copy went; any other telling joins the incident it is most like, or starts one. It joins only where it conflicts
with none of those already there. So likeness is not passed on: a chain of tellings, each like the next, ties no two
happenings together, and a vague telling is no bridge between two. What comes later never changes where the earlier are.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.alerter.facts import Facts, Likeness, facts_of
from services.alerter.likeness import likeness
from services.core.sighting import Sighting

_MOST_COMPARED: Final = 12
"""Members of an incident that one more telling is compared with: the first ones."""

_COPY: Final = "the same sentence in a copy of the story"


@dataclass(frozen=True)
class Incidents:
    """For each sighting's id the incident it belongs to, named by its first one, and why it was put there."""

    of: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(slots=True, eq=False)
class _Incident:
    members: list[Facts]
    ids: list[str] = field(default_factory=list)


class _Map:
    """Where to look for the incident that a telling may belong to: by days, and by degrees of the map.

    Only what is vague about its place is looked for, and looks, on a day as a whole.
    """

    def __init__(self) -> None:
        self._at: defaultdict[Hashable, list[_Incident]] = defaultdict(list)

    def enter(self, home: _Incident, facts: Facts) -> None:
        """Makes one more telling a member of an incident; beyond a number it makes no difference any more."""
        if len(home.members) >= _MOST_COMPARED:
            return
        home.members.append(facts)
        for place in facts.found_at:
            if home not in self._at[place]:
                self._at[place].append(home)

    def near(self, facts: Facts) -> Iterator[_Incident]:
        """The incidents that may be meant, each once, in an order that follows from that of entering."""
        tried: set[int] = set()
        for place in facts.looks_at:
            for incident in self._at.get(place, ()):
                if id(incident) not in tried:
                    tried.add(id(incident))
                    yield incident


class _Copies:
    """Which incident a sentence of a near-duplicate article (wire copy) was put to, where it tells of one place.

    A copy printed a day later would otherwise pass for a new day's event.
    """

    def __init__(self) -> None:
        self._homes: dict[Hashable, list[tuple[frozenset[str], _Incident]]] = {}

    def home(self, facts: Facts) -> _Incident | None:
        """Where the first copy went."""
        bands = facts.sighting.article.fingerprint
        told = self._homes.get(facts.wording, ())
        return next((home for theirs, home in told if not theirs.isdisjoint(bands)), None)

    def enter(self, home: _Incident, facts: Facts) -> None:
        """Notes where a sentence went."""
        if bands := facts.sighting.article.fingerprint:
            self._homes.setdefault(facts.wording, []).append((frozenset(bands), home))


def incidents_of(sightings: Sequence[Sighting]) -> Incidents:
    """The incidents among these sightings."""
    found: list[_Incident] = []
    known, copies = _Map(), _Copies()
    reasons: dict[str, str] = {}
    for facts in sorted(map(facts_of, sightings), key=_order):
        ident = facts.sighting.sighting_id
        home, reasons[ident] = copies.home(facts), _COPY
        if home is None:
            best = _best(facts, known.near(facts))
            home, reasons[ident] = (best[0], ", ".join(best[1].reasons)) if best else (_Incident([]), "")
            if best is None:
                found.append(home)
            known.enter(home, facts)
        copies.enter(home, facts)
        home.ids.append(ident)
    return Incidents({ident: one.ids[0] for one in found for ident in one.ids}, reasons)


def _best(facts: Facts, incidents: Iterable[_Incident]) -> tuple[_Incident, Likeness] | None:
    """The incident that this telling is most like, the first of equals; None if it is like none."""
    best: tuple[_Incident, Likeness] | None = None
    for incident in incidents:
        likes = _likes(facts, incident)
        if likes and likes.strength >= 0 and (best is None or likes.strength > best[1].strength):
            best = (incident, likes)
    return best


def _likes(facts: Facts, incident: _Incident) -> Likeness | None:
    """The strongest likeness to a member; None if it conflicts with any."""
    best: Likeness | None = None
    for member in incident.members:
        # Judging compares the same tellings again and again, as their group grows.
        likes = (
            facts.likes[member] if member in facts.likes else facts.likes.setdefault(member, likeness(facts, member))
        )
        if likes is None:
            return None
        if best is None or likes.strength > best.strength:
            best = likes
    return best


def _order(facts: Facts) -> tuple[object, ...]:
    s = facts.sighting
    # Not by what depends on the stream's name: a replay of the same articles must end alike.
    place = facts.wording[2]
    return s.at, s.article.id, s.sentence.start, s.trigger.start, place, s.incident, s.article.revision, s.sighting_id
