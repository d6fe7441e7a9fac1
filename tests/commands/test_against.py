"""Alerts of new rules against those of old ones, and a backtest told against a gold file."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from services.commands.against import Change, differences, tally
from services.commands.gold import parse_gold, read_gold
from services.commands.outcome import Stored, gathered, outcome_of
from services.commands.report import Asked, backtest
from services.commands.rung import NEVER, Rung
from services.core.errors import ConfigError
from services.core.rule import Rules
from tests.builders import article, at, event, rule


def rung(hours: float, until: float | None = None, *, group: str = "AAA", severity: str = "warning") -> Rung:
    return Rung("clashes", group, at(hours), NEVER if until is None else at(until), severity)


def test_an_alert_is_matched_with_the_one_of_its_group_that_overlaps_it() -> None:
    old = [rung(0, 10), rung(20, 30), rung(40, 50), rung(60, 70), rung(0, group="BBB")]
    new = [rung(0, 10), rung(18, 25), rung(42, 50), rung(60, 70, severity="critical"), rung(80)]
    found = differences(old, new)
    assert [(one.change, one.later_by) for one in found if one.change is not Change.SAME] == [
        (Change.MISSED, None),
        (Change.EARLIER, -7200),
        (Change.LATER, 7200),
        (Change.SEVERITY, 0),
        (Change.FIRED, None),
    ]
    assert tally(found)[Change.SAME] == 1
    assert "warning → critical" in found[4].line
    assert "by 2h, was 2020-10-02 08:00" in found[2].line


def test_an_old_alert_that_two_new_ones_overlap_is_matched_with_the_first() -> None:
    found = differences([rung(0, 50)], [rung(0, 10), rung(20, 30)])
    assert [one.change for one in found] == [Change.SAME, Change.FIRED]


STORED = Stored(
    events=tuple(
        event(
            article(f"Clash of {hour} {'again and ' * hour} again.", published=at(hour)),
            location=({"text": f"P{hour}", "name": f"P{hour}", "country": "AAA", "geo_precision": 1},),
        )
        for hour in (0, 1, 2)
    )
)


def told(asked: Asked, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[dict[str, object]]]:
    output = Console(file=StringIO(), soft_wrap=True, highlight=False, width=200)
    assert not backtest(asked, STORED, as_json=False, consoles=(output, output))
    backtest(asked, STORED, as_json=True, consoles=(output, output))
    machine = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return output.file.getvalue().splitlines(), machine  # type: ignore[attr-defined]


def test_a_backtest_against_old_rules_tells_only_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    new, old = (Rules(rules=(rule(severities={"warning": least}),)) for least in (3, 2))
    people, machine = told(Asked(new, old=old), capsys)
    assert people[0].startswith("2020-10-01 14:00  later     clashes AAA  warning  by 1h, was 2020-10-01 13:00")
    assert people[1:] == [
        "fired 0, missed 0, earlier 0, later 1, severity 0, same 0",
        "0 articles, 3 events, 3 sightings",
    ]
    (one,) = machine
    assert (one["kind"], one["change"], one["later_by_seconds"]) == ("difference", "later", 3600)


def test_a_backtest_with_a_gold_file_tells_how_right_each_rule_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "gold.yaml"
    file.write_text(
        "alerts:\n- {rule: clashes, group: AAA, at: 2020-10-01T12:30:00Z}\n"
        "- {rule: clashes, group: BBB, at: 2020-10-01T12:30:00Z}\n"
    )
    people, machine = told(Asked(Rules(rules=(rule(),)), gold=read_gold(file)), capsys)
    assert people[1].split() == ["clashes", "2", "1.00", "0.50", "1/1", "+0.5"]
    assert people[3] == "clashes BBB missed: due 2020-10-01 12:30"
    assert [(one["rule"], one["precision"], one["recall"], one["lead_hours"]) for one in machine] == [
        ("clashes", 1.0, 0.5, 0.5),
        (None, 1.0, 0.5, 0.5),
    ]


def test_everything_wrong_in_a_gold_file_is_listed() -> None:
    with pytest.raises(ConfigError) as error:
        parse_gold({"alerts": [{"rule": "x", "at": "soon", "group": "A"}, {"rule": "y"}]}, "gold.yaml")
    places = [problem.path for problem in error.value.problems]
    assert places == ["gold.yaml: alerts[0].at", "gold.yaml: alerts[1].group", "gold.yaml: alerts[1].at"]
    with pytest.raises(ConfigError, match="under 'alerts'"):
        parse_gold([], "gold.yaml")


def test_a_group_that_is_full_keeps_what_the_live_one_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.alerter.state.MAX_SIGHTINGS", 2)
    monkeypatch.setattr("services.alerter.state.KEPT_SIGHTINGS", 2)
    rules = Rules(rules=(rule(),))
    ((_, history, _),) = gathered(rules, STORED).histories()
    assert (len(history.sightings), history.dropped) == (2, 1)
    assert "at least 1 older sightings were given up" in outcome_of(rules, STORED).alerts[-1].reason
