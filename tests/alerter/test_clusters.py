"""Tellings of one happening in other words are one incident; two happenings stay two."""

import random
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerter.clusters import incidents_of
from services.alerter.match import match
from services.core.event import Attribution, Casualty, EventDate, Mention, Place
from services.core.rule import Rules
from services.core.sighting import Sighting
from tests.builders import article, at, day, event, rule

RULES = Rules(rules=(rule(when={"min_confidence": 0.1, "event_types": ["Battles", "Explosions/Remote violence"]}),))
SHELLING, STRIKE = "Shelling/artillery/missile attack", "Air/drone strike"


def place(name: str, lat: float | None = 40.0, lon: float | None = 46.0, precision: Any = 1) -> Place:
    return Place(text=name, name=name, lat=lat, lon=lon, geo_precision=precision, country="AAA")


NORTHFORT = place("Northfort")


def parties(*ids: str) -> tuple[Mention, ...]:
    return tuple(Mention(text=ident, id=ident) for ident in ids)


def killed(count: int, qualifier: str = "exact") -> tuple[Casualty, ...]:
    return (Casualty(kind="killed", who="civilian", count=count, qualifier=qualifier, text=f"{count} dead"),)


def telling(outlet: str, text: str | None = None, hours: float = 0, **changes: Any) -> Sighting:
    """A shelling of Northfort on the first of October, told by an outlet."""
    of = article(text or f"What {outlet} has at {hours}.", outlet=outlet, published=at(hours), ident=f"{outlet}{hours}")
    fields = {
        "sub_event_type": SHELLING,
        "location": (NORTHFORT,),
        "actor": (),
        "date": EventDate(value=day(1), time_precision=1),
    }
    (found,) = match(RULES, event(of, **{**fields, **changes}))
    return found


def same(*tellings: Sighting) -> bool:
    return len(set(incidents_of(tellings).of.values())) == 1


UNSAID = EventDate(value=day(2), time_precision=2)


@pytest.mark.parametrize(
    ("changes", "merged"),
    [
        ({"sub_event_type": STRIKE}, True),
        ({"sub_event_type": "Suicide bomb"}, False),
        ({"sub_event_type": "Armed clash"}, False),
        ({"sub_event_type": "Armed clash", "casualties": killed(12)}, True),
        ({"location": (place("Old Northfort", lat=40.05),)}, True),
        ({"location": (place("Southfort", lat=40.2),)}, False),
        ({"location": (place("Southfort", lat=40.2, precision=2),)}, True),
        ({"location": (place("Far", lat=45.0),)}, False),
        ({"location": (place("Northland", lat=40.9, precision=3),)}, True),
        ({"location": (place("Southland", lat=44.0, precision=3),)}, False),
        ({"location": (place("Aland", None, None, 3),)}, True),
        ({"location": (place("Aland", None, None, 3),), "date": UNSAID}, True),
        ({"location": (place("Aland", None, None, 3),), "casualties": killed(12)}, True),
        ({"location": (place("Aland", None, None, 3),), "casualties": killed(1)}, False),
        ({"location": ()}, False),
        ({"location": (), "casualties": killed(12)}, True),
        ({"date": EventDate(value=day(2), time_precision=1)}, False),
        ({"date": UNSAID}, False),
        ({"date": UNSAID, "casualties": killed(12)}, True),
        ({"date": UNSAID, "casualties": killed(12, "vague")}, False),
        ({"date": EventDate(value=day(2), start=day(1), end=day(2), time_precision=1)}, True),
        ({"date": EventDate(value=day(9), time_precision=2), "casualties": killed(12)}, False),
        ({"casualties": killed(14), "sub_event_type": STRIKE}, True),
        ({"casualties": killed(40), "sub_event_type": STRIKE}, False),
        ({"actor": parties("BBB-MIL")}, True),
        ({"actor": parties("BBB-GOV"), "target": parties("AAA-CVL")}, True),
        ({"actor": parties("CCC-MIL")}, False),
        ({"actor": parties("UNK-REB")}, True),
    ],
)
def test_kind_place_date_parties_and_figures_decide(changes: dict[str, Any], merged: bool) -> None:
    first = telling("one", casualties=killed(12), actor=parties("BBB-MIL"))
    assert same(first, telling("two", **changes)) is merged


def test_words_that_both_use_make_up_for_a_vague_date() -> None:
    first = telling("one", "Shells hit the covered market beside the railway bridge.")
    assert same(first, telling("two", "The covered market by the railway bridge was shelled.", 20, date=UNSAID))
    assert not same(first, telling("two", "A school and two homes were shelled in the morning.", 20, date=UNSAID))


def test_two_places_of_one_article_stay_two_and_another_article_finds_its_own() -> None:
    of = article("Shells hit Northfort. Shells hit Oldfort.", ident="x")
    near = place("Oldfort", lat=40.05)
    fields = {"sub_event_type": SHELLING, "date": EventDate(value=day(1), time_precision=1), "actor": ()}
    both = [match(RULES, event(of, location=(where,), **fields))[0] for where in (NORTHFORT, near)]
    third = telling("two", location=(near,))
    found = incidents_of([*both, third]).of
    assert len(set(found.values())) == 2
    assert found[third.sighting_id] == found[both[1].sighting_id]


def test_the_reasons_are_told() -> None:
    tellings = [telling("one", casualties=killed(12)), telling("two", sub_event_type=STRIKE, casualties=killed(12))]
    reasons = incidents_of(tellings).reasons
    expected = f"{STRIKE} and {SHELLING} are near in kind, both at Northfort, same day, both tell of 12 killed"
    assert reasons[tellings[1].sighting_id] == expected


def test_a_chain_of_places_each_near_the_next_is_not_one_incident() -> None:
    chain = [telling(f"o{n}", location=(place(f"P{n}", lat=40.0 + n * 0.08),)) for n in range(6)]
    assert all(same(one, other) for one, other in pairwise(chain))
    assert len(set(incidents_of(chain).of.values())) == 3


def test_a_vague_telling_is_no_bridge_between_two_places() -> None:
    region = telling("vague", location=(place("Northland", lat=40.4, precision=3),))
    far = telling("two", location=(place("Southfort", lat=40.8),))
    assert same(region, telling("one"))
    assert same(region, far)
    assert len(set(incidents_of([telling("one"), region, far]).of.values())) == 2


def test_opposite_blows_on_one_day_are_two() -> None:
    one = telling("one", actor=parties("AAA-MIL"), target=parties("BBB-MIL"))
    assert not same(one, telling("two", actor=parties("BBB-MIL"), target=parties("AAA-MIL")))
    fight = telling("one", sub_event_type="Armed clash", actor=parties("AAA-MIL"), target=parties("BBB-MIL"))
    assert same(fight, telling("two", sub_event_type="Armed clash", actor=parties("BBB-MIL", "AAA-MIL")))


TELLINGS = st.lists(
    st.builds(
        lambda n, hours, kind, where, dead, when, who: telling(
            f"o{n}",
            hours=hours,
            sub_event_type=kind,
            location=where,
            casualties=killed(dead) if dead else (),
            date=when,
            actor=who,
            attribution=Attribution(who=parties("AAA-GOV"), role="belligerent"),
        ),
        st.integers(0, 5),
        st.integers(0, 60),
        st.sampled_from([SHELLING, STRIKE, "Armed clash", "Suicide bomb"]),
        st.sampled_from([(), (NORTHFORT,), (place("Old", lat=40.05),), (place("Region", lat=40.5, precision=3),)]),
        st.sampled_from([0, 0, 3, 12]),
        st.sampled_from([None, UNSAID, EventDate(value=day(1), time_precision=1), EventDate(value=date(2020, 9, 30))]),
        st.sampled_from([(), parties("BBB-MIL"), parties("CCC-MIL")]),
    ),
    max_size=9,
    unique_by=lambda s: s.sighting_id,
)


@settings(max_examples=60, deadline=None)
@given(TELLINGS, st.randoms(use_true_random=False))
def test_incidents_are_a_function_of_the_set(tellings: list[Sighting], rng: random.Random) -> None:
    assert incidents_of(tellings) == incidents_of(rng.sample(tellings, len(tellings)))


def test_a_copy_goes_where_the_first_copy_went_even_days_later() -> None:
    wire = "Guns on both banks of the river fired through the night, and two bridges were hit before dawn came up."
    first = telling("one", wire)
    copy = telling("two", wire, hours=48, date=EventDate(value=at(48).date() + timedelta(), time_precision=1))
    assert same(first, copy)


def test_a_sentence_without_a_place_of_its_own_belongs_to_what_its_article_tells() -> None:
    of = article("Shells hit Northfort. It was the worst shelling for weeks.", ident="x")
    fields = {"sub_event_type": SHELLING, "actor": ()}
    sure = match(RULES, event(of, location=(NORTHFORT,), date=EventDate(value=day(1), time_precision=1), **fields))[0]
    vague = match(RULES, event(of, location=(place("Northland", lat=40.5, precision=3),), date=UNSAID, **fields))[0]
    other = vague.model_copy(update={"date": EventDate(value=day(9), time_precision=1)})
    assert same(sure, vague)
    assert not same(sure, other)


def test_a_place_that_is_only_what_the_article_is_about_sets_nothing_apart() -> None:
    far = place("Farport", lat=45.0, precision=3)
    three = {"casualties": killed(3)}
    first = telling("one", "Shells hit Northfort.", **three)
    assert same(first, telling("two", "Three died in the shelling.", location=(far,), **three))
    assert not same(first, telling("two", "Three died in the shelling at Farport.", location=(far,), **three))
    assert not same(first, telling("two", "There was shelling.", location=(far,)))


def test_a_village_on_no_map_lies_in_the_province_that_its_text_names() -> None:
    village = Place(text="Inham", name="Inham", geo_precision=1, country="AAA", admin="Westland")
    west = place("Westland", lat=41.0, precision=3)
    assert same(
        telling("one", "Inham in Westland.", location=(village,)), telling("two", "Westland.", location=(west,))
    )
    other = Place(text="Outham", name="Outham", geo_precision=1, country="AAA")
    assert not same(telling("one", location=(village,)), telling("two", location=(other,)))
    dead = {"casualties": killed(3)}
    assert not same(telling("one", location=(village,), **dead), telling("two", location=(other,), **dead))
    words = "Three millers died beside the wheel."
    assert same(telling("one", words, location=(village,), **dead), telling("two", words, 1, location=(other,), **dead))


def test_a_village_on_no_map_is_another_place_only_where_nothing_else_is_in_common() -> None:
    village = (place("Dry Ford", None, None),)
    text = "Shells hit the covered market beside the railway bridge."
    first = telling("one", text, casualties=killed(3))
    assert same(first, telling("two", location=village, casualties=killed(3)))
    assert same(first, telling("two", text.replace("Shells", "Rounds"), location=village))
    assert not same(first, telling("two", location=village))
    hamlet = telling("three", location=(place("Dry Wells", None, None),), casualties=killed(2))
    assert not same(hamlet, telling("two", location=village, casualties=killed(2)))


def test_whose_people_were_hit_at_one_point_sets_nothing_apart() -> None:
    assert same(telling("one", target=parties("AAA")), telling("two", target=parties("CCC-CVL")))


COUNTRY = (place("Aland", None, None, 3),)


def test_a_telling_without_a_day_in_the_week_after_joins_only_by_figures() -> None:
    later = EventDate(value=day(5), time_precision=2)
    first = telling("a", casualties=killed(5))
    assert same(first, telling("b", hours=96, date=later, casualties=killed(5)))
    assert not same(first, telling("b", hours=96, date=later))


def test_the_same_side_on_the_same_day_is_one_happening_where_one_names_but_the_country() -> None:
    local, wire = telling("a", actor=parties("BBB-MIL")), {"location": COUNTRY, "casualties": killed(2)}
    assert same(local, telling("b", actor=parties("BBB-MIL"), **wire))
    assert not same(local, telling("b", actor=parties("CCC-MIL"), **wire))


def test_whose_ground_it_was_says_nothing_of_whose_people_were_hit() -> None:
    local = telling("a", target=parties("AAA"), casualties=killed(3))
    assert same(local, telling("b", target=parties("CCC"), location=COUNTRY, casualties=killed(3)))


ALAND = {"location": (place("Aland", None, None, 3),)}


@pytest.mark.parametrize(
    ("changes", "merged"),
    [
        ({"casualties": killed(14)}, True),
        ({"casualties": killed(9, "at_least")}, True),
        ({"casualties": killed(40, "at_least")}, False),
        ({"casualties": killed(14), "date": EventDate(value=day(5), time_precision=2)}, False),
        ({"casualties": killed(14), "sub_event_type": STRIKE}, True),
        ({"casualties": killed(14), "location": (place("Elsewhere", None, None),)}, False),
    ],
)
def test_a_country_with_a_toll_that_is_near_is_told_of_the_blow_of_the_days_before(
    changes: dict[str, Any], merged: bool
) -> None:
    first = telling("one", casualties=killed(12))
    assert same(first, telling("two", hours=20, **{**ALAND, "date": UNSAID, **changes})) is merged


def test_a_region_without_a_toll_is_told_of_what_was_there_and_parts_are_not_added() -> None:
    region = (place("Northland", lat=40.9, precision=3),)
    assert same(telling("one"), telling("two", hours=20, location=region, date=UNSAID))
    children = killed(11) + killed(6)
    first = telling("one", casualties=killed(17), location=(place("Fieldby", None, None),))
    text = "Shelling killed 11 people, including six children."
    assert not same(first, telling("two", text, 30, **ALAND, casualties=children, date=UNSAID))


def test_dozens_are_not_three_and_who_looks_back_on_a_week_tells_of_its_days() -> None:
    assert not same(telling("one", casualties=killed(3)), telling("two", **ALAND, casualties=killed(12, "vague")))
    week = EventDate(value=day(3), start=day(1), end=day(6), time_precision=2, text="last week")
    assert same(telling("one"), telling("two", hours=150, date=week))


def test_one_sentence_that_tells_of_one_place_tells_of_one_blow() -> None:
    of = article("Rounds came down on Northfort and wounded a teacher.", ident="x")
    fields = {"location": (NORTHFORT,), "date": EventDate(value=day(1), time_precision=1), "actor": ()}
    both = [match(RULES, event(of, sub_event_type=kind, **fields))[0] for kind in (SHELLING, "Armed clash")]
    assert same(*both)
