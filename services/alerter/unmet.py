"""What of a condition does not hold of an event, in words: why a rule passed it by. Pure."""

from collections.abc import Callable, Iterator
from typing import Final

from services.alerter.meets import Told, meets
from services.core.condition import When
from services.core.event import Event

_NESTED: Final = ("all", "any", "not_")

_WORDS: Final = {
    "keywords": "the words asked for are not in its sentence or title, or others are that may not",
    "phrases": "none of the phrases is in its sentence or title",
}

_IS: Final[dict[str, Callable[[Event], object]]] = {
    "event_types": lambda event: event.event_type,
    "sub_event_types": lambda event: event.sub_event_type,
    "plover": lambda event: event.plover,
    "cameo": lambda event: event.cameo,
    "ceasefire": lambda event: event.ceasefire,
    "modalities": lambda event: event.modality,
    "min_confidence": lambda event: f"{event.confidence:.2f}",
    "countries": lambda event: [place.country for place in event.location if place.country],
    "places": lambda event: [place.name for place in event.location],
    "actors": lambda event: [mention.id for mention in event.actor],
    "targets": lambda event: [mention.id for mention in event.target],
}
"""What an event says where a condition asks for something."""


def unmet(when: When, told: Told) -> tuple[str, ...]:
    """Each thing that a condition asks for and the event does not have; empty if the condition holds."""
    return tuple(_unmet(when, told))


def _unmet(when: When, told: Told) -> Iterator[str]:
    for name in sorted(when.model_fields_set - set(_NESTED)):
        if not meets(When.model_construct(**{name: getattr(when, name)}), told):
            yield _part(name, getattr(when, name), told)
    for inner in when.all:
        yield from _unmet(inner, told)
    if when.any and not any(meets(inner, told) for inner in when.any):
        yield "none of its alternatives: " + " / ".join("; ".join(_unmet(inner, told)) for inner in when.any)
    for inner in when.not_:
        if meets(inner, told):
            yield f"left out by not: {', '.join(sorted(inner.model_fields_set))}"


def _part(name: str, asked: object, told: Told) -> str:
    if name in _WORDS:
        return _WORDS[name]
    if name == "flags":
        wanted = asked if isinstance(asked, tuple) else ()
        return f"it is no {' or '.join(flag for flag in wanted if not getattr(told.event, flag)).replace('_', ' ')}"
    if name in ("sources", "outlets", "languages"):
        found: object = getattr(told.article, name.removesuffix("s"))
    else:
        found = _IS[name](told.event) if told.event and name in _IS else None
    said = _listed(found)
    return f"{name} asks for {_listed(asked)}" + (f", this is {said}" if said else ", it tells none")


def _listed(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_one, value))
    return "" if value is None else _one(value)


def _one(value: object) -> str:
    return str(value.model_dump(exclude_none=True)) if hasattr(value, "model_dump") else str(value)
