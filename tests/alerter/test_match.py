"""Which events meet which rules, in which group they count, and why some cannot."""

from datetime import timedelta
from typing import Any

import pytest

from services.alerter.match import match
from services.core.event import Event, EventDate, Mention, Place
from services.core.ontology import Modality
from services.core.rule import Rules
from services.core.sighting import Sighting, Verdict
from tests.builders import NOON, article, event, rule

AT_HOME = (Place(text="Northfort", name="Northfort", geo_precision=1, country="AAA"),)


def matched(of: Event, **changes: Any) -> Sighting | None:
    """The sighting of the event under one rule with these changes, if it meets it."""
    found = match(Rules(rules=(rule(**changes),)), of)
    return found[0] if found else None


def parties(*ids: str) -> tuple[Mention, ...]:
    return tuple(Mention(text=ident, id=ident) for ident in ids)


@pytest.mark.parametrize(
    ("when", "meets"),
    [
        ({"event_types": ["Battles"]}, True),
        ({"event_types": ["Riots", "Battles"]}, True),
        ({"event_types": ["Riots"]}, False),
        ({"sub_event_types": ["Armed clash"]}, True),
        ({"sub_event_types": ["Grenade"]}, False),
        ({"flags": ["border_incident"]}, True),
        ({"flags": ["ceasefire_violation"]}, False),
        ({"flags": ["border_incident", "ceasefire_violation"]}, False),
        ({"event_types": ["Battles"], "flags": ["ceasefire_violation"]}, False),
        ({"event_types": ["Battles"], "countries": ["GEO", "ARM"]}, True),
        ({"event_types": ["Battles"], "countries": ["GEO"]}, False),
        ({"event_types": ["Battles"], "min_confidence": 0.9}, True),
        ({"event_types": ["Battles"], "min_confidence": 0.95}, False),
    ],
)
def test_all_that_a_condition_gives_must_hold(when: dict[str, Any], meets: bool) -> None:
    there = (AT_HOME[0].model_copy(update={"country": "ARM"}),)
    assert (matched(event(border_incident=True, location=there), when=when) is not None) is meets


def test_an_event_without_a_place_lies_in_no_country() -> None:
    assert matched(event(location=()), when={"event_types": ["Battles"], "countries": ["ARM"]}) is None


def test_what_nobody_knows_the_place_of_does_not_count_by_country_but_does_without_groups() -> None:
    nowhere = event(location=(), actor=(), target=())
    by_country, together = matched(nowhere, group_by="country"), matched(nowhere, group_by="none")
    assert by_country is not None
    assert together is not None
    assert (by_country.refused, together.refused) == (Verdict.UNPLACED, None)


def test_one_event_is_a_sighting_of_every_rule_it_meets() -> None:
    rules = Rules(
        rules=(rule(), rule(name="more", group_by="none"), rule(name="other", when={"event_types": ["Riots"]}))
    )
    found = match(rules, event())
    assert [(one.rule, one.group) for one in found] == [("clashes", "AAA"), ("more", "all")]
    assert len({one.sighting_id for one in found}) == 2


def test_keyword_rules_do_not_look_at_events() -> None:
    assert matched(event(), when={"phrases": ["clashed"]}, count="stories", group_by="none") is None


def test_an_event_that_does_not_know_its_article_meets_nothing() -> None:
    assert matched(event(article=None)) is None


def test_a_sighting_tells_what_the_event_told() -> None:
    told = event(denied_by=parties("BBB-MIL"))
    found = matched(told)
    assert found is not None
    assert (found.event_id, found.article, found.modality) == (told.event_id, told.article, Modality.ASSERTED)
    assert (found.sentence, found.trigger, found.denied_by) == (told.sentence, told.trigger, ("BBB-MIL",))
    assert (found.place, found.incident_basis) == (AT_HOME[0], "Armed clash · Northfort · 2020-10-01")
    assert (found.refused, found.because) == (None, None)


def test_the_same_event_is_the_same_sighting_and_other_streams_have_their_own() -> None:
    told = event()
    elsewhere = told.model_copy(update={"article": told.article.model_copy(update={"stream": "live"})})  # type: ignore[union-attr]
    ids = [found.sighting_id for found in (matched(told), matched(told), matched(elsewhere)) if found]
    assert ids[0] == ids[1] != ids[2]


def test_a_very_long_sentence_is_shortened_with_its_offsets() -> None:
    found = matched(event(article("Long " * 400)))
    assert found is not None
    assert (len(found.sentence.text), found.sentence.start, found.sentence.end) == (600, 0, 600)


@pytest.mark.parametrize(
    ("group_by", "changes", "group"),
    [
        ("none", {}, "all"),
        ("outlet", {}, "one"),
        ("place", {}, "Northfort"),
        ("place", {"location": ()}, "unknown"),
        ("country", {}, "AAA"),
        ("country", {"location": ()}, "AAA"),
        ("country", {"location": (), "actor": (), "target": parties("CCC-CIV")}, "CCC"),
        ("country", {"location": (), "actor": parties("EUR", "BBB")}, "EUR"),
        ("country", {"location": (), "actor": ()}, "unknown"),
        ("country", {"location": (), "actor": parties("UNK-MIL", "org")}, "unknown"),
        ("region", {"location": ({"text": "Goma", "name": "Goma", "country": "COD"},)}, "Middle Africa"),
        ("region", {}, "unknown"),
        ("actor_pair", {}, "AAA-BBB"),
        ("actor_pair", {"actor": parties("BBB-MIL"), "target": parties("AAA-CVL", "CCC-CVL")}, "AAA-BBB"),
        ("actor_pair", {"actor": parties("AAA-MIL"), "target": parties("AAA-REB")}, "AAA-AAA.REB"),
        ("actor_pair", {"actor": parties("EUR", "UNK-MIL")}, "EUR"),
        ("actor_pair", {"actor": parties("UNK-MIL")}, "unknown"),
        ("border", {}, "AAA-BBB"),
        ("border", {"actor": parties("BBB-MIL"), "target": parties("AAA-CIV")}, "AAA-BBB"),
        ("border", {"actor": parties("AAA-MIL", "AAA-GOV")}, "AAA"),
        ("border", {"actor": parties("BBB-MIL", "CCC-MIL")}, "AAA"),
        ("border", {"location": (), "actor": parties("CCC-MIL", "BBB-MIL")}, "BBB-CCC"),
        ("border", {"location": (), "actor": ()}, "unknown"),
    ],
)
def test_events_count_in_the_group_that_the_rule_asks_for(group_by: str, changes: dict[str, Any], group: str) -> None:
    found = matched(event(**changes), group_by=group_by)
    assert found is not None
    assert found.group == group


def test_the_most_precise_place_decides() -> None:
    region = Place(text="the region", name="Region", geo_precision=3, country="CCC")
    unsure = Place(text="somewhere", name="Somewhere", country="DDD")
    found = matched(event(location=(unsure, region, *AT_HOME)), group_by="country")
    assert found is not None
    assert (found.group, found.place) == ("AAA", AT_HOME[0])


@pytest.mark.parametrize("modality", [one for one in Modality if one not in (Modality.ASSERTED, Modality.ALLEGED)])
def test_what_did_not_happen_is_refused_with_its_modality(modality: Modality) -> None:
    found = matched(event(modality=modality))
    assert found is not None
    assert found.refused is Verdict.WRONG_MODALITY
    assert found.because == f"the sentence is {modality}; the rule counts asserted, alleged"


def test_a_rule_may_ask_for_other_modalities() -> None:
    found = matched(event(modality="threatened"), modalities=["threatened"])
    assert found is not None
    assert found.refused is None


def test_a_repeat_within_the_article_is_refused() -> None:
    found = matched(event(duplicate_of="the first"))
    assert found is not None
    assert (found.refused, found.because) == (Verdict.REPEATED_IN_ARTICLE, "the article tells it a second time")


def test_what_comes_too_late_is_refused_with_both_numbers() -> None:
    old = article(fetched=NOON + timedelta(days=9))
    found, allowed = matched(event(old)), matched(event(old), lateness="10d")
    assert found is not None
    assert allowed is not None
    assert (found.refused, found.because) == (Verdict.LATE, "came 9 days after its publication; the rule allows 7")
    assert allowed.refused is None


def test_the_modality_is_told_before_lateness() -> None:
    found = matched(event(article(fetched=NOON + timedelta(days=9)), modality="denied"))
    assert found is not None
    assert found.refused is Verdict.WRONG_MODALITY


def test_a_day_before_the_window_is_no_news_of_now_and_a_day_that_is_not_told_is_that_of_publication() -> None:
    told = EventDate(value=(NOON - timedelta(days=9)).date(), time_precision=1, text="nine days ago")
    old, wide = matched(event(date=told), window="7d"), matched(event(date=told), window="14d")
    silent = matched(event(date=told.model_copy(update={"text": None})), window="7d")
    assert old is not None
    assert wide is not None
    assert silent is not None
    assert (old.refused, old.because) == (Verdict.LATE, "told 9 days after it happened; the rule looks 7 back")
    assert (wide.refused, silent.refused) == (None, None)
