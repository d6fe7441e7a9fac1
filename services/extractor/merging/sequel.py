"""What an article goes on to tell of a deed that it has told: the same happening, until a sentence says otherwise.

*Jets bombed a house near Tyre on Monday, killing three. The missiles tore off the roof. It was the second raid in a
week*: a sentence with no place, day or party of its own, and no word such as *another* or *elsewhere*, goes on.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from services.core.event import Casualty, Event, Place
from services.core.ontology import Tier
from services.extractor.event.roles import GROUND
from services.extractor.event.told import CURRENT, Told
from services.extractor.merging.elaborate import REMOTE
from services.extractor.text.closed import closed

_FORCE = closed("border.force")
_NEW = closed("sequel.new")
_ELSEWHERE = closed("sequel.elsewhere")
_REPLY = closed("sequel.reply")
_BANGS = closed("echo.bangs")
_MISSILES = closed("sequel.missiles")
_GENERIC = frozenset({"attack", "kill", "destroy"})
_OWNED = frozenset({"ied", "suicide", "grenade"})
"""What a group says of itself afterwards: *its fighters had detonated the device*."""
_FIGHT = GROUND | {"clash", "breach"}
_CROWD = frozenset({"disperse", "mob", "riot", "protest"})
_DEEDS = _FORCE | {"sexual"} | _CROWD
_QUIET = frozenset({"Peaceful protest", "Protest with intervention"})
_BLOWS = closed("sequel.blows")
_NEAR = 4
"""Sentences between a blow and one that names it by another weapon, at most."""
_RECENT = timedelta(days=3)
"""Days before a day that is not told exactly on which it may have been."""


def sequels(told: tuple[Told, ...]) -> dict[str, str]:
    """For mentions that go on from one before them, the event they go on from: ids to ids."""
    found: dict[str, str] = {}
    able = tuple(item for item in told if not item.vaguer_than)
    for number, item in enumerate(able):
        deed = item.sense in _DEEDS and item.event.modality in CURRENT
        host = next((other for other in reversed(able[:number]) if _goes_on(item, other)), None) if deed else None
        host = host or _bare_before(able[:number], item) or (_counted(able[:number], item) if deed else None)
        if host:
            found[item.event.event_id] = found.get(host.event.event_id, host.event.event_id)
    return found


def _counted(before: tuple[Told, ...], item: Told) -> Told | None:
    """*The toll of the massacre rose to 13. They were killed by ...*: the toll before a killing that adds nothing."""
    bare = item.sense in _GENERIC and not any(figure.count for figure in item.event.casualties)
    if not bare or not item.inherited or (item.event.date is not None and item.event.date.text is not None):
        return None
    return next((other for other in reversed(before) if other.sense == "toll"), None)


def _goes_on(item: Told, host: Told) -> bool:
    a, b = item.event, host.event
    return (
        item.sense in _DEEDS
        and host.sense in _DEEDS
        and item.sentence > host.sentence
        and not host.headline
        and a.modality in CURRENT
        and b.modality in CURRENT
        and a.outcome == b.outcome
        and _of_one_kind(item, host)
        and not _news(item, host)
        and _actors_fit(a, b)
        and _days_fit(a, b)
        and _places_fit(item, host)
        and _tolls_fit(a, b)
        and (item.sense in _OWNED or not _claimed(a, b))
    )


def _claimed(one: Event, other: Event) -> bool:
    """Whether it is a claim of one side against the other, or of a side that did not tell the first."""
    mine, theirs = _claimants(one), _claimants(other)
    against = bool(mine) and any(not mention.id.startswith("UNK-") for mention in one.actor)
    return against or (bool(mine and theirs and not mine & theirs) and bool(one.casualties or one.target))


def _claimants(event: Event) -> set[str]:
    """The side that tells it, where a side does: what two sides claim is two things."""
    told = event.attribution
    return {mention.id[:3] for mention in told.who} if told and told.role == "belligerent" else set()


def _of_one_kind(item: Told, host: Told) -> bool:
    """Whether the words of the one may be words for the other: general ones for any deed, bangs for any explosion."""
    if item.sense in _GENERIC:
        if item.sense == "destroy" and item.event.casualties:
            return False
        shots = (
            item.sense != "destroy"
            and any(_sector(mention.id) == "REB" for mention in item.event.actor)
            and not item.definite
        )
        return host.event.sub_event_type not in _QUIET and not (shots and host.sense in REMOTE)
    if item.sense in REMOTE and host.sense in REMOTE:
        words = _words(item.event.trigger.text)
        vague = bool(words & (_BANGS | _MISSILES)) or (item.definite and bool(words & _BLOWS))
        lone = item.inherited or not any(_exact(place) for place in points(host.event))
        return item.sense == host.sense or (lone and vague and item.sentence - host.sentence <= _NEAR)
    if {item.sense, host.sense} <= GROUND:
        return item.definite and not item.inherited
    return item.sense == host.sense and item.sense not in _FIGHT


def _news(item: Told, host: Told) -> bool:
    """Whether the sentence says that it is another deed: *elsewhere*, *another attack*; or the answer to the first."""
    event = item.event
    words = _words(event.sentence.text)
    lead = re.findall(r"[\w-]+", event.sentence.text[: event.trigger.start - event.sentence.start].lower())[-_LEAD:]
    other = bool(words & _ELSEWHERE or _NEW & set(lead)) or lead[-1:] == ["other"]
    return (other and not item.definite) or (bool(words & _REPLY) and item.sense == host.sense)


_LEAD = 3
"""Words before a trigger in which *another* and *earlier* are said of it."""


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.lower()))


def _sector(ident: str) -> str:
    return ident.rsplit("-", maxsplit=1)[-1]


def _actors_fit(one: Event, other: Event) -> bool:
    """Whether one party may be behind both; who is named here is not somebody else who is named there."""
    named = [mention.id for mention in one.actor if not mention.id.startswith("UNK-")]
    if named and other.actor:
        return any(_may_be(mine, mention.id) for mine in named for mention in other.actor)
    return not one.actor or not other.actor or any(_may_be(a.id, b.id) for a in one.actor for b in other.actor)


def _may_be(one: str, other: str) -> bool:
    sectors = {_sector(one), _sector(other)}
    if one == other or "CVL" in sectors:
        return True
    if "UNK" not in (one[:3], other[:3]):
        return one.split("-", maxsplit=1)[0] == other.split("-", maxsplit=1)[0]
    return not (sectors & {"MIL", "COP", "GOV", "MOD"} and "REB" in sectors)


def _days_fit(one: Event, other: Event) -> bool:
    """Whether the day that the sentence itself names, if it does, can be that of the other."""
    own, before = one.date, other.date
    if own is None or own.value is None or own.text is None or own.text not in one.sentence.text:
        return True
    if before is None or before.value is None:
        return True
    first, last = _span(one)
    low, high = _span(other)
    return first <= high and low <= last


def _span(event: Event) -> tuple[date, date]:
    found = event.date
    if found is None or found.value is None:
        return date.min, date.max
    exact = found.time_precision == 1
    low, high = found.start or found.value, found.end or found.value
    return (low if exact or found.start else low - _RECENT), high


def _tolls_fit(one: Event, other: Event) -> bool:
    """Whether a sentence with a day of its own tells of as many dead: *on Thursday eleven were killed* may be new."""
    if one.date is None or one.date.text is None or one.date.text not in one.sentence.text:
        return True
    dead = [
        {c.count for c in e.casualties if c.kind == "killed" and c.count and not c.cumulative} for e in (one, other)
    ]
    return not all(dead) or max(dead[0]) <= 2 * max(dead[1])


def _places_fit(item: Told, host: Told) -> bool:
    """Whether the place that the sentence itself names, if it does, can be that of the other."""
    part = _PART.match(item.event.sentence.text)
    if part or item.inherited or not item.event.location or not host.event.location:
        return True
    if item.sense == host.sense == "abduct" and _LED_OFF.search(item.event.trigger.text):
        return True
    if item.definite and _TOOK_PLACE.match(item.event.sentence.text):
        return {place.country for place in item.event.location} == {place.country for place in host.event.location}
    return any(_holds(a, b) or _holds(b, a) for a in points(item.event) for b in points(host.event))


_LED_OFF = re.compile(r"\b(?:the|them|him|her|those)\b")
"""*led the worshippers into the forest of X*: where those were brought who have been taken already."""
_TOOK_PLACE = re.compile(r"\W*(?:the|this)\s(?:[\w-]+\s){1,8}?(?:took place|happened|occurred)\b", re.IGNORECASE)
"""*The attack took place near X*: of the deed told before it only tells where or when."""
_PART = re.compile(r"\W*(?:[\w-]+\s+){1,4}of\s+(?:them|these|those)\b", re.IGNORECASE)
"""*Nine of them were shot*: a part of those told of before."""


def points(event: Event) -> tuple[Place, ...]:
    """Its places; a border that it names besides is none."""
    return tuple(place for place in event.location if not place.is_border) or event.location


def _holds(one: Place, other: Place) -> bool:
    """Whether the second place is the first, or lies in it."""
    if one.name == other.name:
        return True
    if one.country != other.country:
        return False
    return (one.lat is None and one.geo_precision == 3) or (
        other.admin is not None and other.admin in (one.name, one.text)
    )


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
        changes |= {"border_incident": True, "location": tuple(dict.fromkeys((*a.location, *_borders(b))))}
        changes |= {"actor": (*a.actor, *(mention for mention in b.actor if mention not in a.actor))}
    if b.ceasefire_violation and not a.ceasefire_violation:
        reason = f"breaks the truce: {b.trigger.text!r}"
        changes |= {"ceasefire": b.ceasefire, "ceasefire_violation": True, "reasons": (*a.reasons, reason)}
    if root.sense in REMOTE and item.sense == "kill" and not a.casualties and item.sentence == root.sentence + 1:
        changes["casualties"] = b.casualties
    elif counted := _counted_behind(a, b):
        changes["casualties"] = counted
    if _tells_the_day(a, b):
        changes["date"] = b.date
    if (
        root.sense not in _FIGHT
        and not item.inherited
        and not any(map(_exact, points(a)))
        and any(map(_exact, points(b)))
    ):
        changes["location"] = tuple(dict.fromkeys((*(place for place in b.location if _exact(place)), *_borders(a))))
    if _says_the_weapon(root, item):
        reason = f"with what: {b.trigger.text!r}"
        changes |= {key: getattr(b, key) for key in ("event_type", "sub_event_type", "plover", "mode", "cameo")}
        changes["reasons"] = (*a.reasons, reason)
    return replace(root, event=a.model_copy(update=changes)) if changes else root


def _counted_behind(root: Event, item: Event) -> tuple[Casualty, ...]:
    """*Gunmen attacked Gao. ... The raid killed nine*: with figures that only what is told later has."""
    known = {victims.kind for victims in root.casualties if victims.qualifier != "vague"}
    more = [
        v for v in item.casualties if v.qualifier != "vague" and v.count and not v.cumulative and v.kind not in known
    ]
    if not more or Tier.CASUALTY_TOLL in (root.tier, item.tier) or _words(item.sentence.text) & (_NEW | _ELSEWHERE):
        return ()  # *it was the second attack after that of Gao, where a child died*
    kinds = {victims.kind for victims in more}
    return (*(v for v in root.casualties if v.kind not in kinds), *more)


def _tells_the_day(root: Event, item: Event) -> bool:
    """Whether only the later sentence says on which day it was."""
    told = item.date is not None and item.date.time_precision == 1 and bool(item.date.text)
    return told and (root.date is None or root.date.time_precision == 2)


def _exact(place: Place) -> bool:
    return place.geo_precision != 3


def _borders(event: Event) -> tuple[Place, ...]:
    return tuple(place for place in event.location if place.is_border)


def _says_the_weapon(root: Told, item: Told) -> bool:
    """*Seven died in Khost. Jets had bombed two houses*: what killed them is told behind."""
    bare = root.sense in _GENERIC and root.event.sub_event_type in {"Attack", "Armed clash", item.event.sub_event_type}
    return bare and item.sense in REMOTE and item.sentence - root.sentence <= _NEAR


def _bare_before(before: tuple[Told, ...], item: Told) -> Told | None:
    """The bare killing that a blow with a weapon explains."""
    if not item.inherited or item.sense not in REMOTE:
        return None
    able = (host for host in before if _says_the_weapon(host, item))
    return next((host for host in able if _goes_on(replace(item, sense="kill"), host)), None)
