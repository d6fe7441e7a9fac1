"""How alerts are matched with the gold."""

from datetime import UTC, datetime, timedelta

from services.commands.gold import GoldAlert, compare
from services.commands.rung import Rung
from services.core.rule import Severity

_START = datetime(2031, 6, 10, tzinfo=UTC)


def _gold(hours: float, until: float) -> GoldAlert:
    return GoldAlert("shelling", "IND", _at(hours), ("0001",), Severity.WARNING, _at(until))


def _rung(hours: float, until: float, group: str = "IND") -> Rung:
    return Rung("shelling", group, _at(hours), _at(until), "warning", ("0001",))


def _at(hours: float) -> datetime:
    return _START + timedelta(hours=hours)


def test_an_alert_of_the_same_group_and_time_is_right_and_its_lead_is_told() -> None:
    score = compare([_gold(0, 10)], [_rung(4, 20)])
    assert (score.precision, score.recall, score.leads) == (1.0, 1.0, [4.0])


def test_an_alert_that_is_over_before_the_gold_begins_is_wrong() -> None:
    score = compare([_gold(0, 10)], [_rung(-8, 0)])
    assert (score.precision, score.recall) == (0.0, 0.0)


def test_an_alert_of_another_group_is_wrong() -> None:
    assert compare([_gold(0, 10)], [_rung(0, 10, "PAK")]).wrong


def test_ringing_twice_for_one_episode_is_wrong_once() -> None:
    score = compare([_gold(0, 10)], [_rung(0, 3), _rung(5, 9)])
    assert (len(score.right), len(score.wrong), score.recall) == (1, 1, 1.0)


def test_one_long_alert_finds_two_episodes_and_its_lead_is_to_the_first() -> None:
    score = compare([_gold(0, 10), _gold(12, 20)], [_rung(1, 30)])
    assert (score.precision, score.recall, score.leads) == (1.0, 1.0, [1.0])
