"""What Alertmanager is told."""

from datetime import timedelta

from services.core.alert import AlertState
from services.core.rule import Severity
from services.notifier.alertmanager import HOLDS, postable
from tests.dashboard.samples import NOON, alert

NOW = NOON + timedelta(minutes=1)


def ending(*alerts: object) -> dict[str, str]:
    return {post["labels"]["severity"]: post["endsAt"] for post in postable(alerts, NOW)}  # type: ignore[arg-type]


def test_what_rings_ends_later_unless_it_is_told_again() -> None:
    ends = ending(alert(severity=Severity.CRITICAL))
    assert ends["critical"] == (NOW + HOLDS).isoformat()


def test_an_alert_is_over_at_the_severities_it_may_have_had_before() -> None:
    ends = ending(alert(severity=Severity.CRITICAL))
    assert ends["info"] == ends["warning"] == NOW.isoformat()


def test_what_ended_lately_is_told_as_over_and_what_ended_long_ago_not_at_all() -> None:
    assert set(ending(alert(state=AlertState.RESOLVED)).values()) == {NOW.isoformat()}
    assert ending(alert(state=AlertState.RESOLVED, changed_at=NOON - timedelta(days=1))) == {}


def test_labels_of_a_rule_are_given_on_but_cannot_replace_ours() -> None:
    labelled = alert(labels={"team": "desk", "alertname": "other", "a-b": "c", "1st": "x", "empty": ""})
    labels = postable([labelled], NOW)[0]["labels"]
    assert labels == {
        "team": "desk",
        "alertname": "border-incident",
        "a_b": "c",
        "_1st": "x",
        "group": "ARM-IRN",
        "severity": "warning",
        "stream": "live",
        "alert_id": "alert-1",
    }


def test_an_alert_never_ends_before_it_starts() -> None:
    for post in postable([alert(started_at=NOW + timedelta(hours=1))], NOW):
        assert post["startsAt"] < post["endsAt"]
