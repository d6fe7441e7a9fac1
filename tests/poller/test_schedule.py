"""When a feed is polled next."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.feed_state import FeedState, Result
from services.poller.answer import Outcome
from services.poller.schedule import LONGEST, Cadence, first_poll, next_poll
from tests.poller.samples import NOW

INTERVAL = timedelta(minutes=15)
CADENCE = Cadence(INTERVAL, slowest=timedelta(hours=2))
STATE = FeedState(source="wire", url="https://news.example/feed")

lengths = st.timedeltas(timedelta(), timedelta(days=4000))
lucks = st.floats(0, 1, exclude_max=True)
outcomes = st.builds(
    Outcome,
    state=st.builds(
        STATE.__class__,
        source=st.just("wire"),
        url=st.just("u"),
        steps=st.integers(0, 20),
        pause=st.integers(0, 10**9),
        skip_hours=st.sets(st.integers(0, 23)).map(lambda hours: tuple(sorted(hours))),
        new_at=st.none() | lengths.map(lambda length: NOW - length),
    ),
    result=st.sampled_from([result for result in Result if result is not Result.GONE]),
    pause=lengths,
    wait=lengths,
)


def wait_after(*results: Result, state: FeedState = STATE, **more: object) -> timedelta:
    """How long a feed waits after polls that ended so."""
    for result in results:
        state = next_poll(Outcome(state, result, **more), NOW, CADENCE, luck=0)  # type: ignore[arg-type]
    assert state.next_poll
    return state.next_poll - NOW


def test_a_feed_that_is_well_waits_for_its_interval() -> None:
    assert wait_after(Result.NEW) == wait_after(Result.NOT_MODIFIED) == INTERVAL


def test_a_quiet_feed_is_asked_less_often_up_to_the_bound() -> None:
    for quiet, minutes in ((1, 15), (5, 30), (10, 60), (1000, 120)):
        state = STATE.model_copy(update={"new_at": NOW - timedelta(hours=quiet)})
        assert wait_after(Result.NOT_MODIFIED, state=state) == timedelta(minutes=minutes)


def test_what_headers_and_the_feed_ask_for_is_granted_up_to_the_bound() -> None:
    assert wait_after(Result.NEW, pause=timedelta(minutes=40)) == timedelta(minutes=40)
    assert wait_after(Result.NEW, pause=timedelta(days=365)) == timedelta(hours=2)
    assert wait_after(Result.NEW, state=STATE.model_copy(update={"pause": 3600})) == timedelta(hours=1)


def test_soft_failures_back_off_to_the_bound_and_hard_ones_faster_and_to_a_day() -> None:
    soft = [wait_after(*[Result.TIMEOUT] * count) / INTERVAL for count in (1, 2, 3, 4, 9)]
    hard = [wait_after(*[Result.NOT_FOUND] * count) / INTERVAL for count in (1, 2, 3)]
    assert soft == [1, 2, 4, 8, 8]
    assert hard == [2, 8, 32]
    assert wait_after(*[Result.NOT_FOUND] * 9) == pytest.approx(LONGEST, rel=0.1)


def test_one_success_ends_the_back_off() -> None:
    assert wait_after(Result.NOT_FOUND, Result.NOT_FOUND, Result.NEW) == INTERVAL
    after = next_poll(Outcome(STATE, Result.DNS), NOW, CADENCE, luck=0)
    assert (after.failures, after.failing_since) == (1, NOW)
    well = next_poll(Outcome(after, Result.EMPTY), NOW, CADENCE, luck=0)
    assert (well.failures, well.failing_since) == (0, None)


def test_hours_that_a_feed_skips_are_skipped() -> None:
    state = STATE.model_copy(update={"skip_hours": (12, 13)})
    assert wait_after(Result.NEW, state=state) == timedelta(hours=2)


@given(outcomes, lucks)
def test_the_next_poll_is_always_within_bounds(outcome: Outcome, luck: float) -> None:
    moment = next_poll(outcome, NOW, CADENCE, luck=luck).next_poll
    assert moment
    skipped = len(outcome.state.skip_hours) if len(outcome.state.skip_hours) < 24 else 0
    assert NOW + INTERVAL <= moment <= NOW + LONGEST + timedelta(hours=skipped, minutes=10 * bool(skipped))
    assert not skipped or moment.hour not in outcome.state.skip_hours


def test_feeds_that_were_polled_together_do_not_stay_together() -> None:
    moments = [next_poll(Outcome(STATE, Result.NEW), NOW, CADENCE, luck=number / 10).next_poll for number in range(10)]
    gaps = {(later - earlier) for earlier, later in pairwise(filter(None, moments))}
    assert len(moments) == 10
    assert gaps == {INTERVAL / 100}


@given(st.none() | lengths.map(lambda length: NOW - length) | lengths.map(lambda length: NOW + length), lucks)
def test_after_a_start_overdue_feeds_are_spread_and_planned_ones_wait(planned: object, luck: float) -> None:
    state = STATE.model_copy(update={"next_poll": planned})
    first = first_poll(state, NOW, spread=timedelta(minutes=4), luck=luck)
    assert NOW <= first <= NOW + LONGEST
    if state.next_poll and state.next_poll > NOW:
        assert first == min(state.next_poll, NOW + LONGEST)
    else:
        assert first <= NOW + timedelta(minutes=4)


def test_there_is_no_herd_after_a_restart_of_five_thousand_overdue_feeds() -> None:
    spread = timedelta(seconds=250)
    firsts = [first_poll(STATE, NOW, spread=spread, luck=(number * 0.618034) % 1) for number in range(5000)]
    per_second = [0] * 251
    for first in firsts:
        per_second[int((first - NOW).total_seconds())] += 1
    assert max(per_second) <= 25
