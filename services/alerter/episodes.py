"""The episodes of a set of sightings: a pure function of the set, the rule and the clock.

Nothing here depends on the order in which sightings came. A sighting counts from the moment its article was published
until the rule's window has passed; an episode is a stretch in which the count is at or above the rule's threshold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.alerter.incidents import incidents, newest_revisions, stories
from services.core.alert import AlertState, Counts
from services.core.rule import Count, Rule, Severity
from services.core.sighting import Sighting, Verdict
from services.core.window import format_duration

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Judged:
    """A sighting with what became of it, and why."""

    sighting: Sighting
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Phase:
    """One state in an episode's life, from ``changed_at`` until ``until`` (None: it lasts).

    ``counts`` are those of the window that ends at ``counted_at``, the last moment at which something was added.
    """

    state: AlertState
    severity: Severity
    started_at: datetime
    changed_at: datetime
    counted_at: datetime
    counts: Counts
    until: datetime | None = None


Episode = tuple[Phase, ...]
"""A stretch of a rule's group at or above its threshold, told as its phases; the last one is how it stands."""


@dataclass(frozen=True)
class Units:
    """For each sighting's id, the independent thing it is told of, each way of counting."""

    of: Mapping[Count, Mapping[str, str]]

    def key(self, count: Count, sighting: Sighting) -> str:
        """The thing that this sighting is one telling of."""
        return self.of[count][sighting.sighting_id]


def units(sightings: Sequence[Sighting]) -> Units:
    """What the sightings are tellings of: happenings, stories, outlets and themselves."""
    return Units(
        {
            Count.INCIDENTS: incidents(sightings),
            Count.STORIES: stories(sightings),
            Count.OUTLETS: {s.sighting_id: s.article.outlet for s in sightings},
            Count.SIGHTINGS: {s.sighting_id: s.sighting_id for s in sightings},
        }
    )


def standing(sightings: Iterable[Sighting]) -> tuple[tuple[Sighting, ...], tuple[Judged, ...]]:
    """The sightings that may count, and those refused whatever else is known, both in the order of event time."""
    ordered = sorted(sightings, key=_in_time)
    newest = newest_revisions(ordered)
    may_count, refused = [], []
    for sighting in ordered:
        if sighting.refused:
            refused.append(Judged(sighting, sighting.refused, sighting.because or ""))
        elif sighting.article.revision != newest[sighting.article.id]:
            refused.append(Judged(sighting, Verdict.OLDER_REVISION, "the outlet has edited this article since"))
        else:
            may_count.append(sighting)
    return tuple(may_count), tuple(refused)


def _in_time(sighting: Sighting) -> tuple[datetime, str, int, int, str]:
    """Orders sightings by event time and then by what does not depend on the stream's name."""
    return sighting.at, sighting.article.id, sighting.sentence.start, sighting.trigger.start, sighting.event_id or ""


class _Tally:
    """Running counts of the independent things in the window."""

    def __init__(self, units_: Units) -> None:
        self._units = units_
        self._present: dict[Count, Counter[str]] = {count: Counter() for count in Count}

    def add(self, sighting: Sighting, amount: int) -> None:
        for count, present in self._present.items():
            unit = self._units.key(count, sighting)
            present[unit] += amount
            if not present[unit]:
                del present[unit]

    def counts(self) -> Counts:
        return Counts(**{count.value: len(present) for count, present in self._present.items()})


def counts_over_time(
    sightings: Sequence[Sighting], by: Units, *, rule: Rule, clock: datetime
) -> Iterator[tuple[datetime, Counts, bool]]:
    """Each moment up to ``clock`` at which the window changes: when, the counts after it, whether something entered.

    A window is half-open, ``(t - window, t]``: at the end of its time a sighting no longer counts.
    """
    tally = _Tally(by)
    steps = [(s.at, 1, s) for s in sightings] + [(s.at + rule.window, -1, s) for s in sightings]
    moments: dict[datetime, list[tuple[int, Sighting]]] = {}
    for moment, amount, sighting in steps:
        if moment <= clock:
            moments.setdefault(moment, []).append((amount, sighting))
    for moment in sorted(moments):
        for amount, sighting in moments[moment]:
            tally.add(sighting, amount)
        yield moment, tally.counts(), any(amount > 0 for amount, _ in moments[moment])


def episodes(sightings: Sequence[Sighting], by: Units, *, rule: Rule, clock: datetime) -> tuple[Episode, ...]:
    """The episodes of these sightings (all of which may count) as they stand at ``clock``, the earliest first."""
    done: list[Episode] = []
    running: Episode = ()
    for moment, counts, entered in counts_over_time(sightings, by, rule=rule, clock=clock):
        severity = rule.severity_at(getattr(counts, rule.count.value))
        if severity and not running:
            running = (Phase(AlertState.FIRING, severity, moment, moment, moment, counts),)
        elif severity:
            running = _moved(running, severity, moment, counts, entered=entered)
        elif running:
            done.append(_changed(running, moment, state=AlertState.RESOLVED))
            running = ()
    return (*done, running) if running else tuple(done)


def _moved(episode: Episode, severity: Severity, moment: datetime, counts: Counts, *, entered: bool) -> Episode:
    now = episode[-1]
    if severity is now.severity:
        return (*episode[:-1], replace(now, counted_at=moment, counts=counts)) if entered else episode
    state = AlertState.ESCALATED if _RANK[severity] > _RANK[now.severity] else AlertState.DEESCALATED
    return _changed(episode, moment, state=state, severity=severity, counted_at=moment, counts=counts)


def _changed(episode: Episode, moment: datetime, **changes: Any) -> Episode:
    *earlier, now = episode
    return (*earlier, replace(now, until=moment), replace(now, changed_at=moment, **changes))


def judged(
    sightings: Sequence[Sighting], refused: Sequence[Judged], by: Units, *, rule: Rule, phase: Phase
) -> tuple[Judged, ...]:
    """What became of each sighting that bears on a phase: from its episode's first window to the phase's end."""
    after = phase.started_at - rule.window
    before = phase.changed_at if phase.state is AlertState.RESOLVED else phase.until
    within = [s for s in sightings if after < s.at and (before is None or s.at < before)]
    others = [r for r in refused if after < r.sighting.at and (before is None or r.sighting.at < before)]
    return tuple(
        sorted(
            [*verdicts(within, by, rule), *others],
            key=lambda j: _in_time(j.sighting),
        )
    )


def verdicts(sightings: Sequence[Sighting], by: Units, rule: Rule) -> list[Judged]:
    """What became of each sighting, given those before it."""
    told: dict[str, Sighting] = {}
    return [_verdict(sighting, told, by, rule) for sighting in sightings]


def _verdict(sighting: Sighting, told: dict[str, Sighting], by: Units, rule: Rule) -> Judged:
    first = told.setdefault(by.key(rule.count, sighting), sighting)
    if first is sighting:
        return Judged(sighting, Verdict.COUNTED, f"{_UNIT_NAMES[rule.count]}: {sighting.incident_basis}")
    where = f"first told by {first.article.outlet}"
    if by.key(Count.STORIES, first) == by.key(Count.STORIES, sighting) and first.article.id != sighting.article.id:
        return Judged(sighting, Verdict.DUPLICATE_STORY, f"a copy of the same story, {where}")
    if rule.count is Count.OUTLETS:
        return Judged(sighting, Verdict.SAME_OUTLET, f"{sighting.article.outlet} counts once")
    return Judged(sighting, Verdict.SAME_INCIDENT, f"the same as {first.incident_basis}, {where}")


_UNIT_NAMES = {
    Count.INCIDENTS: "incident",
    Count.STORIES: "story",
    Count.OUTLETS: "outlet",
    Count.SIGHTINGS: "sighting",
}


def explained(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase, in one sentence."""
    number = getattr(phase.counts, rule.count.value)
    noun = rule.count.value if number != 1 else _UNIT_NAMES[rule.count]
    base = (
        f"{number} independent {noun} within {format_duration(rule.window)} "
        f"up to {phase.counted_at:%Y-%m-%d %H:%M} UTC, threshold {rule.threshold} ({phase.severity})"
    )
    if phase.state is AlertState.RESOLVED:
        return f"{base}; below the threshold since {phase.changed_at:%Y-%m-%d %H:%M} UTC"
    return base
