"""What an article says again of a happening it has told: *the raid*, *the attack*; and which shots broke the truce."""

from dataclasses import replace

from services.core.event import Event
from services.core.ontology import CeasefireState, Modality
from services.extractor.event.told import CURRENT, Told, day_said
from services.extractor.reading.truces import hurt_in
from services.extractor.text.closed import closed

_GENERIC = frozenset({"attack", "kill", "clash", "ied"})
_FORCE = closed("border.force")
_BANGS = closed("echo.bangs")
_BACK = 3
_VAGUE = 3


def echoes(told: tuple[Told, ...]) -> dict[str, str]:
    """For mentions that only name again what stands before them, the event they mean: ids to ids."""
    found: dict[str, str] = {}
    for number, item in enumerate(told):
        first = next((other for other in reversed(told[:number]) if _means(item, other)), None) if _bare(item) else None
        if first:
            found[item.event.event_id] = found.get(first.event.event_id, first.event.event_id)
    return found


def _bare(item: Told) -> bool:
    """A noun of force with *the* or *this*, without victims, place or day of its own."""
    event = item.event
    named = item.definite or _BANGS.issuperset(event.trigger.text.lower().split())
    return named and item.inherited and not _dated(event) and not event.casualties and event.modality in CURRENT


def _dated(event: Event) -> bool:
    """Whether its own sentence says the day or week."""
    return event.date is not None and bool(day_said(event)) and (event.date.time_precision or _VAGUE) < _VAGUE


def _means(item: Told, other: Told) -> bool:
    """The same kind of force, or any force where the noun is a general one."""
    if other.sense not in _FORCE or other.event.modality not in CURRENT or other.sentence == item.sentence:
        return False
    actors = [{mention.id for mention in told.event.actor} for told in (item, other)]
    if all(actors) and not actors[0] & actors[1]:
        return False
    return item.sense in _GENERIC or item.event.sub_event_type == other.event.sub_event_type


def breaches(told: tuple[Told, ...], *, title: str = "") -> tuple[Told, ...]:
    """The mentions; where a breach of a truce is told without a place of its own, the force it means carries the flag.

    *Shells hit the village. The army called it a violation of the truce*: the shells broke it, and only they count.
    Where only the headline says it, what the article opens with broke it.
    """
    out = list(told)
    for item in told:
        if item.sense != "breach" or item.event.modality not in CURRENT:
            continue
        meant = _meant(out, item)
        for other in meant:
            out[out.index(other)] = replace(other, event=_breaching(other.event, item.event.trigger.text))
        if meant:
            last = meant[-1].event.event_id
            out[out.index(item)] = replace(item, vaguer_than=last)
        elif not _TRUCE & set(item.event.trigger.text.lower().split()) or item.event.confidence < _SURE:
            event = item.event.model_copy(update={"modality": Modality.BACKGROUND, "ceasefire_violation": False})
            out[out.index(item)] = replace(item, event=event)
    if not any(item.event.ceasefire_violation for item in out) and title and hurt_in(title):
        first = next((item for item in out if _forceful(item) and item.sentence <= _OPENING), None)
        if first:
            out[out.index(first)] = replace(first, event=_breaching(first.event, title))
    return tuple(out)


_OPENING = 1
"""Sentences of an article that its headline is about."""


def _meant(out: list[Told], breach: Told) -> list[Told]:
    """The force that broke the truce: told in the same sentence or before it, else right behind it."""
    back = _BACK if breach.inherited else 1
    force = [other for other in out if other is not breach and _forceful(other)]
    same = [other for other in force if other.sentence == breach.sentence and not _of_the_truce(other)]
    before = same or [other for other in force if 0 < breach.sentence - other.sentence <= back]
    behind = [other for other in force if 0 < other.sentence - breach.sentence <= _AHEAD and breach.inherited]
    return before or behind[:1]


def _of_the_truce(other: Told) -> bool:
    """*a violation of the cessation of hostilities*: what the truce was to end."""
    return not other.thing and other.event.trigger.text.lower() in _ENDED


_AHEAD = 2
_ENDED = frozenset({"hostilities", "fighting", "clashes", "attacks"})


def _forceful(other: Told) -> bool:
    return other.sense in _FORCE - {"breach"} and other.event.modality in CURRENT


_TRUCE = closed("border.truce") | closed("sequel.truce")
_SURE = 0.7
"""Confidence of a breach that stands without any force told beside it."""


def _breaching(event: Event, words: str) -> Event:
    reason = f"breaks the truce: {words!r}"
    return event.model_copy(
        update={
            "ceasefire": CeasefireState.BREACHED,
            "ceasefire_violation": True,
            "reasons": (*event.reasons, reason),
        }
    )
