"""Whether force was used at, near or across a border, and which countries meet there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from services.core.event import Place
from services.extractor.event.crossing import came_from, crossers, divided, far, goes_on
from services.extractor.event.positions import Parties
from services.extractor.event.where import Ground
from services.extractor.names.gazetteer import gazetteer
from services.extractor.names.name import Name
from services.extractor.names.neighbours import neighbours
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.words import Word, Words

FORCE = closed("border.force")
_SENT = (FORCE | {"disrupt"}) - {"clash"}
_FIRE = frozenset({"shell", "attack", "kill", "destroy", "clash"})
_EDGE = closed("border.edge")
_BANKS = closed("border.banks")
_CROSSED = closed("border.crossed")
_LINES = (
    "line of contact",
    "line of control",
    "line of actual control",
    "contact line",
    "demarcation line",
    "boundary line",
    "administrative line",
    "administrative boundary",
    "buffer zone",
    "territorial waters",
    "maritime boundary",
)


def at_border(story: Story, reading: Reading, find: Find, parties: Parties, *, ground: Ground) -> str | None:
    """Why this use of force is a border incident, or None: words for a border, or a state on another's ground."""
    words = reading.words
    first, last = (clause_of(reading.reach.starts, len(words), at) for at in (find.start, find.end - 1))
    clause = (first[0], last[1])
    return (
        _named(words, reading.names, clause)
        or _said_to_be_between(reading, parties, ground)
        or _over(reading, find, parties, ground)
        or (f"border crossed by {force}" if find.sense in _FIRE and (force := crossers(words)) else None)
        or _from_beyond(story, reading, find, ground)
        or _abroad(reading, find, parties, ground)
        or _disputed(story, reading, find, parties)
        or ("came over the border" if find.sense in FORCE and goes_on(story, reading) else None)
    )


def _named(words: Words, names: tuple[Name, ...], clause: tuple[int, int]) -> str | None:
    """A word for a border or a line of that kind, in the clause itself; *far from the border* is none."""
    inside = [w for w in _edges(words) if clause[0] <= w.i < clause[1]]
    edge = next((w for w in inside if not far(words, w.i) and not _titled(words, w.i)), None)
    if edge:
        return f"border named: {edge.lower!r}"
    text = " ".join(words.forms[slice(*clause)])
    line = next((line for line in _LINES if line in text), None)
    line = line or next((n.text for n in names if _line(n) and clause[0] <= n.start < clause[1]), None)
    return f"line named: {line!r}" if line else None


@lru_cache(maxsize=16)
def _edges(words: Words) -> list[Word]:
    """The words for a border in a sentence; in most there is none."""
    return [] if words.lowers.isdisjoint(_EDGE) else [word for word in words if word.lower in _EDGE]


def _titled(words: Words, i: int) -> bool:
    """*the Frontier Corps*: part of a name."""
    return words[i].text == "Frontier" and any(word.text[:1].isupper() for word in words[i + 1 : i + 2])


def _line(name: Name) -> bool:
    return name.site is not None and name.site.kind == "line" and len(name.site.countries) > 1


def _said_to_be_between(reading: Reading, parties: Parties, ground: Ground) -> str | None:
    """*... on the border between X and Y* elsewhere in the sentence, where one of the two acts, suffers or is there."""
    around = {name.country for name in (*parties.actors, *parties.targets)} | _grounds(ground)
    for word in _edges(reading.words):
        if not far(reading.words, word.i):
            meeting = _beside(reading, word.i)
            along = {other.lower for other in reading.words[max(0, word.i - 4) : word.i]} & _ALONG
            there = _grounds(ground)
            if (len(meeting) > 1 and meeting & around) or (along and any(_meets(code, there) for code in meeting)):
                return f"border named: {word.lower!r} of {'-'.join(sorted(meeting | there))}"
    return f"{divide} between two countries" if (divide := divided(reading.words, reading.names)) else None


_ALONG = frozenset({"short", "close", "from", "along", "at", "near", "on", "across"})


def _grounds(ground: Ground) -> set[str]:
    return {place.country for place in ground.places if place.country}


def _over(reading: Reading, find: Find, parties: Parties, ground: Ground) -> str | None:
    """Fire from a neighbour, from its side or bank; a crossing into the country where it happens."""
    there = _grounds(ground)
    source = next((code for code in _sources(reading) if _meets(code, there)), None)
    if source and find.sense in _FIRE:
        return f"fire from {source}"
    whence = next((code for code in came_from(reading.words, reading.names) if _meets(code, there)), None)
    if whence and find.sense in FORCE:
        return f"came from {whence}"
    forces = {name.country for name in (*parties.actors, *reading.names) if name.kind == "state" and name.country}
    into = next((code for code in _entered(reading) if neighbours(code) & forces), None)
    into = into or next((code for code in _entered(reading) if neighbours(code) & set(_left(reading))), None)
    if into:
        return f"crossed into {into}"
    return "fire across the border" if find.sense in _FIRE and _landed(reading.words) else None


def _from_beyond(story: Story, reading: Reading, find: Find, ground: Ground) -> str | None:
    """*mortar bombs from the far side of the river*: fire of a neighbour that the article names elsewhere."""
    if find.sense not in _FIRE or "from" not in reading.words.lowers:
        return None
    there = _grounds(ground)
    code = next((code for code in sorted(story.home.told) if _meets(code, there)), None)
    beyond = code and _BEYOND.search(" ".join(reading.words.forms))
    return f"fire from beyond, {code}" if beyond else None


_BEYOND = re.compile(
    r"\bfrom (?:the )?(?:far|other|opposite|opposing) (?:side|bank|shore)\b|\bfrom (?:across|over|beyond) the river\b"
)


def _landed(words: Words) -> bool:
    """*fell across the border*, *fired over the frontier*: not *fled across the border*."""
    for word in _edges(words):
        before = words.forms[max(0, word.i - 6) : word.i]
        if not {"across", "over"}.isdisjoint(before[-3:]) and not _SHOT.isdisjoint(before):
            return True
    return False


def _meets(code: str, there: set[str]) -> bool:
    """Whether a country is another than those of the ground, and borders on one of them."""
    return code not in there and bool(neighbours(code) & there)


def _sources(reading: Reading) -> Iterator[str]:
    """*from X*, *from northern X*, *from the Xian side*: countries that fire came from."""
    words = reading.words
    for name in reading.names if "from" in words.lowers else ():
        before = words.forms[max(0, name.start - 3) : name.start]
        fired = not _SHOT.isdisjoint(words.forms[max(0, name.start - 7) : name.start])
        side = not _BANKS.isdisjoint(words.forms[name.end : name.end + 2])
        if name.country and "from" in before and (fired or side):
            yield name.country


_SHOT = closed("where.fire")


def _entered(reading: Reading) -> Iterator[str]:
    """*crossed the river into X*, *an incursion into X*."""
    words = reading.words
    for name in () if words.lowers.isdisjoint(_CROSSED) else reading.names:
        lead = words[name.start - 1].lower if name.start else ""
        lead = words[name.start - 2].lower if name.start > 1 and lead in _SIDES else lead
        into = lead in {"into", "onto"}
        if into and name.country and not _CROSSED.isdisjoint(words.forms[max(0, name.start - 9) : name.start]):
            yield name.country


_SIDES = frozenset({"northern", "southern", "eastern", "western", "central", "neighbouring", "neighboring"})


def _left(reading: Reading) -> Iterator[str]:
    """*crossed from X into Y*: the countries that somebody came from."""
    words = reading.words
    return (
        name.country for name in reading.names if name.start and name.country and words[name.start - 1].lower == "from"
    )


def _abroad(reading: Reading, find: Find, parties: Parties, ground: Ground) -> str | None:
    """A state's forces on the ground of another; where the sentence names no place, on that of one it names."""
    if ground.holder or (ground.inherited and not (find.sense in _FROM_AFAR and _grounds(ground) & _told_in(reading))):
        return None
    crossing = find.verbal and not _CROSSED.isdisjoint(reading.words.forms[find.start : find.end])
    if parties.reciprocal and not crossing:
        return _between_neighbours(parties, ground)
    if find.sense not in _SENT and not crossing:
        return None
    actors = {name.country for name in parties.actors if name.kind == "state" and name.country and name.sector != "CVL"}
    for actor in sorted(actors):
        for place in sorted(_grounds(ground) - actors):
            return f"{actor} acts on the ground of {place}"
    return None


_FROM_AFAR = frozenset({"shell", "air"})


def _told_in(reading: Reading) -> set[str]:
    return {name.country for name in reading.names if name.country}


def _between_neighbours(parties: Parties, ground: Ground) -> str | None:
    """The forces of two neighbouring states against each other, on the ground of one of them."""
    states = sorted({name.country for name in parties.actors if name.kind == "state" and name.sector in {"MIL", "MOD"}})
    met = len(states) == len(parties.actors) == 2 and states[1] in neighbours(states[0])
    there = sorted(_grounds(ground) & set(states)) if met else []
    return f"{states[0]} and {states[1]} fight on the ground of {there[0]}" if there else None


def _disputed(story: Story, reading: Reading, find: Find, parties: Parties) -> str | None:
    """A clash of two neighbouring states, on ground that a sentence close by calls a border."""
    named = parties.actors or tuple(name for name in reading.names if name.kind != "place")
    states = _states(named)
    crossed = not reading.words.lowers.isdisjoint(_CROSSING)
    if (crossed or parties.reciprocal) and len(states) != 2:
        states = _states(name for name in reading.names if name.kind in {"state", "police"})
    if find.sense not in {"clash", "breach"} or len(states) != 2 or states[1] not in neighbours(states[0]):
        return None
    near = (other for other in story.readings if abs(other.number - reading.number) <= _CLOSE)
    told = crossed or any(_edges(other.words) for other in near)
    return f"{states[0]} and {states[1]} clash, a border is told of" if told else None


def _states(names: Iterable[Name]) -> list[str]:
    kinds = {"state", "police", "country", "demonym"}
    return sorted({name.country for name in names if name.country and name.kind in kinds})


_CROSSING = frozenset({"crossing", "crossed", "cross"})
_CLOSE = 4
"""Sentences within which the border of a clash is told of."""


def with_border(story: Story, reading: Reading, parties: Parties, ground: Ground) -> Ground:
    """The ground with the border as its last place, of the country on the far side; not where the parties say it."""
    here = next((place.country for place in ground.places if place.country), story.home.country)
    other = next((code for code in _candidates(story, reading, parties) if code in neighbours(here)), "")
    others = {name.id[:3] for name in (*parties.actors, *parties.targets) if name.country} - {here}
    if not other or other in _grounds(ground) or others == {other}:
        return ground
    names = gazetteer().country_names
    words = (
        *(w.text for w in _edges(reading.words)),
        *(n.text for n in reading.names if n.country == other),
    )
    edge = next(iter(words), names[other])
    border = Place(text=edge, name=f"{names[here]}-{names[other]} border", geo_precision=3, country=other)
    return replace(ground, places=(*ground.places, border))


def _candidates(story: Story, reading: Reading, parties: Parties) -> Iterator[str]:
    """Who may be on the far side, the surest first: of the line, of the border's own words, the parties, the story."""
    for name in reading.names:
        if _line(name) and name.site:
            yield from name.site.countries
    for word in _edges(reading.words):
        yield from sorted(_beside(reading, word.i))
    yield from (name.country for name in parties.actors)
    yield from _sources(reading)
    yield from (name.country for name in parties.targets)
    yield from _named_in(story, reading)
    filed = {name.country for name in story.readings[0].names} - set(_named_in(story, story.readings[0]))
    filed -= {code for other in story.readings[1:] for code in _named_in(story, other)}
    yield from sorted(story.home.told.keys() - filed, key=lambda code: (-story.home.told[code], code))


def _named_in(story: Story, reading: Reading) -> Iterator[str]:
    """The countries of a sentence but for its dateline: agencies file from a neighbour's capital."""
    return (name.country for name in reading.names if reading.words[name.start].start >= story.home.end)


def _beside(reading: Reading, i: int) -> set[str]:
    """The countries of a border: *the Xian border*, *X's border with Y*, *the border between X and Y*."""
    words = reading.words
    found = set()
    for name in reading.names:
        before = name.country and name.end <= i <= name.end + 2
        link = set(words.forms[i + 1 : name.start]) if i < name.start <= i + 9 else set()
        if before or (name.country and link & {"with", "between", "of"}):
            found.add(name.country)
    return found
