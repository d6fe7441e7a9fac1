"""Spikes: a window against earlier ones of the same hour or weekday, refused until those were watched."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings

from services.alerter.case import Case
from services.alerter.judge import judge, lives_of
from services.alerter.kinds import READINGS
from services.alerter.spike import windows_before
from services.alerter.state import History
from services.core.baseline import SpikeBaseline
from services.core.sighting import Sighting, Verdict
from tests.alerter.kinds import LAST, RULES, SIGHTINGS, began_at, case, feed, level_at, told, verdict_on
from tests.builders import at, rule

DAILY = rule(kind="spike", window="24h", spike={}, severities={"warning": 1, "critical": 2})
"""The defaults: weekday, 28 days, at least 14 of them and 5 things, three times what was expected."""

HOUR = timedelta(hours=1)


def week(number: int, things: int) -> list[Sighting]:
    """So many happenings on the first afternoon of a week, counted from the start, each at a place of its own."""
    return [told(number * 168 + minute / 60, f"w{number}-{minute}", place=f"Fort {minute}") for minute in range(things)]


def weeks(*things: int) -> list[Sighting]:
    return [one for number, count in enumerate(things) for one in week(number, count)]


def test_a_spike_says_what_was_expected_and_which_span_was_measured() -> None:
    history, published = feed(DAILY, weeks(2, 4, 3, 12), end=3 * 168 + 2, history=began_at(-24))
    alert = published[-1]
    assert alert.state == "firing"
    found = alert.baseline
    assert isinstance(found, SpikeBaseline)
    assert (found.expected, found.windows, found.needed, found.observed) == (3.0, 3, 9, 12)
    assert (found.since, found.until) == (at(-23), at(3 * 168 - 24) + timedelta(minutes=11))
    assert alert.threshold == 9
    assert alert.reason == (
        "12 independent incidents within 1d up to 2020-10-22 12:11 UTC, where 3 were expected: the mean of 3 windows "
        "at the same weekday since 2020-09-30 13:00 UTC; rings from 9 (warning)"
    )
    assert alert.started_at == at(3 * 168) + timedelta(minutes=8)
    assert len(lives_of(DAILY, history)) == 1


def test_twice_the_factor_is_the_next_level() -> None:
    _, published = feed(DAILY, weeks(2, 2, 2, 12), end=3 * 168 + 2, history=began_at(-24))
    assert [(one.state.value, one.severity.value) for one in published if one.evidence][-1] == ("escalated", "critical")


def test_a_busy_weekday_is_no_spike_on_itself() -> None:
    assert feed(DAILY, weeks(12, 12, 12, 14), end=3 * 168 + 2, history=began_at(-24))[1] == []


def test_other_hours_do_not_count_towards_the_baseline_of_an_hour() -> None:
    hourly = rule(
        kind="spike",
        window="2h",
        spike={"baseline": "hour", "history": "7d", "min_history": "7d"},
        severities={"info": 1},
    )
    nights = [told(day * 24 + 12 + n / 60, f"n{day}-{n}", place=f"Fort {n}") for day in range(8) for n in range(6)]
    noon = [told(8 * 24 + n / 60, f"x{n}", place=f"Fort {n}") for n in range(5)]
    night = [told(8 * 24 + 12 + n / 60, f"y{n}", place=f"Fort {n}") for n in range(7)]
    (alert,) = [one for one in feed(hourly, nights + noon + night, end=9 * 24 + 12)[1] if one.state == "firing"]
    assert alert.started_at == at(8 * 24) + timedelta(minutes=4)
    assert alert.baseline is not None
    assert alert.baseline.model_dump()["expected"] == 0.0


def test_little_expected_counts_as_one_and_the_least_count_holds() -> None:
    assert feed(DAILY, weeks(0, 0, 0, 4), end=3 * 168 + 2, history=began_at(-24))[1] == []
    (alert,) = feed(DAILY, weeks(0, 0, 0, 5), end=3 * 168 + 2, history=began_at(-24))[1]
    assert alert.baseline is not None
    assert alert.baseline.model_dump()["needed"] == 5


@pytest.mark.parametrize(
    ("began", "why"),
    [
        (None, "it is not known yet since when this stream is watched"),
        (168 * 3 - 24 * 3, "the baseline is not filled: watched for 3d of the 15d that it needs"),
        (168 * 3 - 24 * 15 + 1, "the baseline is not filled: watched for 14d of the 15d that it needs"),
    ],
)
def test_nothing_rings_before_the_baseline_is_filled_and_the_verdict_says_why(began: float | None, why: str) -> None:
    start = History(stream="test", group="AAA") if began is None else began_at(began)
    history, published = feed(DAILY, week(3, 30), end=3 * 168 + 2, history=start)
    assert published == []
    found = verdict_on(DAILY, history, week(3, 30)[-1])
    assert (found.verdict, found.reason) == (Verdict.UNFILLED, why)


def test_it_rings_as_soon_as_the_baseline_is_filled() -> None:
    assert feed(DAILY, week(3, 30), end=3 * 168 + 2, history=began_at(168 * 3 - 24 * 15))[1] != []


def test_learning_later_that_the_stream_began_earlier_fills_the_baseline() -> None:
    history, published = feed(DAILY, week(3, 30), end=3 * 168 + 2, history=began_at(168 * 3))
    assert published == []
    _, changes = judge(DAILY, history.watched_since(at(-24)), None, at(3 * 168 + 2))
    assert [one.state.value for one in changes] == ["firing", "escalated"]


def test_hours_and_weekdays_are_those_of_utc_when_clocks_change_too() -> None:
    """In the night to 25 October 2020 clocks in Europe went back; windows are still 168 hours apart."""
    moment = datetime(2020, 10, 26, 9, 30, tzinfo=UTC)
    before = case(DAILY, [], LAST)
    ends = windows_before(before, moment)
    assert [end.hour for end in ends] == [9] * len(ends)
    assert {later - earlier for later, earlier in pairwise(ends)} == {timedelta(days=7)}


def naive(case_: Case, moment: datetime) -> int:
    """The level at a moment at which something enters, counted straight from all sightings."""
    spike, window = case_.rule.spike, case_.rule.window
    assert spike is not None
    assert case_.began is not None

    def key(s: Sighting) -> str:
        story = min(s.article.fingerprint, default=s.article.id)
        return {"incidents": s.incident, "stories": story, "outlets": s.article.outlet}[case_.rule.count.value]

    def counted(sightings: list[Sighting]) -> int:
        return len({key(s) for s in sightings})

    within = [s for s in case_.stands.may_count if moment - window < s.at <= moment]
    exact = len({case_.stands.by.key(case_.rule.count, s) for s in within})
    if exact < spike.min_count or moment - case_.began < spike.min_history + window:
        return 0
    this_hour = moment.replace(minute=0, second=0, microsecond=0)
    earlier = []
    back = spike.baseline.length
    while back <= spike.history:
        start, end = this_hour - back + HOUR - window, this_hour - back + HOUR
        if start >= case_.began:
            earlier.append(counted([s for s in case_.stands.may_count if start <= s.at < end]))
        back += spike.baseline.length
    if not earlier:
        return 0
    expected = max(Fraction(1), Fraction(sum(earlier), len(earlier)))
    return int(counted(within) / (Fraction(str(spike.factor)) * expected))


@pytest.mark.parametrize("name", [name for name in RULES if name.startswith("spike")])
@settings(max_examples=30, deadline=None)
@given(SIGHTINGS)
def test_what_enters_is_compared_as_a_naive_recount_compares_it(name: str, sightings: list[Sighting]) -> None:
    before = case(RULES[name], sightings, LAST)
    for one in before.stands.may_count:
        assert level_at(before, one.at) == naive(before, one.at)


@pytest.mark.parametrize("name", [name for name in RULES if name.startswith("spike")])
@settings(max_examples=15, deadline=None)
@given(SIGHTINGS)
def test_a_level_never_rises_when_something_only_leaves(name: str, sightings: list[Sighting]) -> None:
    before = case(RULES[name], sightings, LAST)
    level = 0
    for step in READINGS[before.rule.kind].steps(before):
        assert step.entered or step.level <= level
        level = step.level
