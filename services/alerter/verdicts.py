"""What became of each sighting that bears on an alert, and why the alert is as it is, in words. Pure."""

from collections.abc import Sequence
from datetime import datetime

from services.alerter.episodes import Phase
from services.alerter.standing import End, Judged, Standing, Units, in_time
from services.core.alert import AlertState
from services.core.rule import Count, Rule
from services.core.sighting import Sighting, Verdict
from services.core.window import format_duration

_UNIT_NAMES = {
    Count.INCIDENTS: "incident",
    Count.STORIES: "story",
    Count.OUTLETS: "outlet",
    Count.SIGHTINGS: "sighting",
    Count.CASUALTIES: "casualty",
}


def judged(stands: Standing, *, rule: Rule, phase: Phase, clock: datetime) -> tuple[Judged, ...]:
    """What became of each sighting that bears on a phase: from its episode's first window to the phase's end.

    A retraction is shown with what brought it about. What was taken back later than the phase ended is not told of it.
    """
    after = phase.started_at - rule.window
    over = phase.changed_at if not phase.state.active else phase.until
    also_then = phase.state is AlertState.RETRACTED

    def bears(sighting: Sighting) -> bool:
        at = sighting.at
        return after < at and (over is None or at < over or (also_then and at == over))

    until = clock if over is None else over
    within = [s for s in stands.may_count if bears(s)]
    found = verdicts(within, stands.by, rule, until=until, also_then=over is None or also_then)
    return tuple(sorted([*found, *(r for r in stands.refused if bears(r.sighting))], key=lambda j: in_time(j.sighting)))


def verdicts(
    sightings: Sequence[Sighting], by: Units, rule: Rule, *, until: datetime, also_then: bool = True
) -> list[Judged]:
    """What became of each sighting by ``until``, given those before it."""
    told: dict[str, Sighting] = {}
    found = []
    for sighting in sightings:
        end = by.end(sighting)
        if end and (end.moment < until or (also_then and end.moment == until)):
            found.append(_taken_back(sighting, end))
        else:
            found.append(_verdict(sighting, told, by, rule))
    return found


def _taken_back(sighting: Sighting, end: End) -> Judged:
    return Judged(sighting, end.verdict, end.reason)


def _verdict(sighting: Sighting, told: dict[str, Sighting], by: Units, rule: Rule) -> Judged:
    first = told.setdefault(by.key(rule.count, sighting), sighting)
    doubt = f"; denied by {', '.join(sighting.denied_by)} in the same article" if sighting.denied_by else ""
    if first is sighting:
        return Judged(sighting, Verdict.COUNTED, f"{_UNIT_NAMES[rule.count]}: {sighting.incident_basis}{doubt}")
    where = f"first told by {first.article.outlet}"
    if by.key(Count.STORIES, first) == by.key(Count.STORIES, sighting) and first.article.id != sighting.article.id:
        return Judged(sighting, Verdict.DUPLICATE_STORY, f"a copy of the same story, {where}{doubt}")
    if rule.count is Count.OUTLETS:
        return Judged(sighting, Verdict.SAME_OUTLET, f"{sighting.article.outlet} counts once{doubt}")
    # Whoever comes first in its incident has no reason to be there: it is what the others were put to.
    why = by.reasons.get(sighting.sighting_id) or by.reasons.get(first.sighting_id) or ""
    because = f": {why}" if why else ""
    return Judged(sighting, Verdict.SAME_INCIDENT, f"the same as {first.incident_basis}, {where}{because}{doubt}")


def explained(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase, in one sentence."""
    base = (
        f"{independent(phase, rule)} within {format_duration(rule.window)} "
        f"up to {moment_in_words(phase.counted_at)}, threshold {rule.threshold} ({phase.severity})"
    )
    if phase.state is AlertState.RESOLVED:
        base += f"; below the threshold since {moment_in_words(phase.changed_at)}"
    if phase.state is AlertState.RETRACTED:
        base += f"; taken below the threshold at {moment_in_words(phase.changed_at)} by a denial, correction or edit"
    return f"{base}; {phase.held}" if phase.held else base


def independent(phase: Phase, rule: Rule) -> str:
    """How many independent things the phase counts, in words."""
    if rule.count is Count.CASUALTIES:
        return f"{phase.level} casualties of {phase.counts.incidents} independent incidents"
    return f"{phase.level} independent {rule.count.value if phase.level != 1 else _UNIT_NAMES[rule.count]}"


def moment_in_words(moment: datetime) -> str:
    """A moment to the minute, as reasons tell it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
