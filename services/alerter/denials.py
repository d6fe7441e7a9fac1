"""Who denies what, and what that takes back. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.alerter.clusters import Incidents
from services.alerter.facts import Facts, facts_of
from services.alerter.likeness import denial_of
from services.core.article import is_late
from services.core.event import Attribution
from services.core.ontology import Modality
from services.core.rule import Denials, Rule
from services.core.sighting import Sighting, Verdict

_LEAST = -1
"""How unlike a denial's words may be to those of what it denies: it need not repeat when that was."""


@dataclass(frozen=True)
class Denied:
    """What denials do: for each sighting's id when and why it was withdrawn, and for each denial what it denies."""

    withdrawn: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def is_denial(sighting: Sighting) -> bool:
    """Whether it says that something did not happen, and is not itself what the rule counts."""
    return sighting.refused is Verdict.WRONG_MODALITY and sighting.modality is Modality.DENIED


def denied(
    sightings: Sequence[Sighting], others: Sequence[Sighting], by: Incidents, *, stories: Mapping[str, str], rule: Rule
) -> Denied:
    """What the denials among ``others``, and those beside a claim in its own article, do to the sightings.

    A denial bears on what was told before it, and on its own article; who tells the thing again afterwards knows of it.
    """
    members: dict[str, list[Sighting]] = {}
    if not any(sighting.deniers or is_denial(sighting) for sighting in (*sightings, *others)):
        return Denied()
    for sighting in sightings:
        members.setdefault(by.of[sighting.sighting_id], []).append(sighting)
    withdrawn: dict[str, tuple[datetime, str]] = {}
    notes: dict[str, str] = {}
    for denial, told in _aims([*sightings, *others], members, by, rule):
        taken = _taken(denial, told, stories, rule)
        for sighting, reason in taken:
            earlier = withdrawn.get(sighting.sighting_id)
            withdrawn[sighting.sighting_id] = min(earlier or (denial.at, reason), (denial.at, reason))
        if is_denial(denial):
            effect = "taken back" if taken else "noted only: it counts on"
            notes[denial.sighting_id] = f"{_denier(denial)} denies {told[0].incident_basis}; {effect}"
    return Denied(withdrawn, notes)


def _aims(
    everything: Sequence[Sighting], members: Mapping[str, list[Sighting]], by: Incidents, rule: Rule
) -> Iterable[tuple[Sighting, list[Sighting]]]:
    """Each denial with the tellings of the incident that it denies, up to its own time."""
    order = list(members.values())
    near = _where(order)
    for denial in everything:
        if denial.sighting_id in by.of:
            told = members[by.of[denial.sighting_id]] if denial.deniers else []
        else:
            told = _aim(denial, near, order) if is_denial(denial) and not is_late(denial.article, rule.lateness) else []
        before = [sighting for sighting in told if sighting.at <= denial.at]
        if before:
            yield denial, before


_Where = Mapping[Hashable, list[tuple[int, Facts]]]
"""Tellings with the numbers of their incidents, by each day on which it can have been, and by their own key."""


def _where(incidents: Sequence[list[Sighting]]) -> _Where:
    near: defaultdict[Hashable, list[tuple[int, Facts]]] = defaultdict(list)
    for number, told in enumerate(incidents):
        for facts in map(facts_of, told):
            for token in _tokens(facts):
                near[token].append((number, facts))
    return near


def _tokens(facts: Facts) -> tuple[Hashable, ...]:
    return (*range(facts.days[0], facts.days[1] + 1), facts.sighting.incident)


def _aim(denial: Sighting, near: _Where, incidents: Sequence[list[Sighting]]) -> list[Sighting]:
    """The incident that a denial is most like; of equals the one told first."""
    facts, at = facts_of(denial), denial.at
    tried = {id(other): (number, other) for token in _tokens(facts) for number, other in near.get(token, ())}
    likes = [
        (-found.strength, number)
        for number, other in tried.values()
        if other.sighting.at <= at and (found := denial_of(facts, other)) and found.strength >= _LEAST
    ]
    return incidents[min(likes)[1]] if likes else []


def _taken(
    denial: Sighting, told: Sequence[Sighting], stories: Mapping[str, str], rule: Rule
) -> list[tuple[Sighting, str]]:
    """Which tellings a denial takes back, with the reason."""
    if rule.denials is Denials.NOTE:
        return []
    deniers = _heads(_who(denial))
    if not _who(denial):
        own = _own_story(denial, told, stories)
        return [(sighting, f"{denial.article.outlet} takes its story back") for sighting in own]
    if not deniers:
        return []
    if not deniers & _involved(denial, told) and not _may_be_accused(denial, told):
        return [(sighting, f"denied by {_denier(denial)}, who has no part in it") for sighting in told]
    own = [sighting for sighting in told if deniers & _heads(_said_by(sighting.attribution))]
    return [(sighting, f"taken back by {_denier(denial)}, on whose word it stood") for sighting in own]


_SIDES: Final = frozenset({"GOV", "MIL", "MOD", "PRES", "PM", "REB"})
"""Sectors of those who fight or speak for those who do."""


def _may_be_accused(denial: Sighting, told: Sequence[Sighting]) -> bool:
    """Whether nobody is named who did it, and the one who denies it is of a side that may have."""
    named = _heads(ident for sighting in (denial, *told) for ident in sighting.actors)
    return not named and any(ident.rpartition("-")[2] in _SIDES for ident in _who(denial))


def _own_story(denial: Sighting, told: Sequence[Sighting], stories: Mapping[str, str]) -> list[Sighting]:
    """The tellings of the outlet that now says otherwise, and their copies; an article denies nothing of its own.

    *They shoot whoever does not pay* is a negation in a report, and no correction of it.
    """
    others = (s for s in told if s.article.id != denial.article.id)
    mine = {stories[s.sighting_id] for s in others if s.article.outlet == denial.article.outlet}
    return [s for s in told if stories[s.sighting_id] in mine]


def _who(denial: Sighting) -> tuple[str, ...]:
    return denial.deniers or _said_by(denial.attribution)


def _denier(denial: Sighting) -> str:
    if denial.denied_by:
        return ", ".join(denial.denied_by)
    if denial.attribution and denial.attribution.who:
        return ", ".join(mention.text for mention in denial.attribution.who)
    return denial.article.outlet


def _said_by(attribution: Attribution | None) -> tuple[str, ...]:
    return tuple(mention.id for mention in attribution.who) if attribution else ()


def _heads(ids: Iterable[str]) -> frozenset[str]:
    """Countries and organisations; who is not known by name is none."""
    return frozenset(head for ident in ids if (head := ident.partition("-")[0]) and head != "UNK")


def _involved(denial: Sighting, told: Sequence[Sighting]) -> frozenset[str]:
    """Everyone with a part in the incident: who acts, who suffers, whose ground it is, and on whose word it stands."""
    every = (denial, *told)
    parties = _heads(ident for s in every for ident in (*s.actors, *s.targets))
    grounds = frozenset(s.place.country for s in every if s.place and s.place.country)
    return parties | grounds | _heads(ident for s in told for ident in _said_by(s.attribution))
