"""What a condition can ask for: names out of fixed sets, ids, words and places, as they are written. Pure."""

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from typing_extensions import TypeAliasType

from services.core.countries import COUNTRIES
from services.core.fold import fold
from services.core.ontology import EVENT_TYPE_OF, PLOVER_TYPES, SUB_EVENT_TYPES
from services.core.provinces import Province, provinces_called
from services.core.written import Asking, Filled, Given, Written, one_of, said, shaped

MAX_ENTRIES: Final = 500
"""Entries of one list."""

EARTH_HALF_ROUND: Final = 20_040
"""Kilometres from a point to its antipode, rounded up: a wider circle would be a mistake."""


def _country(code: str) -> str:
    if code not in COUNTRIES:
        named = {name.casefold(): known for known, name in COUNTRIES.items()}
        near = get_close_matches(code.casefold(), named, n=1, cutoff=0.75)
        meant = f"; did you mean {named[near[0]]}, {COUNTRIES[named[near[0]]]}?" if near else ""
        raise ValueError(f"unknown country {code!r}; allowed: ISO 3166-1 alpha-3 codes, such as ARM{meant}")
    return code


EventType = Annotated[str, *one_of("event type", SUB_EVENT_TYPES)]
SubEventType = Annotated[str, *one_of("sub-event type", EVENT_TYPE_OF)]
PloverType = Annotated[str, *one_of("PLOVER type", PLOVER_TYPES)]
Country = TypeAliasType(
    "Country",
    Annotated[
        str,
        AfterValidator(_country),
        Field(description="ISO 3166-1 alpha-3 code, such as ARM.", json_schema_extra={"enum": sorted(COUNTRIES)}),
    ],
)
Cameo = Annotated[
    str, *shaped("a CAMEO code: two to four digits that begin with 01 to 20", r"(0[1-9]|1\d|20)\d{0,2}", "19", "1951")
]
Party = Annotated[
    str,
    *shaped(
        "a party: capital letters and digits in parts joined by hyphens, such as ARM, ARM-MIL, MIL or EUR",
        r"[A-Z][A-Z0-9]{1,15}(-[A-Z][A-Z0-9]{1,15}){0,3}",
        "ARM",
        "ARM-MIL",
        "MIL",
        "EUR",
    ),
]
Language = Annotated[str, *shaped("a language: ISO 639, such as en", r"[a-z]{2,3}", "en")]
Word = Annotated[
    str,
    Field(min_length=2, max_length=200, examples=["shell", '"shell"']),
    said("a word to look for: it holds no letter and no digit", r"[\s\S]*[^\W_][\s\S]*"),
]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=2, max_length=200)]


def _province(name: str) -> str:
    if fold(name) not in provinces_called():
        near = get_close_matches(fold(name), provinces_called(), n=1, cutoff=0.75)
        meant = f"; did you mean {provinces_called()[near[0]][0].name}?" if near else ""
        allowed = "first-level regions of countries, such as Syunik; whatever else goes under name"
        raise ValueError(f"unknown region {name!r}; allowed: {allowed}{meant}")
    return name


T = TypeVar("T")
Listed = Annotated[tuple[T, ...], Field(max_length=MAX_ENTRIES), Filled()]


class Flag(StrEnum):
    """A property of an event that a rule can ask for."""

    CEASEFIRE_VIOLATION = "ceasefire_violation"
    BORDER_INCIDENT = "border_incident"
    CIVILIAN_TARGETING = "civilian_targeting"


class Proximity(Written):
    """Words that stand near each other, in any order, within the title or within the text."""

    words: Annotated[tuple[Word, ...], Field(min_length=2, max_length=10)]
    """What must stand together: each as under ``keywords``."""
    within: Annotated[int, Field(ge=2, le=200)] = 10
    """The longest stretch of words that holds them all, their own words counted."""


class Keywords(Asking):
    """Words with their inflections; everything given must hold."""

    any: Listed[Word] = ()
    """At least one of these stands there."""
    all: Listed[Word] = ()
    """Each of these stands there."""
    none: Listed[Word] = ()
    """None of these stands there."""
    near: Annotated[Proximity | None, Given()] = None
    """These stand near each other."""


class Circle(Written):
    """Everything within a distance of a point."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    """Degrees north, WGS 84."""
    lon: Annotated[float, Field(ge=-180, le=180)]
    """Degrees east, WGS 84."""
    km: Annotated[float, Field(gt=0, le=EARTH_HALF_ROUND)]
    """The distance in kilometres."""


def _box(edges: tuple[float, ...]) -> tuple[float, ...]:
    if len(edges) != 4:
        raise ValueError("needs four numbers: [west, south, east, north]")
    west, south, east, north = edges
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError("west and east are degrees between -180 and 180: [west, south, east, north]")
    if not -90 <= south <= north <= 90:
        raise ValueError("south and north are degrees between -90 and 90, south first: [west, south, east, north]")
    return edges


Box = Annotated[
    tuple[float, ...],
    AfterValidator(_box),
    Field(
        json_schema_extra={"minItems": 4, "maxItems": 4, "items": {"type": "number", "minimum": -180, "maximum": 180}}
    ),
]


class Area(Asking):
    """Where it happened; everything given must hold of one and the same place of the event."""

    country: Annotated[Country | None, Given()] = None
    """The country, as ISO 3166-1 alpha-3 code."""
    name: Annotated[Name | None, Given()] = None
    """The place by its name, in any case, with or without accents."""
    admin: Annotated[Annotated[str, AfterValidator(_province)] | None, Given()] = None
    """The first-level region (province, state, oblast) that it lies in, by one of its names."""
    near: Annotated[Circle | None, Given()] = None
    """Within a distance of a point."""
    bbox: Annotated[Box | None, Given()] = None
    """Within [west, south, east, north], in degrees; west may be greater than east, across the 180th meridian."""

    @model_validator(mode="after")
    def _province_is_of_the_country(self) -> Self:
        if self.admin and self.country and not self.provinces:
            where = ", ".join(sorted({province.country for province in provinces_called()[fold(self.admin)]}))
            raise ValueError(f"{self.admin} is no region of {self.country}, but of {where}")
        return self

    @property
    def provinces(self) -> tuple[Province, ...]:
        """The regions that ``admin`` may mean: there are a Punjab in India and one in Pakistan."""
        called = provinces_called().get(fold(self.admin), ()) if self.admin else ()
        return tuple(province for province in called if self.country in (None, province.country))


def _list_or_mapping(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return "<list>"
    return "<mapping>" if isinstance(value, Mapping | Keywords) else None


WordList = Annotated[
    Annotated[Listed[Word], Tag("<list>")] | Annotated[Keywords, Tag("<mapping>")],
    Discriminator(
        _list_or_mapping,
        custom_error_type="list_or_mapping",
        custom_error_message="must be a list of words, or a mapping; allowed: any, all, none, near",
    ),
]
