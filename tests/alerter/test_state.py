"""What is remembered of a group: bounded, ordered, never running back."""

import pytest

from services.alerter.judge import judge
from services.alerter.state import MAX_SIGHTINGS, History
from services.core.wire import decode, encode
from tests.builders import at, rule, sighting


def test_a_sighting_is_kept_once_and_in_the_order_of_event_time() -> None:
    history = History()
    for hour in (3, 1, 2, 1):
        history = history.with_sightings([sighting(hour, f"i{hour}")])
    assert [one.at for one in history.sightings] == [at(1), at(2), at(3)]


def test_a_known_sighting_leaves_the_history_itself() -> None:
    history = History().with_sightings([sighting(1, "a")])
    assert history.with_sightings([sighting(1, "a")]) is history


def test_the_clock_never_runs_back() -> None:
    assert History().at(at(1)).clock == at(1)
    assert History().at(at(2)).at(at(1)).clock == at(2)


@pytest.mark.parametrize(("end", "open_"), [(5, True), (40, False)])
def test_a_group_is_open_while_an_alert_rings(end: int, open_: bool) -> None:
    history = History()
    for hour, name in ((0, "a"), (1, "b")):
        history, _ = judge(rule(), history, sighting(hour, name), at(hour))
    history, _ = judge(rule(), history, None, at(end))
    assert history.open is open_


def test_what_is_over_and_older_than_the_horizon_is_forgotten() -> None:
    history = History()
    for hour, name in ((0, "a"), (1, "b"), (100, "c")):
        history, _ = judge(rule(), history, sighting(hour, name), at(hour))
    kept = history.without_older_than(at(90))
    assert [one.incident for one in kept.sightings] == ["c"]
    assert kept.alerts == ()


def test_the_evidence_of_an_alert_that_rings_outlives_the_horizon() -> None:
    history = History()
    for hour, name in ((0, "a"), (1, "b")):
        history, _ = judge(rule(), history, sighting(hour, name), at(hour))
    kept = history.without_older_than(at(20))
    assert len(kept.sightings) == 2
    assert kept.open


def test_a_full_history_fits_into_a_record() -> None:
    history = History()
    for number in range(MAX_SIGHTINGS):
        history = history.with_sightings(
            [sighting(number, f"i{number}", text="A sentence of news of some length. " * 18)]
        )
    body = encode(history)
    assert len(body) < 1_000_000
    assert decode(History, body) == history
