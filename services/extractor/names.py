"""Who and where a sentence names: countries, forces, offices, groups and places, longest match first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.extractor.gazetteer import Entry, Gazetteer, Role, Site, gazetteer
from services.extractor.words import Words

_LONGEST = 8
_BETWEEN = 4
_CLOSED = frozenset(
    'the a an of in on at by from to with for and or but that who which , . ; : " ( ) – is are was were has have had said '
    "says told after before during against between into over near".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A stretch of words, ``start`` to ``end``, that names a party or a place.

    ``kind`` is a class of party (state, police, rebel, civ, protester, mob, igo, ngo, media), ``country`` for a bare
    country or capital, ``demonym`` for a bare adjective, ``place``, or ``person`` where the bearer is not yet known.
    """

    start: int
    end: int
    text: str
    kind: str
    id: str = ""
    country: str = ""
    sector: str = ""
    site: Site | None = None
    capital: bool = False

    @property
    def party(self) -> bool:
        """Whether this can act or speak."""
        return self.kind not in {"place", "demonym"}


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier sentences taught: persons by surname, and countries named so far (for places of one name)."""

    persons: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    countries: tuple[str, ...] = ()


def names_in(words: Words, text: str, memory: Memory) -> tuple[Name, ...]:
    """The names in a sentence in order; ``text`` is the uniform text of the whole article."""
    book = gazetteer()
    basic = list(_basic(words, text, memory, book))
    parties = list(_parties(words, text, basic, book))
    taken = {i for name in parties for i in range(name.start, name.end)}
    rest = [name for name in basic if not taken & set(range(name.start, name.end))]
    return tuple(sorted(parties + rest, key=lambda name: name.start))


def _basic(words: Words, text: str, memory: Memory, book: Gazetteer) -> Iterator[Name]:
    i = 0
    while i < len(words):
        found = _longest(words, text, i, memory, book)
        if found:
            yield found
            i = found.end
        else:
            i += 1


def _longest(words: Words, text: str, i: int, memory: Memory, book: Gazetteer) -> Name | None:
    if not (words[i].text[:1].isupper() or words[i].lower in _LOWER_STARTS):
        return None
    for end in range(min(i + _LONGEST, len(words)), i, -1):
        surface = text[words[i].start : words[end - 1].end]
        key = surface.lower()
        name = _entry_name(i, end, surface, book.entries.get(key)) or _site_name(
            i, end, surface, book.sites.get(key, ()), memory
        )
        if name and not _part_of_person(words, name):
            return name
    return _known_person(words, i, memory)


_LOWER_STARTS = frozenset(
    "al-shabaab al-shabab al al-qaeda al-qaida al-nusra anti-balaka pro-russian pro-armenian ethnic "
    "janjaweed line eastern".split()
)


def _entry_name(start: int, end: int, surface: str, entry: Entry | None) -> Name | None:
    if entry is None or (surface.isupper() is False and entry.kind not in {"demonym"} and surface.lower() in _ACRONYMS):
        return None
    if entry.kind == "capital":
        return Name(start, end, surface, "country", f"{entry.id}-GOV", entry.country, capital=True)
    if entry.kind in {"country", "demonym"}:
        return Name(start, end, surface, entry.kind, entry.id, entry.country)
    kind = "rebel" if entry.kind == "separatist" else entry.kind
    return Name(start, end, surface, kind, _separatist_id(entry, surface), entry.country)


_ACRONYMS = frozenset("us is who it let loc lac car 3r aa fc sana au".split())


def _separatist_id(entry: Entry, surface: str) -> str:
    """A separatist authority's armed men and its officials are told apart by the words used."""
    if entry.kind != "separatist":
        return entry.id
    words = surface.lower().split()
    armed = {"forces", "separatists", "rebels", "army", "troops", "fighters", "front"} & set(words)
    office = {"authorities", "leadership", "chief", "leader"} & set(words)
    return entry.id + ("-MIL" if armed else "-GOV" if office else "")


def _site_name(start: int, end: int, surface: str, sites: tuple[Site, ...], memory: Memory) -> Name | None:
    if not sites:
        return None
    best = max(sites, key=lambda site: (bool(set(site.countries) & set(memory.countries)), site.population))
    if best.kind != "line" and not surface[0].isupper() and not surface.startswith("eastern"):
        return None
    return Name(start, end, surface, "place", best.holder, best.countries[0] if best.countries else "", site=best)


def _part_of_person(words: Words, name: Name) -> bool:
    """A place's name between a title or first name and a surname is a person's: *Shushan*, *Jordan Peterson said*."""
    after = words[name.end].text if name.end < len(words) else ""
    before = words[name.start - 1].text if name.start else ""
    return name.kind == "place" and before in {"Mr.", "Mr", "Mrs.", "Ms.", "Dr.", "Gen."} and not after.isupper()


def _known_person(words: Words, i: int, memory: Memory) -> Name | None:
    known = memory.persons.get(words[i].lower)
    if not known or not words[i].text[0].isupper():
        return None
    ident, country, sector = known
    return Name(i, i + 1, words[i].text, "state" if sector != "CVL" else "civ", ident, country, sector)


def _parties(words: Words, text: str, basic: list[Name], book: Gazetteer) -> Iterator[Name]:
    """Role nouns with the name that goes with them, to the left or behind *of*."""
    by_start = {name.start: name for name in basic}
    by_end = {name.end: name for name in basic}
    i = 0
    while i < len(words):
        found = _role_at(words, text, i, book)
        if not found or (found[0].kind == "state" and found[1] in by_start and words[i].lower in {"official", "state", "leader"}):
            i += 1
            continue
        role, end = found
        made = _joined(words, text, Name(i, end, "", role.kind, sector=role.sector), by_start, by_end)
        yield _with_person(words, text, made)
        i = max(end, made.end)


def _role_at(words: Words, text: str, i: int, book: Gazetteer) -> tuple[Role, int] | None:
    for end in range(min(i + 4, len(words)), i, -1):
        role = book.roles.get(text[words[i].start : words[end - 1].end].lower())
        if role and not (words[i].pos == "VERB" and end == i + 1):
            return role, end
    return None


def _joined(words: Words, text: str, role: Name, by_start: Mapping[int, Name], by_end: Mapping[int, Name]) -> Name:
    left = _left(words, role.start, by_end)
    right = None if left or role.kind in {"civ", "mob", "protester"} else _right(words, role.end, by_start)
    owner = left or right
    start = left.start if left else role.start
    end = right.end if right and words[role.end].lower != "in" else role.end
    surface = text[words[start].start : words[end - 1].end]
    if owner is None:
        return replace(role, text=surface, id=f"UNK-{role.sector}")
    return replace(role, start=start, end=end, text=surface, **_owned(owner, role))


def _owned(owner: Name, role: Name) -> dict[str, str]:
    """Id, country and class of a role that belongs to a name: ``ARM`` + ``MIL``, ``NKR`` + ``GOV``, ``SHABAAB``."""
    if owner.kind in {"country", "demonym"}:
        return {"id": f"{owner.country}-{role.sector}", "country": owner.country, "kind": role.kind}
    if owner.kind == "place":
        base = owner.id or owner.country or "UNK"
        return {"id": f"{base}-{role.sector}", "country": owner.country, "kind": role.kind}
    if owner.kind == "rebel":
        base = owner.id.split("-")[0] if owner.id.startswith("NKR") else owner.id
        sector = f"-{role.sector}" if base == "NKR" else ""
        return {"id": base + sector, "country": owner.country, "kind": "civ" if role.kind == "civ" else "rebel"}
    if owner.kind in {"igo", "ngo", "media"}:
        return {"id": owner.id, "country": owner.country, "kind": owner.kind}
    return {
        "id": owner.id if owner.kind == role.kind else f"{owner.country or 'UNK'}-{role.sector}",
        "country": owner.country,
        "kind": role.kind,
    }


def _left(words: Words, start: int, by_end: Mapping[int, Name]) -> Name | None:
    for end in range(start, max(start - _BETWEEN, 0), -1):
        if end in by_end:
            return by_end[end]
        before = words[end - 1].lower
        if before in {"'s", "'"}:
            continue
        if before in _CLOSED or before.endswith(("ing", "ed")) and words[end - 1].text.islower():
            return None
    return None


def _right(words: Words, end: int, by_start: Mapping[int, Name]) -> Name | None:
    if end >= len(words) or words[end].lower not in {"of", "for", "in"}:
        return None
    linked = words[end].lower
    for start in range(end + 1, min(end + 4, len(words))):
        name = by_start.get(start)
        if name and (linked != "in" or name.kind == "place"):
            return name
        if words[start].lower not in {"the", "republic", "disputed", "breakaway", "occupied", "region"}:
            return None
    return None


def _with_person(words: Words, text: str, party: Name) -> Name:
    """The party with the person's name behind an office: *President Ilham Aliyev*."""
    if party.sector not in {"PRES", "PM", "GOV", "MOD", "MIL", "LEG", "COP", "ACT", "REB"}:
        return party
    end = party.end
    if end < len(words) and words[end].lower == "," and party.sector in {"PRES", "PM"}:
        end += 1
    first = end
    while end < len(words) and end - first < 4 and words[end].text[:1].isupper() and words[end].text.isalpha():
        end += 1
    if end == first or (end - first == 1 and first != party.end):
        return party
    return replace(party, end=end, text=text[words[party.start].start : words[end - 1].end])


def learnt(memory: Memory, found: tuple[Name, ...], words: Words) -> Memory:
    """The memory with the persons and countries of one more sentence."""
    persons = dict(memory.persons)
    for name in found:
        last = words[name.end - 1]
        if name.sector in {"PRES", "PM", "GOV", "MOD", "LEG"} and last.text[:1].isupper() and name.country:
            if name.end - name.start > 1 and words[name.end - 2].text[:1].isupper():
                persons.setdefault(last.lower, (name.id, name.country, name.sector))
    fresh = tuple(name.country for name in found if name.country and name.country not in memory.countries)
    return Memory(persons, memory.countries + tuple(dict.fromkeys(fresh)))
