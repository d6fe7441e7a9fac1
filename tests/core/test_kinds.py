"""Kinds of rules: what is left out has its default, and what cannot work is refused with its reason."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.core.errors import ConfigError
from services.core.kinds import Kind, Period
from services.core.rule import parse_rules
from tests.builders import rule

README = Path(__file__).parents[2] / "README.md"
WORDS = {"when": {"phrases": ["peace talks"]}, "count": "stories", "group_by": "none"}
AGREED = {"first": {"sub_event_types": ["Agreement"]}, "within": "14d"}


def problem(**changes: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        rule(**changes)
    (one,) = caught.value.problems
    return str(one)


def test_a_rule_without_a_kind_is_a_threshold() -> None:
    assert rule().kind is Kind.THRESHOLD


@pytest.mark.parametrize("kind", ["spike", "cardinality", "new_term", "flatline"])
def test_a_kind_needs_no_more_than_its_name(kind: str) -> None:
    assert rule(kind=kind).kind.value == kind


def test_the_defaults_of_a_spike_are_those_of_the_readme() -> None:
    spike = rule(kind="spike", spike={}).spike
    assert spike is not None
    assert (spike.baseline, spike.history.days, spike.min_history.days) == (Period.WEEKDAY, 28, 14)
    assert (spike.min_count, spike.factor) == (5, 3.0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "wave"}, "kind: must be 'threshold', 'spike', 'cardinality', 'new_term', 'flatline' or 'sequence'"),
        ({"kind": "spike", "window": "8d"}, "the window of a spike must be whole hours, and at most 7d"),
        ({"kind": "spike", "window": "90m"}, "must be whole hours"),
        ({"kind": "spike", "window": "2d", "spike": {"baseline": "hour"}}, "and at most 1d"),
        ({"kind": "spike", "spike": {"min_history": "6d"}}, "spike: min_history must hold at least one weekday"),
        ({"kind": "spike", "spike": {"history": "7d"}}, "spike: history must be at least min_history"),
        ({"kind": "spike", "spike": {"factor": 1}}, "spike.factor: must be greater than 1"),
        ({"kind": "spike", "spike": {"min_count": 0}}, "spike.min_count: must be greater than or equal to 1"),
        ({"kind": "spike", "spike": {"mean": 3}}, "spike.mean: unknown key"),
        ({"kind": "cardinality", "cardinality": {"of": "feeds"}}, "must be 'outlets', 'places' or 'actors'"),
        ({"kind": "cardinality", "cardinality": {"of": "places"}, **WORDS}, "a keyword rule knows no places"),
        ({"kind": "new_term", "new_term": {"of": "actors"}, **WORDS}, "a keyword rule knows no actors"),
        ({"kind": "new_term", "new_term": {"unseen": "5h"}}, "new_term: unseen must be at least 1d"),
        ({"kind": "flatline", "window": "30m"}, "the window of a flatline must be at least 1h"),
        ({"kind": "sequence"}, "a rule of kind sequence needs sequence: {first: <condition>, within: <time>}"),
        ({"kind": "sequence", "sequence": {"first": {"flags": ["border_incident"]}}}, "sequence.within: is missing"),
        ({"kind": "sequence", "sequence": AGREED, **WORDS}, "both conditions of a sequence must be of events"),
        ({"spike": {}}, "spike is for rules of kind spike; this one is a threshold"),
        ({"kind": "flatline", "sequence": AGREED}, "sequence is for rules of kind sequence"),
    ],
)
def test_what_cannot_work_is_refused_with_its_reason(changes: dict[str, Any], says: str) -> None:
    assert says in problem(**changes)


def test_what_is_remembered_belongs_to_what_matches_and_not_to_names_and_levels() -> None:
    one = rule(kind="new_term", new_term={"unseen": "9d"})
    assert one.matching == rule(kind="new_term", new_term={"unseen": "9d"}, severities={"info": 9}, name="b").matching
    assert one.matching != rule(kind="new_term", new_term={"unseen": "9d"}, group_by="none").matching
    assert one.version != rule(kind="new_term", new_term={"unseen": "9d"}, severities={"info": 9}).version


def test_the_readme_has_a_right_example_of_every_kind() -> None:
    blocks = [block for block in README.read_text(encoding="utf-8").split("```") if block.startswith("yaml\nrules:")]
    rules = [one for block in blocks for one in parse_rules(yaml.safe_load(block[5:]), "README.md").rules]
    assert {one.kind for one in rules} == set(Kind)
