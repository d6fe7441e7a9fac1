"""Which changes are sent."""

from datetime import timedelta

from services.core.alert import Alert, AlertState
from services.notifier.route import Decision, Sent, decide
from tests.dashboard.samples import NOON, alert

LIVE = ("live",)


def having(*alerts: Alert) -> Sent:
    sent = Sent()
    for each in alerts:
        sent.put(each.alert_id, each.state, each.changed_at)
    return sent


def test_a_new_alert_of_a_stream_that_is_told_of_is_sent() -> None:
    assert decide(alert(), Sent(), streams=LIVE) is Decision.SEND


def test_an_alert_of_a_replay_is_not_sent_unless_its_stream_is_named() -> None:
    assert decide(alert(stream="seeds"), Sent(), streams=LIVE) is Decision.OTHER_STREAM
    assert decide(alert(stream="seeds"), Sent(), streams=("live", "seeds")) is Decision.SEND


def test_more_evidence_of_the_same_change_is_not_sent_again() -> None:
    sent = having(alert())
    assert decide(alert(reason="with one more article"), sent, streams=LIVE) is Decision.ALREADY_SENT


def test_each_change_of_state_is_sent() -> None:
    sent = having(alert())
    worse = alert(state=AlertState.ESCALATED, changed_at=NOON + timedelta(hours=1))
    assert decide(worse, sent, streams=LIVE) is Decision.SEND
    assert decide(alert(state=AlertState.RETRACTED), sent, streams=LIVE) is Decision.SEND


def test_a_change_older_than_what_was_sent_is_not_sent() -> None:
    sent = having(alert(state=AlertState.RESOLVED, changed_at=NOON + timedelta(hours=1)))
    assert decide(alert(), sent, streams=LIVE) is Decision.OUTDATED


def test_of_two_changes_at_one_time_both_are_known_in_any_order() -> None:
    both = (alert(), alert(state=AlertState.RETRACTED))
    for order in (both, both[::-1], (*both, both[0], alert(changed_at=NOON - timedelta(hours=1)))):
        assert {decide(each, having(*order), streams=LIVE) for each in both} == {Decision.ALREADY_SENT}


def test_what_was_sent_is_remembered_within_a_bound() -> None:
    sent = Sent(limit=2)
    for number in range(5):
        sent.put(str(number), AlertState.FIRING, NOON)
    assert set(sent.changes) == {"3", "4"}
