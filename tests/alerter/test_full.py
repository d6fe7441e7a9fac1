"""A group with more sightings than are kept: what is over stands as it was told, and what is lost is stated."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.alerter.alerts import phase_of
from services.alerter.judge import judge, lives_of
from services.alerter.retold import retold
from services.alerter.state import History
from services.core.alert import Alert, AlertState
from services.core.rule import Rule
from services.core.sighting import Sighting
from tests.alerter.kinds import LAST, RULES, SIGHTINGS, began_at, feed, told
from tests.builders import at, rule, sighting

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that keep four sightings of six."""
    monkeypatch.setattr("services.alerter.state.MAX_SIGHTINGS", 6)
    monkeypatch.setattr("services.alerter.state.KEPT_SIGHTINGS", 4)


@pytest.fixture
def middling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that keep thirty sightings of forty."""
    monkeypatch.setattr("services.alerter.state.MAX_SIGHTINGS", 40)
    monkeypatch.setattr("services.alerter.state.KEPT_SIGHTINGS", 30)


def in_order(sightings: Sequence[Sighting]) -> list[Sighting]:
    return sorted(sightings, key=lambda one: (one.at, one.sighting_id))


def at_the_time(published: Sequence[Alert]) -> dict[str, tuple[object, ...]]:
    """The phases that were published, each as it was last, without those of episodes that were taken back."""
    gone = {one.alert_id for one in published if "joined this episode with another" in one.reason}
    return {phase_of(one): _facts(one) for one in published if one.alert_id not in gone}


def _facts(one: Alert) -> tuple[object, ...]:
    return one.severity, one.started_at, one.window, one.counts, one.baseline


def stored(rule_: Rule, sightings: Sequence[Sighting], end: float) -> dict[str, tuple[object, ...]]:
    """The same as a backtest has it."""
    history, over = retold(rule_, began_at(0).at(at(end)), sightings)
    standing = [alert for life in lives_of(rule_, history) for alert in life]
    return {phase_of(one): _facts(one) for one in (*over, *standing)}


@pytest.mark.parametrize("name", sorted(RULES))
@FEW
@given(SIGHTINGS.map(lambda found: list({one.at: one for one in found}.values())))
@pytest.mark.usefixtures("small")
def test_a_backtest_of_a_full_group_tells_what_the_stream_told_at_the_time(
    name: str, sightings: list[Sighting]
) -> None:
    _, published = feed(RULES[name], in_order(sightings), LAST + 500)
    assert at_the_time(published) == stored(RULES[name], sightings, LAST + 500)


@pytest.mark.usefixtures("middling")
def test_far_more_sightings_than_are_kept_lose_no_alert_over_months() -> None:
    of = rule(severities={"warning": 2, "critical": 5})
    dice = random.Random(5)
    many = [told(36 * n + dice.random() * 8, f"x{n}-{m}") for n in range(60) for m in range(dice.randrange(7))]
    assert len(many) > 120
    history, published = feed(of, in_order(many), 36 * 70)
    everything = History(stream="test", group="AAA").at(at(36 * 70)).with_sightings(many)
    all_ = [alert for life in lives_of(of, everything) for alert in life]
    assert {phase_of(one): _facts(one) for one in all_} == at_the_time(published) == stored(of, many, 36 * 70)
    assert AlertState.RETRACTED not in {one.state for one in published}
    assert history.dropped == len(many) - len(history.sightings)
    assert all("given up" not in one.reason for one in published)


@pytest.mark.usefixtures("middling")
def test_a_long_episode_keeps_its_start_and_fires_once_and_says_what_it_lost() -> None:
    of = rule(window="30d", severities={"info": 2})
    history, published = feed(of, [told(n, f"x{n}") for n in range(45)], end=46)
    assert {(one.state.value, one.started_at, one.alert_id) for one in published} == {
        ("firing", at(1), published[0].alert_id)
    }
    assert "at least 11 older sightings were given up for room" in published[-1].reason
    assert history.dropped == 11


@pytest.mark.usefixtures("small")
@FEW
@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_in_any_order_the_latest_are_kept_and_what_is_given_up_is_counted_once(
    sightings: list[Sighting], dice: random.Random
) -> None:
    shuffled = sightings + sightings[::2]
    dice.shuffle(shuffled)
    history = began_at(0)
    for one in shuffled:
        history, _ = judge(RULES["threshold"], history, one.model_copy(update={"part": None}), one.at)
    latest = [one.sighting_id for one in in_order(sightings)]
    held = [one.sighting_id for one in history.sightings]
    assert held == latest[len(latest) - len(held) :]
    assert min(len(latest), 4) <= len(held) <= 6
    assert history.dropped <= len(latest) - len(held)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", sorted(RULES))
@FEW
@given(SIGHTINGS)
def test_what_comes_again_after_it_was_given_up_changes_nothing(name: str, sightings: list[Sighting]) -> None:
    history, _ = feed(RULES[name], in_order(sightings), LAST)
    for one in sightings:
        assert judge(RULES[name], history, one, at(LAST)) == (history, ())


@pytest.mark.usefixtures("small")
def test_a_cooldown_outlives_the_sightings_that_led_to_it() -> None:
    of = rule(window="2h", cooldown="100h", severities={"warning": 1})
    many = [sighting(hour, f"i{hour}") for hour in range(0, 60, 3)]
    history, published = feed(of, many, 90)
    assert [(one.state.value, one.changed_at) for one in published if one.alert_id][:2] == [
        ("firing", at(0)),
        ("resolved", at(2)),
    ]
    assert {one.changed_at for one in published} == {at(0), at(2)}
    history, more = feed(of, [sighting(101, "last")], 102, history)
    assert [(one.state.value, one.changed_at) for one in more][-1] == ("firing", at(102))
    assert history.floors
