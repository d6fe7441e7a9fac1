"""*The shells fell in A and B*: a mention that tells more of what went before; one event per place, as in ACLED."""

import re
from collections.abc import Iterator
from dataclasses import replace

from services.core.event import Event, Place
from services.core.wire import content_id
from services.extractor.event.told import CURRENT, Told, borders

REMOTE = frozenset({"shell", "air", "ied", "suicide", "grenade", "chemical"})
_BACK = 2


def elaborated(told: tuple[Told, ...]) -> tuple[Told, ...]:
    """The mentions; those that go on from an earlier one carry its flags; remote violence is split by place."""
    out: list[Told] = []
    for item in told:
        able = reversed(out) if item.sense in REMOTE else ()
        earlier = next((other for other in able if _goes_on(item, other)), None)
        parts = tuple(_split(_inheriting(item, earlier) if earlier else item))
        out += parts
        if earlier and _nearer(item, earlier):
            out[out.index(earlier)] = replace(earlier, vaguer_than=parts[0].event.event_id)
    return tuple(out)


def _goes_on(item: Told, other: Told) -> bool:
    """Same kind of remote violence without an actor of its own, right behind or with *the*, in no other country."""
    return (
        item.sense == other.sense
        and (item.definite or item.sentence - other.sentence == 1)
        and not item.event.actor
        and 0 < item.sentence - other.sentence <= _BACK
        and item.event.modality in CURRENT
        and other.event.modality in CURRENT
        and _may_share(_countries(item), _countries(other))
    )


def _countries(told: Told) -> set[str]:
    return {place.country for place in told.event.location if place.country}


def _may_share(one: set[str], other: set[str]) -> bool:
    return not one or not other or not one.isdisjoint(other)


def _inheriting(item: Told, earlier: Told) -> Told:
    """The mention with the day and the border flag of the one it goes on from, where it has none of its own."""
    event, before = item.event, earlier.event
    changes: dict[str, object] = {}
    if event.date is None or event.date.text is None:
        changes["date"] = before.date
    if before.border_incident and not event.border_incident:
        reason = f"goes on from: {before.trigger.text!r}"
        location = dict.fromkeys((*event.location, *borders(before)))
        changes |= {"border_incident": True, "reasons": (*event.reasons, reason), "location": tuple(location)}
    if before.casualties and not event.casualties and _nearer(item, earlier):
        changes["casualties"] = before.casualties
    if before.ceasefire_violation and not event.ceasefire_violation:
        changes |= {"ceasefire": before.ceasefire, "ceasefire_violation": True}
    return replace(item, event=event.model_copy(update=changes))


def _nearer(item: Told, earlier: Told) -> bool:
    """*A raid on a village near X. The raid hit a house in Y*: whether only the later sentence says where it was."""
    near = all(place.geo_precision == _NEAR for place in earlier.event.location if not place.is_border)
    return _precise(item) and (not _precise(earlier) or (near and item.definite))


_NEAR = 2


def _precise(item: Told) -> bool:
    return not item.inherited and any(
        (place.geo_precision or 3) < 3 or place.lat is not None for place in item.event.location
    )


def _split(item: Told) -> Iterator[Told]:
    """One mention per place that was hit; a place in brackets behind another only says where that one lies."""
    apart = item.sense in REMOTE and not item.inherited and len(item.event.location) > 1
    places = _separate(item.event) if apart and _listed(item.event) and not _between(item.event) else ()
    if len(places) < 2:
        yield item
        return
    for number, place in enumerate(places):
        changes: dict[str, object] = {"location": (place, *borders(item.event))}
        if number:  # the victims are counted once
            changes |= {"event_id": content_id(item.event.event_id, place.name), "casualties": ()}
        yield replace(item, event=item.event.model_copy(update=changes))


def _listed(event: Event) -> bool:
    """*A, B and C*; of *A, B* and *A, in the hills of B* the second only says where the first lies."""
    text = event.sentence.text
    spots = sorted(at for at in (text.find(place.text) for place in event.location if not place.is_border) if at >= 0)
    return len(spots) > 1 and bool(_JOINED.search(text, spots[0], spots[-1]))


_JOINED = re.compile(r"\b(?:and|or|plus|then|also|while)\b|[;/&]")


def _between(event: Event) -> bool:
    """*on the road between A and B*: one place, however many names it takes."""
    names = [re.escape(place.text) for place in event.location]
    return (
        len(names) > 1
        and bool(re.search(rf"\b(?:between|from)\b[^,.;]{{0,40}}(?:{'|'.join(names)})", event.sentence.text))
        and bool(_ROAD.search(event.sentence.text))
    )


_ROAD = re.compile(r"\b(?:between|road|highway|track|railway|line|route|bridge)\b", re.IGNORECASE)


def _separate(event: Event) -> tuple[Place, ...]:
    text, names = event.sentence.text, [place.text for place in event.location]
    able = (place for place in event.location if place.lat is not None and not _container(place.text, text))
    return tuple(place for place in able if not any(f"{name} in {place.text}" in text for name in names))


def _container(place: str, text: str) -> bool:
    """*Aslanduz (Ardabil)*, *the capital of Karabakh*: the name only says where the other place lies."""
    return f"({place}" in text or (
        _PART_OF.search(text) is not None and bool(re.search(rf"{_PART_OF.pattern}(the )?{re.escape(place)}", text))
    )


_PART_OF = re.compile(r"\b(capital|city|part) of ")
