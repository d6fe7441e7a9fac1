"""Countries, armed groups, organisations, role nouns and places, from ``gazetteer/``, by lower-case name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from services.extractor.names.geonames import Spot, spots
from services.extractor.text.tables import HERE, Row, rows

PARTY_KINDS = frozenset(["rebel", "separatist", "igo", "ngo", "media", "state"])
ROLE_CLASSES = frozenset(["igo", "media", "state", "police", "rebel", "civ", "protester", "mob"])
PLACE_KINDS = frozenset(["city", "region", "line", "country"])


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for. ``kind`` is country, demonym, capital, or a class of ``groups.tsv``."""

    kind: str
    id: str
    country: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role noun: the sector it adds to an id, and the class of party it makes."""

    sector: str
    kind: str


class Site(NamedTuple):
    """A place. ``countries`` is its sovereign, or both sides of a line; ``holder`` a separatist authority's id.

    ``within`` is the province that the text says it lies in, where no table knows where it is.
    """

    name: str
    countries: tuple[str, ...]
    lat: float | None
    lon: float | None
    kind: str
    population: int
    holder: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All tables by lower-case name; of names and of role nouns also the first words, for a quick no.

    With each first word goes the length in letters of the longest name that starts with it.
    """

    entries: Mapping[str, Entry]
    roles: Mapping[str, Role]
    sites: Mapping[str, tuple[Site, ...]]
    country_names: Mapping[str, str]
    name_starts: Mapping[str, int]
    role_starts: Mapping[str, int]


@cache
def gazetteer() -> Gazetteer:
    """The tables of this package. Every ``gazetteer/places*.tsv`` is read; the hand-written ``places.tsv`` goes first.

    Of GeoNames' places only the capitals are among ``sites``: the others need proof from the words around them.

    Raises:
        TableError: a row cannot be read; the text names file and line.
    """
    countries = list(rows("gazetteer/countries.tsv", ("id", "names", "demonyms", "capitals")))
    entries = dict(_country_entries(countries)) | dict(_group_entries())
    sites = dict(_capitals(countries)) | _sites(HERE / "gazetteer")
    roles = dict(_roles())
    names = {row["id"]: row["names"].split("|")[0] for row in countries}
    return Gazetteer(entries, roles, sites, names, _starts([*entries, *sites]), _starts(roles))


@lru_cache(maxsize=8192)
def longest_name(word: str) -> int:
    """How many letters a name of the tables may have that starts with a lower-case word; 0 where none does."""
    return gazetteer().name_starts.get(_first_letters(word), 0)


@lru_cache(maxsize=8192)
def longest_role(word: str) -> int:
    """The same for role nouns."""
    return gazetteer().role_starts.get(_first_letters(word), 0)


def _first_letters(name: str) -> str:
    """The letters and digits that a name starts with: those that its first word starts with, however it is cut."""
    found = re.match(r"[^\W_]+", name)
    return found.group() if found else name


def _starts(names: Iterable[str]) -> Mapping[str, int]:
    starts: dict[str, int] = {}
    for name in names:
        starts[_first_letters(name)] = max(len(name), starts.get(_first_letters(name), 0))
    return starts


def _country_entries(countries: list[Row]) -> Iterator[tuple[str, Entry]]:
    for kind, column in (("capital", "capitals"), ("demonym", "demonyms"), ("country", "names")):
        for row in countries:
            for name in _names(row[column]):
                yield name.lower(), Entry(kind, row["id"], row["id"])


def _group_entries() -> Iterator[tuple[str, Entry]]:
    for row in rows("gazetteer/groups.tsv", ("id", "kind", "country", "names")):
        kind = row.one_of("kind", PARTY_KINDS)
        for name in _names(row["names"]):
            yield name.lower(), Entry(kind, row["id"], row["country"].strip("-"))


def _roles() -> Iterator[tuple[str, Role]]:
    for row in rows("gazetteer/roles.tsv", ("sector", "kind", "words")):
        kind = row.one_of("kind", ROLE_CLASSES)
        for word in _names(row["words"]):
            yield word, Role(row["sector"], kind)


_PLACE = ("name", "aliases", "country", "lat", "lon", "kind", "population", "holder")


def _sites(folder: Path) -> dict[str, tuple[Site, ...]]:
    made: dict[str, list[Site]] = defaultdict(list)
    for path in sorted(folder.glob("places*.tsv"), key=lambda path: len(path.name)):
        for row in rows(path.name, _PLACE, folder):
            site = _site(row)
            for name in (row["name"], *_names(row["aliases"])):
                made[name.lower()].append(site)
    return {name: tuple(found) for name, found in made.items()}


def _capitals(countries: list[Row]) -> Iterator[tuple[str, tuple[Site, ...]]]:
    for row in countries:
        for name in _names(row["capitals"]):
            found = tuple(spot_site(spot) for spot in spots(name) if spot.country == row["id"])
            if found:
                yield name.lower(), found


def spot_site(spot: Spot) -> Site:
    """A place of GeoNames as a place of these tables."""
    return Site(spot.name, (spot.country,), spot.lat, spot.lon, spot.kind, spot.population, "")


def _site(row: Row) -> Site:
    return Site(
        row["name"],
        tuple(code for code in row["country"].split(",") if code),
        row.number("lat"),
        row.number("lon"),
        row.one_of("kind", PLACE_KINDS),
        int(row.number("population", 0) or 0),
        row["holder"],
    )


def _names(cell: str) -> list[str]:
    return [name for name in cell.split("|") if name and name != "-"]
