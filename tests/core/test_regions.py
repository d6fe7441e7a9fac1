"""The regions of the world."""

from pathlib import Path

from services.core.regions import REGION_OF, region_of

COUNTRIES = Path(__file__).parents[2] / "services" / "extractor" / "gazetteer" / "countries.tsv"


def test_countries_lie_in_the_regions_of_the_united_nations() -> None:
    told = [region_of(code) for code in ("AZE", "COD", "MEX", "GBR", "THA")]
    assert told == ["Western Asia", "Middle Africa", "Central America", "Northern Europe", "South-eastern Asia"]
    assert region_of("ATA") is None
    assert len(set(REGION_OF.values())) == 22


def test_every_country_that_events_can_name_has_a_region() -> None:
    lines = COUNTRIES.read_text(encoding="utf-8").splitlines()
    codes = {line.split("\t")[0] for line in lines if line and not line.startswith("#")}
    assert sorted(code for code in codes if len(code) == 3 and code not in REGION_OF) == []
