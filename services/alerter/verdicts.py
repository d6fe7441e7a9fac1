"""What became of each sighting that bears on an alert, and why the alert is as it is, in words. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
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


Each = Callable[[Sighting], Judged]
"""What becomes of a sighting that was not taken back, asked in the order of event time."""


def judged(
    stands: Standing, *, rule: Rule, phase: Phase, clock: datetime, each: Each | None = None
) -> tuple[Judged, ...]:
    """What became of each sighting that bears on a phase: from its episode's first window to the phase's end.

    A retraction is shown with what brought it about. What was taken back later than the phase ended is not told of it.
    ``each`` judges those that stand; without it they are counted as the rule counts.
    """
    after = phase.started_at - rule.window
    over = phase.changed_at if not phase.state.active else phase.until
    also_then = phase.state is AlertState.RETRACTED

    def bearing(times: Sequence[datetime]) -> slice:
        last = len(times) if over is None else (bisect_right if also_then else bisect_left)(times, over)
        return slice(bisect_right(times, after), last)

    until = clock if over is None else over
    within = stands.may_count[bearing(stands.times)]
    by = stands.by
    found = verdicts(within, by, each or counted(by, rule), until=until, also_then=over is None or also_then)
    refused = stands.refused[bearing(stands.times_of_refused)]
    return tuple(sorted([*found, *refused], key=lambda j: in_time(j.sighting)))


def verdicts(
    sightings: Sequence[Sighting], by: Units, each: Each, *, until: datetime, also_then: bool = True
) -> list[Judged]:
    """What became of each sighting by ``until``, given those before it."""
    found = []
    for sighting in sightings:
        end = by.end(sighting)
        if end and (end.moment < until or (also_then and end.moment == until)):
            found.append(_taken_back(sighting, end))
        else:
            found.append(each(sighting))
    return found


def counted(by: Units, rule: Rule) -> Each:
    """Judges sightings as tellings of what the rule counts: the first one of each thing counts."""
    told: dict[str, Sighting] = {}
    return lambda sighting: _verdict(sighting, told, by, rule)


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
    """Why a count's episode is in this phase, in one sentence."""
    return (
        f"{independent(phase, rule)} within {format_duration(rule.window)} "
        f"up to {moment_in_words(phase.counted_at)}, threshold {rule.threshold} ({phase.severity})"
    )


def ending(phase: Phase) -> list[str]:
    """How the episode ended, if it has, and what its rule's cooldown kept quiet."""
    notes = []
    if phase.state is AlertState.RESOLVED:
        notes.append(f"below the threshold since {moment_in_words(phase.changed_at)}")
    if phase.state is AlertState.RETRACTED:
        notes.append(
            f"taken below the threshold at {moment_in_words(phase.changed_at)} by a denial, correction or edit"
        )
    return [*notes, phase.held] if phase.held else notes


def independent(phase: Phase, rule: Rule) -> str:
    """How many independent things the phase counts, in words."""
    number = getattr(phase.counts, rule.count.value)
    if rule.count is Count.CASUALTIES:
        return f"{number} casualties of {phase.counts.incidents} independent incidents"
    return f"{number} independent {rule.count.value if number != 1 else _UNIT_NAMES[rule.count]}"


def moment_in_words(moment: datetime) -> str:
    """A moment to the minute, as reasons tell it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
