"""What one sighting says of its happening, in the form in which tellings are compared. Pure."""

import math
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from services.core.event import EventDate, Place
from services.core.sighting import Figure, Sighting

TOLD_WITHIN: Final = 2
"""Days before the day that an inexact date names on which the happening may have been: news is told the day after."""

_UNDATED_WITHIN: Final = 6
"""The same where no word tells a day: those who look back on a week leave the days out."""

_MONTH: Final = 15
"""Days around a date that is known to the month only."""

NEAR_KM: Final = 30.0
"""How far "near a place" reaches."""

_KM_PER_DEGREE: Final = 111.2

_LONGEST: Final = 31
"""Days on either side of its day that a date may reach; "since the spring" is no date of a happening."""

_SHORTEST: Final = 4
"""Letters of the shortest word that tells one happening from another."""

_FAMILIES: Final[dict[str, str]] = {
    "Armed clash": "fight",
    "Government regains territory": "fight",
    "Non-state actor overtakes territory": "fight",
    "Shelling/artillery/missile attack": "fire",
    "Air/drone strike": "fire",
    "Chemical weapon": "fire",
    "Grenade": "bomb",
    "Suicide bomb": "bomb",
    "Remote explosive/landmine/IED": "bomb",
    "Attack": "attack",
    "Sexual violence": "attack",
    "Peaceful protest": "protest",
    "Protest with intervention": "protest",
    "Excessive force against protesters": "protest",
    "Violent demonstration": "riot",
    "Mob violence": "riot",
}
"""Sub-event types that two reporters may well use of one happening. What is not here is a family of its own."""

_EMPTY: Final = (
    "about after again against along also among another area attack attacked attacks been before between broke "
    "clash clashed clashes could during early fighting fire fired forces from have injured into killed killing late "
    "least left local more near next night officials other over people police reported said saying says several "
    "shelled shelling soldiers some strike strikes struck than that their them there they this those through town "
    "troops under village violence were when where which while with wounded would"
)
_EMPTY_WORDS: Final = frozenset(_EMPTY.split())
"""Words that stand in any report of force, so that sharing them says nothing."""


_ENDING: Final = re.compile(r"(?<=\w{4})(?:ings?|ed|es|s)$")

_WIDE, _ANY = "@wide", "@any"
"""Parts of the map: what has no point on it, and all of it."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two tellings agree: ``strength`` is what agrees less what is vague, negative when they are not alike."""

    strength: int
    reasons: tuple[str, ...]


@dataclass(eq=False)
class Facts:
    """What a sighting says, ready to be compared.

    Nobody changes it, but a frozen one takes three times as long to make.

    Days are ordinals of dates; ``exact`` means that ``day`` was told. ``wide`` means that the place is a region, a
    country or not known, so that it may hold that of another; ``lent`` that its sentence names no place, so that it
    is only the one its article is about. ``wording`` is the same in copies of one sentence.
    ``order`` is event time and then what does not depend on the stream's name: a replay must end alike.
    ``found_at`` and ``looks_at`` are the days and parts of the map under which others find it, and it looks for others.
    ``likes`` remembers how it compares with others.
    """

    sighting: Sighting = field(repr=False)
    kind: str
    family: str
    days: tuple[int, int]
    day: int
    exact: bool
    place: Place | None
    actors: frozenset[str]
    targets: frozenset[str]
    figures: Mapping[str, Figure]
    wide: bool
    lent: bool
    wording: tuple[str, str, str]
    order: tuple[Any, ...]
    found_at: tuple[Hashable, ...]
    looks_at: tuple[Hashable, ...]
    likes: dict["Facts", "Likeness | None"] = field(default_factory=dict, repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that tell its sentence apart; of most sentences nobody asks."""
        return content_words(self.sighting.sentence.text) - _named(self.place)

    @property
    def told(self) -> bool:
        """Whether it is of an event; a keyword tells of none."""
        return self.sighting.event_id is not None


_KEPT: dict[int, Facts] = {}
_MOST_KEPT: Final = 20_000


def facts_of(sighting: Sighting) -> Facts:
    """The facts of a sighting; worked out once for each object, since judging compares the same ones again and again.

    Kept by identity: a frozen object stays what it is, and hashing a sighting costs more than its facts do.
    """
    known = _KEPT.get(id(sighting))
    if known is not None and known.sighting is sighting:
        return known
    if len(_KEPT) >= _MOST_KEPT:
        for other in _KEPT.values():
            other.likes.clear()  # they hold each other, so they would have to be searched for to be thrown away
        _KEPT.clear()
    facts = _KEPT[id(sighting)] = _facts(sighting)
    return facts


def _facts(sighting: Sighting) -> Facts:
    kind = sighting.sub_event_type or sighting.event_type or "happening"
    days, day, exact = _days(sighting)
    wide = sighting.place is None or sighting.place.geo_precision == 3
    cell = _cell(sighting.place)
    point = _point(sighting.place)
    anywhere = wide or point is None
    return Facts(
        sighting=sighting,
        kind=kind,
        family=_FAMILIES.get(kind, kind),
        days=days,
        day=day,
        exact=exact,
        place=sighting.place,
        actors=frozenset(_parties(sighting.actors)),
        targets=frozenset(_parties(sighting.targets)),
        figures=_figures(sighting.figures),
        wide=wide,
        lent=wide and _is_lent(sighting),
        wording=(plain(sighting.sentence.text), kind, sighting.place.name if sighting.place else ""),
        order=_order(sighting),
        found_at=_spots(days, (_WIDE, _ANY) if anywhere else (cell, _ANY)),
        looks_at=_spots(days, (_ANY,) if anywhere else (*(_cells_around(*point) if point else ()), _WIDE)),
    )


@lru_cache(maxsize=10_000)
def _spots(days: tuple[int, int], cells: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """Each of the days at each of the cells; many tellings have these in common."""
    return tuple((day, cell) for day in range(days[0], days[1] + 1) for cell in cells)


def _is_lent(sighting: Sighting) -> bool:
    """Whether a place with a point on the map is not named where the happening is told."""
    place = sighting.place
    return place is not None and place.lat is not None and plain(place.text) not in plain(sighting.sentence.text)


def _cell(place: Place | None) -> Hashable:
    """The degree of latitude and longitude, or the name of what has none."""
    point = _point(place)
    if point is None:
        return place.name if place else ""
    return math.floor(point[0]), math.floor(point[1])


def _point(place: Place | None) -> tuple[float, float] | None:
    return None if place is None or place.lat is None or place.lon is None else (place.lat, place.lon)


@lru_cache(maxsize=10_000)
def _cells_around(lat: float, lon: float) -> tuple[Hashable, ...]:
    """The degrees of the map that hold all within reach of a point, the own one first."""
    down = NEAR_KM / _KM_PER_DEGREE
    right = down / max(0.05, math.cos(math.radians(min(89.0, abs(lat) + down))))
    rows = range(math.floor(lat - down), math.floor(lat + down) + 1)
    columns = range(math.floor(lon - right), math.floor(lon + right) + 1)
    own = (math.floor(lat), math.floor(lon))
    return tuple(sorted(((row, column) for row in rows for column in columns), key=lambda cell: (cell != own, cell)))


def _order(s: Sighting) -> tuple[Any, ...]:
    place = s.place.name if s.place else ""
    return s.at, s.article.id, s.sentence.start, s.trigger.start, place, s.incident, s.article.revision, s.sighting_id


def _days(sighting: Sighting) -> tuple[tuple[int, int], int, bool]:
    """The first and last day on which it can have been, the day that names it, and whether that was told exactly."""
    date = sighting.date or EventDate()
    day = (date.value or date.start or sighting.at.date()).toordinal()
    first = max(date.start.toordinal(), day - _LONGEST) if date.start else day
    last = min(date.end.toordinal(), day + _LONGEST) if date.end else day
    if date.time_precision == 1:
        return (min(first, day), max(last, day)), day, True
    if date.time_precision == 3 and not date.start:
        return (day - _MONTH, day + _MONTH), day, False
    within = TOLD_WITHIN if date.text else _UNDATED_WITHIN
    return (min(first, day - within), max(last, day)), day, False


def _parties(ids: Iterable[str]) -> Iterable[str]:
    """Countries and organisations; rebels of a country are no part of it, and who is unknown says nothing."""
    for ident in ids:
        head, _, sector = ident.partition("-")
        if head and head != "UNK":
            yield ident if sector == "REB" else head


def _figures(figures: Iterable[Figure]) -> dict[str, Figure]:
    """The highest figure of each kind: lower ones beside it are its parts."""
    highest: dict[str, Figure] = {}
    for figure in figures:
        known = highest.get(figure.kind)
        if known is None or figure.count > known.count:
            highest[figure.kind] = figure
    return highest


@lru_cache(maxsize=5_000)
def plain(text: str) -> str:
    """The words of a sentence, without case, punctuation and white space."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@lru_cache(maxsize=5_000)
def content_words(text: str) -> frozenset[str]:
    """The words that tell a sentence apart, without endings that come with number and tense."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(_stem(word) for word in words if len(word) >= _SHORTEST and word not in _EMPTY_WORDS)


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def _named(place: Place | None) -> frozenset[str]:
    return content_words(f"{place.name} {place.text}") if place else frozenset()
