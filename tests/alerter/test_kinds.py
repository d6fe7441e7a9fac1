"""Every kind of rule: what it says depends on the set of sightings and the clock, and an obvious recount agrees."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.alerts import phase_of
from services.alerter.judge import judge
from services.alerter.kinds import READINGS
from services.alerter.state import History
from services.core.kinds import Kind
from services.core.sighting import Sighting
from services.core.wire import decode, encode
from tests.alerter.kinds import LAST, RECOUNTS, RULES, SIGHTINGS, case, facts, feed, level_at, verdict_on
from tests.builders import at

NAMES = st.sampled_from(sorted(RULES))


def test_there_is_a_reading_and_a_tested_rule_of_every_kind() -> None:
    assert set(READINGS) == set(Kind) == {one.kind for one in RULES.values()}


@pytest.mark.parametrize("name", sorted(RULES))
@settings(max_examples=12, deadline=None)
@given(SIGHTINGS, st.randoms(use_true_random=False), st.integers(0, LAST + 500))
def test_order_doubling_and_split_do_not_show_in_the_end(
    name: str, sightings: list[Sighting], random: object, end: int
) -> None:
    shuffled = sightings + sightings[: len(sightings) // 2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    in_order = sorted(sightings, key=lambda s: s.at)
    one, other = (feed(RULES[name], way, end)[0] for way in (shuffled, in_order))
    assert facts(RULES[name], one) == facts(RULES[name], other)
    assert one.marks == other.marks


@pytest.mark.parametrize("name", [name for name, one in RULES.items() if one.kind.value in RECOUNTS])
@settings(max_examples=20, deadline=None)
@given(SIGHTINGS, st.lists(st.integers(0, LAST), min_size=1, max_size=8))
def test_the_level_is_what_a_naive_recount_says(name: str, sightings: list[Sighting], hours: list[int]) -> None:
    before = case(RULES[name], sightings, LAST)
    recount = RECOUNTS[RULES[name].kind.value]
    moments = [at(hour) for hour in hours] + [s.at for s in sightings] + [s.at + RULES[name].window for s in sightings]
    for moment in moments:
        if moment <= before.clock:
            assert level_at(before, moment) == recount(before, moment), moment


@settings(max_examples=20, deadline=None)
@given(NAMES, SIGHTINGS)
def test_no_phase_is_published_twice_in_the_same_words(name: str, sightings: list[Sighting]) -> None:
    _, published = feed(RULES[name], sightings, LAST + 500)
    bodies = [(phase_of(alert), alert.model_dump_json()) for alert in published]
    assert all(earlier != later for earlier, later in pairwise(bodies))


@settings(max_examples=20, deadline=None)
@given(NAMES, SIGHTINGS)
def test_a_second_delivery_changes_nothing_and_state_survives_json(name: str, sightings: list[Sighting]) -> None:
    history, _ = feed(RULES[name], sightings, LAST)
    assert decode(History, encode(history)) == history
    for one in sightings:
        assert judge(RULES[name], history, one, at(LAST)) == (history, ())


@settings(max_examples=12, deadline=None)
@given(NAMES, SIGHTINGS, st.integers(0, LAST))
def test_what_happens_later_does_not_change_what_was_so_at_the_time(
    name: str, sightings: list[Sighting], hour: int
) -> None:
    known = [s for s in sightings if s.at <= at(hour)]
    early, late = case(RULES[name], known, hour), case(RULES[name], sightings, LAST)
    if RULES[name].count.value in ("outlets", "sightings") or RULES[name].kind in (Kind.NEW_TERM, Kind.FLATLINE):
        assert level_at(early, at(hour)) == level_at(late, at(hour))


@settings(max_examples=12, deadline=None)
@given(NAMES, SIGHTINGS)
def test_every_sighting_has_a_verdict_and_a_reason(name: str, sightings: list[Sighting]) -> None:
    history, _ = feed(RULES[name], sightings, LAST)
    for one in sightings:
        found = verdict_on(RULES[name], history, one)
        assert found.sighting == one
        assert found.reason or one.refused


@settings(max_examples=12, deadline=None)
@given(NAMES, SIGHTINGS)
def test_a_live_group_ends_as_a_replay_without_what_it_forgot(name: str, sightings: list[Sighting]) -> None:
    in_order = sorted(sightings, key=lambda s: s.at)
    live = [s.model_copy(update={"article": s.article.model_copy(update={"stream": "live"})}) for s in in_order]
    start = History(stream="live", group="AAA", began=at(0))
    replayed, told = feed(RULES[name], in_order, LAST)
    lived, rung = feed(RULES[name], live, LAST, start)
    assert [(a.state, a.changed_at) for a in told] == [(a.state, a.changed_at) for a in rung]
    standing_now = [one for one in facts(RULES[name], replayed) if one["state"] not in ("resolved", "retracted")]
    assert len([a for a in lived.alerts if a.state.active]) <= len(standing_now)
