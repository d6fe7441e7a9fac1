"""Provinces: their names, and which one a point lies in."""

import pytest

from services.core.countries import COUNTRIES
from services.core.provinces import province_at, province_named, provinces_called


@pytest.mark.parametrize(
    ("country", "lat", "lon", "name"),
    [
        ("ARM", 39.511, 46.338, "Syunik"),  # Goris
        ("AZE", 39.758, 46.748, "Shusha"),
        ("UKR", 48.0, 37.8, "Donetsk"),
        ("UKR", 46.48, 30.73, "Odesa"),
        ("SDN", 13.63, 25.35, "North Darfur"),  # El Fasher
        ("SYR", 35.93, 36.63, "Idlib"),
        ("NGA", 11.85, 13.16, "Borno"),  # Maiduguri
        ("FRA", 45.76, 4.84, "Auvergne-Rhone-Alpes"),  # Lyon
        ("CHL", -33.45, -70.65, "Santiago Metropolitan"),
    ],
)
def test_a_town_lies_in_its_region(country: str, lat: float, lon: float, name: str) -> None:
    found = province_at(country, lat, lon)
    assert found is not None
    assert (found.country, found.name) == (country, name)


def test_far_from_every_town_there_is_no_telling() -> None:
    assert province_at("AUS", -24.0, 128.0) is None
    assert province_at("ARM", 0.0, 0.0) is None
    assert province_at("XXX", 40.0, 45.0) is None


@pytest.mark.parametrize(
    ("country", "name", "shown"),
    [
        ("UKR", "Odessa", "Odesa"),
        ("YEM", "Ma'rib", "Marib"),
        ("IRQ", "ninawa", "Nineveh"),
        ("COD", "Nord-Kivu", "North Kivu"),
        ("ARM", "Punjab", None),
    ],
)
def test_a_region_goes_by_several_names(country: str, name: str, shown: str | None) -> None:
    found = province_named(country, name)
    assert (found.name if found else None) == shown


def test_every_region_is_of_a_country_and_holds_places() -> None:
    provinces = {province for called in provinces_called().values() for province in called}
    assert len(provinces) > 2000
    assert {province.country for province in provinces} <= set(COUNTRIES)
    assert all(province.points and all(province.names) for province in provinces)
