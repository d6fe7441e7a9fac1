"""Where it happened: the places of the clause by what links them to the trigger, else the place the story is about."""

from dataclasses import dataclass
from itertools import pairwise

from services.core.event import Place
from services.extractor.event.away import bound_for, reference, seat, source, taken_to
from services.extractor.event.carried import goes_on
from services.extractor.event.crossing import far, set_out_from
from services.extractor.event.known import of_another
from services.extractor.event.nested import bare
from services.extractor.event.placed import in_country, unique
from services.extractor.event.positions import Parties
from services.extractor.event.roles import GROUND
from services.extractor.event.scene import Talk
from services.extractor.event.soil import said_of_ground, soil
from services.extractor.names.gazetteer import gazetteer
from services.extractor.names.home import Home
from services.extractor.names.name import Name
from services.extractor.names.neighbours import neighbours
from services.extractor.names.unlisted import unlisted_at
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.read import Reading, is_visited
from services.extractor.reading.triggers import Find
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_IN = closed("where.in")
_FAR_FROM_HOME = closed("where.far_from_home")


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
    filed = all(words[name.start].start < about.home.end for name in own)
    wide = _part_of_country(reading, find, talk) if filed else []
    if own and not wide:
        holder = next((name.site.holder for name in own if name.site and name.site.holder), "")
        sites = unique(own, Words() if filed else words)  # where it was filed is no more than near by
        return Ground(in_country(sites, about.ground.country if about.ground else ""), holder, inherited=False)
    places = (
        wide
        or _countries(reading, find, parties, talk, home=about.home.country)
        or _edge(reading, clause, parties, talk)
        or _owned(words, clause, parties, talk)
        or _neighbour(words, parties, talk)
    )
    if places:
        return Ground(tuple({place.name: place for place in places}.values()), "", inherited=False)
    before = _anaphor(reading, find) or about.ground
    if before is None:
        return Ground((), "", inherited=True)
    if before.site is None and before is not reading.before:
        return Ground((_country(before),), "", inherited=True)
    return Ground(unique([before], Words()), before.site.holder if before.site else "", inherited=True)


def _own(reading: Reading, find: Find, clause: tuple[int, int], home: Home) -> list[Name]:
    """The places of the clause, else of the sentence; the dateline only where no other is."""
    words = reading.words
    others = of_another(reading, find)
    sites = [name for name in reading.names if (name.site or is_visited(words, name)) and not reference(words, name)]
    sites = [name for name in sites if name.start not in others and not set_out_from(words, name)]
    sites = [name for name in sites if not seat(reading, name)]
    told = [name for name in sites if words[name.start].start >= home.end]
    sites = [name for name in sites if name in told or _filed_at_home(name, home)]
    if find.sense in _FIRED:
        told = [name for name in told if not source(words, name)]
        sites = [name for name in sites if not source(words, name)]
    if find.sense == "abduct":
        sites = [name for name in sites if not taken_to(words, name)]
        told = [name for name in told if name in sites]
    lines = [name for name in told if name.site and name.site.kind == "line"]
    told = list(bare(words, [name for name in told if name not in lines] or told))
    seized = find.sense in GROUND or (find.verbal and words[find.head].lower in _ON_PLACES)
    taken = unlisted_at(words, reading.names, find.head + 1, home.country) if seized else None
    told = [*told, taken] if taken else told
    clause = _item(words, find.head) or clause
    inside = [name for name in told if clause[0] <= name.start < clause[1]]
    along = [name for name in lines if clause[0] <= name.start < clause[1]]
    elsewhere = [name for name in told if not bound_for(words, name)]
    return inside or along or soil(words, reading.names, clause) or elsewhere or sites


def _filed_at_home(name: Name, home: Home) -> bool:
    """Whether the dateline lies in the country the article is about; agencies file from a neighbour's capital."""
    return not home.country or name.site is None or home.country in name.site.countries


def _item(words: Words, head: int) -> tuple[int, int] | None:
    """The part of a list without a verb that a word stands in: *rockets on A, a drone at B, raids near C*."""
    commas = [-1, *(i for i, form in enumerate(words.forms) if form == ","), len(words)]
    root = next((word for word in words if word.dep == "ROOT"), None) if len(commas) >= _LIST else None
    if root is None or root.pos in {"VERB", "AUX"} or any(word.tag in {"VBD", "MD"} for word in words):
        return None
    return max(c for c in commas if c < head) + 1, min(c for c in commas if c > head)


_LIST = 4
"""Commas of a list, with both ends of its sentence."""


_ON_PLACES = closed("where.on_places")
_FIRED = frozenset({"shell", "air", "attack", "kill", "destroy"})


def named_places(reading: Reading, at: int) -> tuple[Place, ...]:
    """The places that the clause of a word names itself, *its borders* among them; for words and counts, not force."""
    words = reading.words
    start, end = clause_of(reading.reach.starts, len(words), at)
    sites = [
        n
        for n in reading.names
        if start <= n.start < end and (n.site or is_visited(words, n, going=True)) and not reference(words, n)
    ]
    if sites:
        return unique(sites, words)
    own = any(
        words[k].lower in EDGE and words[k - 1].lower in {"its", "their", "our"} for k in range(max(start, 1), end)
    )
    country = reading.speaker.country if own and reading.speaker else ""
    name = gazetteer().country_names.get(country)
    return (Place(text="borders", name=f"{name} border", geo_precision=3, country=country),) if name else ()


def _countries(reading: Reading, find: Find, parties: Parties, talk: Talk, *, home: str) -> list[Place]:
    """Countries that stand for the place, in the clause before the sentence; then the victims', unless abroad."""
    words = reading.words
    first, last = clause_of(reading.reach.starts, len(words), find.start)
    countries = [name for name in reading.names if _stands_for_place(words, name, talk)]
    near = _told_of(reading, find, [name for name in countries if first <= name.start < last] or countries)
    able = (n for n in parties.targets if n.country and n.sector == "CVL" and home in {"", n.country})
    victims = [n for n in able if _FAR_FROM_HOME.isdisjoint(n.text.lower().split())]
    return [_country(name) for name in near or victims]


def _told_of(reading: Reading, find: Find, names: list[Name]) -> list[Name]:
    """*bombed posts in X, and rockets hit a clinic in Y*: of two countries the one behind the deed, if one is."""
    if len({name.country for name in names}) <= 1:
        return names
    after = min((other.start for other in reading.finds if other.start > find.head), default=len(reading.words))
    return [name for name in names if find.head < name.start < after] or names


def _part_of_country(reading: Reading, find: Find, talk: Talk) -> list[Place]:
    """*in southeastern Turkey*: a part of a country beats the city from which an agency files."""
    words = reading.words
    near = _told_of(reading, find, [name for name in reading.names if name.kind == "country"])
    able = (name for name in near if name.start and words[name.start - 1].lower.endswith("ern"))
    return [_country(name) for name in able if _stands_for_place(words, name, talk)][:1]


def _edge(reading: Reading, clause: tuple[int, int], parties: Parties, talk: Talk) -> list[Place]:
    """*Border clashes*, *along the border with X*, *its borders*: of the countries named, else of both sides."""
    words = reading.words
    inside = () if words.lowers.isdisjoint(EDGE) else words[clause[0] : clause[1]]
    word = next((w for w in inside if w.lower in EDGE and not far(words, w.i)), None)
    if word is None or any(_located(words, name) for name in parties.targets if name.country):
        return []
    acting = (*parties.actors, *parties.targets)
    named = dict.fromkeys(n.country for n in acting if n.country and n.country in talk.pair)
    speaker = talk.speaker.country if talk.speaker else ""
    own = speaker if words[word.i - 1].lower in {"its", "their", "our"} else ""
    both = list(dict.fromkeys(name.country for name in reading.names if name.country and not name.site))
    met = len(both) == 2 and both[1] in neighbours(both[0])
    codes = [own] if own else list(named) if len(named) == 2 else both if met else list(talk.pair)
    names = [gazetteer().country_names[code] for code in codes if code in gazetteer().country_names]
    if not names:
        return []
    return [Place(text=word.text, name="-".join(names) + " border", geo_precision=3, country=codes[0])]


def _located(words: Words, name: Name) -> bool:
    return not _IN.isdisjoint(words.forms[max(0, name.start - 3) : name.start])


_THEIR = frozenset({"its", "their", "his"})


def _owned(words: Words, clause: tuple[int, int], parties: Parties, talk: Talk) -> list[Place]:
    """*its cities*, *19 of its settlements*: on the ground of who speaks, else of who acts."""
    settlement = lexicon().classes["settlement"]
    saying = (talk.speaker,) if talk.speaker and talk.speaker in talk.speakers else parties.actors
    owner = next((name.country for name in saying if name.country in gazetteer().country_names), "")
    for word in words[clause[0] : clause[1]] if owner and not words.lowers.isdisjoint(_THEIR) else ():
        if word.lower in _THEIR and not settlement.isdisjoint(words.forms[word.i + 1 : word.i + 4]):
            return [Place(text=word.text, name=gazetteer().country_names[owner], geo_precision=3, country=owner)]
    return []


EDGE = closed("border.edge")


def _country(name: Name) -> Place:
    return Place(text=name.text, name=gazetteer().country_names[name.country], geo_precision=3, country=name.country)


def _stands_for_place(words: Words, name: Name, talk: Talk) -> bool:
    """A country is a place behind *in* and its like, or as a place's owner: *Iranian villages*, *northwestern Iran*."""
    if name.kind not in {"country", "demonym"} or not name.country or name in talk.speakers:
        return False
    if name.kind == "demonym" and not said_of_ground(words, name):
        return False
    lead = words.forms[max(0, name.start - 3) : name.start]
    return not _IN.isdisjoint(lead) and lead[-2:] != ("based", "in")


def _neighbour(words: Words, parties: Parties, talk: Talk) -> list[Place]:
    """*its eastern neighbour*: the other of the two sides."""
    word = next((w for w in words if w.lower in _NEIGHBOUR), None) if words.lowers & _NEIGHBOUR else None
    actor = next((name.country for name in parties.actors if name.country in talk.pair), None)
    other = next((code for code in talk.pair if code != actor), None)
    if not word or not actor or not other:
        return []
    return [Place(text=word.text, name=gazetteer().country_names[other], geo_precision=3, country=other)]


_NEIGHBOUR = frozenset({"neighbour", "neighbor"})


def _anaphor(reading: Reading, find: Find) -> Name | None:
    """*the city*, *the town*, and where those go on who are but a pronoun: the place told of last."""
    words = reading.words
    definite = not words.lowers.isdisjoint(_SETTLED) and any(
        word.lower in {"the", "that"} and after.lower in _SETTLED for word, after in pairwise(words)
    )
    at_site = reading.before is not None and reading.before.site is not None
    return reading.before if (definite and at_site) or goes_on(words, find) else None


_SETTLED = frozenset({"city", "town", "village", "area", "region", "district", "province"})
