"""The board, folded one message at a time."""

from datetime import timedelta
from functools import reduce

import pytest

from services.core.alert import AlertState
from services.core.rule import Severity
from services.dashboard import board as module
from services.dashboard.board import AlertFilter, Board, EventFilter, alerts_of, events_of, fold
from tests.dashboard.samples import NOON, alert, article, event

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


def test_events_are_filtered_and_the_latest_article_comes_first() -> None:
    newer = article(ident="article-2", fetched=LATER, published=LATER).ref
    board = folded(
        event(),
        event(event_id="event-2", article_id="article-2", article=newer),
        event(event_id="event-3", event_type="Battles", sub_event_type="Armed clash", article=None),
    )
    assert [each.event_id for each in events_of(board)] == ["event-2", "event-1", "event-3"]
    assert [each.event_id for each in events_of(board, EventFilter(type="Armed clash"))] == ["event-3"]
    assert [each.event_id for each in events_of(board, EventFilter(stream="live"))] == ["event-2", "event-1"]
    assert [each.event_id for each in events_of(board, EventFilter(article="article-2"))] == ["event-2"]


def test_the_board_is_bounded_and_forgets_alerts_that_are_over_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ALERTS", 2)
    monkeypatch.setattr(module, "MAX_EVENTS", 2)
    board = folded(
        alert(alert_id="rings"),
        alert(alert_id="over", state=AlertState.RESOLVED),
        alert(alert_id="new"),
        *(event(event_id=str(number)) for number in range(5)),
    )
    assert set(board.alerts) == {"rings", "new"}
    assert set(board.events) == {"3", "4"}


def test_an_article_is_kept_without_its_text() -> None:
    board = folded(article())
    assert not hasattr(board.articles["article-1"], "text")
    assert board.streams == ("live",)
