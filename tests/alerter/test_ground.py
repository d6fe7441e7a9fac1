"""Where a rule looks: names, circles and boxes on a round earth."""

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.alerter.ground import distance_km, lies_in
from services.core.event import Place
from services.core.wanted import Area

LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)
POINTS = st.tuples(LATS, LONS)
EARTH_KM = 6371.0088


def spot(lat: float | None, lon: float | None, **changes: Any) -> Place:
    return Place.model_validate({"text": "x", "name": "X", "lat": lat, "lon": lon, **changes})


def inside(lat: float, lon: float, **area: Any) -> bool:
    return lies_in(spot(lat, lon), Area.model_validate(area))


def boxed(point: tuple[float, float], *edges: float) -> bool:
    return inside(*point, bbox=list(edges))


def by_vectors(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance by the angle between two unit vectors: another formula than the one that is tested."""

    def vector(point: tuple[float, float]) -> tuple[float, float, float]:
        lat, lon = map(math.radians, point)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    a, b = vector(one), vector(other)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return EARTH_KM * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(a, b, strict=True)))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((40.1777, 44.5126), (40.3777, 49.8920), 456),  # Yerevan, Baku
        ((51.5074, -0.1278), (40.7128, -74.0060), 5570),  # London, New York
        ((0, 179.5), (0, -179.5), 111),
        ((90, 0), (90, 120), 0),
        ((90, 0), (-90, 77), 20015),
    ],
)
def test_distances_are_those_of_a_map(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, rel=0.005, abs=1e-6)


@given(POINTS, POINTS)
def test_distances_agree_with_another_formula(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert distance_km(one, other) == pytest.approx(by_vectors(one, other), abs=0.2)
    assert distance_km(one, other) == pytest.approx(distance_km(other, one), abs=1e-6)


@given(POINTS, POINTS, st.floats(1, 20_000))
def test_a_circle_holds_what_is_as_near_as_its_radius(
    point: tuple[float, float], middle: tuple[float, float], km: float
) -> None:
    distance = by_vectors(point, middle)
    assume(abs(distance - km) > 0.5)
    assert inside(*point, near={"lat": middle[0], "lon": middle[1], "km": km}) is (distance < km)


@given(POINTS, LATS, LATS, LONS, LONS)
def test_a_box_and_the_box_around_the_other_side_of_the_earth_share_the_points_between_their_edges(
    point: tuple[float, float], low: float, high: float, west: float, east: float
) -> None:
    south, north = sorted((low, high))
    assume(south <= point[0] <= north and west != east and abs(point[0]) != 90)
    assume(point[1] not in (west, east) and abs(point[1]) != 180)
    assert boxed(point, west, south, east, north) is not boxed(point, east, south, west, north)


@given(POINTS, POINTS, POINTS, st.floats(-179, 179))
def test_a_box_may_be_turned_around_the_axis(
    point: tuple[float, float], one: tuple[float, float], other: tuple[float, float], turn: float
) -> None:
    south, north = sorted((one[0], other[0]))
    west, east = one[1], other[1]
    assume(all(abs(a - b) > 1e-6 for a, b in ((west, east), (west, point[1]), (east, point[1]))))
    turned = [math.remainder(lon + turn, 360) for lon in (west, point[1], east)]
    assume(all(abs(abs(lon) - 180) > 1e-6 for lon in (*turned, west, east, point[1])))
    assert boxed(point, west, south, east, north) is boxed((point[0], turned[1]), turned[0], south, turned[2], north)


def test_the_180th_meridian_is_one_line_and_a_pole_one_point() -> None:
    assert boxed((0, 180), -180, -1, -170, 1)
    assert boxed((0, -180), 170, -1, 180, 1)
    assert boxed((0, 179), 170, -10, -170, 10)
    assert not boxed((0, 0), 170, -10, -170, 10)
    assert boxed((90, 15), 100, 80, 110, 90)
    assert not boxed((89, 15), 100, 80, 110, 90)


def test_what_has_no_coordinates_lies_in_no_circle_and_no_box() -> None:
    for area in ({"near": {"lat": 0, "lon": 0, "km": 20_000}}, {"bbox": [-180, -90, 180, 90]}):
        assert not lies_in(spot(None, None), Area.model_validate(area))
        assert lies_in(spot(1, 1), Area.model_validate(area))


@pytest.mark.parametrize(
    ("area", "holds"),
    [
        ({"name": "şuşa"}, True),
        ({"name": "SHUSHA"}, True),
        ({"name": "Shush"}, False),
        ({"name": "shusha ", "country": "AZE"}, True),
        ({"name": "Shusha", "country": "ARM"}, False),
        ({"country": "AZE"}, True),
        ({"admin": "Shushi"}, True),
        ({"admin": "Syunik"}, False),
        ({"admin": "Shusha", "country": "AZE"}, True),
        ({"name": "Shusha", "near": {"lat": 40, "lon": 47, "km": 100}, "bbox": [46, 39, 47, 40]}, True),
        ({"name": "Shusha", "near": {"lat": 40, "lon": 47, "km": 10}}, False),
    ],
)
def test_everything_asked_of_a_place_must_hold_of_it(area: dict[str, Any], holds: bool) -> None:
    shusha = spot(39.758, 46.748, name="Shusha", text="Şuşa", country="AZE", admin="Shusha")
    assert lies_in(shusha, Area.model_validate(area)) is holds


def test_regions_of_one_name_are_told_apart_by_their_country() -> None:
    lahore = spot(31.5, 74.3, country="PAK", admin="Punjab")
    assert lies_in(lahore, Area(admin="punjab"))
    assert lies_in(lahore, Area(admin="punjab", country="PAK"))
    assert not lies_in(lahore, Area(admin="punjab", country="IND"))
    assert not lies_in(lahore.model_copy(update={"admin": None}), Area(admin="punjab"))
