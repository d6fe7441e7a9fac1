"""``sequence``: one thing, and then another in the same group within some time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.alerter.case import Case, Reading
from services.alerter.episodes import Phase, Step
from services.alerter.standing import End, Judged, Standing, Units, in_time
from services.alerter.threshold import steps as counted_steps
from services.alerter.verdicts import counted, independent, judged, moment_in_words
from services.core.baseline import Order
from services.core.rule import Rule
from services.core.sighting import Part, Sighting, Verdict
from services.core.window import format_duration

_NEVER = datetime.max.replace(tzinfo=UTC)

_MAX_IDS = 50
"""Ids that an alert names on each side: those of the latest."""


def leads(sightings: Sequence[Sighting], by: Units, within: timedelta) -> dict[str, Sighting]:
    """For the id of each sighting that followed something: what came first, at most ``within`` before.

    The order is that of publication. What one article tells, or two at one moment, is in no order. Of several that came
    first it is the latest of those that are not taken back, or else the one that was taken back last.
    """
    first = [s for s in sightings if s.part is Part.FIRST]
    found = {}
    for then in sightings:
        if then.part is Part.THEN and (before := [s for s in first if _leads(s, then, by, within)]):
            found[then.sighting_id] = max(before, key=lambda s: (_ends(s, by), in_time(s)))
    return found


def _leads(first: Sighting, then: Sighting, by: Units, within: timedelta) -> bool:
    in_order = first.at < then.at <= first.at + within and first.article.id != then.article.id
    return in_order and by.start(first) <= then.at < _ends(first, by)


def _ends(sighting: Sighting, by: Units) -> datetime:
    end = by.end(sighting)
    return end.moment if end else _NEVER


def steps(case: Case) -> Iterator[Step]:
    """The count of what followed something, whenever the window changes."""
    lead, followed = _followed(case)
    for step in counted_steps(followed):
        yield step if step.level < case.rule.threshold else step._replace(baseline=_order(followed, lead, step.moment))


def _order(followed: Case, lead: Mapping[str, Sighting], moment: datetime) -> Order:
    then = followed.within(moment)[-_MAX_IDS:]
    first = dict.fromkeys(_ident(lead[s.sighting_id]) for s in then)
    return Order(within=_within(followed.rule), first=tuple(first), then=tuple(dict.fromkeys(_ident(s) for s in then)))


def evidence(case: Case, phase: Phase) -> Sequence[Judged]:
    """What followed and what came first, and what followed nothing."""
    lead, followed = _followed(case)
    count = counted(case.stands.by, case.rule)
    others = tuple(s for s in case.stands.may_count if s.part is Part.THEN)
    shown = judged(
        replace(followed.stands, may_count=others),
        rule=case.rule,
        phase=phase,
        clock=case.clock,
        each=lambda s: count(s) if s.sighting_id in lead else Judged(s, Verdict.NOTHING_FIRST, _alone(case.rule)),
    )
    came_first = {s.sighting_id: s for one in shown if (s := lead.get(one.sighting.sighting_id))}
    told = [Judged(s, Verdict.FIRST, f"came first: {s.incident_basis}") for s in came_first.values()]
    return sorted([*told, *shown], key=lambda one: in_time(one.sighting))


def reason(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase."""
    return (
        f"{independent(phase, rule)} up to {moment_in_words(phase.counted_at)} that followed what had to come first "
        f"by at most {format_duration(_within(rule))}, threshold {rule.threshold} ({phase.severity})"
    )


def _followed(case: Case) -> tuple[dict[str, Sighting], Case]:
    """What came first before each sighting that followed, and the case with nothing but those that did.

    What follows something that is taken back later has followed nothing from then on.
    """
    by = case.stands.by
    lead = leads(case.stands.may_count, by, _within(case.rule))
    ends = dict(by.ends)
    for ident, first in lead.items():
        if (gone := by.end(first)) and (ident not in ends or gone.moment < ends[ident].moment):
            ends[ident] = End(gone.moment, Verdict.WITHDRAWN, f"what came first was taken back: {gone.reason}")
    may_count = tuple(s for s in case.stands.may_count if s.sighting_id in lead)
    stands = Standing(may_count, case.stands.refused, replace(by, ends=ends))
    return lead, replace(case, stands=stands)


def _alone(rule: Rule) -> str:
    return f"nothing came first within the {format_duration(_within(rule))} before it"


def _within(rule: Rule) -> timedelta:
    return rule.sequence.within if rule.sequence else rule.window


def _ident(sighting: Sighting) -> str:
    return sighting.event_id or sighting.article.id


SEQUENCE = Reading(steps, evidence, reason)
