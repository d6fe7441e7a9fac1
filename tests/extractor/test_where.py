"""Where it happened: places nobody lists, namesakes, who owns the ground, where fire came from."""

import pytest
from spacy.language import Language

from services.core.event import Event
from services.extractor.extract import events_in
from tests.builders import article


def force(nlp: Language, text: str) -> list[Event]:
    return [event for event in events_in(nlp, article(text)) if event.tier == "kinetic" and not event.duplicate_of]


def places(nlp: Language, text: str) -> list[tuple[str, str | None]]:
    return [(place.name, place.country) for event in force(nlp, text)[:1] for place in event.location]


def test_a_village_nobody_lists_is_a_place_of_the_articles_country(nlp: Language) -> None:
    text = "KADUGLI \u2013 Gunmen killed nine farmers in the village of Umm Sunta on Monday."
    assert places(nlp, text) == [("Umm Sunta", "SDN")]


def test_a_dateline_is_the_place_where_no_other_is_named(nlp: Language) -> None:
    assert places(nlp, "EL OBEID \u2013 Gunmen killed nine farmers on Monday.") == [("El Obeid", "SDN")]


def test_without_any_place_the_country_most_told_of_is_kept(nlp: Language) -> None:
    text = "Al-Shabaab fighters killed four Somali soldiers on Monday. Kenyan officials condemned it."
    assert {country for _, country in places(nlp, text)} == {"SOM"}


def test_a_namesake_in_a_country_that_is_told_of_wins_over_a_larger_one(nlp: Language) -> None:
    text = "Rockets hit a bakery in Tripoli on Monday, Lebanese police said. Hezbollah denied any part in it."
    assert [country for _, country in places(nlp, text)] == ["LBN"]


def test_an_adjective_of_the_weapon_is_not_the_place_it_hit(nlp: Language) -> None:
    text = "ZAPORIZHZHIA \u2013 Russian rockets struck a school in Zaporizhzhia on Monday, wounding two teachers."
    assert {country for _, country in places(nlp, text)} == {"UKR"}


def test_where_fire_came_from_is_not_where_it_fell(nlp: Language) -> None:
    text = "Rockets fired from Syria landed near Gaziantep in Turkey on Monday."
    (fell,) = force(nlp, text)
    assert fell.location[0].country == "TUR"
    assert fell.border_incident


def test_a_place_that_only_holds_another_is_no_second_place(nlp: Language) -> None:
    text = "Mortar shells hit a school in Derbisiye, in Syria's Hasakah province, on Monday."
    assert [name for name, _ in places(nlp, text)] == ["Derbisiye"]


def test_persons_offices_and_months_are_no_places(nlp: Language) -> None:
    text = "EL OBEID \u2013 Gunmen killed nine farmers in March, an official at the Ministry of Health said."
    assert places(nlp, text) == [("El Obeid", "SDN")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Soldiers died in Karabakh, where the Caucasus neighbours are now fighting.", "Nagorno-Karabakh"),
        ("Troops of the two Kashmir rivals exchanged fire near Uri.", "Uri"),
        ("Shells hit Goma, a town the Kivu rebels want.", "Goma"),
    ],
)
def test_a_place_that_says_who_is_not_where(nlp: Language, text: str, place: str) -> None:
    assert [name for name, _ in places(nlp, text)] == [place]


def test_an_adjective_of_who_fired_is_not_the_ground(nlp: Language) -> None:
    assert places(nlp, "BEIRUT \u2013 Five people were killed in Israeli shelling on Monday.") == [("Lebanon", "LBN")]


def test_the_village_is_no_place_called_the(nlp: Language) -> None:
    text = "KADUGLI \u2013 Troops entered Umm Sunta, a village of goatherds, on Monday. The village was shelled."
    assert {name for name, _ in places(nlp, text)} <= {"Umm Sunta", "Kadugli"}


def test_what_one_sentence_calls_a_village_is_a_place_in_the_next(nlp: Language) -> None:
    text = "KADUGLI \u2013 Rain fell in the village of Umsunta. On Monday gunmen killed nine farmers as Umsunta slept."
    assert ("Umsunta", "SDN") in places(nlp, text)


def test_what_fire_falls_on_is_a_place(nlp: Language) -> None:
    text = "KADUGLI \u2013 Four shells came down on Umsunta on Monday."
    assert places(nlp, text) == [("Umsunta", "SDN")]


def test_a_month_behind_a_city_is_no_place(nlp: Language) -> None:
    text = "MEXICO CITY, Nov 4 (Agency) \u2013 Armed men killed nine farmers on Monday."
    assert "Nov" not in [name for name, _ in places(nlp, text)]


def test_a_part_of_a_country_beats_the_city_an_agency_files_from(nlp: Language) -> None:
    text = "ISTANBUL (Agency) \u2013 A soldier was killed in a clash with rebels in southeastern Turkey on Monday."
    assert ("Istanbul", "TUR") not in places(nlp, text)


def test_where_raiders_set_out_is_not_where_they_fought(nlp: Language) -> None:
    text = (
        "HUEHUETENANGO \u2013 Gunmen who had come across the line from Chiapas fought it out with soldiers on Monday."
    )
    assert ("Huehuetenango", "GTM") in places(nlp, text)
    assert any(event.border_incident for event in force(nlp, text))
