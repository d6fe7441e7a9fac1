"""One article's mentions made one: repeats marked, denials tied to the claim they deny."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from services.core.event import Event
from services.core.ontology import Modality
from services.extractor.event.told import CURRENT, Told
from services.extractor.merging.echo import breaches, echoes
from services.extractor.merging.elaborate import elaborated
from services.extractor.merging.gathered import gathered
from services.extractor.merging.old import with_old
from services.extractor.merging.sequel import points, sequels
from services.extractor.text.closed import closed


def merged(told: tuple[Told, ...], title: str = "") -> tuple[Event, ...]:
    """The events in text order, denials linked, with ``duplicate_of`` on those that tell again what another tells.

    Args:
        told: the mentions in text order.
        title: the headline, which may say that a truce was broken.
    """
    linked = breaches(with_old(elaborated(_denied(told))), title=title)
    copies = _copies(linked)
    return tuple(_weighed(_marked(item.event, copies)) for item in gathered(linked, copies))


def _weighed(event: Event) -> Event:
    """The event, a deed without a day a little less sure: of those found by mistake most have none."""
    dated = event.date is not None and event.date.text is not None
    if dated or event.sub_event_type is None:
        return event
    return event.model_copy(update={"confidence": round(max(event.confidence - _UNDATED, _LEAST), 3)})


_UNDATED, _LEAST = 0.2, 0.05


def _copies(linked: tuple[Told, ...]) -> dict[str, str]:
    """For each mention that tells again what another tells, that other one: ids to ids, none of them a copy."""
    body_first = sorted(linked, key=lambda t: t.headline)
    kept: dict[_Kind, list[Told]] = defaultdict(list)
    vague = {item.event.event_id: item.vaguer_than for item in linked if item.vaguer_than}
    copies = sequels(linked) | echoes(linked) | vague
    for item in (item for item in body_first if item.event.event_id not in copies):
        alike = kept[_kind(item.event)]
        first = next((other for other in alike if _same(item, other)), None)
        if first:
            copies[item.event.event_id] = first.event.event_id
        else:
            alike.append(item)
    return {ident: _root(copies, ident) for ident in copies}


def _root(copies: dict[str, str], ident: str) -> str:
    seen = {ident}
    while copies.get(ident, ident) not in seen:
        ident = copies[ident]
        seen.add(ident)
    return ident


def _marked(event: Event, copies: dict[str, str]) -> Event:
    first = copies.get(event.event_id)
    return event.model_copy(update={"duplicate_of": first}) if first else event


_Kind = tuple[str, str | None, str | None]


def _kind(event: Event) -> _Kind:
    return event.tier, event.sub_event_type, event.plover if event.tier == "verbal" else ""


def _same(one: Told, other: Told) -> bool:
    """Whether two mentions of one kind tell one happening: nothing tells them apart."""
    a, b = one.event, other.event
    if one.sentence == other.sentence:
        return False
    if a.tier == "verbal":
        return a.modality == b.modality and _same_act(a, b)
    if a.modality not in CURRENT or b.modality not in CURRENT:
        return False
    if a.sentence.text.casefold() == b.sentence.text.casefold():
        return a.trigger.text.casefold() == b.trigger.text.casefold()
    return _same_count(a, b) if a.tier == "casualty_toll" else _same_force(one, other)


def _same_count(a: Event, b: Event) -> bool:
    figures = [{(c.kind, c.who, c.count) for c in event.casualties} for event in (a, b)]
    return bool(figures[0] & figures[1])


def _same_force(one: Told, other: Told) -> bool:
    alike = one.sense == other.sense and one.thing == other.thing and one.event.outcome == other.event.outcome
    return alike and _agree(one, other)


def _same_act(a: Event, b: Event) -> bool:
    actors = {m.id for m in a.actor} & {m.id for m in b.actor}
    return bool(actors) and (a.mode, a.cameo) == (b.mode, b.cameo) and a.plover not in {"CONSULT", "SUPPORT"}


def _agree(one: Told, other: Told) -> bool:
    a, b = one.event, other.event
    return (
        _compatible(_places(one), _places(other))
        and _compatible(_days(a), _days(b))
        and _compatible({m.id for m in a.actor}, {m.id for m in b.actor})
        and (_compatible(_claimants(a), _claimants(b)) or _same_toll(a, b))
        and (a.ceasefire_violation, a.border_incident) == (b.ceasefire_violation, b.border_incident)
    )


def _compatible(one: set[str], other: set[str]) -> bool:
    return not one or not other or bool(one & other)


def _places(told: Told) -> set[str]:
    """Names of the places, with the holder of a disputed region standing for all places in it."""
    if told.inherited:
        return set()
    return {place.name for place in points(told.event)} | ({told.holder} if told.holder else set())


def _days(event: Event) -> set[str]:
    date = event.date
    return {str(date.value)} if date and date.value and date.time_precision == 1 else set()


def _claimants(event: Event) -> set[str]:
    return {mention.id[:3] for mention in event.attribution.who} if event.attribution else set()


def _same_toll(a: Event, b: Event) -> bool:
    counts = [{c.count for c in event.casualties if c.count and not c.cumulative} for event in (a, b)]
    return any(abs(x - y) <= max(x, y) * 0.1 for x in counts[0] for y in counts[1])


def _denied(told: tuple[Told, ...]) -> tuple[Told, ...]:
    """Denials set ``denied_by`` on the newest claim that they can mean; a denied mention of that claim goes.

    Where this article has no such claim, it is set on what is denied.
    """
    out = list(told)
    for denial in (item for item in told if item.event.plover == "REJECT" and item.event.modality is Modality.DENIED):
        here = (item for item in out if item.sentence == denial.sentence and item.event.tier != "verbal")
        named = next((item for item in here if item.event.modality is Modality.DENIED), None)
        claim = next(_claims(out, denial, named), None)
        if claim:
            event = claim.event.model_copy(update={"denied_by": denial.event.actor})
            out[out.index(claim)] = replace(claim, event=event)
            if named:
                out.remove(named)
        elif named:
            # What it denies was told elsewhere: whoever reads both must know who says otherwise.
            event = named.event.model_copy(update={"denied_by": denial.event.actor})
            out[out.index(named)] = replace(named, event=event)
    return tuple(out)


def _claims(out: list[Told], denial: Told, named: Told | None) -> Iterator[Told]:
    """Claims that a denial can mean, newest first: of the kind it names, else what it calls a claim, not its own."""
    said = denial.event.trigger.text.lower()
    speaks_of_claim = any(word in said for word in ("claim", "allegation", "accusation", "report"))
    deniers = {mention.id[:3] for mention in denial.event.actor}
    for other in reversed(out):
        back = denial.sentence - other.sentence
        force = other.event.tier != "verbal" and other.event.modality in CURRENT
        before = other.event.trigger.start < denial.event.trigger.start
        kind = named is None or other.event.sub_event_type == named.event.sub_event_type
        accused = deniers & {mention.id[:3] for mention in other.event.actor} and _of_the_deed(denial.event)
        far = _BACK if named or speaks_of_claim or accused else 0
        if force and before and kind and 0 <= back <= far and not deniers & _claimants(other.event):
            yield other


def _of_the_deed(denial: Event) -> bool:
    """*denied that*, *denied any*, *denied involvement*: not *denied a visa*."""
    after = denial.sentence.text[denial.trigger.end - denial.sentence.start :].split()
    return not after or after[0].strip(".,").lower() in _DEEDS


_DEEDS = closed("merge.deeds")
_BACK = 2
"""Sentences between a claim and its denial, at most."""
