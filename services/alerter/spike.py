"""``spike``: many more things in the window than in earlier windows of the same hour or weekday.

The window that ends at ``t`` is compared with those that end a period (a day, or seven), two periods, ... before it,
as far as the rule's ``history`` goes back and the stream was watched. Earlier windows are counted from marks, one for
each hour and thing, so they begin and end with whole hours of UTC. Both sides are counted alike, by each sighting's own
key: wire copies that agree only in part count twice in both. The alert's ``counts`` join them, as for every rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil

from services.alerter.case import Case, Reading
from services.alerter.episodes import Phase, Step
from services.alerter.standing import Judged
from services.alerter.threshold import evidence as counted_evidence
from services.alerter.threshold import steps as counted
from services.alerter.verdicts import independent, moment_in_words
from services.core.baseline import SpikeBaseline
from services.core.kinds import HOUR, Period, Spike
from services.core.rule import Count, Rule
from services.core.sighting import Sighting, Verdict
from services.core.window import format_duration
from services.core.wire import content_id

_KEY = 10
"""Digits kept of a thing's id: among five thousand things two are alike once in ninety thousand groups."""


def key_of(count: Count, sighting: Sighting) -> str:
    """The thing that a sighting is a telling of, as far as it alone can say."""
    match count:
        case Count.INCIDENTS:
            return sighting.incident
        case Count.STORIES:
            return min(sighting.article.fingerprint, default=sighting.article.id)
        case Count.OUTLETS:
            return sighting.article.outlet
        case _:
            return sighting.sighting_id


def marks(rule: Rule, sighting: Sighting) -> tuple[str, ...]:
    """The thing that is remembered for later baselines."""
    return (content_id(key_of(rule.count, sighting))[:_KEY],)


def steps(case: Case) -> Iterator[Step]:
    """How many times its factor the window holds what was expected; it rises only when something enters."""
    spike = case.rule.spike or Spike()
    count_before = lru_cache(maxsize=None)(lambda until: len(case.marks.told_within(until, case.rule.window)))
    level = 0
    for step in counted(case):
        reached, kept, baseline = 0, 0, None
        if max(step.level, step.kept) >= spike.min_count and (ends := windows_before(case, step.moment)):
            mean = Fraction(sum(map(count_before, ends)), len(ends))
            baseline = _baseline(case, step.moment, ends, mean=mean)
            reached = int(baseline.observed / _unit(spike, mean)) if step.level >= spike.min_count else 0
            kept = int(_things(case, step.moment, kept=True) / _unit(spike, mean))
        level = reached if step.entered else min(level, reached)
        yield step._replace(level=level, kept=kept, baseline=baseline)


def _things(case: Case, moment: datetime, *, kept: bool = False) -> int:
    return len({key_of(case.rule.count, sighting) for sighting in case.within(moment, kept=kept)})


def _unit(spike: Spike, mean: Fraction) -> Fraction:
    """The count of level 1. A mean below one is taken as one: a multiple of almost nothing says nothing."""
    return Fraction(str(spike.factor)) * max(mean, Fraction(1))


def windows_before(case: Case, moment: datetime) -> list[datetime]:
    """The ends of the earlier windows that the one at ``moment`` is compared with, the latest first, to the hour.

    None while less than the rule's ``min_history`` was watched before ``moment``.
    """
    spike = case.rule.spike or Spike()
    if unfilled(case, moment) or case.watched_since is None:
        return []
    hour = moment - timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
    ends = [hour - number * spike.baseline.length for number in range(1, spike.history // spike.baseline.length + 1)]
    # A window of whole hours that ends with the hour of ``end`` begins this long before it.
    return [end for end in ends if end + HOUR - case.rule.window >= case.watched_since]


def unfilled(case: Case, moment: datetime) -> str | None:
    """Why nothing can be compared yet at ``moment``, or None when it can."""
    asked = (case.rule.spike or Spike()).min_history
    if case.watched_since is None:
        return "it is not known yet since when this stream is watched"
    watched = moment - case.watched_since
    if watched >= asked + case.rule.window:
        return None
    return (
        f"the baseline is not filled: watched for {max(watched, timedelta()).days}d "
        f"of the {format_duration(asked + case.rule.window)} that it needs"
    )


def _baseline(case: Case, moment: datetime, ends: Sequence[datetime], *, mean: Fraction) -> SpikeBaseline:
    spike, window = case.rule.spike or Spike(), case.rule.window
    return SpikeBaseline(
        period=spike.baseline,
        since=ends[-1] + HOUR - window,
        until=moment - window,
        windows=len(ends),
        expected=round(float(mean), 2),
        needed=max(spike.min_count, ceil(case.rule.threshold * _unit(spike, mean))),
        observed=_things(case, moment),
    )


def evidence(case: Case, phase: Phase) -> Sequence[Judged]:
    """Everything in the episode's time; what came while the baseline was not filled is told as such."""
    found = counted_evidence(case, phase)
    return [_unfilled(case, one) for one in found]


def _unfilled(case: Case, one: Judged) -> Judged:
    why = unfilled(case, one.sighting.at)
    return replace(one, verdict=Verdict.UNFILLED, reason=why) if why and one.verdict is Verdict.COUNTED else one


def reason(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase, with what was expected and the span that says so."""
    base = f"{independent(phase, rule)} within {format_duration(rule.window)} up to {moment_in_words(phase.counted_at)}"
    if not isinstance(phase.baseline, SpikeBaseline):
        return f"{base} ({phase.severity})"
    found = phase.baseline
    of = "weekday" if found.period is Period.WEEKDAY else "hour of day"
    return (
        f"{base}, where {found.expected:g} were expected: the mean of {found.windows} windows at the same {of} "
        f"since {moment_in_words(found.since)}; rings from {found.needed} ({phase.severity})"
    )


SPIKE = Reading(steps, evidence, reason, marks)
