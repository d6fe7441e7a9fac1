"""Rules: what is right is taken, and everything that is wrong is told at once, each with its path."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.core.errors import ConfigError
from services.core.ontology import EVENT_TYPE_OF, SUB_EVENT_TYPES
from services.core.rule import MAX_RULES, Count, GroupBy, Severity, parse_rules
from tests.builders import rule

SEEDS = Path(__file__).parents[2] / "seeds" / "rules.yaml"
FLAGGED = {"flags": ["border_incident"]}
WORDS = {"phrases": ["peace talks"]}
ROOT = "r.yaml: rules[0]"


def raw(**changes: Any) -> dict[str, Any]:
    return {"name": "a", "when": FLAGGED, "window": "1d", "severities": {"info": 1}, **changes}


def problems(*rules: Any, **more: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_rules({"rules": list(rules), **more}, "r.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_the_rules_of_the_seeds_are_right() -> None:
    rules = parse_rules(yaml.safe_load(SEEDS.read_text()), "rules.yaml")
    assert [one.name for one in rules.rules][:2] == ["ceasefire-breach", "border-incident"]
    assert rules.named("border-incident") is rules.rules[1]
    assert rules.named("nothing") is None


def test_what_is_left_out_has_its_default() -> None:
    (made,) = parse_rules({"rules": [raw()]}, "r.yaml").rules
    assert (made.count, made.group_by, made.lateness.days) == (Count.INCIDENTS, GroupBy.COUNTRY, 7)
    assert [str(modality) for modality in made.modalities] == ["asserted", "alleged"]


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        (
            {"name": "Border Incident"},
            "name",
            "'Border Incident' is not a name: small letters, digits and hyphens, a letter first",
        ),
        ({"name": 7}, "name", "must be a text; put it in quotes"),
        ({"count": "articles"}, "count", "must be 'incidents', 'stories', 'outlets', 'sightings' or 'casualties'"),
        (
            {"group_by": "city"},
            "group_by",
            "must be 'none', 'country', 'border', 'place', 'region', 'actor_pair', 'outlet' or 'source'",
        ),
        ({"modalities": ["said"]}, "modalities[0]", "'asserted', 'alleged', 'denied', 'threatened', 'called_for'"),
        ({"window": "3 moons"}, "window", "not a length of time; write for example 90s, 15m, 72h"),
        ({"window": 90}, "window", "not a length of time"),
        ({"lateness": "0s"}, "lateness", "longer than zero"),
        ({"severities": {"huge": 1}}, "severities.huge", "must be 'info', 'warning' or 'critical'"),
        ({"severities": {"info": 0}}, "severities.info", "must be greater than or equal to 1"),
        ({"severities": [2]}, "severities", "must be a mapping"),
        ({"severities": {}}, "", "severities needs at least one entry, for example {warning: 2, critical: 5}"),
        ({"severities": {"warning": 3, "critical": 3}}, "", "a graver severity needs a higher count"),
        ({"severities": {"info": 4, "critical": 3}}, "", "a graver severity needs a higher count"),
        ({"labels": {"team": 7}}, "labels.team", "must be a text; put it in quotes"),
        ({"colour": "red"}, "colour", "unknown key; allowed: name, description, when, count, window, group_by"),
        ({"when": 5}, "when", "must be a mapping"),
        ({"when": {}}, "when", "needs at least one of: event_types, sub_event_types, plover, cameo, flags"),
        ({"when": {"flags": ["war"]}}, "when.flags[0]", "must be 'ceasefire_violation', 'border_incident' or"),
        ({"when": {"flags": "border_incident"}}, "when.flags", "must be a list"),
        ({"when": {"event_types": ["War"]}}, "when.event_types[0]", f"allowed: {', '.join(SUB_EVENT_TYPES)}"),
        ({"when": {"sub_event_types": ["War"]}}, "when.sub_event_types[0]", f"allowed: {', '.join(EVENT_TYPE_OF)}"),
        ({"when": {"words": ["x"]}}, "when.words", "unknown key; allowed: event_types, sub_event_types, plover"),
        ({"when": {**FLAGGED, "countries": ["Armenia"]}}, "when.countries[0]", "did you mean ARM, Armenia?"),
        ({"when": {**FLAGGED, "min_confidence": 2}}, "when.min_confidence", "must be less than or equal to 1"),
        ({"when": {"phrases": ["x"]}}, "when.phrases[0]", "must have at least 2 characters"),
        (
            {"when": WORDS, "count": "stories"},
            "",
            "a keyword rule knows no place: group_by must be none, outlet or source",
        ),
        ({"when": WORDS, "group_by": "none"}, "", "count must be stories, outlets or sightings"),
    ],
)
def test_each_mistake_has_its_path_and_says_what_is_allowed(changes: dict[str, Any], path: str, says: str) -> None:
    (problem,) = problems(raw(**changes))
    assert problem.startswith(f"{ROOT}.{path}: " if path else f"{ROOT}: ")
    assert says in problem


def test_every_missing_key_is_named() -> None:
    keys = ("name", "when", "window", "severities")
    assert problems({}) == [f"{ROOT}.{key}: is missing" for key in keys]


def test_all_problems_are_listed_at_once() -> None:
    wrong = raw(name="b", count="x", window="y", when={"event_types": ["War", "Battles", "Peace"], "extra": 1})
    assert [problem.split(": ")[1] for problem in problems(raw(), wrong, 5, raw(), more=1)] == [
        "rules[1].when.event_types[0]",
        "rules[1].when.event_types[2]",
        "rules[1].when.extra",
        "rules[1].count",
        "rules[1].window",
        "rules[2]",
        "more",
        "rules[3].name",
    ]


def test_a_name_given_twice_is_told_at_its_second_place() -> None:
    assert problems(raw(), raw(name="b"), raw()) == ["r.yaml: rules[2].name: 'a' is the name of an earlier rule"]
    assert problems(5, raw(), raw())[-1] == "r.yaml: rules[2].name: 'a' is the name of an earlier rule"


@pytest.mark.parametrize("data", [None, [], "rules", 5])
def test_a_file_that_holds_no_mapping_is_refused(data: object) -> None:
    with pytest.raises(ConfigError, match=r"r\.yaml: must be a mapping with the key 'rules'"):
        parse_rules(data, "r.yaml")


def test_there_must_be_rules_but_not_too_many() -> None:
    assert problems() == ["r.yaml: rules: needs at least one entry"]
    (problem,) = problems(*(raw(name=f"r{number}") for number in range(MAX_RULES + 1)))
    assert "at most 500" in problem


def test_the_gravest_severity_that_is_reached_holds() -> None:
    made = rule(severities={"warning": 2, "critical": 5})
    assert made.threshold == 2
    assert [made.severity_at(count) for count in (0, 1, 2, 4, 5, 99)] == [
        None,
        None,
        Severity.WARNING,
        Severity.WARNING,
        Severity.CRITICAL,
        Severity.CRITICAL,
    ]


def test_the_version_changes_with_anything_in_the_rule() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"name": "b"},
        {"window": "25h"},
        {"severities": {"warning": 3}},
        {"lateness": "8d"},
        {"labels": {"team": "x"}},
        {"description": "other"},
        {"when": {"event_types": ["Riots"]}},
        {"modalities": ["asserted"]},
    ]
    assert len({rule(**change).version for change in changes}) == len(changes)
    assert rule().version == rule().version
    assert rule(window="24h").version == rule(window="1d").version


@pytest.mark.parametrize("group_by", ["none", "outlet"])
def test_a_keyword_rule_groups_by_outlet_or_not_at_all(group_by: str) -> None:
    assert rule(when=WORDS, count="stories", group_by=group_by).by_keyword
    assert not rule().by_keyword
