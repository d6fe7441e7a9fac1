"""Who and where a sentence names: countries, forces, offices, groups and places, longest match first."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from services.extractor.names.gazetteer import Entry, Site, gazetteer, longest_name
from services.extractor.names.name import Memory, Name
from services.extractor.names.parties import OFFICES, parties_in, recalled
from services.extractor.names.settlements import begins_low, settlement
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_LONGEST = 8


def names_in(words: Words, text: str, memory: Memory) -> tuple[Name, ...]:
    """The names in a sentence in order; ``text`` is the uniform text of the whole article."""
    book = gazetteer()
    basic = list(_basic(words, text, memory))
    parties = [recalled(words, name, memory) for name in parties_in(words, text, basic, book)]
    taken = {i for name in parties for i in range(name.start, name.end)}
    rest = [name for name in basic if not taken & set(range(name.start, name.end))]
    return tuple(sorted(parties + rest, key=lambda name: name.start))


def _basic(words: Words, text: str, memory: Memory) -> Iterator[Name]:
    done = 0
    for i in [word.i for word in words if _small_start(word.lower) or word.text[0].isupper()]:
        found = settlement(_longest(words, text, i, memory), words, text, (i, memory)) if i >= done else None
        if found:
            yield found
            done = found.end


@lru_cache(maxsize=8192)
def _small_start(lower: str) -> bool:
    """Whether a name may begin with this word where it is written small."""
    return lower in _LOWER_STARTS or begins_low(lower)


def _longest(words: Words, text: str, i: int, memory: Memory) -> Name | None:
    if not (words[i].text[0].isupper() or words[i].lower in _LOWER_STARTS):
        return None
    book, start = gazetteer(), words[i].start
    letters = longest_name(words[i].lower)
    for end in range(min(i + _LONGEST, len(words)) if letters else i, i, -1):
        if words[end - 1].end - start > letters:
            continue
        surface = text[start : words[end - 1].end]
        key = surface.lower()
        sites = book.sites.get(key, ())
        if not sites and key not in book.entries:
            continue
        if end == i + 1 and words[i].pos not in _NAME_CLASSES:
            sites = tuple(site for site in sites if site.holder or not site.population)
        name = _entry_name(i, end, surface, book.entries.get(key))
        name = name or _site_name(i, end, surface, sites, memory=memory)
        if name and not _part_of_person(words, name):
            return _organisation(words, text, name) or name
    return _known_person(words, i, memory)


_NAME_CLASSES = frozenset({"PROPN", "NOUN", "X", ""})
"""What the tagger may call a place's name; *Nice* and *Most* at the head of a sentence are no towns."""

_LOWER_STARTS = closed("names.lower_starts")


def _entry_name(start: int, end: int, surface: str, entry: Entry | None) -> Name | None:
    if entry is None or (not surface.isupper() and entry.kind != "demonym" and surface.lower() in _ACRONYMS):
        return None
    if entry.kind == "capital":
        return Name(start, end, surface, "country", f"{entry.id}-GOV", entry.country, capital=True)
    if entry.kind in {"country", "demonym"}:
        return Name(start, end, surface, entry.kind, entry.id, entry.country)
    kind = "rebel" if entry.kind == "separatist" else entry.kind
    sector = entry.id.removeprefix(f"{entry.country}-") if entry.id.startswith(f"{entry.country}-") else ""
    return Name(start, end, surface, kind, _separatist_id(entry, surface), entry.country, sector)


_ACRONYMS = closed("names.acronyms")


def _separatist_id(entry: Entry, surface: str) -> str:
    """A separatist authority's armed men and its officials are told apart by the words used."""
    if entry.kind != "separatist":
        return entry.id
    words = surface.lower().split()
    armed = {"forces", "separatists", "rebels", "army", "troops", "fighters", "front"} & set(words)
    office = {"authorities", "leadership", "chief", "leader"} & set(words)
    return entry.id + ("-MIL" if armed else "-GOV" if office else "")


def _site_name(start: int, end: int, surface: str, sites: tuple[Site, ...], *, memory: Memory) -> Name | None:
    if not sites:
        return None
    home, told = memory.home, memory.told

    def weight(site: Site) -> tuple[bool, bool, int]:
        return home.country in site.countries, not told.isdisjoint(site.countries), site.population

    best = max(sites, key=weight) if len(sites) > 1 else sites[0]
    if best.kind != "line" and not surface[0].isupper() and not surface.startswith("eastern"):
        return None
    return Name(start, end, surface, "place", best.holder, best.countries[0] if best.countries else "", site=best)


def _part_of_person(words: Words, name: Name) -> bool:
    """A place's name between a title or first name and a surname is a person's: *Shushan*, *Jordan Peterson said*."""
    after = words[name.end].text if name.end < len(words) else ""
    before = words[name.start - 1].text if name.start else ""
    return name.kind == "place" and before in {"Mr.", "Mr", "Mrs.", "Ms.", "Dr.", "Gen."} and not after.isupper()


def _organisation(words: Words, text: str, name: Name) -> Name | None:
    """*the Xian Human Rights Commission*, *the Y Network for Peace*: a body named after where it is at home."""
    if name.kind not in {"country", "demonym", "place"}:
        return None
    end = head = name.end
    while end < len(words) and (words[end].text[:1].isupper() or (end > name.end and words[end].lower in _INNER)):
        end += 1
        head = end if words[end - 1].lower in _BODIES else head
    if head == name.end:
        return None
    surface = text[words[name.start].start : words[head - 1].end]
    return Name(name.start, head, surface, "ngo", f"{name.country or 'UNK'}-NGO", sector="NGO")


_BODIES = closed("names.bodies")
"""What ends the name of a body that neither governs nor bears arms."""
_INNER = frozenset({"of", "for", "on"})


def _known_person(words: Words, i: int, memory: Memory) -> Name | None:
    known = memory.persons.get(words[i].lower)
    if not known or not words[i].text[0].isupper():
        return None
    ident, country, sector = known
    return Name(i, i + 1, words[i].text, "state" if sector != "CVL" else "civ", ident, country, sector)


def learnt(memory: Memory, found: tuple[Name, ...], words: Words) -> Memory:
    """The memory with the persons and countries of one more sentence."""
    if not found:
        return memory
    persons, offices = dict(memory.persons), dict(memory.offices)
    for name in found:
        last, office = words[name.end - 1], name.sector in OFFICES and name.country
        full = name.end - name.start > 1 and words[name.end - 2].text[:1].isupper() and last.text[:1].isupper()
        full = (
            full
            and not any(word in gazetteer().roles for word in last.lower.split("-"))
            and last.lower not in gazetteer().entries
        )
        if office and full:
            persons.setdefault(last.lower, (name.id, name.country, name.sector))
        if office:
            offices[name.sector] = (name.id, name.country)
            if "ministry" in name.text.lower():
                offices["ministry"] = (name.id, name.country)
    for name in reversed([name for name in found if name.kind == "igo"]):
        offices["IGO"] = (name.id, "")
    fresh = tuple(name.country for name in found if name.country and name.country not in memory.countries)
    if not fresh and persons == memory.persons and offices == memory.offices:
        return memory
    return replace(memory, persons=persons, countries=memory.countries + tuple(dict.fromkeys(fresh)), offices=offices)
