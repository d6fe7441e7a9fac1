"""When two sightings tell of one thing: one happening, one story. Pure functions over sets of sightings."""

import re
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache

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


def incidents(sightings: Iterable[Sighting]) -> dict[str, str]:
    """For each sighting's id, the happening it belongs to.

    Two sightings are one happening when they have one incident key, or when near-duplicate articles (wire copies) tell
    it of the same place in the same sentence: a copy printed a day later would otherwise pass for a new day's event.
    """
    return _joined((s.sighting_id, [s.incident, *_wire_sentence(s)]) for s in sightings)


def stories(sightings: Iterable[Sighting]) -> dict[str, str]:
    """For each sighting's id, the story it belongs to: articles that share a fingerprint band are one story."""
    return _joined((s.sighting_id, [s.article.id, *s.article.fingerprint]) for s in sightings)


def _wire_sentence(sighting: Sighting) -> list[tuple[str, ...]]:
    words, kind = _words(sighting.sentence.text), sighting.sub_event_type or ""
    place = sighting.place.name if sighting.place else ""
    return [(band, words, kind, place) for band in sighting.article.fingerprint]


@lru_cache(maxsize=10_000)
def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _joined(tokens: Iterable[tuple[str, Sequence[Hashable]]]) -> dict[str, str]:
    """Connected components: whoever shares a token belongs together. A component is named by its least member.

    Naming by the least member makes the result a function of the set: the order of the input does not show in it.
    """
    parent: dict[str, str] = {}
    holder: dict[Hashable, str] = {}
    for ident, shared in tokens:
        parent[ident] = ident
        for token in shared:
            other = holder.setdefault(token, ident)
            if other != ident:
                low, high = sorted((_root(parent, ident), _root(parent, other)))
                parent[high] = low
    return {ident: _root(parent, ident) for ident in parent}


def _root(parent: dict[str, str], ident: str) -> str:
    while parent[ident] != ident:
        parent[ident] = parent[parent[ident]]
        ident = parent[ident]
    return ident


def newest_revisions(sightings: Iterable[Sighting]) -> dict[str, Hashable]:
    """For each article's id, the revision that stands: the one fetched last."""
    newest: dict[str, tuple[object, str]] = {}
    for sighting in sightings:
        article = sighting.article
        newest[article.id] = max(newest.get(article.id, (article.fetched, "")), (article.fetched, article.revision))
    return {ident: revision for ident, (_, revision) in newest.items()}
