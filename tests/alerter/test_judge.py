"""The judge: where alerts end must depend on the set of sightings alone."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.alerts import phase_of
from services.alerter.counting import counts_over_time
from services.alerter.judge import judge, lives_of
from services.alerter.standing import standing
from services.alerter.state import History
from services.core.alert import Alert, AlertState
from services.core.rule import Rule
from services.core.sighting import Sighting, Verdict
from tests.builders import at, rule, sighting


def feed(rule_: Rule, sightings: Sequence[Sighting], end: float | None = None) -> tuple[History, list[Alert]]:
    """The history after these sightings, one after the other, and everything published on the way."""
    history, published = History(), []
    for one in sightings:
        history, changes = judge(rule_, history, one, one.at)
        published += changes
    if end is not None:
        history, changes = judge(rule_, history, None, at(end))
        published += changes
    return history, published


def facts(rule_: Rule, history: History) -> list[dict[str, object]]:
    return [life[-1].model_dump(mode="json", exclude={"alert_id"}) for life in lives_of(rule_, history)]


def test_the_threshold_rings_once_and_says_why() -> None:
    _, published = feed(rule(), [sighting(0, "a"), sighting(1, "b", outlet="two")])
    (alert,) = published
    assert alert.state is AlertState.FIRING
    assert alert.severity == "warning"
    assert alert.counts.model_dump() == {
        "incidents": 2,
        "stories": 2,
        "outlets": 2,
        "sightings": 2,
        "casualties": 0,
    }
    assert alert.started_at == at(1)
    assert "2 independent incidents within 1d" in alert.reason
    assert [piece.verdict for piece in alert.evidence] == [Verdict.COUNTED, Verdict.COUNTED]


def test_many_tellings_of_one_happening_stay_silent() -> None:
    _, published = feed(rule(), [sighting(hour, "a", outlet=f"outlet-{hour}") for hour in range(10)])
    assert published == []


def test_a_wire_copy_printed_the_next_day_is_the_same_incident() -> None:
    text = "Guns on both banks of the river fired through the night, and two bridges were hit before dawn came up."
    first = sighting(0, "a", outlet="one", text=text)
    copy = sighting(20, "b", outlet="two", text=text)
    history, published = feed(rule(), [first, copy])
    assert published == []
    assert len(history.sightings) == 2


def test_what_is_refused_does_not_count_but_is_shown() -> None:
    refused = sighting(2, "c", refused=Verdict.WRONG_MODALITY, because="called for only")
    _, published = feed(rule(), [sighting(0, "a"), refused, sighting(3, "b")])
    assert published[-1].counts.incidents == 2
    assert [piece.verdict for piece in published[-1].evidence] == ["counted", "wrong_modality", "counted"]
    assert published[-1].evidence[1].reason == "called for only"


def test_an_episode_escalates_deescalates_and_resolves_under_one_id() -> None:
    sightings = [sighting(hour, name) for hour, name in ((0, "a"), (1, "b"), (10, "c"), (11, "d"))]
    history, published = feed(rule(), sightings, end=40)
    phases = list(dict.fromkeys((alert.state.value, alert.changed_at) for alert in published))
    assert phases == [
        ("firing", at(1)),
        ("escalated", at(11)),
        ("deescalated", at(24)),
        ("resolved", at(34)),
    ]
    assert len({alert.alert_id for alert in published}) == 1
    assert history.alerts[0].state is AlertState.RESOLVED


def test_phases_that_are_past_when_evidence_arrives_are_still_published() -> None:
    history, _ = judge(rule(), History(), sighting(0, "a"), at(100))
    _, published = judge(rule(), history, sighting(1, "b"), at(100))
    assert [alert.state.value for alert in published] == ["firing", "resolved"]


def test_a_second_delivery_changes_nothing() -> None:
    sightings = [sighting(0, "a"), sighting(1, "b")]
    history, _ = feed(rule(), sightings)
    again, published = feed(rule(), sightings + sightings)
    assert judge(rule(), history, sightings[0], at(1)) == (history, ())
    assert len(published) == 1
    assert again == history


def test_evidence_that_joins_two_episodes_retracts_the_later_one() -> None:
    early = [sighting(0, "a"), sighting(1, "b")]
    late = [sighting(30, "d"), sighting(31, "e")]
    bridge = [sighting(20, "c"), sighting(21, "f")]
    history, published = feed(rule(severities={"warning": 2}), early + late + bridge)
    states = {alert.alert_id: alert.state.value for alert in published}
    assert sorted(states.values()) == ["firing", "retracted"]
    assert len(history.alerts) == 1


def test_an_edited_article_replaces_its_earlier_revision() -> None:
    first = sighting(0, "a")
    edited = sighting(0, "z", text="quite another text that tells of something else", sighting_id="edited")
    newer = edited.article.model_copy(
        update={"id": first.article.id, "fetched": first.article.fetched + timedelta(hours=1)}
    )
    edited = edited.model_copy(update={"article": newer})
    history, published = feed(rule(), [first, edited, sighting(1, "b")])
    assert published[-1].counts.incidents == 2
    assert sorted(piece.verdict for piece in published[-1].evidence) == ["counted", "counted", "older_revision"]
    assert len(history.sightings) == 3


def test_a_live_group_forgets_what_is_older_than_window_and_lateness() -> None:
    live = [sighting(hour, f"i{hour}") for hour in (0, 1, 500)]
    live = [s.model_copy(update={"article": s.article.model_copy(update={"stream": "live"})}) for s in live]
    history, published = feed(rule(), live)
    assert len(history.sightings) == 1
    assert [alert.state.value for alert in published] == ["firing", "resolved"]
    assert history.alerts == ()


def test_history_survives_json() -> None:
    history, _ = feed(rule(), [sighting(0, "a"), sighting(1, "b"), sighting(2, "c")], end=5)
    assert History.model_validate_json(history.model_dump_json()) == history


def test_all_orders_of_a_small_set_end_alike() -> None:
    sightings = [sighting(hour, name) for hour, name in ((0, "a"), (1, "b"), (20, "c"), (26, "d"), (60, "e"))]
    ends = [facts(rule(), feed(rule(), order, end=200)[0]) for order in permutations(sightings)]
    assert all(end == ends[0] for end in ends)


SIGHTINGS = st.lists(
    st.builds(
        sighting,
        st.integers(0, 120),
        st.sampled_from("abcdef"),
        outlet=st.sampled_from(["one", "two", "three"]),
        refused=st.sampled_from([None, None, None, Verdict.LATE]),
    ),
    max_size=12,
    unique_by=lambda s: s.sighting_id,
)
RULES = st.builds(
    lambda count, low, gap: rule(count=count, severities={"warning": low, "critical": low + gap}),
    st.sampled_from(["incidents", "stories", "outlets", "sightings"]),
    st.integers(1, 3),
    st.integers(1, 3),
)


@settings(max_examples=150, deadline=None)
@given(RULES, SIGHTINGS, st.randoms(use_true_random=False), st.integers(0, 300))
def test_order_and_doubling_do_not_show_in_the_end(
    rule_: Rule, sightings: list[Sighting], random: object, end: int
) -> None:
    shuffled = sightings + sightings[: len(sightings) // 2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    in_order = sorted(sightings, key=lambda s: s.at)
    assert facts(rule_, feed(rule_, shuffled, end=end)[0]) == facts(rule_, feed(rule_, in_order, end=end)[0])


@settings(max_examples=150, deadline=None)
@given(RULES, SIGHTINGS, st.integers(0, 300))
def test_the_window_counts_what_a_naive_recount_counts(rule_: Rule, sightings: list[Sighting], hour: int) -> None:
    stands = standing(sightings, rule_)
    moment = at(hour)
    within = [s for s in stands.may_count if moment - rule_.window < s.at <= moment]
    last = [change.tally for change in counts_over_time(stands.may_count, stands.by, rule=rule_, clock=moment)]
    assert (last[-1].sightings if last else 0) == len(within)
    assert (last[-1].outlets if last else 0) == len({s.article.outlet for s in within})


@settings(max_examples=100, deadline=None)
@given(RULES, SIGHTINGS)
def test_no_phase_is_published_twice_unless_its_evidence_changed(rule_: Rule, sightings: list[Sighting]) -> None:
    _, published = feed(rule_, sightings, end=400)
    bodies = [(phase_of(alert), alert.model_dump_json()) for alert in published]
    for earlier, later in pairwise(bodies):
        assert earlier != later
