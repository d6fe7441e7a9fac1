"""Where it happened: the places of the clause by what links them to the trigger, else the place the story is about."""

from dataclasses import dataclass, replace

from services.core.event import Place
from services.core.provinces import province_at, province_named
from services.extractor.clauses import clause_of
from services.extractor.closed import closed
from services.extractor.gazetteer import Site, gazetteer
from services.extractor.home import Home
from services.extractor.lexicon import lexicon
from services.extractor.name import Name
from services.extractor.nested import SOIL, bare
from services.extractor.positions import Parties
from services.extractor.read import Reading
from services.extractor.roles import GROUND, Talk
from services.extractor.triggers import Find
from services.extractor.unlisted import unlisted_at
from services.extractor.words import Words

_NEAR = closed("where.near")
_DISTANCE = closed("where.distance")
_IN = closed("where.in")


@dataclass(frozen=True, slots=True)
class About:
    """What an article is about: the place of sentences that name none, and where it is at home."""

    ground: Name | None
    home: Home


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a mention takes place; ``holder`` is the separatist authority there; ``inherited``: none named."""

    places: tuple[Place, ...]
    holder: str
    inherited: bool


def ground_of(reading: Reading, find: Find, parties: Parties, talk: Talk, *, about: About) -> Ground:
    """The places of a mention: of its clause, sentence, victims' country, the place told of before, the story."""
    words = reading.words
    clause = clause_of(reading.reach.starts, len(words), find.start)
    own = _own(reading, find, clause, about.home)
    if own:
        holder = next((name.site.holder for name in own if name.site and name.site.holder), "")
        return Ground(_unique(own, words), holder, inherited=False)
    places = (
        _countries(reading, clause, parties, talk)
        or _edge(words, clause, parties, talk)
        or _owned(words, clause, parties, talk)
        or _neighbour(words, parties, talk)
    )
    if places:
        return Ground(tuple({place.name: place for place in places}.values()), "", inherited=False)
    before = _anaphor(reading) or about.ground
    if before is None:
        return Ground((), "", inherited=True)
    if before.site is None:
        return Ground((_country(before),), "", inherited=True)
    return Ground(_unique([before], Words()), before.site.holder, inherited=True)


def _own(reading: Reading, find: Find, clause: tuple[int, int], home: Home) -> list[Name]:
    """The places of the clause, else of the sentence; the dateline only where no other is."""
    words = reading.words
    sites = [name for name in reading.names if _is_place(words, name) and not _reference(words, name)]
    told = [name for name in sites if words[name.start].start >= home.end]
    if find.sense in _FIRED:
        told = [name for name in told if not _source(words, name)] or told
    told = [name for name in told if not (name.site and name.site.kind == "line")] or told
    told = list(bare(words, told))
    taken = unlisted_at(words, reading.names, find.head + 1, home.country) if find.sense in GROUND else None
    told = [*told, taken] if taken else told
    inside = [name for name in told if clause[0] <= name.start < clause[1]]
    return inside or _soil(words, reading.names, clause) or told or sites


def _soil(words: Words, names: tuple[Name, ...], clause: tuple[int, int]) -> list[Name]:
    """*Xian villages*, *the Xian side*: whose ground the clause names, where it names no place."""
    inside = (name for name in names if name.country and clause[0] < name.start < clause[1])
    owners = (name for name in inside if name.kind in {"demonym", "civ"} and name.country in gazetteer().country_names)
    return [
        replace(name, kind="place", site=Site(gazetteer().country_names[name.country], (name.country,), *_NOWHERE))
        for name in owners
        if SOIL & {word.lower for word in words[name.start + 1 : name.end + (name.kind == "demonym")]}
        if {word.lower for word in words[max(0, name.start - 3) : name.start]} & _ON
    ]


_NOWHERE = (None, None, "country", 0, "")
_ON = frozenset({"on", "in", "into", "at", "inside", "across", "hit", "struck", "near"})


_FIRED = frozenset({"shell", "air", "attack", "kill", "destroy"})


def _source(words: Words, name: Name) -> bool:
    """*fired from X*, *rockets from southern X*: where it came from, not where it hit."""
    for k in range(name.start - 1, max(name.start - 7, 0), -1):
        if words[k].lower == "from":
            return bool(_FIRE & {word.lower for word in words[max(0, k - 3) : k]})
        if words[k].lower in _AT or words[k].text == ",":
            break
    return False


_AT = frozenset({"in", "at", "near", "on", "to", "into", "around", "and"})


_FIRE = closed("where.fire")


def named_places(reading: Reading, at: int) -> tuple[Place, ...]:
    """The places that the clause of a word names itself, *its borders* among them; for words and counts, not force."""
    words = reading.words
    start, end = clause_of(reading.reach.starts, len(words), at)
    sites = [
        n
        for n in reading.names
        if start <= n.start < end and (n.site or _visited(words, n)) and not _reference(words, n)
    ]
    if sites:
        return _unique(sites, words)
    own = any(
        words[k].lower in EDGE and words[k - 1].lower in {"its", "their", "our"} for k in range(max(start, 1), end)
    )
    country = reading.speaker.country if own and reading.speaker else ""
    name = gazetteer().country_names.get(country)
    return (Place(text="borders", name=f"{name} border", geo_precision=3, country=country),) if name else ()


def _visited(words: Words, name: Name) -> bool:
    return name.capital and name.start > 0 and words[name.start - 1].lower in {"in", "to", "at"}


def _countries(reading: Reading, clause: tuple[int, int], parties: Parties, talk: Talk) -> list[Place]:
    """Countries that stand for the place, in the clause before the sentence; then the victims' country."""
    words = reading.words
    countries = [name for name in reading.names if _stands_for_place(words, name, talk)]
    near = [name for name in countries if clause[0] <= name.start < clause[1]] or countries
    victims = [name for name in parties.targets if name.country and name.sector == "CVL"]
    return [_country(name) for name in near or victims]


def _is_place(words: Words, name: Name) -> bool:
    """A site, or a capital behind a preposition of place."""
    if name.site:
        return True
    return (
        name.capital
        and name.start > 0
        and words[name.start - 1].lower in {"in", "near", "outside", "at", "across", "of", "around"}
    )


def _edge(words: Words, clause: tuple[int, int], parties: Parties, talk: Talk) -> list[Place]:
    """*Border clashes*, *along the border with X*, *its borders*: of the countries named, else of both sides."""
    word = next((w for w in words[clause[0] : clause[1]] if w.lower in EDGE), None)
    if word is None or any(_located(words, name) for name in parties.targets if name.country):
        return []
    acting = (*parties.actors, *parties.targets)
    named = dict.fromkeys(n.country for n in acting if n.country and n.country in talk.pair)
    speaker = talk.speaker.country if talk.speaker else ""
    own = speaker if words[word.i - 1].lower in {"its", "their", "our"} else ""
    codes = [own] if own else list(named) if len(named) == 2 else list(talk.pair)
    names = [gazetteer().country_names[code] for code in codes if code in gazetteer().country_names]
    if not names:
        return []
    return [Place(text=word.text, name="-".join(names) + " border", geo_precision=3, country=codes[0])]


def _located(words: Words, name: Name) -> bool:
    return bool(_IN & {word.lower for word in words[max(0, name.start - 3) : name.start]})


def _owned(words: Words, clause: tuple[int, int], parties: Parties, talk: Talk) -> list[Place]:
    """*its cities*, *19 of its settlements*: on the ground of who speaks, else of who acts."""
    settlement = lexicon().classes["settlement"]
    saying = (talk.speaker,) if talk.speaker and talk.speaker in talk.speakers else parties.actors
    owner = next((name.country for name in saying if name.country in gazetteer().country_names), "")
    for word in words[clause[0] : clause[1]]:
        possessive = word.lower in {"its", "their", "his"}
        if owner and possessive and any(w.lower in settlement for w in words[word.i + 1 : word.i + 4]):
            return [Place(text=word.text, name=gazetteer().country_names[owner], geo_precision=3, country=owner)]
    return []


EDGE = closed("border.edge")


def _unique(names: list[Name], words: Words) -> tuple[Place, ...]:
    return tuple({place.name: place for place in (_place(words, name) for name in names)}.values())


def _place(words: Words, name: Name) -> Place:
    site = name.site or _capital(name)
    near = bool(words) and _listed_near(words, name)
    region = site is not None and site.kind in {"region", "line", "country"}
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


def _province(site: Site, country: str | None) -> str | None:
    """The first-level region a town lies in, or that is named itself; a disputed land or a line has none."""
    if not country or site.kind not in {"city", "region"}:
        return None
    if site.kind == "region":
        found = province_named(country, site.name)
    else:
        found = province_at(country, site.lat, site.lon) if site.lat is not None and site.lon is not None else None
    return found.name if found else None


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


def _country(name: Name) -> Place:
    return Place(text=name.text, name=gazetteer().country_names[name.country], geo_precision=3, country=name.country)


def _stands_for_place(words: Words, name: Name, talk: Talk) -> bool:
    """A country is a place behind *in* and its like, or as a place's owner: *Iranian villages*, *northwestern Iran*."""
    if not name.country or name in talk.speakers:
        return False
    if name.kind not in {"country", "demonym"}:
        return False
    before = {word.lower for word in words[max(0, name.start - 3) : name.start]}
    return bool(before & _IN)


def _neighbour(words: Words, parties: Parties, talk: Talk) -> list[Place]:
    """*its eastern neighbour*: the other of the two sides."""
    word = next((w for w in words if w.lower in {"neighbour", "neighbor"}), None)
    actor = next((name.country for name in parties.actors if name.country in talk.pair), None)
    other = next((code for code in talk.pair if code != actor), None)
    if not word or not actor or not other:
        return []
    return [Place(text=word.text, name=gazetteer().country_names[other], geo_precision=3, country=other)]


def _anaphor(reading: Reading) -> Name | None:
    """*the city*, *the town*: the place told of last."""
    words = reading.words
    definite = any(
        words[k].lower in {"the", "that"}
        and words[k + 1].lower in {"city", "town", "village", "area", "region", "district", "province"}
        for k in range(len(words) - 1)
    )
    return reading.before if definite else None


def _reference(words: Words, name: Name) -> bool:
    """A place that only measures a distance: *15 kilometers from X*, *miles away from X*."""
    before = [word.lower for word in words[max(0, name.start - 8) : name.start]]
    return bool({"from", "of"} & set(before)) and bool(_DISTANCE & set(before))
