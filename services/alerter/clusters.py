"""Which sightings tell of one happening: a pure function of the set of them.

They are gone through in the order of event time, which is the set's own. First copies of a wire sentence are put
together, and what has the same kind, place and day. Then each such bundle joins the incident it is most like, or starts
one. It joins only where none of it conflicts with any of those already there. So likeness is not passed on: a chain of
tellings, each like the next, ties no two happenings together, and a vague telling is no bridge between two.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from services.alerter.facts import Facts, Likeness, facts_of, plain
from services.alerter.likeness import likeness
from services.core.sighting import Sighting

_MOST_COMPARED: Final = 12
"""Members of an incident that one more telling is compared with: the first ones."""

_ORDER: Final = attrgetter("order")

_COPY: Final = "the same sentence in a copy of the story"


@dataclass(frozen=True)
class Incidents:
    """For each sighting's id the incident it belongs to, named by its first one, and why it was put there."""

    of: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(slots=True, eq=False)
class _Incident:
    members: list[Facts]
    ids: list[str]

    def take(self, other: "_Incident") -> None:
        """Makes the tellings of another one its own; beyond a number they are not compared with any more."""
        self.ids += other.ids
        self.members += other.members[: max(0, _MOST_COMPARED - len(self.members))]


class _Map:
    """Where to look for the incident that a telling may belong to: by days, and by degrees of the map.

    Only what is vague about its place is looked for, and looks, on a day as a whole.
    """

    def __init__(self) -> None:
        self._at: defaultdict[Hashable, dict[int, _Incident]] = defaultdict(dict)

    def enter(self, home: _Incident, facts: Facts) -> None:
        """Makes an incident be found from where this telling of it is."""
        if not facts.told:
            return  # a keyword tells of nothing that could be told in other words
        for place in facts.found_at:
            self._at[place].setdefault(id(home), home)

    def near(self, facts: Facts) -> Iterator[_Incident]:
        """The incidents that may be meant, each once, in an order that follows from that of entering."""
        if not facts.told:
            return
        tried: set[int] = set()
        for place in facts.looks_at:
            for ident, incident in self._at.get(place, {}).items():
                if ident not in tried:
                    tried.add(ident)
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
    known = _Map()
    reasons: dict[str, str] = {}
    for bundle in _bundles(sightings, reasons):
        best = _best(bundle, known.near(bundle.members[0]))
        if best:
            home, likes = best
            reasons[bundle.ids[0]] = ", ".join(likes.reasons)
            home.take(bundle)
        else:
            home = bundle
            found.append(home)
        for facts in bundle.members:
            known.enter(home, facts)
    return Incidents({ident: one.ids[0] for one in found for ident in one.ids}, reasons)


def _bundles(sightings: Sequence[Sighting], reasons: dict[str, str]) -> list[_Incident]:
    """What belongs together for sure, in the order of event time of the first of each."""
    bundles: list[_Incident] = []
    by_key: defaultdict[str, list[_Incident]] = defaultdict(list)
    copies = _Copies()
    for facts in sorted(map(facts_of, sightings), key=_ORDER):
        ident, key = facts.sighting.sighting_id, facts.sighting.incident
        alone = _Incident([facts], [ident])
        home, reasons[ident] = copies.home(facts), _COPY
        if home is None:
            best = _best(alone, by_key[key])
            home, reasons[ident] = (best[0], ", ".join(best[1].reasons)) if best else (alone, "")
            if best:
                home.take(alone)
            else:
                bundles.append(home)
                by_key[key].append(home)
        else:
            home.ids.append(ident)
        copies.enter(home, facts)
    return bundles


def _best(bundle: _Incident, incidents: Iterable[_Incident]) -> tuple[_Incident, Likeness] | None:
    """The incident that these tellings are most like, the first of equals; None if they are like none."""
    best: tuple[_Incident, Likeness] | None = None
    for incident in incidents:
        likes = _likes(bundle, incident)
        if likes and likes.strength >= 0 and (best is None or likes.strength > best[1].strength):
            best = (incident, likes)
    return best


def _likes(bundle: _Incident, incident: _Incident) -> Likeness | None:
    """The strongest likeness between any two of them; None if any two conflict."""
    best: Likeness | None = None
    for facts in bundle.members:
        for member in incident.members:
            likes = _remembered(facts, member)
            if likes is None:
                return None
            if best is None or likes.strength > best.strength:
                best = likes
    return best


def may_be_one(one: Sighting, other: Sighting) -> bool:
    """Whether two tellings in different articles may come to one incident; where not, nobody need look closer."""
    is_copy = not set(one.article.fingerprint).isdisjoint(other.article.fingerprint)
    if is_copy and plain(one.sentence.text) == plain(other.sentence.text):
        return True
    if one.incident != other.incident and not (one.event_id and other.event_id):
        return False
    likes = _remembered(facts_of(one), facts_of(other))
    return likes is not None and likes.strength >= 0


def _remembered(one: Facts, other: Facts) -> Likeness | None:
    """Their likeness; judging compares the same tellings again and again, as their group grows."""
    if other not in one.likes:
        one.likes[other] = likeness(one, other)
    return one.likes[other]
