"""Whether a place lies where a rule looks: by name, within a circle, within a box. Pure."""

import math
from functools import lru_cache
from typing import Final

from services.core.event import Place
from services.core.fold import fold
from services.core.wanted import Area, Circle

_EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG); the sphere is within 0.6 % of distances on the WGS 84 ellipsoid."""


def lies_in(place: Place, area: Area) -> bool:
    """Whether everything that the area asks for holds of the place; a place without coordinates is in no shape."""
    return (
        (area.country is None or place.country == area.country)
        and (area.name is None or _is_called(place, area.name))
        and (area.admin is None or any((place.country, place.admin) == (r.country, r.name) for r in area.provinces))
        and (area.near is None or _within(place, area.near))
        and (area.bbox is None or _boxed(place, area.bbox))
    )


def _is_called(place: Place, name: str) -> bool:
    return _plain(name) in (_plain(place.name), _plain(place.text))


@lru_cache(maxsize=10_000)
def _plain(name: str) -> str:
    """The name in one spelling, without surplus white space."""
    return " ".join(fold(name).split())


def _within(place: Place, circle: Circle) -> bool:
    if place.lat is None or place.lon is None:
        return False
    return distance_km((place.lat, place.lon), (circle.lat, circle.lon)) <= circle.km


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points (latitude, longitude in degrees) along a great circle, by the haversine formula."""
    (lat, lon), (other_lat, other_lon) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    across = math.sin((other_lat - lat) / 2) ** 2
    along = math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(across + along)))


def _boxed(place: Place, box: tuple[float, ...]) -> bool:
    if place.lat is None or place.lon is None:
        return False
    west, south, east, north = box
    if not south <= place.lat <= north:
        return False
    # 180 east is 180 west; and at a pole there is no longitude to speak of.
    if abs(place.lat) == 90:
        return True
    return any(_between(west, lon, east) for lon in ((180.0, -180.0) if abs(place.lon) == 180 else (place.lon,)))


def _between(west: float, lon: float, east: float) -> bool:
    return west <= lon <= east if west <= east else lon >= west or lon <= east
