"""Within one sentence: mentions that only add to another of the same happening are folded into it."""

from collections.abc import Iterator
from dataclasses import replace

from services.core.event import Event
from services.extractor.clauses import clause_of
from services.extractor.closed import closed
from services.extractor.read import Reading
from services.extractor.told import CURRENT, Told
from services.extractor.triggers import Find

_HARM = frozenset({"kill", "destroy", "toll"})
_MEANS = closed("absorb.means")
_ADJUNCT = frozenset({"during", "after", "amid", "in", "following", "throughout"})
_STOPS = frozenset({",", "with", "and", "between"})


def absorbed(reading: Reading, finds: tuple[Find, ...], items: tuple[Told, ...]) -> Iterator[Told]:
    """The mentions of a sentence, with killings folded into what killed and adjuncts into what they go with."""
    pairs = tuple(zip(items, finds, strict=True))
    acting = [item for item, find in pairs if find.sense in _HARM and item.event.actor and _current(item)]
    weak = [item for item, find in pairs if adjunct(reading, find) and len(item.event.actor) < 2]
    hosts = [item for item, find in pairs if find.sense in _MEANS and _current(item)]
    strong = [item for item in hosts if item not in weak] or ([] if acting else hosts)
    killers = [item for item, find in pairs if find.sense == "kill" and item.event.target and _current(item)]
    folded: list[Told] = []
    for item, find in pairs:
        others = [other for other in strong if other is not item and other not in folded]
        bare = find.sense == "attack" and not find.verbal and not item.event.target
        if (
            (item in weak and (others or acting))
            or (find.sense == "agreement" and any(other.sense == "breach" for other in others))
            or (bare and killers and not others)
            or (find.sense in _HARM and _current(item) and _hosted(item, others, killers))
            or _told_twice(reading, (item, find), pairs)
            or (find.sense == "attack" and item.event.outcome is None and _better(item, others))
        ):
            folded.append(item)
    kept = [(item, find) for item, find in pairs if item not in folded]
    host = _bearer(kept)
    for item, find in kept:
        yield _with_losses(item, find, folded) if item is host else item


def _told_twice(reading: Reading, pair: tuple[Told, Find], pairs: tuple[tuple[Told, Find], ...]) -> bool:
    """Whether an earlier trigger of the same clause tells the same: *killed by police bullets*."""
    item, find = pair
    start, _ = clause_of(reading.reach.starts, len(reading.words), find.start)
    return find.sense in _ONCE and any(
        other.event.sub_event_type == item.event.sub_event_type
        and start <= earlier.start < find.start
        and other.event.location == item.event.location
        for other, earlier in pairs
        if earlier.sense == find.sense
    )


_ONCE = frozenset({"kill", "shell", "air", "ied", "grenade", "suicide", "chemical"})


def _bearer(kept: list[tuple[Told, Find]]) -> Told | None:
    """The mention that the victims of a sentence belong to: force before a change of ground."""
    able = [item for item, find in kept if find.sense in _MEANS | _HARM and _current(item)]
    return next((item for item in able if item.sense not in _GROUND), able[0] if able else None)


_GROUND = frozenset({"capture", "recapture", "control", "withdraw"})


def _hosted(item: Told, others: list[Told], killers: list[Told]) -> bool:
    """Whether something else in the sentence is what killed: not a bare noun, and no less certain."""
    sure = [other for other in others if other.event.modality in {item.event.modality, "asserted"}]
    plain = [other for other in sure if not (item in killers and other.sense == "attack" and not other.event.target)]
    return any(other.sense not in _CROWD or _shared_actor(item, other) for other in plain)


def _shared_actor(one: Told, other: Told) -> bool:
    """Whether one party may be behind both; what a nameless crowd did is not what somebody else did."""
    actors = [{mention.id for mention in told.event.actor} for told in (one, other)]
    if actors[0] and not actors[1]:
        return other.sense not in {"mob", "riot"}
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


def adjunct(reading: Reading, find: Find) -> bool:
    """*during the clashes*, *in the latest fighting*: the noun only says when the rest happened."""
    if find.sense != "clash" or find.verbal:
        return False
    before = (reading.words[k].lower for k in range(find.start - 1, max(-1, find.start - 6), -1))
    word = next((word for word in before if word in _ADJUNCT | _STOPS), "")
    return word in _ADJUNCT


def _with_losses(item: Told, find: Find, folded: list[Told]) -> Told:
    """The mention with the figures of what was folded into it."""
    more = tuple(casualty for other in folded for casualty in other.event.casualties)
    if not more or find.sense not in _MEANS | _HARM:
        return item
    event: Event = item.event.model_copy(update={"casualties": tuple(dict.fromkeys((*item.event.casualties, *more)))})
    return replace(item, event=event)
