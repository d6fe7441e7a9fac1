"""Distinct outlets, places and actors, and those that are new."""

import pytest

from services.alerter.judge import judge
from services.alerter.retold import retold
from services.alerter.state import History
from services.core.rule import Rule, Severity
from services.core.sighting import Revision, Sighting
from tests.alerter.kinds import began_at, feed, told, verdict_on
from tests.builders import at, rule

PLACES = rule(kind="cardinality", cardinality={"of": "places"}, window="24h", severities={"warning": 3})
NEW = rule(kind="new_term", new_term={"of": "places", "unseen": "10d"}, window="24h", severities={"info": 1})


def in_(place: str, hour: float, **changes: object) -> Sighting:
    return told(hour, f"{place}-{hour}", place=place, **changes)


def test_as_many_places_as_the_threshold_ring_and_are_named() -> None:
    told_ = [in_("Northfort", 0), in_("Southfort", 1), in_("Northfort", 2), in_("Eastfort", 3)]
    _, (alert,) = feed(PLACES, told_, end=4)
    assert (alert.state, alert.started_at, alert.threshold) == ("firing", at(3), 3)
    assert alert.baseline is not None
    assert alert.baseline.model_dump()["terms"] == ("Eastfort", "Northfort", "Southfort")
    assert alert.reason == "3 distinct places within 1d up to 2020-10-01 15:00 UTC, threshold 3 (warning)"
    assert [(piece.verdict.value, piece.reason) for piece in alert.evidence] == [
        ("counted", "place: Northfort"),
        ("counted", "place: Southfort"),
        ("same_term", "Northfort counts once"),
        ("counted", "place: Eastfort"),
    ]


@pytest.mark.parametrize(
    ("of", "rings"), [("outlets", ("one", "two")), ("places", ("Northfort",)), ("actors", ("a-MIL", "b-MIL"))]
)
def test_each_kind_of_term_is_counted_for_itself(of: str, rings: tuple[str, ...]) -> None:
    each = rule(kind="cardinality", cardinality={"of": of}, window="24h", severities={"info": 1})
    _, published = feed(each, [told(0, "a", outlet="one"), told(1, "b", outlet="two"), told(2, "b", place="")], end=3)
    assert published[-1].baseline is not None
    assert published[-1].baseline.model_dump()["terms"] == rings


def test_what_names_no_place_adds_none_and_says_so() -> None:
    nameless = told(1, "x", place="")
    history, published = feed(PLACES, [in_("Northfort", 0), nameless], end=2)
    assert published == []
    assert verdict_on(PLACES, history, nameless).reason == "names no place"


def test_a_place_not_seen_for_ten_days_is_new_and_its_last_time_is_told() -> None:
    seen = [in_("Northfort", 0), in_("Northfort", 100), in_("Northfort", 339), in_("Northfort", 579)]
    _, published = feed(NEW, seen, end=580)
    (alert,) = [one for one in published if one.state == "firing"]
    assert alert.started_at == at(579)
    assert alert.baseline is not None
    assert alert.baseline.model_dump(mode="json")["terms"] == [
        {"term": "Northfort", "at": "2020-10-25T15:00:00Z", "last_seen": "2020-10-15T15:00:00Z"}
    ]
    assert "Northfort (last seen 2020-10-15 15:00 UTC)" in alert.reason
    assert [piece.reason for piece in alert.evidence] == ["new place: Northfort"]


def test_a_place_never_seen_before_is_new_once_watching_has_gone_on_for_long_enough() -> None:
    early, late = in_("Eastfort", 239), in_("Westfort", 240)
    history, published = feed(NEW, [early, late], end=241)
    assert [one.started_at for one in published] == [at(240)]
    assert "Westfort (never seen before)" in published[0].reason
    found = verdict_on(NEW, history, early)
    assert (found.verdict, found.reason) == (
        "unfilled",
        "nothing is new yet: watched for 9d of the 10d that it needs",
    )


def test_nothing_is_new_where_it_is_not_known_since_when_the_stream_is_watched() -> None:
    start = History(stream="test", group="AAA")
    history, published = feed(NEW, [in_("Westfort", 500)], end=501, history=start)
    assert published == []
    assert "not known yet" in verdict_on(NEW, history, in_("Westfort", 500)).reason


def test_a_late_arrival_that_names_the_place_earlier_takes_the_alert_back() -> None:
    history, rung = feed(NEW, [in_("Westfort", 500)], end=510)
    assert [one.state.value for one in rung] == ["firing"]
    _, changes = feed(NEW, [in_("Westfort", 400)], end=511, history=history)
    assert {one.state.value: one.started_at for one in changes}["retracted"] == at(500)


@pytest.mark.parametrize(
    "rule_", [NEW, PLACES.model_copy(update={"severities": {Severity.INFO: 1}})], ids=["new", "distinct"]
)
def test_a_term_that_an_edit_takes_back_retracts_the_alert(rule_: Rule) -> None:
    one = in_("Westfort", 500)
    history, rung = feed(rule_, [one], end=501)
    assert [alert.state.value for alert in rung] == ["firing"]
    edit = Revision(
        rule=one.rule,
        group=one.group,
        stream=one.stream,
        article_id=one.article.id,
        published=one.at,
        fetched={one.article.revision: one.at, "new": at(505)},
    )
    _, changes = judge(rule_, history, edit, at(506))
    assert [(alert.state.value, alert.changed_at) for alert in changes] == [("retracted", at(505))]


def test_what_was_seen_long_ago_is_remembered_when_its_sightings_are_not() -> None:
    """Hundreds of sightings of other places push the first one out; the place is not new for all that."""
    many = [told(1 + n / 2, f"x{n}", place="Busytown", sighting_id=f"x{n}") for n in range(405)]
    again = in_("Northfort", 1 + 9 * 24)
    history, published = feed(NEW, [in_("Northfort", 2), *many[:1]], end=3, history=began_at(-500))
    history, _ = retold(NEW, history, (*many, again))
    assert history.dropped > 0
    history, published = feed(NEW, [], end=1 + 9 * 24, history=history)
    assert [one.started_at for one in published if one.state == "firing"] == []
