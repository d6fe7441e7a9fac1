"""Within one sentence: mentions that only add to another of the same happening are folded into it."""

from collections.abc import Iterator
from itertools import pairwise

from services.extractor.event.cues import crowd_only, mere_way
from services.extractor.event.told import CURRENT, Told
from services.extractor.event.when import adjunct
from services.extractor.merging.losses import with_losses
from services.extractor.reading.read import Reading
from services.extractor.reading.triggers import Find
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed

_HARM = frozenset({"kill", "destroy", "toll"})
_BANGS = closed("echo.bangs")
_MEANS = closed("absorb.means")
_FORCE = _MEANS | _HARM


def absorbed(reading: Reading, finds: tuple[Find, ...], items: tuple[Told, ...]) -> Iterator[Told]:
    """The mentions of a sentence, with killings folded into what killed and adjuncts into what they go with."""
    if len(items) == 1:  # nothing to fold it into, and nothing to fold
        yield items[0]
        return
    pairs = tuple(zip(items, finds, strict=True))
    acting = [item for item, find in pairs if find.sense in _HARM and item.event.actor and _current(item)]
    weak = [item for item, find in pairs if adjunct(reading, find) and len(item.event.actor) < 2]
    faces = [item for item, find in pairs if crowd_only(reading, find)]
    able = [(item, find) for item, find in pairs if item not in faces and not _mere(find)]
    hosts = [item for item, find in able if find.sense in _MEANS and _current(item)]
    strong = [item for item in hosts if item not in weak] or ([] if acting else hosts)
    killers = [item for item, find in pairs if find.sense == "kill" and item.event.target and _current(item)]
    nobody = [item for item, find in pairs if find.sense == "attack" and find.verbal and not item.event.actor]
    folded: list[Told] = []
    for item, find in pairs:
        apart = _told_apart(reading, (item, find), pairs)
        others = [other for other in strong if other is not item and other not in [*folded, *apart]]
        bare = find.sense == "attack" and not find.verbal and not item.event.target
        if not _days_after(reading, find) and (
            (item in weak and (others or acting))
            or (item in faces and any(o.sense in _POLICING | _HARM for o, f in able if _current(o)))
            or (find.sense == "agreement" and any(other.sense == "breach" for other in others))
            or (bare and killers and not others)
            or (find.sense == "mob" and reading.words[find.start].lower == "with" and killers)
            or (find.sense == "attack" and not item.event.casualties and _raid_for(item, others))
            or (find.sense == "attack" and find.verbal and any(_one_deed(item, k) for k in killers if k not in folded))
            or (find.sense == "destroy" and any(_one_deed(item, k) for k in killers if k not in folded))
            or (find.sense in _HARM and _current(item) and _hosted(item, _able(item, others, nobody), killers))
            or (_outcome(reading, find) and _before(pairs, find, folded))
            or _told_twice(reading, (item, find), pairs)
            or _part_of(item, find, pairs)
            or _named_with(item, find, pairs)
            or (mere_way(find) and any(_did_more(other, o) for other, o in pairs))
            or (find.sense == "attack" and item.event.outcome is None and _better(item, others))
        ):
            folded.append(item)
    kept = [(item, find) for item, find in pairs if item not in folded]
    by_hand = any(item in folded and reading.words[find.start].lower in _BY_HAND for item, find in pairs)
    host = _bearer([pair for pair in kept if not by_hand or pair[1].sense != "disperse"])
    for item, _ in kept:
        yield with_losses(item, folded) if item is host else item


def _days_after(reading: Reading, find: Find) -> bool:
    """*three days after gunmen killed nine, the armies exchanged fire*: what went before is no part of it."""
    forms = reading.words.forms[max(0, find.start - _LEAD) : find.start]
    return any(unit in _UNITS and after == "after" for unit, after in pairwise(forms))


_LEAD = 6
"""Words between *days after* and the deed."""
_UNITS = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years"})


def _told_apart(reading: Reading, pair: tuple[Told, Find], pairs: tuple[tuple[Told, Find], ...]) -> list[Told]:
    """What has nothing to do with a killing that nobody is named for."""
    item, find = pair
    alone = find.sense == "kill" and not item.event.actor
    return [other for other, trigger in pairs if _apart(reading, find, trigger)] if alone else []


def _apart(reading: Reading, find: Find, other: Find) -> bool:
    """*one was hurt in police firing while two died of stab wounds*: shots and deaths that are told as two things."""
    between = reading.words.forms[min(find.start, other.start) : max(find.start, other.start)]
    by_hand = reading.words[find.start].lower in _BY_HAND and other.sense == "disperse"
    return by_hand or (other.sense == "attack" and not {"while", "whereas"}.isdisjoint(between))


_BY_HAND = closed("absorb.by_hand")


def _able(item: Told, others: list[Told], nobody: list[Told]) -> list[Told]:
    """Without what nobody is named for, where the harm has somebody: *five died in police firing, two were stabbed*."""
    return [other for other in others if other not in nobody] if item.event.actor else others


def _raid_for(attack: Told, others: list[Told]) -> bool:
    """*took three hostage in a raid on a mine*: what they came for."""
    fits = (other for other in others if other.sense == "abduct" and other.event.modality is attack.event.modality)
    return any(
        (other.event.sub_event_type or "").startswith("Abduction") and _may_share(attack, other) for other in fits
    )


def _may_share(one: Told, other: Told) -> bool:
    return not one.event.actor or not other.event.actor or one.event.actor == other.event.actor


def _one_deed(attack: Told, killing: Told) -> bool:
    """*attacked a camp and killed fourteen people*: what the attack came to."""
    a, b = attack.event, killing.event
    return (
        attack is not killing
        and bool(a.actor)
        and (a.actor, a.border_incident) == (b.actor, b.border_incident)
        and (a.sub_event_type, a.location, a.modality, a.outcome)
        == (b.sub_event_type, b.location, b.modality, b.outcome)
    )


def _mere(find: Find) -> bool:
    """What tells of no deed itself: how they came, or that a truce is the worse for it."""
    return mere_way(find) or (find.sense == "breach" and find.trigger.strength <= _PICTURE)


_PICTURE = 0.5
"""Strength of words for a truce that is hurt, which count beside force only."""


def _did_more(item: Told, find: Find) -> bool:
    """Whether a mention is what those did who *crossed the border*."""
    return find.sense in _FORCE and _current(item) and not mere_way(find)


def _outcome(reading: Reading, find: Find) -> bool:
    """*..., killing three*: what came of the deed before it, whoever stands nearer."""
    start = find.start
    return (
        find.sense in _HARM | {"attack"}
        and start > 0
        and reading.words[start].lower in _OUTCOMES
        and reading.words[start - 1].text in {",", "and"}
    )


_OUTCOMES = frozenset({"killing", "wounding", "injuring", "maiming", "destroying", "damaging"})


def _before(pairs: tuple[tuple[Told, Find], ...], find: Find, folded: list[Told]) -> bool:
    return any(
        other.sense in _MEANS and earlier.start < find.start and _current(other) and other not in folded
        for other, earlier in pairs
    )


def _told_twice(reading: Reading, pair: tuple[Told, Find], pairs: tuple[tuple[Told, Find], ...]) -> bool:
    """Whether an earlier trigger of the same clause tells the same: *killed by police bullets*."""
    item, find = pair
    start, _ = clause_of(reading.reach.starts, len(reading.words), find.start)
    start = 0 if find.sense == "abduct" else start
    own = find.verbal and item.event.trigger.text.lower().endswith(_FIRING)
    part = not _PART.isdisjoint(reading.words.forms[find.start - 1 : find.start + 1])
    if find.sense == "kill" and item.event.actor and (own or part):
        return False
    return find.sense in _ONCE and any(
        other.event.sub_event_type == item.event.sub_event_type
        and start <= earlier.start < find.start
        and other.event.location == item.event.location
        for other, earlier in pairs
        if earlier.sense == find.sense and (_current(other) or not _current(item) or find.sense != "kill")
    )


def _part_of(item: Told, find: Find, pairs: tuple[tuple[Told, Find], ...]) -> bool:
    """*withdrew without resistance*, *seized rifles and a grenade launcher*: what only says how, or what else."""
    if find.sense not in _HOW and (find.verbal or item.event.sub_event_type != _SEIZED):
        return False
    return any(
        other is not item
        and trigger.sense not in _HOW
        and trigger.verbal
        and (other.event.sub_event_type, other.event.modality) == (item.event.sub_event_type, item.event.modality)
        for other, trigger in pairs
    )


_HOW = frozenset({"handover"})
_SEIZED = "Disrupted weapons use"
_PART = frozenset({"of", "another", "others", "rest"})
"""*Nine were killed, five of them in police firing*: what is told of a part of them is told once."""

_ONCE = frozenset(
    {"kill", "shell", "air", "ied", "grenade", "suicide", "chemical", "abduct", "disperse", "riot", "mob", "protest"}
)


def _named_with(item: Told, find: Find, pairs: tuple[tuple[Told, Find], ...]) -> bool:
    """*shot dead two protesters*, *a missile fell, the explosion ...*: what only names the crowd or the bang."""
    if not _current(item) or find.verbal:
        return False
    others = [other for other, trigger in pairs if trigger is not find and _current(other)]
    if find.sense == "protest":
        kind = item.event.sub_event_type
        return any(o.event.sub_event_type == kind != "Peaceful protest" and o.sense in _POLICING for o in others)
    bang = _BANGS.issuperset(item.event.trigger.text.lower().split())
    return bang and any(other.sense in _BLOWS for other in others)


_POLICING = frozenset({"kill", "attack", "disperse", "arrest", "riot"})
_BLOWS = frozenset({"shell", "air", "suicide", "grenade"})


def _bearer(kept: list[tuple[Told, Find]]) -> Told | None:
    """The mention that the victims of a sentence belong to: force before a change of ground."""
    able = [item for item, find in kept if find.sense in _FORCE and _current(item)]
    return next((item for item in able if item.sense not in _GROUND), able[0] if able else None)


_GROUND = frozenset({"capture", "recapture", "control", "withdraw"})


def _hosted(item: Told, others: list[Told], killers: list[Told]) -> bool:
    """Whether something else in the sentence is what killed: not a bare noun, and no less certain."""
    sure = [other for other in others if other.event.modality in {item.event.modality, "asserted"}]
    if item.event.actor and item.event.trigger.text.lower().endswith(_FIRING):
        sure = [other for other in sure if other.event.actor]
    if item in killers and item.event.civilian_targeting and not item.event.trigger.text.endswith("ing"):
        sure = [other for other in sure if other.sense not in _TAKEN]
    if item.event.actor:
        sure = [other for other in sure if other.event.actor or other.sense != "attack"]
    plain = [other for other in sure if not (item in killers and other.sense == "attack" and not other.event.target)]
    return any(
        other.sense not in _CROWD | {"suicide", "abduct", "withdraw"} or _shared_actor(item, other) for other in plain
    )


_FIRING = ("firing", "bullets", "bullet")
"""*four killed in police firing and one in a blast*: what killed is named already."""
_TAKEN = frozenset({"overrun", "capture", "control"})
"""What is done to a place; *overran the village and butchered nine farmers* is two things."""


def _shared_actor(one: Told, other: Told) -> bool:
    """Whether one party may be behind both; what a nameless crowd did is not what somebody else did."""
    actors = [{mention.id for mention in told.event.actor} for told in (one, other)]
    if actors[0] & {mention.id for mention in other.event.target}:
        return False
    if actors[0] and not actors[1]:
        return other.sense not in {"mob", "riot", "suicide"}
    return not all(actors) or bool(actors[0] & actors[1])


_CROWD = frozenset({"mob", "riot", "protest", "disperse", "clash", "attack"})


def _current(item: Told) -> bool:
    return item.event.modality in CURRENT


def _better(item: Told, others: list[Told]) -> bool:
    """Whether another mention says more exactly what a bare attack was."""
    return any(
        other.sense == "breach"
        or (other.event.sub_event_type == item.event.sub_event_type and other.sense not in {"attack", "clash"})
        for other in others
    )
