"""Where it happened: places and countries of the clause, sorted by what links them to the trigger."""

from collections.abc import Mapping

from services.core.event import Place
from services.extractor.clauses import clause_of
from services.extractor.gazetteer import gazetteer
from services.extractor.modality import Scopes
from services.extractor.names import Name
from services.extractor.triggers import Find
from services.extractor.words import Words

_NEAR = frozenset(
    "near around outside towards toward direction directions outskirts vicinity close off east west north south".split()
)
_AWAY = frozenset("kilometers kilometres km miles away from".split())


def places_of(reach: Scopes, find: Find, names: tuple[Name, ...], said: Mapping[int, object]) -> tuple[Place, ...]:
    """The places of a mention: those of its clause, else of the sentence; distances, origins and speakers' seats left out."""
    words = reach.words
    start, end = clause_of(reach.starts, len(words), find.start)
    sites = [name for name in names if name.kind == "place" and not _reference(words, name) and name.start not in said]
    own = [name for name in sites if start <= name.start < end] or sites
    made = [_place(words, name) for name in own]
    made = made or [_country(name) for name in names if _stands_for_place(words, name, said)]
    return tuple({place.name: place for place in made}.values())


def _place(words: Words, name: Name) -> Place:
    site = name.site
    assert site is not None  # noqa: S101
    near = any(words[k].lower in _NEAR for k in range(max(0, name.start - 4), name.start))
    precision = 3 if site.kind in {"region", "line", "country"} else 2 if near else 1
    return Place(
        text=name.text,
        name=site.name,
        lat=site.lat,
        lon=site.lon,
        geo_precision=precision,
        country=site.countries[0] if site.countries else None,
    )


def _country(name: Name) -> Place:
    return Place(text=name.text, name=gazetteer().country_names[name.country], geo_precision=3, country=name.country)


def _stands_for_place(words: Words, name: Name, said: Mapping[int, object]) -> bool:
    """A country is a place behind *in* and its like, or as the owner of a place: *Iranian villages*, *northwestern Iran*."""
    if not name.country or name.start in said:
        return False
    before = [word.lower for word in words[max(0, name.start - 3) : name.start]]
    if name.sector == "CVL":
        return True
    located = bool(before) and any(
        word in {"in", "into", "across", "inside", "northwestern", "northern", "eastern", "southern", "western"}
        for word in before
    )
    return name.kind in {"country", "demonym"} and located


def _reference(words: Words, name: Name) -> bool:
    """A place that only measures a distance or names an origin: *15 kilometers from X*, *setting off from X*."""
    before = [word.lower for word in words[max(0, name.start - 7) : name.start]]
    return "from" in before and bool(_AWAY - {"from", "away"} & set(before) or "away" in before)
