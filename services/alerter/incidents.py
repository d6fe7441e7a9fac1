"""The happening that one event tells of, and the stories that sightings are copies of. Pure."""

from collections.abc import Hashable, Iterable, Sequence

from services.core.event import Event, Place
from services.core.sighting import Sighting
from services.core.wire import content_id


def incident_of(event: Event) -> tuple[str, str]:
    """The key of the happening an event tells of, and in words what the key is made of.

    Sub-event type, most precise place and day: what ACLED calls one event (one kind, one location, one day).
    """
    place = best_place(event)
    where = (place.name if place else None) or "unknown place"
    date = event.date.value if event.date and event.date.value else _published(event)
    kind = event.sub_event_type or event.plover or event.tier.value
    basis = f"{kind} · {where} · {date}"
    return content_id("incident", basis), basis


def _published(event: Event) -> object:
    return event.article.published.date() if event.article else "unknown day"


def best_place(event: Event) -> Place | None:
    """The most precise place of an event: the lowest ``geo_precision``, the first of equals."""
    return min(event.location, key=lambda place: place.geo_precision or 9, default=None)


def stories(sightings: Iterable[Sighting]) -> dict[str, str]:
    """For each sighting's id, the story it belongs to: articles that share a fingerprint band are one story."""
    return joined((s.sighting_id, (s.article.id, *s.article.fingerprint)) for s in sightings)


def joined(tokens: Iterable[tuple[str, Sequence[Hashable]]]) -> dict[str, str]:
    """Connected components: whoever shares a token belongs together. A component is named by its least member.

    Naming by the least member makes the result a function of the set: the order of the input does not show in it.
    """
    parent: dict[str, str] = {}
    holder: dict[Hashable, str] = {}
    for ident, shared in tokens:
        parent[ident] = ident
        if not holder.keys().isdisjoint(shared):
            for other in {holder[token] for token in shared if token in holder}:
                low, high = sorted((_root(parent, ident), _root(parent, other)))
                parent[high] = low
        holder.update(dict.fromkeys(shared, ident))
    return {ident: _root(parent, ident) for ident in parent}


def _root(parent: dict[str, str], ident: str) -> str:
    while parent[ident] != ident:
        parent[ident] = parent[parent[ident]]
        ident = parent[ident]
    return ident
