"""A name as a place on the wire: its coordinates, province and how near to it something was."""

from services.core.event import Place
from services.core.provinces import centre, province_at, province_named
from services.extractor.names.gazetteer import Site, gazetteer
from services.extractor.names.name import Name
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_NEAR = closed("where.near")


def unique(names: list[Name], words: Words) -> tuple[Place, ...]:
    """The places of these names, each once; without ``words`` they are only those that the article is about."""
    places = [_place(words, name) for name in names]
    for k in range(len(places) - 2, -1, -1):
        known = places[k + 1].lat is not None and places[k + 1].geo_precision != _WIDE
        if known and _lies_in(words, names[k], names[k + 1]) and _unlike(places[k], places[k + 1]):
            places[k : k + 2] = [_beside(places[k], places[k + 1])]
    return tuple({place.name: place for place in places}.values())


def in_country(places: tuple[Place, ...], country: str) -> tuple[Place, ...]:
    """The places, those on no map in this country, if the story is about one."""
    if not country or all(place.country for place in places):
        return places
    return tuple(place if place.country else place.model_copy(update={"country": country}) for place in places)


def _unlike(small: Place, large: Place) -> bool:
    """Whether a place is on no map, or only a namesake is: too far from where it is said to lie."""
    if small.lat is None or small.lon is None or large.lat is None or large.lon is None:
        return small.lat is None
    return max(abs(small.lat - large.lat), abs(small.lon - large.lon)) > _APART


_APART = 2.0
"""Degrees between a place and the district it is said to lie in, at most."""


def _lies_in(words: Words, small: Name, large: Name) -> bool:
    """*Mpeti in Walikale*, *Bur Abor, Mandera*: only words of place between the two."""
    between = [word.lower for word in words[small.end : large.start]]
    return 0 < len(between) <= _LINK and set(between) <= _LINKS


_LINKS = closed("placed.links")
_LINK = 4


def _beside(small: Place, large: Place) -> Place:
    """A place on no map, at the place it is said to lie in or by."""
    return small.model_copy(update={"lat": large.lat, "lon": large.lon, "geo_precision": 2, "country": large.country})


_WIDE = 3


def _place(words: Words, name: Name) -> Place:
    site = _as_province(words, name, name.site or _capital(name))
    near = bool(words) and _listed_near(words, name)
    region = site is not None and (site.kind in {"region", "line", "country"} or _around(words, name))
    precision = 3 if region or not words else 2 if near else 1
    country = site.countries[0] if site and site.countries else name.country or None
    if site is None:
        return Place(text=name.text, name=name.text, geo_precision=precision, country=country)
    return Place(
        text=name.text,
        name=site.name,
        lat=site.lat,
        lon=site.lon,
        geo_precision=precision,
        country=country,
        admin=_province(site, country),
    )


def _around(words: Words, name: Name) -> bool:
    """*the Jammu region*: the land around a town, and not the town."""
    return any(word.lower == "region" for word in words[name.end : name.end + 1])


_PROVINCES = frozenset({"province", "state", "region", "governorate", "oblast", "department", "county"})


def _as_province(words: Words, name: Name, site: Site | None) -> Site | None:
    """*Khost province* is the province, not the town it is called after."""
    after = words[name.end].lower if name.end < len(words) else ""
    if site is None or site.kind != "city" or after not in _PROVINCES or not site.countries:
        return site
    found = province_named(site.countries[0], site.name) or province_named(site.countries[0], name.text)
    if found is None:
        return site
    lat, lon = (site.lat, site.lon) if site.lat is not None else centre(found)
    return site._replace(name=found.name, lat=lat, lon=lon, kind="region")


def _province(site: Site, country: str | None) -> str | None:
    """The first-level region a town lies in, or that is named itself; a disputed land or a line has none."""
    if not country or site.kind not in {"city", "region"}:
        return None
    if site.within:
        return site.within
    if site.kind == "region":
        found = province_named(country, site.name) or province_named(country, _bare(site.name))
    else:
        found = province_at(country, site.lat, site.lon) if site.lat is not None and site.lon is not None else None
    return found.name if found else None


def _bare(name: str) -> str:
    """*Sagaing region*: the name without what it is."""
    head, _, last = name.rpartition(" ")
    return head if last.lower() in _PROVINCES else name


def _capital(name: Name) -> Site | None:
    sites = gazetteer().sites.get(name.text.lower(), ())
    return next((site for site in sites if name.country in site.countries), None)


def _listed_near(words: Words, name: Name) -> bool:
    """A word of nearness before the place or before the list it stands in."""
    for k in range(name.start - 1, max(-1, name.start - 12), -1):
        if words[k].lower in _NEAR or words[k].lower == "from":
            return True
        if (
            words[k].lower not in {",", "and", "of", "the", "town", "city", "village", "region"}
            and not words[k].text[:1].isupper()
        ):
            return False
    return False
