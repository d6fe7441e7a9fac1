"""Why an alert rang, and why none did, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from services.core.alert import Alert, Evidence
from services.core.event import Event
from services.core.rule import Count, GroupBy, Rule
from services.core.sighting import Sighting, Verdict
from services.core.window import format_duration

MEANINGS: Final = {
    Verdict.COUNTED: "told something new and counted",
    Verdict.SAME_INCIDENT: "tell of an incident that is counted already",
    Verdict.DUPLICATE_STORY: "are copies of a story that is counted already",
    Verdict.SAME_OUTLET: "are by an outlet that is counted already",
    Verdict.LATE: "came too long after their publication",
    Verdict.WRONG_MODALITY: "do not tell it as something that happened",
    Verdict.REPEATED_IN_ARTICLE: "repeat what their article told before",
    Verdict.OLDER_REVISION: "are from a text that its outlet has changed since",
}
"""What each verdict says of the sentences that got it."""

_TOLD: Final = {"event_types", "sub_event_types", "flags", "countries", "min_confidence"}
"""The parts of a condition of which it is said here what an event lacks."""

_COUNTABLE: Final = ("incidents", "stories", "outlets", "sightings")
"""Of these each sentence is one or a copy of one, so that they can be counted here."""


@dataclass(frozen=True)
class Sort:
    """The sentences of an alert that got one verdict."""

    verdict: Verdict
    meaning: str
    evidence: Sequence[Evidence]


def sorts(alert: Alert) -> list[Sort]:
    """What became of each sentence: those that counted first, each sort in the order of publication."""
    order = list(Verdict)
    ranked = sorted(alert.evidence, key=lambda each: (order.index(each.verdict), each.published))
    by_verdict = groupby(ranked, key=lambda each: each.verdict)
    return [Sort(verdict, meaning_of(verdict), tuple(found)) for verdict, found in by_verdict]


def meaning_of(verdict: Verdict) -> str:
    """What the verdict says of the sentences that got it, in words."""
    return MEANINGS.get(verdict, f"are set aside ({verdict.replace('_', ' ')})")


def rule_in_words(rule: Rule) -> str:
    """What the rule counts, and from when on it rings."""
    steps = ", ".join(f"{severity} from {count}" for severity, count in rule.severities.items())
    each = "" if rule.group_by is GroupBy.NONE else f", for each {rule.group_by} by itself"
    return f"It counts {rule.count} within {format_duration(rule.window)}{each}: {steps}."


def why(alert: Alert) -> str:
    """The sum of it in a few sentences."""
    counted = sum(each.verdict is Verdict.COUNTED for each in alert.evidence)
    others = len(alert.evidence) - counted
    aside = f" {others} more did not count." if others else ""
    reason = alert.reason.rstrip(".")
    sentences = f"{_many(counted, 'sentence')} counted, each for the reason beside it."
    return f"{reason[:1].upper()}{reason[1:]}. {sentences}{aside}"


@dataclass(frozen=True)
class Considered:
    """A sentence that met the rule, and what it was worth; ``counts`` is false for what adds nothing."""

    sighting: Sighting
    counts: bool
    reason: str


def considered(rule: Rule, sightings: Sequence[Sighting]) -> list[Considered]:
    """Each sighting of a window in the order of publication. What tells of something told before adds nothing."""
    told: set[str] = set()
    found = []
    for each in sorted(sightings, key=lambda each: (each.at, each.sighting_id)):
        if each.refused:
            found.append(Considered(each, counts=False, reason=each.because or each.refused.replace("_", " ")))
            continue
        marks = _marks(rule.count, each)
        known = bool(told & marks)
        told |= marks
        found.append(
            Considered(each, counts=not known, reason=f"{'the same' if known else 'a new'} {_what(rule.count, each)}")
        )
    return found


def _what(count: Count, sighting: Sighting) -> str:
    match count:
        case Count.INCIDENTS:
            return f"incident: {sighting.incident_basis}"
        case Count.STORIES:
            return "story"
        case Count.OUTLETS:
            return f"outlet: {sighting.article.outlet}"
    return "sentence"


def _marks(count: Count, sighting: Sighting) -> set[str]:
    """What two sightings share when they are one of what the rule counts."""
    match count:
        case Count.INCIDENTS:
            return {sighting.incident}
        case Count.STORIES:
            return {sighting.article.id, *sighting.article.fingerprint}
        case Count.OUTLETS:
            return {sighting.article.outlet}
    return {sighting.sighting_id}


def why_not(rule: Rule, found: Sequence[Considered], rang: Alert | None) -> str:
    """The sum of it in a few sentences.

    Args:
        rule: the rule.
        found: what there was in the window.
        rang: an alert that did ring at that time.
    """
    most = sum(each.counts for each in found)
    needed = f"{rule.threshold} {rule.count if rule.threshold != 1 else rule.count.removesuffix('s')}"
    if rang:
        return "It did ring at that time."
    if not found:
        return f"No sentence met the rule in that time; {needed} are needed."
    refused = len(found) - most
    aside = f", {refused} of which did not add to the count" if refused else ""
    met = f"{_many(len(found), 'sentence')} met the rule in that time{aside}"
    if not _is_compared(rule):
        return f"{met}; {needed} are needed."
    if most < rule.threshold:
        return f"{met}: {most} counted, and {needed} are needed."
    return f"{met}: {most} seem to count, which reaches the {needed} needed. What became of them may not be read yet."


def _is_compared(rule: Rule) -> bool:
    """Whether a number of sentences can be held against the threshold: not where a rule looks for something else."""
    return str(rule.count) in _COUNTABLE and getattr(rule, "kind", "threshold") == "threshold"


def unmet(rule: Rule, event: Event) -> list[str]:
    """What of the rule's condition an event does not meet, in words; nothing where it meets it."""
    when, place = rule.when, event.location[0] if event.location else None
    kind = event.sub_event_type or event.event_type or event.tier.value.replace("_", " ")
    missing = [flag for flag in when.flags if not getattr(event, flag)]
    wrong_type = (when.event_types and event.event_type not in when.event_types) or (
        when.sub_event_types and event.sub_event_type not in when.sub_event_types
    )
    reasons = [
        wrong_type and f"is told as {kind}",
        missing and f"is no {' and no '.join(flag.replace('_', ' ') for flag in missing)}",
        when.countries and (not place or place.country not in when.countries) and "is in another country",
        event.confidence < when.min_confidence and f"is only {event.confidence:.0%} certain",
    ]
    found = [str(reason) for reason in reasons if reason]
    return found or (["does not meet the rest of the condition"] if when.model_fields_set - _TOLD else [])


def belongs(rule: Rule, group: str, event: Event) -> bool:
    """Whether an event would be of this group, as far as its place and its parties tell."""
    place = event.location[0] if event.location else None
    match rule.group_by:
        case GroupBy.NONE:
            return True
        case GroupBy.OUTLET:
            return event.article is not None and event.article.outlet == group
        case GroupBy.PLACE:
            return place is not None and place.name == group
    countries = {party.id.split("-")[0] for party in (*event.actor, *event.target)}
    return bool(({place.country} if place and place.country else countries) & set(group.split("-")))


def ringing_at(alerts: Sequence[Alert], at: datetime) -> Alert | None:
    """The alert that rang at this moment."""
    return next((a for a in alerts if a.started_at <= at and (a.state.active or at < a.changed_at)), None)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
