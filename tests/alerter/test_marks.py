"""Marks: bounded, and a function of the set of what was told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.marks import MAX_MARKS, Marks, Run
from services.alerter.state import History
from services.core.wire import decode, encode
from tests.builders import at

TOLD = st.lists(st.tuples(st.integers(0, 500), st.sampled_from("abcd")), max_size=40)


def marked(told: list[tuple[int, str]], marks: Marks | None = None) -> Marks:
    marks = marks or Marks()
    for hour, thing in told:
        marks = marks.with_told(at(hour / 2), [thing])
    return marks


@settings(max_examples=100, deadline=None)
@given(TOLD, st.randoms(use_true_random=False))
def test_order_and_doubling_do_not_show(told: list[tuple[int, str]], random: object) -> None:
    shuffled = [*told, *told[:5]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert marked(shuffled) == marked(told)


@settings(max_examples=60, deadline=None)
@given(TOLD, st.randoms(use_true_random=False), st.integers(1, 12))
def test_what_is_given_up_for_room_is_the_same_in_any_order(
    told: list[tuple[int, str]], random: object, most: int
) -> None:
    class Small(Marks):
        @property
        def most(self) -> int:
            return most

    shuffled = [*told, *told]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = marked(told, Small()), marked(shuffled, Small())
    assert one == other
    assert sum(map(len, one.seen.values())) <= most
    kept = {(hour, thing) for hour, thing in told if one.floor is None or at(hour / 2) >= one.floor}
    assert one.seen == marked(sorted(kept)).seen


@settings(max_examples=100, deadline=None)
@given(TOLD, st.integers(1, 60))
def test_runs_are_what_no_gap_divides(told: list[tuple[int, str]], hours: int) -> None:
    gap = timedelta(hours=hours)
    naive: dict[str, list[Run]] = {}
    for moment, thing in sorted((at(hour / 2), thing) for hour, thing in told):
        runs = naive.setdefault(thing, [])
        if runs and moment - runs[-1].end < gap:
            runs[-1] = Run(runs[-1].start, moment)
        else:
            runs.append(Run(moment, moment))
    assert {thing: list(runs) for thing, runs in marked(told).runs(gap)} == naive


def test_times_before_1970_and_parts_of_a_second_are_kept() -> None:
    moment = datetime(1969, 12, 31, 23, 59, 59, 123456, tzinfo=UTC)
    ((_, (run,)),) = Marks().with_told(moment, ["x"]).runs(timedelta(hours=1))
    assert (run.start, run.end) == (moment, moment)


def test_a_full_memory_fits_into_a_record_and_says_what_it_gave_up() -> None:
    marks = Marks()
    for hour in range(200):
        marks = marks.with_told(at(hour), [f"{hour:04}{number:06}" for number in range(26)])
    assert sum(map(len, marks.seen.values())) <= MAX_MARKS
    assert marks.floor == at(200 - MAX_MARKS // 26)
    assert marks.watched_since(at(0)) == marks.floor
    body = encode(History(marks=marks))
    assert len(body) < 300_000
    assert decode(History, body).marks == marks


@pytest.mark.parametrize(("hours", "kept"), [(0, 3), (1, 2), (2.5, 1), (3, 0)])
def test_buckets_that_ended_are_forgotten(hours: float, kept: int) -> None:
    marks = marked([(0, "a"), (2, "b"), (4, "c")])
    assert len(marks.since(at(hours)).seen) == kept
    assert marks.since(at(hours)).floor is None
