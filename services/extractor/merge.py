"""One article's mentions made one: repeats marked, denials tied to the claim they deny."""

from services.core.event import Event
from services.core.ontology import Modality

CURRENT = frozenset({Modality.ASSERTED, Modality.ALLEGED})


def merged(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events in text order, with ``duplicate_of`` on those that tell again what stands before."""
    kept: list[Event] = []
    for event in events:
        first = next((other for other in kept if other.duplicate_of is None and same(event, other)), None)
        kept.append(event.model_copy(update={"duplicate_of": first.event_id}) if first else event)
    return tuple(kept)


def same(event: Event, other: Event) -> bool:
    """Whether two mentions tell one happening: same type and day, no place, actor or sentence that tells them apart."""
    if event.sub_event_type != other.sub_event_type or event.modality not in CURRENT or other.modality not in CURRENT:
        return False
    if event.sentence.text.casefold() == other.sentence.text.casefold():
        return event.sentence.start != other.sentence.start or _overlaps(event, other)
    return _agree(event, other)


def _agree(event: Event, other: Event) -> bool:
    places = _places(event) & _places(other), bool(_places(event)) and bool(_places(other))
    if places[1] and not places[0]:
        return False
    days = _day(event), _day(other)
    if all(days) and days[0] != days[1]:
        return False
    actors = {mention.id for mention in event.actor}, {mention.id for mention in other.actor}
    if all(actors) and not actors[0] & actors[1]:
        return False
    flags = (event.ceasefire_violation, event.border_incident), (other.ceasefire_violation, other.border_incident)
    return flags[0] == flags[1]


def _overlaps(event: Event, other: Event) -> bool:
    return event.trigger.start < other.trigger.end and other.trigger.start < event.trigger.end


def _places(event: Event) -> frozenset[str]:
    return frozenset(place.name for place in event.location)


def _day(event: Event) -> str | None:
    date = event.date
    return str(date.value) if date and date.value and date.time_precision == 1 else None
