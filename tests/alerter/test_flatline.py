"""Silence: told by the clock, of groups that were heard before or that wait from the start."""

from services.alerter.judge import judge
from services.alerter.state import History, new_history
from tests.alerter.kinds import began_at, feed, told
from tests.builders import at, rule

SILENT = rule(kind="flatline", window="6h", severities={"warning": 1, "critical": 4})
ALL = rule(kind="flatline", window="6h", group_by="none", severities={"warning": 1})


def test_the_clock_alone_makes_a_group_that_was_heard_ring_and_what_comes_ends_it() -> None:
    history, published = feed(SILENT, [told(0, "a"), told(3, "b")], end=8)
    assert published == []
    history, (alert,) = judge(SILENT, history, None, at(9))
    assert (alert.state, alert.started_at, alert.severity) == ("firing", at(9), "warning")
    assert alert.baseline is not None
    assert alert.baseline.model_dump(include={"since", "last_seen"}) == {"since": at(3), "last_seen": at(3)}
    assert alert.reason == (
        "nothing has matched since the last at 2020-10-01 15:00 UTC, 6h up to 2020-10-01 21:00 UTC, "
        "threshold 6h (warning)"
    )
    assert [(piece.event_id, piece.verdict.value) for piece in alert.evidence] == [(told(3, "b").event_id, "last_seen")]
    history, (graver,) = judge(SILENT, history, None, at(27))
    assert (graver.state, graver.severity, graver.alert_id) == ("escalated", "critical", alert.alert_id)
    history, (over,) = judge(SILENT, history, told(30, "c"), at(30))
    assert (over.state, over.changed_at, over.alert_id) == ("resolved", at(30), alert.alert_id)


def test_a_telling_in_time_keeps_silence_away() -> None:
    assert feed(SILENT, [told(hour, f"h{hour}") for hour in range(0, 60, 6)], end=59)[1] == []


def test_a_rule_that_does_not_group_waits_from_when_watching_began() -> None:
    history = new_history("clashes|test|all").watched_since(at(0))
    history, (alert,) = judge(ALL, history, None, at(6))
    assert (alert.state, alert.stream, alert.group, alert.started_at) == ("firing", "test", "all", at(6))
    assert alert.evidence == ()
    assert alert.reason.startswith("nothing has matched since watching began at 2020-10-01 12:00 UTC")


def test_a_group_that_was_never_heard_cannot_fall_silent() -> None:
    assert judge(SILENT, began_at(0), None, at(500))[1] == ()


def test_what_was_told_before_watching_began_starts_no_silence_of_its_own() -> None:
    history, published = feed(SILENT, [told(0, "a")], end=25, history=began_at(20))
    assert published == []
    _, (alert,) = judge(SILENT, history, None, at(26))
    assert alert.started_at == at(26)


def test_an_article_that_was_only_late_to_arrive_takes_the_silence_back() -> None:
    history, published = feed(SILENT, [told(0, "a")], end=7)
    assert [one.state.value for one in published] == ["firing"]
    _, changes = judge(SILENT, history, told(5, "b"), at(8))
    assert [one.state.value for one in changes] == ["retracted"]


def test_a_live_group_remembers_its_last_telling_for_as_long_as_it_is_silent() -> None:
    heard = told(0, "a")
    heard = heard.model_copy(update={"article": heard.article.model_copy(update={"stream": "live"})})
    history, _ = feed(SILENT, [heard], end=2000, history=History(stream="live", group="AAA", began=at(0)))
    assert [one.sighting_id for one in history.sightings] == [heard.sighting_id]
    (alert,) = history.alerts
    assert (alert.started_at, alert.severity) == (at(6), "critical")
