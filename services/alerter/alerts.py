"""A phase of an episode as the alert that is published of it. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.alerter.episodes import Phase
from services.alerter.kinds import READINGS
from services.alerter.standing import Judged
from services.alerter.state import History
from services.alerter.verdicts import ending, moment_in_words
from services.core.alert import Alert, AlertState, Evidence
from services.core.baseline import SpikeBaseline
from services.core.rule import Rule
from services.core.sighting import Verdict
from services.core.window import window_until
from services.core.wire import content_id

_MAX_EVIDENCE: Final = 50
"""Pieces of evidence that an alert carries; what did not fit is stated in its reason."""


def phase_of(alert: Alert) -> str:
    """What identifies one phase of one alert."""
    return phase_name(alert.alert_id, alert.state, alert.changed_at)


def phase_name(ident: str, state: AlertState, changed_at: datetime) -> str:
    """The same before there is an alert."""
    return f"{ident}|{state}|{changed_at.isoformat()}"


def digest_of(rule: Rule, phase: Phase, found: Sequence[Judged], *, ident: str, history: History) -> str:
    """An id of everything that the alert of a phase says, for less than it takes to make one."""
    baseline = phase.baseline.model_dump_json() if phase.baseline else ""
    moments = (phase.started_at.isoformat(), phase.counted_at.isoformat())
    counted = (phase.severity, phase.held, baseline, str(phase.level), *map(str, phase.counts))
    judged = [part for one in found for part in (one.sighting.sighting_id, one.verdict, one.reason)]
    name = phase_name(ident, phase.state, phase.changed_at)
    return content_id(name, rule.version, *moments, *counted, *_given_up(rule, phase, history), *judged)


def alert_of(rule: Rule, phase: Phase, found: Sequence[Judged], *, ident: str, history: History) -> Alert:
    """The alert of a phase, of which this was found."""
    counted_first = sorted(found, key=lambda j: j.verdict is not Verdict.COUNTED)
    shown = set(map(id, counted_first[:_MAX_EVIDENCE]))
    notes = [READINGS[rule.kind].reason(phase, rule), *ending(phase)]
    if len(found) > _MAX_EVIDENCE:
        notes.append(f"{len(found) - _MAX_EVIDENCE} more pieces of evidence are not shown")
    return Alert(
        alert_id=ident,
        stream=history.stream,
        rule=rule.name,
        rule_version=rule.version,
        group=history.group,
        group_by=rule.group_by.value,
        country=_country(found),
        state=phase.state,
        severity=phase.severity,
        started_at=phase.started_at,
        changed_at=phase.changed_at,
        window=window_until(phase.counted_at, rule.window),
        counts=phase.counts.counts,
        threshold=phase.baseline.needed if isinstance(phase.baseline, SpikeBaseline) else rule.threshold,
        baseline=phase.baseline,
        evidence=tuple(evidence_of(j) for j in found if id(j) in shown),
        reason="; ".join([*notes, *_given_up(rule, phase, history)]),
        labels=rule.labels,
        annotations=rule.annotations,
    )


def _given_up(rule: Rule, phase: Phase, history: History) -> list[str]:
    """What is not known any more that would bear on a phase."""
    notes = []
    if history.floor and history.floor > phase.started_at - rule.window - rule.beyond:
        notes.append(given_up(history))
    if history.edits_dropped:
        notes.append(f"edits of {history.edits_dropped} older articles were given up for room")
    if history.marks.floor:
        notes.append(f"what came before {moment_in_words(history.marks.floor)} is remembered no more, for room")
    return notes


def given_up(history: History) -> str:
    """How many sightings a group has lost; more than those it held may have come too late to be taken in."""
    return f"at least {history.dropped} older sightings were given up for room and are not counted"


def _country(found: Sequence[Judged]) -> str | None:
    """The country that all that counts lies in, if there is just one."""
    counted = (j.sighting.place for j in found if j.verdict is Verdict.COUNTED)
    countries = {place.country if place else None for place in counted}
    return next(iter(countries)) if len(countries) == 1 else None


def evidence_of(found: Judged) -> Evidence:
    """One judged sighting as alerts show it."""
    sighting, article = found.sighting, found.sighting.article
    return Evidence(
        article_id=article.id,
        url=article.url,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        sentence=sighting.sentence.text,
        start=sighting.sentence.start,
        end=sighting.sentence.end,
        trigger=sighting.trigger.text,
        event_id=sighting.event_id,
        event_type=sighting.event_type,
        sub_event_type=sighting.sub_event_type,
        modality=sighting.modality,
        attribution=sighting.attribution,
        denied_by=sighting.denied_by,
        place=sighting.place,
        verdict=found.verdict,
        reason=found.reason,
    )
