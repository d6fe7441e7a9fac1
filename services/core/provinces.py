"""Provinces, the first-level regions of countries whatever they are called: their names, and which one a point is in.

In the core because both sides of the events topic must agree on their names: the extractor writes them into places, and
rules are checked against them. Names and points are those of GeoNames, see ``deploy/gazetteer/provinces.py``.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from services.core.fold import fold

_TABLE: Final = Path(__file__).with_name("provinces.tsv")

_FARTHEST: Final = 30.0
"""Hundredths of a degree of latitude, some 33 km: beyond that the nearest listed town says nothing about a point."""

Point = tuple[int, int]
"""Latitude and longitude in hundredths of a degree."""


@dataclass(frozen=True, slots=True)
class Province:
    """A first-level region; ``country`` is ISO 3166-1 alpha-3, the first of ``names`` is the one that is shown."""

    country: str
    names: tuple[str, ...]
    points: str

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self.names[0]


@cache
def _by_country() -> Mapping[str, tuple[Province, ...]]:
    found: dict[str, list[Province]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, names, points = line.split("\t")
            found.setdefault(country, []).append(Province(country, tuple(names.split("|")), points))
    return {country: tuple(provinces) for country, provinces in found.items()}


@cache
def provinces_called() -> Mapping[str, tuple[Province, ...]]:
    """All provinces by their folded names, the other names among them."""
    found: dict[str, list[Province]] = {}
    for provinces in _by_country().values():
        for province in provinces:
            for name in dict.fromkeys(map(fold, province.names)):
                found.setdefault(name, []).append(province)
    return {name: tuple(provinces) for name, provinces in found.items()}


def province_named(country: str, name: str) -> Province | None:
    """The province of that name in a country, in any spelling of it."""
    return next((province for province in provinces_called().get(fold(name), ()) if province.country == country), None)


def centre(province: Province) -> tuple[float, float]:
    """The middle of a province's towns: latitude and longitude in degrees."""
    points = [tuple(map(int, pair.split(","))) for pair in province.points.split()]
    lat, lon = (round(sum(axis) / len(points) / 100, 3) for axis in zip(*points, strict=True))
    return lat, lon


@lru_cache(maxsize=8192)
def province_at(country: str, lat: float, lon: float) -> Province | None:
    """The province that a point of a country lies in: that of the nearest town; none where no town is near.

    Right for the towns of the gazetteer, which are in the table; for a village at a border of provinces it may be the
    neighbour's.
    """
    nearest = min(_around(country, lat, lon), key=lambda found: found[0], default=None)
    return nearest[1] if nearest and nearest[0] <= _FARTHEST else None


def _around(country: str, lat: float, lon: float) -> Iterator[tuple[float, Province]]:
    """The towns of the cells around a point, each with its distance in hundredths of a degree of latitude."""
    shrink = math.cos(math.radians(lat))
    row, column = math.floor(lat), math.floor(lon)
    for cell in ((row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1)):
        for (north, east), province in _cells(country).get(cell, ()):
            yield math.hypot(north - lat * 100, (east - lon * 100) * shrink), province


@cache
def _cells(country: str) -> Mapping[Point, tuple[tuple[Point, Province], ...]]:
    """A country's towns by the whole degrees they lie in."""
    found: dict[Point, list[tuple[Point, Province]]] = {}
    for province in _by_country().get(country, ()):
        for pair in province.points.split():
            lat, lon = map(int, pair.split(","))
            found.setdefault((lat // 100, lon // 100), []).append(((lat, lon), province))
    return {cell: tuple(towns) for cell, towns in found.items()}
