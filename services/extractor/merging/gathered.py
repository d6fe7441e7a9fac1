"""What a sentence that goes on from a deed adds to it: the weapon, the victims, the nearer place, a broken truce."""

from dataclasses import replace

from services.core.event import Casualty, Event
from services.core.ontology import Tier
from services.extractor.event.told import CURRENT, Told, at_border_of, borders
from services.extractor.merging.elaborate import REMOTE
from services.extractor.merging.sequel import ELSEWHERE, FIGHT, NEW, exact, points, says_the_weapon, words_of


def gathered(told: tuple[Told, ...], copies: dict[str, str]) -> tuple[Told, ...]:
    """The mentions; what goes on from one gives it what it alone tells: weapon, victims, nearer place, broken truce."""
    out = {item.event.event_id: item for item in told}
    for item in told:
        root = out.get(copies.get(item.event.event_id, ""))
        if root and item.event.modality in CURRENT:
            out[root.event.event_id] = _with_more(root, item)
    return tuple(out[item.event.event_id] for item in told)


def _with_more(root: Told, item: Told) -> Told:
    a, b = root.event, item.event
    changes: dict[str, object] = {}
    if b.border_incident and not a.border_incident:
        changes |= at_border_of(a, b)
    if b.ceasefire_violation and not a.ceasefire_violation:
        reason = f"breaks the truce: {b.trigger.text!r}"
        changes |= {"ceasefire": b.ceasefire, "ceasefire_violation": True, "reasons": (*a.reasons, reason)}
    if root.sense in REMOTE and item.sense == "kill" and not a.casualties and item.sentence == root.sentence + 1:
        changes["casualties"] = b.casualties
    elif counted := _counted_behind(a, b):
        changes["casualties"] = counted
    if _tells_the_day(a, b):
        changes["date"] = b.date
    nearer = any(map(exact, points(b))) and not any(map(exact, points(a))) and _one_country(a, b)
    if root.sense not in FIGHT and not item.inherited and nearer:
        changes["location"] = tuple(dict.fromkeys((*(place for place in b.location if exact(place)), *borders(a))))
    if says_the_weapon(root, item):
        reason = f"with what: {b.trigger.text!r}"
        changes |= {key: getattr(b, key) for key in ("event_type", "sub_event_type", "plover", "mode", "cameo")}
        changes["reasons"] = (*a.reasons, reason)
    return replace(root, event=a.model_copy(update=changes)) if changes else root


def _one_country(a: Event, b: Event) -> bool:
    """Whether the nearer place lies in the country told of: not where its truce was signed."""
    told, nearer = ({place.country for place in points(event)} - {None} for event in (a, b))
    return not told or not nearer or bool(told & nearer)


def _counted_behind(root: Event, item: Event) -> tuple[Casualty, ...]:
    """*Gunmen attacked Gao. ... The raid killed nine*: with figures that only what is told later has."""
    known = {victims.kind for victims in root.casualties if victims.qualifier != "vague"}
    more = [
        v for v in item.casualties if v.qualifier != "vague" and v.count and not v.cumulative and v.kind not in known
    ]
    if not more or Tier.CASUALTY_TOLL in (root.tier, item.tier) or words_of(item.sentence.text) & (NEW | ELSEWHERE):
        return ()  # *it was the second attack after that of Gao, where a child died*
    kinds = {victims.kind for victims in more}
    return (*(v for v in root.casualties if v.kind not in kinds), *more)


def _tells_the_day(root: Event, item: Event) -> bool:
    """Whether only the later sentence says on which day it was."""
    told = item.date is not None and item.date.time_precision == 1 and bool(item.date.text)
    return told and (root.date is None or root.date.time_precision == 2)
