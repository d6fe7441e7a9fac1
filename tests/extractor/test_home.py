"""Where an article is at home, before any sentence is read."""

import pytest

from services.extractor.names.home import home_of
from services.extractor.names.neighbours import neighbours


@pytest.mark.parametrize(
    ("text", "country", "place"),
    [
        ("KADUGLI \u2013 Two people were hurt at the market.", "SDN", "Kadugli"),
        ("HARGEISA (Sahan) - A bridge was closed on Monday.", "SOM", "Hargeysa"),
        ("Lashkar Gah, May 4 - The bazaar was shut.", "AFG", "Lashkar Gah"),
        ("VALENCIA, CARABOBO \u2013 Shops in Venezuela were shut.", "VEN", "Valencia"),
        ("The army \u2013 which denies it \u2013 was at home in Chad.", "TCD", None),
        ("Nothing is named here at all.", "", None),
    ],
)
def test_the_dateline_says_where_an_article_is_at_home(text: str, country: str, place: str | None) -> None:
    home = home_of(text)
    assert (home.country, home.place.name if home.place else None) == (country, place)


def test_a_dateline_that_nobody_lists_is_a_place_of_the_country_most_told_of() -> None:
    home = home_of("QARYAT SAFA \u2013 The road to Taiz in Yemen was cut by Houthi fighters.")
    assert home.country == "YEM"
    assert home.place is not None
    assert (home.place.name, home.place.countries) == ("Qaryat Safa", ("YEM",))


def test_news_filed_from_a_capital_is_at_home_where_it_tells_of() -> None:
    home = home_of("NAIROBI (Sahan) - Shells fell in Baidoa in Somalia, Somali officials said, and in Kismayo.")
    assert (home.country, home.place) == ("SOM", None)


def test_namesakes_are_told_apart_by_the_rest_of_the_text() -> None:
    tail = "Police were looking for witnesses, and the trams ran again by noon."
    assert home_of(f"TRIPOLI \u2013 {tail} Haftar's forces, Libyan officials said, stayed away.").country == "LBY"
    assert home_of(f"TRIPOLI \u2013 {tail} Hezbollah and the Lebanese army stayed away.").country == "LBN"


def test_whose_fire_it_was_weighs_less_than_where_it_fell() -> None:
    home = home_of("Sudanese artillery fired from Sudan fell on two villages in Chad.")
    assert home.country == "TCD"


def test_neighbours_are_each_others() -> None:
    assert "TCD" in neighbours("SDN")
    assert "SDN" in neighbours("TCD")
    assert "FRA" not in neighbours("GBR")
    assert neighbours("") == neighbours("XXX") == frozenset()


def test_a_part_of_a_longer_name_is_no_town() -> None:
    assert home_of("Soldiers led off Ismail Qadri, a goatherd, and his nephew.").country == ""
    assert home_of("Jets hit the foot of Mount Gara.").country == ""


def test_who_comes_from_abroad_to_talk_says_little_of_where_it_is() -> None:
    told = "The Ta'ang National Liberation Army showed the Chinese envoy a crater."
    assert home_of(told).country == "MMR"


def test_a_dateline_may_name_two_cities() -> None:
    text = "BISHKEK/DUSHANBE, Sept 4 (Sahan) - Guards of both sides fought."
    assert text[home_of(text).end :].startswith("Guards")
