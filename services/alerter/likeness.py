"""When two tellings are of one happening: a symmetric relation with its reasons. Pure.

Two tellings conflict where something they say cannot be of one happening: kinds of different families, places too far
apart, dates that do not overlap, other parties, figures that contradict each other. Without a conflict they are alike
if what agrees outweighs what is vague: a place that merely holds the other, dates that merely overlap and a general
word for a kind of weapon each have to be made up for by equal figures or by words that both use.

What names but a country or region and no figure of several is taken for whatever of its kind another text told of a
place there on those days: it is no evidence of another happening.

Limits: what is told without a place is never alike without equal figures or shared words;
two blows of one kind at one place on one day are taken for one; figures that grew more than twofold are taken for two
happenings unless all else is the same.
"""

import math
from functools import lru_cache
from typing import Final

from services.alerter.facts import NEAR_KM, TOLD_WITHIN, Facts, Likeness
from services.alerter.tolls import Part, equal_figures, figures_conflict
from services.core.countries import COUNTRIES
from services.core.event import Place
from services.core.fold import fold

SAME_PLACE_KM: Final = 10.0
"""Two named places that are not farther apart are one: a town and its quarter, a village and the hill above it."""

REGION_KM: Final = 150.0
"""How far a region reaches around the point that stands for it on the map."""

_GENERAL: Final = frozenset({"fight", "attack"})
"""Families whose words are also used of any blow: *an attack* may be shelling, *a clash* may be a breach by fire."""

_ALIKE_WORDS: Final = 0.3
_EARTH_KM: Final = 6371.0088


def likeness(one: Facts, other: Facts) -> Likeness | None:
    """How alike two tellings are; None if they conflict."""
    if one.sighting.incident == other.sighting.incident:
        return _same_key(one, other)
    if not (one.told and other.told):
        return None
    if not _one_text(one, other):
        return _compared(one, other)
    if not (one.wide or other.wide or _one_spot(one, other)):
        return None  # a text that names two places tells of two things
    found = _compared(one, other)
    return Likeness(found.strength + 1, (*found.reasons, "told in one article")) if found else None


def _one_spot(one: Facts, other: Facts) -> bool:
    """Whether one sentence tells both of one place: *rounds came down on X and wounded a teacher*."""
    a, b = one.sighting, other.sighting
    return a.sentence.start == b.sentence.start and a.place == b.place


def denial_of(denial: Facts, other: Facts) -> Likeness | None:
    """How well what is denied fits what was told, also where one text tells both; None if it cannot be that."""
    if denial.sighting.incident == other.sighting.incident:
        return _same_key(denial, other)
    return _compared(denial, other) if denial.told and other.told else None


def _compared(one: Facts, other: Facts) -> Likeness | None:
    if one.days[0] > other.days[1] or other.days[0] > one.days[1]:
        return None
    kind, place = _kind(one, other), _place(one, other)
    if kind is None or place is None or _parties_conflict(one, other) or figures_conflict(one, other):
        return None
    date = _date(one, other)
    vagueness = _vagueness(one) - _vagueness(other)
    if vagueness and not _one_text(one, other):
        vague, full = (one, other) if vagueness > 0 else (other, one)
        place, date = (0, place[1]), (date if _undated_apart(full, vague) else (0, date[1]))
    parts = [kind, place, date, equal_figures(one, other), _shared_words(one, other), _same_side(one, other)]
    return Likeness(sum(part[0] for part in parts if part), tuple(part[1] for part in parts if part and part[1]))


def _vagueness(facts: Facts) -> int:
    """Two where it names but a country and no figure of several, one where but a region: no news of its own."""
    place = facts.place
    if place is None or not facts.wide or facts.lent or place.is_border:
        return 0
    if any(figure.count > 1 for figure in facts.figures.values()):
        return 0
    return 2 if _is_country(place) else 1


def _one_text(one: Facts, other: Facts) -> bool:
    """Whether one text tells both; where it says the same twice, that was seen when it was read."""
    a, b = one.sighting.article, other.sighting.article
    return a.id == b.id and a.revision == b.revision


def _same_key(one: Facts, other: Facts) -> Likeness | None:
    """Same kind, place name and day. Only parties can tell them apart, and figures where no place is named."""
    if _parties_conflict(one, other) or (one.wide and figures_conflict(one, other)):
        return None
    return Likeness(9, ("same kind, place and day",))


def _kind(one: Facts, other: Facts) -> Part | None:
    if one.kind == other.kind:
        return 0, "same kind"
    if one.family == other.family:
        return 0, f"{one.kind} and {other.kind} are near in kind"
    if {one.family, other.family} & _GENERAL and {one.family, other.family} <= _GENERAL | {"fire", "bomb"}:
        return -1, f"{one.kind} and {other.kind} may be words for one thing"
    return None


def _place(one: Facts, other: Facts) -> Part | None:
    a, b = one.place, other.place
    if a is None or b is None:
        return -1, "place told by one only" if a or b else "place not told"
    if a.country == b.country and fold(a.name) == fold(b.name):
        return (-1 if _is_country(a) else 0), f"both at {a.name}"
    if a.is_border != b.is_border and a.country is not None and a.country == b.country:
        return 0, f"{a.name} and {b.name} are at one border"
    if _is_country(a) or _is_country(b):
        same = a.country is not None and a.country == b.country
        return (-1, f"{a.name} and {b.name} are in one country") if same else None
    distance = _km(a, b)
    if distance is not None and (distance <= _reach(one, other) or _holds(a, b) or _holds(b, a)):
        return 0, f"{a.name} and {b.name} are {distance:.0f} km apart"
    return _unsure(one, other, off_the_map=distance is None) if a.country and a.country == b.country else None


def _unsure(one: Facts, other: Facts, *, off_the_map: bool) -> Part | None:
    """What two places of one country add that may be one: no table has the one, or its sentence does not name it."""
    a, b = one.place, other.place
    if a is None or b is None or not (off_the_map or one.lent or other.lent):
        return None
    if off_the_map and _inside(a, b):
        return 0, f"{a.name} and {b.name} are in one province"
    if one.wide or other.wide:
        return -1, f"{a.name} and {b.name} are in one country, and one of them is only what the article is about"
    if a.lat is None and b.lat is None:
        return -3, f"{a.name} and {b.name} are in one country, and on no map"
    return -1, f"{a.name} and {b.name} are in one country, and one of them is on no map"


def _inside(a: Place, b: Place) -> bool:
    """Whether one is the province that the other, which is on no map, is said to lie in."""
    return any(
        one.geo_precision == 3
        and other.lat is None
        and other.admin is not None
        and other.admin in (one.name, one.admin)
        for one, other in ((a, b), (b, a))
    )


def _holds(region: Place, town: Place) -> bool:
    """Whether one is the province in which the other lies."""
    named = region.geo_precision == 3 and region.country == town.country and region.lat is not None
    return named and town.geo_precision != 3 and region.name == region.admin == town.admin


def _is_country(place: Place) -> bool:
    """Countries have no point on the map; a region has one, as towns do."""
    return place.geo_precision == 3 and place.lat is None


def _reach(one: Facts, other: Facts) -> float:
    if one.wide or other.wide:
        return REGION_KM
    near = any(facts.place and facts.place.geo_precision == 2 for facts in (one, other))
    return NEAR_KM if near else SAME_PLACE_KM


def _km(a: Place, b: Place) -> float | None:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return _great_circle(a.lat, a.lon, b.lat, b.lon)


@lru_cache(maxsize=20_000)
def _great_circle(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Kilometres between two points in degrees (haversine formula, mean radius of the Earth)."""
    high, right = math.radians(lat2 - lat), math.radians(lon2 - lon)
    half = math.sin(high / 2) ** 2 + math.cos(math.radians(lat)) * math.cos(math.radians(lat2)) * (
        math.sin(right / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _date(one: Facts, other: Facts) -> Part:
    if one.day == other.day:
        return 0, "same day"
    if one.exact and other.exact:
        return 0, "days overlap"
    if _looks_back(one) or _looks_back(other):
        return 0, "one looks back on the days of the other"
    if _told_soon(one, other) or _told_soon(other, one):
        return 0, "told on the day or soon after"
    apart = _undated_apart(one, other) or _undated_apart(other, one)
    return (-2, "told without a day, days later") if apart else (-1, "dates may be the same")


def _looks_back(facts: Facts) -> bool:
    """Whether it tells of some day of a week that is past: what is new comes with its day."""
    date = facts.sighting.date
    return date is not None and bool(date.text) and date.start is not None and not facts.exact


def _told_soon(vague: Facts, other: Facts) -> bool:
    """Whether the first, that names no town, says only when it was told of: on the day of the other or soon after.

    Of a town it may be the next day's blow.
    """
    within = not vague.exact and other.exact and 0 <= vague.day - other.day <= TOLD_WITHIN
    return within and vague.wide and vague.sighting.date is not None


def _undated_apart(one: Facts, other: Facts) -> bool:
    """Whether the first tells no day and came out later than news of the other does."""
    told = one.sighting.date is not None and one.sighting.date.text is not None
    return not told and not one.exact and one.day - other.days[1] > TOLD_WITHIN


def _parties_conflict(one: Facts, other: Facts) -> bool:
    """Whether nobody can be both; whose people were hit tells nothing apart where both name one point of the map."""
    if one.family == "fight" or other.family == "fight":
        # Who fights whom has no direction: either side may be named first, or alone.
        return _apart(one.actors | one.targets, other.actors | other.targets)
    if one.actors & other.actors:
        return False
    if _apart(one.actors, other.actors):
        return True
    return (one.wide or other.wide) and _apart(_victims(one), _victims(other))


def _victims(facts: Facts) -> frozenset[str]:
    """Who was hit; the country whose ground it was says nothing of whose people they were."""
    ground = facts.place.country if facts.place else None
    return facts.targets - {ground or ""}


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and not one & other and not (_may_be(one, other) or _may_be(other, one))


def _may_be(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether rebels of a country that are not named may be a group that is."""
    return any(ident.endswith("-REB") for ident in one) and any(ident not in COUNTRIES for ident in other)


def _same_side(one: Facts, other: Facts) -> Part | None:
    """The same side on the same day, where one names but the country or region, and only one of them has figures."""
    vague = one.wide or other.wide
    day = one.exact and other.exact and one.day == other.day
    day = day or _told_soon(one, other) or _told_soon(other, one)
    if not (vague and day and one.kind == other.kind) or (one.figures and other.figures):
        return None
    shared = one.actors & other.actors
    return (1, f"of the same side, {min(shared)}") if shared else None


def _shared_words(one: Facts, other: Facts) -> Part | None:
    shared = one.words & other.words
    least = min(len(one.words), len(other.words))
    if len(shared) < 2 or len(shared) < _ALIKE_WORDS * least:
        return None
    return (2 if len(shared) >= 2 * _ALIKE_WORDS * least else 1), f"shared words: {', '.join(sorted(shared)[:3])}"
