"""When two sightings are one happening or one story."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerter.clusters import incidents_of
from services.alerter.incidents import best_place, incident_of, stories
from services.core.event import EventDate, Place
from services.core.sighting import Sighting
from tests.builders import day, event, sighting

WIRE = "Guns on both banks of the river fired through the night, and two bridges were hit before dawn came up."


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"confidence": 0.5}, True),
        ({"actor": ()}, True),
        ({"sub_event_type": "Grenade"}, False),
        ({"location": ()}, False),
        ({"date": EventDate(value=day(2))}, False),
    ],
)
def test_kind_place_and_day_make_the_happening(changes: dict[str, object], same: bool) -> None:
    assert (incident_of(event())[0] == incident_of(event(**changes))[0]) is same


def test_what_is_not_told_is_named_in_the_basis() -> None:
    bare = event(location=(), date=None, sub_event_type=None, plover="ASSAULT")
    assert incident_of(event())[1] == "Armed clash · Northfort · 2020-10-01"
    assert incident_of(bare)[1] == "ASSAULT · unknown place · 2020-10-01"
    assert incident_of(event(date=None, article=None, sub_event_type=None))[1] == "kinetic · Northfort · unknown day"


def test_the_most_precise_place_is_the_first_of_equals() -> None:
    vague, one, other = (Place(text=t, name=t, geo_precision=p) for t, p in (("a", 3), ("b", 1), ("c", 1)))
    assert best_place(event(location=(vague, one, other))) == one
    assert best_place(event(location=(Place(text="d", name="d"), vague))) == vague
    assert best_place(event(location=())) is None


def groups(keys: dict[str, str], sightings: list[Sighting]) -> list[str]:
    """The keys in the order of the sightings, as letters."""
    names = {
        key: chr(ord("A") + number) for number, key in enumerate(dict.fromkeys(keys[s.sighting_id] for s in sightings))
    }
    return [names[keys[s.sighting_id]] for s in sightings]


def test_the_same_happening_in_two_outlets_is_one_incident_and_two_stories() -> None:
    both = [sighting(0, "a", outlet="one"), sighting(1, "a", outlet="two")]
    assert groups(incidents_of(both).of, both) == ["A", "A"]
    assert groups(stories(both), both) == ["A", "B"]


def test_a_wire_sentence_ties_happenings_together_but_other_sentences_of_copies_do_not() -> None:
    first, copy = sighting(0, "a", text=WIRE), sighting(20, "b", outlet="two", text=WIRE)
    other = copy.model_copy(
        update={"sighting_id": "other", "sentence": first.sentence.model_copy(update={"text": "No."})}
    )
    assert groups(incidents_of([first, copy]).of, [first, copy]) == ["A", "A"]
    assert groups(incidents_of([first, other]).of, [first, other]) == ["A", "B"]
    assert groups(stories([first, other]), [first, other]) == ["A", "A"]


def test_stories_are_joined_through_a_third_that_is_like_both() -> None:
    bands = [("x", "y"), ("z",), ("y", "z")]
    each = [sighting(number, str(number)) for number in range(3)]
    each = [
        s.model_copy(update={"article": s.article.model_copy(update={"fingerprint": b}), "sighting_id": str(n)})
        for n, (s, b) in enumerate(zip(each, bands, strict=True))
    ]
    assert groups(stories(each[:2]), each[:2]) == ["A", "B"]
    assert groups(stories(each), each) == ["A", "A", "A"]


SETS = st.lists(
    st.builds(sighting, st.integers(0, 40), st.sampled_from("abcd"), outlet=st.sampled_from(["one", "two"])),
    unique_by=lambda s: s.sighting_id,
    max_size=8,
)


@given(SETS, st.randoms(use_true_random=False))
def test_the_order_of_sightings_does_not_matter(each: list[Sighting], rng: object) -> None:
    shuffled = list(each)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert incidents_of(each).of == incidents_of(shuffled).of
    assert stories(each) == stories(shuffled)


def test_days_are_calendar_days() -> None:
    assert incident_of(event(date=EventDate(value=date(2020, 1, 2))))[1].endswith("2020-01-02")


def test_two_places_of_one_sentence_are_two_happenings() -> None:
    text = "Shells fell on Northfort and on Southfort in the night, and on the fields that lie between the two towns."
    places = [Place(text=name, name=name, country="AAA") for name in ("Northfort", "Southfort")]
    told = [
        sighting(0, place.name, text=text, place=place, sighting_id=place.name, sub_event_type="Armed clash")
        for place in places
    ]
    assert len(set(incidents_of(told).of.values())) == 2


def _told(number: int) -> dict[str, object]:
    """What makes a sighting one of an event of its own."""
    return {"sighting_id": str(number), "event_id": str(number), "sub_event_type": "Abduction/forced disappearance"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("M23",), ("COD-REB",), True),
        (("M23",), ("CODECO",), False),
        (("COD",), ("RWA",), False),
        (("COD-REB",), ("RWA",), False),
    ],
)
def test_rebels_that_are_not_named_may_be_a_group_that_is(
    one: tuple[str, ...], other: tuple[str, ...], same: bool
) -> None:
    told = [
        sighting(number, str(number), outlet=str(number), actors=actors, **_told(number))
        for number, actors in enumerate((one, other))
    ]
    assert (len(set(incidents_of(told).of.values())) == 1) is same


def test_a_province_holds_its_towns_and_accents_make_no_other_place() -> None:
    town = Place(text="Ziarat", name="Ziarat", lat=30.4, lon=67.7, geo_precision=1, country="PAK", admin="Balochistan")
    wide = Place(text="B", name="Balochistan", lat=28.5, lon=65.0, geo_precision=3, country="PAK", admin="Balochistan")
    bare, accented = (Place(text=name, name=name, geo_precision=1, country="TCD") for name in ("Tine", "Tin\u00e9"))
    for pair in ((town, wide), (bare, accented)):
        told = [
            sighting(number, str(number), outlet=str(number), place=place, **_told(number))
            for number, place in enumerate(pair)
        ]
        assert len(set(incidents_of(told).of.values())) == 1
