"""What an article goes on to tell of a deed that it has told: the same happening, until a sentence says otherwise.

*Jets bombed a house near Tyre on Monday, killing three. The missiles tore off the roof. It was the second raid in a
week*: a sentence with no place, day or party of its own, and no word such as *another* or *elsewhere*, goes on.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from services.core.event import Event, Place
from services.extractor.event.roles import GROUND
from services.extractor.event.told import CURRENT, Told, day_said, words_before
from services.extractor.merging.elaborate import REMOTE
from services.extractor.text.closed import closed

_FORCE = closed("border.force")
NEW = closed("sequel.new")
ELSEWHERE = closed("sequel.elsewhere")
_REPLY = closed("sequel.reply")
_BANGS = closed("echo.bangs")
_MISSILES = closed("sequel.missiles")
_GENERIC = frozenset({"attack", "kill", "destroy"})
_OWNED = frozenset({"ied", "suicide", "grenade"})
"""What a group says of itself afterwards: *its fighters had detonated the device*."""
FIGHT = GROUND | {"clash", "breach"}
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
        host = host or next((other for other in reversed(able[:number]) if _driven_off(item, other)), None)
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


def _driven_off(item: Told, host: Told) -> bool:
    """*The army retook X. The rebels withdrew without a fight*: who left are those whom the ground was taken from."""
    if item.sense != "withdraw" or host.sense not in GROUND or not item.inherited:
        return False
    current = item.event.modality in CURRENT and host.event.modality in CURRENT
    near = 0 < item.sentence - host.sentence <= _NEAR and not _news(item, host)
    ours = {mention.id for mention in item.event.actor} & {mention.id for mention in host.event.actor}
    return current and near and not ours and _days_fit(item.event, host.event)


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
        own = any(words_of(harm.text) <= words_of(item.event.sentence.text) for harm in item.event.casualties)
        if item.sense == "destroy" and own:
            return False
        shots = (
            item.sense != "destroy"
            and any(_sector(mention.id) == "REB" for mention in item.event.actor)
            and not item.definite
        )
        return host.event.sub_event_type not in _QUIET and not (shots and host.sense in REMOTE)
    if item.sense in REMOTE and host.sense in REMOTE:
        words = words_of(item.event.trigger.text)
        vague = bool(words & (_BANGS | _MISSILES)) or (item.definite and bool(words & _BLOWS))
        lone = item.inherited or not any(exact(place) for place in points(host.event))
        return item.sense == host.sense or (lone and vague and item.sentence - host.sentence <= _NEAR)
    if {item.sense, host.sense} <= GROUND:
        return item.definite and not item.inherited
    if item.sense == "protest" and item.definite and host.sense in _CROWD:
        return True
    return item.sense == host.sense and item.sense not in FIGHT


def _news(item: Told, host: Told) -> bool:
    """Whether the sentence says that it is another deed: *elsewhere*, *another attack*; or the answer to the first."""
    event = item.event
    words = words_of(event.sentence.text)
    lead = re.findall(r"[\w-]+", words_before(event))[-_LEAD:]
    other = bool(words & ELSEWHERE or NEW & set(lead)) or lead[-1:] == ["other"]
    return (other and not item.definite) or (bool(words & _REPLY) and item.sense == host.sense)


_LEAD = 3
"""Words before a trigger in which *another* and *earlier* are said of it."""


def words_of(text: str) -> set[str]:
    """The words of a text in small letters."""
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
    own, before, said = one.date, other.date, day_said(one)
    if not said or own is None or own.value is None:
        return True
    if before is None or before.value is None:
        return True
    opens = one.sentence.text.lower().startswith(f"on {said.lower()} ")
    if opens and before.text and before.value - own.value > timedelta(days=1):
        return False  # *X accused Y on Saturday of shelling a village. On Thursday a soldier was killed*
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
    if not day_said(one):
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
    pairs = [(a, b) for a in points(item.event) for b in points(host.event)]
    same = _THE_SAME.match(item.event.sentence.text) and not any(exact(place) for place in points(host.event))
    return any(_holds(a, b) or _holds(b, a) or (same and a.lat is None and a.country == b.country) for a, b in pairs)


_THE_SAME = re.compile(
    r"\W*(?:they|the (?:attackers|assailants|gunmen|raiders|bandits|killers|men|militants|rebels|fighters|insurgents))"
    r"\b",
    re.IGNORECASE,
)
"""*Gunmen raided two villages in X state. The attackers burned homes in A and B*: where in the state it was."""
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


def exact(place: Place) -> bool:
    """Whether it is no region or country, which may hold others."""
    return place.geo_precision != 3


def says_the_weapon(root: Told, item: Told) -> bool:
    """*Seven died in Khost. Jets had bombed two houses*: what killed them is told behind."""
    bare = root.sense in _GENERIC and root.event.sub_event_type in {"Attack", "Armed clash", item.event.sub_event_type}
    bang = root.sense == "ied" != item.sense and bool(words_of(root.event.trigger.text) & _BANGS)
    return (bare or bang) and item.sense in REMOTE and item.sentence - root.sentence <= _NEAR


def _bare_before(before: tuple[Told, ...], item: Told) -> Told | None:
    """The bare killing that a blow with a weapon explains."""
    if not item.inherited or item.sense not in REMOTE:
        return None
    able = (host for host in before if says_the_weapon(host, item))
    return next((host for host in able if _goes_on(replace(item, sense="kill"), host)), None)
