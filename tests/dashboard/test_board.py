"""The board, folded one message at a time."""

from datetime import timedelta
from functools import reduce

import pytest

from services.core.alert import AlertState
from services.core.rule import Severity
from services.dashboard import board as module
from services.dashboard.board import AlertFilter, Board, alerts_of, fold
from tests.dashboard.samples import NOON, alert

LATER = NOON + timedelta(hours=1)


def folded(*messages: object) -> Board:
    return reduce(fold, messages, Board())


def test_an_alert_is_shown_as_its_latest_record_has_it() -> None:
    board = folded(alert(), alert(state=AlertState.RESOLVED, changed_at=LATER))
    assert [each.state for each in alerts_of(board)] == [AlertState.RESOLVED]


def test_a_record_older_than_what_is_known_does_not_win() -> None:
    board = folded(alert(state=AlertState.RESOLVED, changed_at=LATER), alert())
    assert [each.state for each in alerts_of(board)] == [AlertState.RESOLVED]


def test_a_record_with_more_evidence_of_the_same_change_wins() -> None:
    board = folded(alert(), alert(reason="with one more article"))
    assert alerts_of(board)[0].reason == "with one more article"


def test_a_record_that_is_told_twice_leaves_the_board_as_it_is() -> None:
    board = folded(alert())
    assert fold(board, alert()) is board


def test_what_rings_comes_before_what_is_over_and_the_graver_first() -> None:
    board = folded(
        alert(alert_id="over", state=AlertState.RESOLVED, severity=Severity.CRITICAL, changed_at=LATER),
        alert(alert_id="mild"),
        alert(alert_id="grave", severity=Severity.CRITICAL),
        alert(alert_id="mild-but-new", changed_at=LATER),
    )
    assert [each.alert_id for each in alerts_of(board)] == ["grave", "mild-but-new", "mild", "over"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AlertFilter(stream="live"), {"a", "c"}),
        (AlertFilter(rule="ceasefire-breach"), {"c"}),
        (AlertFilter(state="active"), {"a", "b"}),
        (AlertFilter(state=AlertState.RETRACTED), {"c"}),
        (AlertFilter(stream="live", state="active"), {"a"}),
        (AlertFilter(), {"a", "b", "c"}),
    ],
)
def test_alerts_are_filtered_by_stream_rule_and_state(wanted: AlertFilter, found: set[str]) -> None:
    board = folded(
        alert(alert_id="a"),
        alert(alert_id="b", stream="seeds", state=AlertState.ESCALATED),
        alert(alert_id="c", rule="ceasefire-breach", state=AlertState.RETRACTED),
    )
    assert {each.alert_id for each in alerts_of(board, wanted)} == found


def test_the_steps_of_an_alerts_life_are_kept_each_once() -> None:
    board = folded(alert(), alert(reason="with one more article"), alert(state=AlertState.RESOLVED, changed_at=LATER))
    assert [(step.state, step.changed_at) for step in board.steps["alert-1"]] == [("firing", NOON), ("resolved", LATER)]


def test_the_board_is_bounded_and_forgets_alerts_that_are_over_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ALERTS", 2)
    board = folded(
        alert(alert_id="rings"),
        alert(alert_id="over", state=AlertState.RESOLVED),
        alert(alert_id="new"),
    )
    assert set(board.alerts) == set(board.steps) == {"rings", "new"}
