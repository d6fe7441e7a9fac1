"""Conditions: what each key asks of an event or an article, and how all, any and not put them together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.match import match, match_keywords
from services.alerter.meets import Told, meets
from services.core.article import Article
from services.core.condition import When
from services.core.event import Casualty, Event, Mention, Place
from services.core.ontology import Modality, Tier
from services.core.rule import Rules
from services.core.sighting import Sighting
from tests.builders import article, event, rule

GORIS = Place(text="Goris", name="Goris", lat=39.511, lon=46.338, geo_precision=1, country="ARM", admin="Syunik")
BAKU = Place(text="Baku", name="Baku", lat=40.378, lon=49.892, geo_precision=1, country="AZE")


def told(of: Event) -> Told:
    assert of.article is not None
    return Told(of.article, (of.sentence.text, of.article.title), of)


def holds(of: Event, **when: Any) -> bool:
    return meets(When.model_validate(when), told(of))


def hurt(kind: str, count: int | None, *, cumulative: bool = False) -> Casualty:
    return Casualty(kind=kind, who="civilian", count=count, cumulative=cumulative, text="some")


@pytest.mark.parametrize(
    ("changes", "when", "so"),
    [
        ({"plover": "ASSAULT"}, {"plover": ["AID", "ASSAULT"]}, True),
        ({"plover": None}, {"plover": ["ASSAULT"]}, False),
        ({"cameo": "190"}, {"cameo": ["19"]}, True),
        ({"cameo": "19"}, {"cameo": ["190"]}, False),
        ({"cameo": "1951"}, {"cameo": ["18", "195"]}, True),
        ({"cameo": None}, {"cameo": ["19"]}, False),
        ({"location": (GORIS, BAKU)}, {"countries": ["AZE"]}, True),
        ({"location": (GORIS, BAKU)}, {"places": [{"country": "AZE", "name": "baku"}]}, True),
        ({"location": (GORIS, BAKU)}, {"places": [{"country": "AZE", "name": "goris"}]}, False),
        ({"location": (GORIS,)}, {"places": [{"name": "Baku"}, {"near": {"lat": 39.5, "lon": 46.3, "km": 10}}]}, True),
        ({"location": (GORIS,)}, {"places": [{"bbox": [49, 40, 50, 41]}]}, False),
        ({"location": (BAKU, GORIS)}, {"places": [{"admin": "syunik"}]}, True),
        ({"location": (BAKU,)}, {"places": [{"admin": "syunik"}]}, False),
        ({"location": ()}, {"places": [{"bbox": [-180, -90, 180, 90]}]}, False),
        ({}, {"actors": ["AAA-MIL"]}, True),
        ({}, {"actors": ["AAA"]}, True),
        ({}, {"actors": ["MIL"]}, True),
        ({}, {"actors": ["AAA-CVL", "GOV"]}, False),
        ({}, {"targets": ["AAA"]}, False),
        ({"target": (Mention(text="x", id="EUR"),)}, {"targets": ["EUR"]}, True),
        ({"actor": (Mention(text="x", id="MILITIA"),)}, {"actors": ["MIL"]}, False),
        ({}, {"sources": ["two"], "min_confidence": 0}, False),
        ({}, {"sources": ["two", "one"], "min_confidence": 0.9}, True),
        ({"modality": Modality.THREATENED}, {"modalities": ["threatened"]}, True),
        ({"modality": Modality.ASSERTED}, {"modalities": ["threatened"]}, False),
        ({"casualties": (hurt("killed", 3), hurt("killed", 2))}, {"min_killed": 5}, True),
        ({"casualties": (hurt("killed", 3), hurt("wounded", 9))}, {"min_killed": 4}, False),
        ({"casualties": (hurt("killed", 3), hurt("wounded", 9))}, {"min_wounded": 9}, True),
        ({"casualties": (hurt("killed", 3), hurt("wounded", 9))}, {"min_casualties": 12}, True),
        ({"casualties": (hurt("killed_or_wounded", 12),)}, {"min_casualties": 12}, True),
        ({"casualties": (hurt("killed_or_wounded", 12),)}, {"min_killed": 1}, False),
        ({"casualties": (hurt("captured", 12), hurt("killed", None))}, {"min_casualties": 1}, False),
        ({"casualties": (hurt("killed", 95, cumulative=True),)}, {"min_killed": 5}, False),
        (
            {"tier": Tier.CASUALTY_TOLL, "casualties": (hurt("killed", 95, cumulative=True), hurt("killed", 5))},
            {"min_killed": 95},
            True,
        ),
        ({}, {"min_killed": 0}, True),
        ({}, {"keywords": ["clash"], "countries": ["ARM"]}, False),
        ({"location": (GORIS,)}, {"keywords": ["clash"], "countries": ["ARM"]}, True),
        ({}, {"keywords": {"none": ["clash"]}, "min_confidence": 0}, False),
        ({}, {"phrases": ["a title"], "event_types": ["Battles"]}, True),
        ({}, {"phrases": ["sides clash"], "event_types": ["Battles"]}, False),
    ],
)
def test_each_key_asks_of_an_event_what_it_says(changes: dict[str, Any], when: dict[str, Any], so: bool) -> None:
    assert holds(event(**changes), **when) is so


SIMPLE = st.sampled_from(
    [
        {"event_types": ["Battles"]},
        {"event_types": ["Riots"]},
        {"flags": ["border_incident"]},
        {"keywords": ["clash"]},
        {"keywords": {"none": ["clash"]}},
        {"sources": ["one"]},
        {"min_confidence": 0.95},
        {"places": [{"name": "Goris"}]},
    ]
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.dictionaries(
        st.sampled_from(["all", "any", "not"]), st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=2
    ),
    max_leaves=4,
).filter(lambda when: deep(when) <= 2)
EVENTS = st.sampled_from(
    [
        event(),
        event(article("A quiet day."), border_incident=True),
        event(article("They clashed.", outlet="two"), event_type="Riots", location=(GORIS,), confidence=1.0),
    ]
)
LISTS = st.lists(CONDITIONS, min_size=1, max_size=3)


def deep(when: dict[str, Any]) -> int:
    return 1 + max((deep(inner) for key in ("all", "any", "not") for inner in when.get(key, ())), default=0)


@settings(max_examples=60)
@given(EVENTS, LISTS)
def test_none_of_them_is_each_of_them_not_and_not_all_is_any_not(of: Event, parts: list[dict[str, Any]]) -> None:
    none = [{"not": [part]} for part in parts]
    assert holds(of, **{"not": parts}) is holds(of, all=none) is (not holds(of, any=parts))
    assert holds(of, **{"not": [{"all": parts}]}) is holds(of, any=none)


@settings(max_examples=60)
@given(EVENTS, LISTS)
def test_all_and_any_are_what_holds_of_each_by_itself(of: Event, parts: list[dict[str, Any]]) -> None:
    each = [holds(of, **part) for part in parts]
    assert holds(of, all=parts) is all(each)
    assert holds(of, any=parts) is any(each)
    assert holds(of, all=parts[::-1]) is holds(of, all=parts)
    assert holds(of, **{"not": [{"not": [parts[0]]}]}) is each[0]


@settings(max_examples=60)
@given(EVENTS, SIMPLE, SIMPLE)
def test_keys_side_by_side_are_as_the_same_under_all(of: Event, one: dict[str, Any], other: dict[str, Any]) -> None:
    if not set(one) & set(other):
        assert holds(of, **one, **other) is holds(of, all=[one, other])


def found_in(of: Article, **when: Any) -> Sighting | None:
    found = match_keywords(Rules(rules=(rule(when=when, count="stories", group_by="none"),)), of)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("when", "so"),
    [
        ({"outlets": ["herald"]}, True),
        ({"outlets": ["other"]}, False),
        ({"languages": ["en"]}, True),
        ({"languages": ["fr"]}, False),
        ({"sources": ["herald"], "keywords": ["truce"]}, True),
        ({"any": [{"phrases": ["no such words"]}, {"keywords": {"all": ["truce", "dawn"]}}]}, True),
        ({"keywords": ["truce"], "not": [{"outlets": ["herald"]}]}, False),
        ({"keywords": {"none": ["truce"]}}, False),
    ],
)
def test_articles_are_asked_for_words_and_where_they_come_from(when: dict[str, Any], so: bool) -> None:
    of = article("A truce began at dawn.", outlet="herald", language="en")
    assert (found_in(of, **when) is not None) is so


def test_what_rang_is_shown_in_its_sentence_however_deep_it_was_asked_for() -> None:
    of = article("All was calm. Two shells fell by a truce post. Then nothing.")
    found = found_in(of, all=[{"any": [{"keywords": {"near": {"words": ["truce", "shell"]}}}, {"phrases": ["oh no"]}]}])
    assert found is not None
    assert (found.sentence.text, found.trigger.text) == ("Two shells fell by a truce post.", "shells fell by a truce")


@pytest.mark.parametrize(("title", "shown"), [("A title", "A title"), ("", "All was calm.")])
def test_an_article_that_rings_by_where_it_comes_from_is_shown_by_its_beginning(title: str, shown: str) -> None:
    found = found_in(article("All was calm. And then.", outlet="herald", title=title), outlets=["herald"])
    assert found is not None
    assert (found.sentence.text, found.trigger.text) == (shown, "")


def test_a_rule_that_asks_for_anything_of_an_event_looks_at_events() -> None:
    rules = Rules(rules=(rule(when={"keywords": ["clash"], "any": [{"not": [{"min_killed": 1}]}]}),))
    assert not rules.rules[0].by_keyword
    assert match_keywords(rules, article("They clashed.")) == ()
    assert len(match(rules, event(article("They clashed.")))) == 1


def test_a_rule_counts_the_modalities_that_its_condition_asks_for() -> None:
    threat = event(modality="threatened")
    asked = {"modalities": ["threatened"]}
    found = match(Rules(rules=(rule(when=asked), rule(name="deep", when={"any": [asked]}))), threat)
    assert [one.refused for one in found] == [None, None]
