"""Places that only say where another lies: *X, in Y province*, *X sector of Y district*."""

from collections.abc import Iterator

from services.core.provinces import province_at, province_named
from services.extractor.names.name import Name
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

SOIL = closed("where.soil")
"""What stands for a people's ground behind its adjective: *village*, *side*, *district*."""

_LINKS = closed("where.parts") | {",", "in", "of", "the", "'s", "northern", "southern", "eastern", "western", "a"}
_DISTRICT = frozenset({"district", "municipality", "commune", "township", "territory", "city"})


def bare(words: Words, told: list[Name]) -> Iterator[Name]:
    """The places without those that only hold another; of a district and an unlisted part of it the district."""
    for k, name in enumerate(told):
        before = told[k - 1] if k else None
        after = told[k + 1] if k + 1 < len(told) else None
        part = after is not None and _unlisted(name) and _district(words, after) and _holds(words, name, after)
        held = before is not None and _holds(words, before, name)
        whole = before is not None and _unlisted(before) and _district(words, name)
        around = after is not None and _around(words, name, after)
        if not part and not around and (whole or not held) and not _shared(name, told):
            yield _within(name, after) if after and _holds(words, name, after) else name


def _shared(name: Name, told: list[Name]) -> bool:
    """*near Lake X in northern Y*: ground of several countries, where one of them is told of."""
    codes = set(name.site.countries) if name.site and name.site.kind == "region" else set()
    return len(codes) > 1 and any(o is not name and o.site and codes.issuperset(o.site.countries) for o in told)


def _around(words: Words, large: Name, small: Name) -> bool:
    """*the X town of Y*: the region stands before the kind of place, as an adjective."""
    between = words.forms[large.end : small.start]
    region = large.site is not None and large.site.kind == "region"
    return region and len(between) == len(("town", "of")) and between[0] in SOIL and between[1] == "of"


def _within(small: Name, large: Name) -> Name:
    """A place that no table lists, with the province that the place around it is or lies in."""
    if small.site is None or large.site is None or not _unlisted(small) or not large.site.countries:
        return small
    country, site = large.site.countries[0], large.site
    found = province_named(country, site.name) or (
        province_at(country, site.lat, site.lon) if site.lat is not None and site.lon is not None else None
    )
    return small._replace(site=small.site._replace(within=found.name)) if found else small


def _holds(words: Words, small: Name, large: Name) -> bool:
    kind = large.site is not None and large.site.kind == "region"
    between = {word.lower for word in words[small.end : large.start] if word.text.islower() or word.text == ","}
    near = bool(between) and large.start - small.end <= _REACH
    part = _unlisted(small) and "in" in between and bool(between & _PARTS)
    return near and (kind or part or bool(_behind(words, large) & SOIL)) and between <= _LINKS | _PARTS


_PARTS = frozenset(
    {"township", "district", "municipality", "commune", "village", "town", "territory", "sector", "area"}
)
_REACH = 7
"""Words between the two."""


def _unlisted(name: Name) -> bool:
    return name.site is not None and name.site.lat is None


def _district(words: Words, large: Name) -> bool:
    """A town's own district, as against a province."""
    return not _unlisted(large) and bool(_behind(words, large) & _DISTRICT)


def _behind(words: Words, name: Name) -> set[str]:
    return set(words.forms[name.end - 1 : name.end + 1])
