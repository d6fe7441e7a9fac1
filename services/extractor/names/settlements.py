"""Names of GeoNames in a sentence: which stretch of words is one, how sure that is, and which place of that name."""

from functools import lru_cache
from typing import NamedTuple

from services.core.fold import fold
from services.extractor.names.gazetteer import Gazetteer, gazetteer, longest_name, spot_site
from services.extractor.names.geonames import Spot, begins, spots
from services.extractor.names.home import Home
from services.extractor.names.name import Memory, Name
from services.extractor.text.closed import closed
from services.extractor.text.words import Word, Words

_LONGEST = 6
_LARGE = 100_000
_FAMOUS = 1_000_000
_TOWN = 15_000
_ARTICLES = frozenset(["al", "el", "ad", "an", "ar", "as", "ash", "at", "az"])
_AT = frozenset(
    [
        "in",
        "near",
        "at",
        "outside",
        "around",
        "across",
        "inside",
        "throughout",
        "within",
        "between",
        "northwest",
        "northeast",
        "southwest",
    ]
)
_TO = frozenset(
    [
        "from",
        "to",
        "of",
        "into",
        "toward",
        "towards",
        "on",
        "over",
        "above",
        "leaving",
        "entering",
        "reached",
        "through",
        "for",
    ]
)
_LISTED = frozenset([",", "and", "or", "nearby", "the"])
_SIDES = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "northwestern",
        "northeastern",
        "southwestern",
    ]
) | {"southeastern", "upper", "lower", "downtown", "greater", "occupied", "besieged"}
_NOUNS = closed("settlements.nouns")
_AROUND = _AT | _TO | _SIDES | _NOUNS | _LISTED
_SAYS = frozenset(["said", "says", "told", "added", "wrote", "tweeted", "argued", "replied"])
_RATIO = 20
"""How many times larger an unmentioned place must be to beat one of a country that the text tells of."""


class _Setting(NamedTuple):
    """What the words around a name say: place words before or behind, countries named, a person's other names."""

    at: bool
    to: bool
    noun: bool
    following: str
    here: frozenset[str]
    before: frozenset[str]
    home: str
    person: bool
    opening: bool


def settlement(found: Name | None, words: Words, text: str, at: tuple[int, Memory]) -> Name | None:
    """The GeoNames place at a word where it is longer than what the hand-written tables found, else what they found."""
    i, memory = at
    if found and found.kind not in {"place", "country"}:
        return found
    if found and found.capital and _part(words, found.end):
        found = None
    for end in reversed(_ends(words, text, i)):
        if found and end < found.end:
            break
        surface = text[words[i].start : words[end - 1].end]
        setting = _setting(words, i, end, memory)
        if found and end == found.end and not _doubtful(found, setting, memory.home):
            break
        spot = _best(spots(surface), setting)
        if found and spot and setting.following == "" and spot.country != setting.home and end == found.end:
            break
        if spot and _sure(spot, setting) and not (_stray(spot, surface, setting) or _part(words, end)):
            return Name(i, end, surface, "place", country=spot.country, site=spot_site(spot))
    return found


def _part(words: Words, end: int) -> bool:
    """*San Juan* of *San Juan de Lurigancho*: the name goes on."""
    link = words.forms[end : end + 1]
    return link in _LINKS and end + 1 < len(words) and words[end + 1].text[:1].isupper()


_LINKS = {("de",), ("del",), ("da",), ("do",), ("dos",)}


def _doubtful(found: Name, setting: _Setting, home: Home) -> bool:
    """A capital with a namesake: another country stands behind it, or the text is at home in another."""
    told = home.told
    away = home.country not in {"", found.country} and told.get(home.country, 0) >= told.get(found.country, 0)
    return found.capital and (setting.following not in {"", found.country} or (setting.at and away))


def begins_low(lower: str) -> bool:
    """Whether a place's name may begin with a word in small letters: *al-Bab*."""
    return lower.partition("-")[0] in _ARTICLES


def _ends(words: Words, text: str, i: int) -> list[int]:
    """Where names that start at a word can end: every word but small ones inside starts with a capital."""
    first = words[i]
    if not first.text[0].isupper() and not begins_low(first.lower):
        return []
    ends = []
    for end in range(i + 1, min(i + _LONGEST, len(words)) + 1):
        surface, last = text[first.start : words[end - 1].end], words[end - 1].text
        if spots(surface) and any(part[:1].isupper() for part in last.split("-")):
            ends.append(end)
        if not begins(surface):
            break
    return ends


def _setting(words: Words, start: int, end: int, memory: Memory) -> _Setting:
    book = gazetteer()
    lead, after = _lead(words, start), words[end] if end < len(words) else None
    noun = after is not None and after.lower in _NOUNS
    named = start > 1 and words[start - 1].lower == "of" and words[start - 2].lower in _NOUNS
    return _Setting(
        at=lead in _AT,
        to=lead in _TO,
        noun=noun or named or lead in _NOUNS,
        following=_following(words, end, book),
        here=_countries(words),
        before=memory.around,
        home=memory.home.country,
        person=_person(words, start, end, book),
        opening=start == 0,
    )


def _lead(words: Words, start: int) -> str:
    """The word that leads to a name, past the list it stands in: *in Sumy, Izium and Poltava*."""
    k = start - 1
    listing = k >= 0 and words[k].lower in {",", "and", "or"}
    while k >= 0 and start - k < 12:
        word = words[k]
        skipped = word.lower in _LISTED or word.lower in _SIDES
        if not skipped and not (listing and word.text[:1].isupper() and not (word.lower in _AT or word.lower in _TO)):
            return word.lower
        k -= 1
    return ""


def _following(words: Words, end: int, book: Gazetteer) -> str:
    """The country behind a comma or bracket: *Reading, England*; *Athens (Georgia)*."""
    if end + 1 >= len(words) or words[end].text not in {",", "("}:
        return ""
    for size in (3, 2, 1):
        phrase = " ".join(words.forms[end + 1 : end + 1 + size])
        entry = book.entries.get(phrase)
        if entry and entry.kind == "country" and not _owner(words, end + 1 + size):
            return entry.id
        region = next((spot.country for spot in spots(phrase) if spot.kind == "region"), "")
        if region:
            return region
    return ""


def _owner(words: Words, i: int) -> bool:
    """*near X, Israel's army said*: no country of X."""
    return i < len(words) and words[i].lower == "'s"


@lru_cache(maxsize=1)
def _countries(words: Words) -> frozenset[str]:
    """Countries that a sentence names, by name, adjective or capital, in one to three words."""
    book, lowered = gazetteer(), words.forms
    known = [(i, longest_name(lowered[i])) for i in words.raised]
    phrases = [" ".join(lowered[i : i + size]) for i, letters in known if letters for size in (1, 2, 3)]
    entries = (book.entries.get(phrase) for phrase in phrases)
    return frozenset(e.country for e in entries if e and e.kind in {"country", "demonym", "capital"})


def _person(words: Words, start: int, end: int, book: Gazetteer) -> bool:
    """Whether a name stands among other capitalised words that are no place's: *Paris Hilton*, *Houston Rockets*."""
    before = words[start - 1] if start else None
    after = words[end] if end < len(words) else None
    if after is not None and (after.lower in _SAYS or (_other(after, book) and after.lower not in book.roles)):
        return True
    if start == 0 and after is not None and after.text[:1].isupper() and after.lower in book.entries:
        return True  # *Johannesburg Angolan police said*: where the story was filed
    return before is not None and _other(before, book) and not (start == 1 and before.pos not in {"", "PROPN"})


def _other(word: Word, book: Gazetteer) -> bool:
    known = word.lower in _AROUND or word.lower in book.entries
    return word.text[:1].isupper() and word.text.replace(".", "").replace("-", "").isalpha() and not known


def _best(found: tuple[Spot, ...], setting: _Setting) -> Spot | None:
    """The place that the country behind the comma, the countries of the text, and its size speak for."""

    def weight(spot: Spot) -> tuple[bool, float]:
        told = spot.country in setting.here or spot.country in setting.before
        home = spot.country == setting.home
        return spot.country == setting.following, max(spot.population, 1) * (_RATIO if told else 1) * (_RATIO**home)

    return max(found, key=weight, default=None)


def _sure(spot: Spot, setting: _Setting) -> bool:
    """Whether the words around a name are proof enough for a place of this size with a name of this kind."""
    told = spot.country in setting.here or spot.country in setting.before
    if setting.following:
        return spot.country == setting.following
    if setting.person:
        return False
    if spot.care == "w":
        return not setting.opening and ((setting.at and (told or spot.population > _LARGE)) or (setting.noun and told))
    if spot.care == "p":
        return _named_like_a_person(spot, setting, told=told)
    return spot.population >= _LARGE or _small(spot, setting, told=told)


def _stray(spot: Spot, surface: str, setting: _Setting) -> bool:
    """A place of a country that a text with a home of its own names nowhere: an unknown place's better known namesake.

    A city of millions may be meant all the same, unless it is only spelt alike.
    """
    if not setting.home or setting.following or spot.country in setting.here or spot.country in setting.before:
        return False
    return spot.population < _FAMOUS or fold(spot.name) != fold(surface)


def _small(spot: Spot, setting: _Setting, *, told: bool) -> bool:
    """A small place is not taken where the text tells of other countries only."""
    if not told and (setting.here or setting.before):
        return False
    if spot.population >= _TOWN:
        return setting.at or setting.noun or setting.to or told
    return (setting.at and (told or len(spot.name) > 5)) or (told and (setting.noun or setting.to))


def _named_like_a_person(spot: Spot, setting: _Setting, *, told: bool) -> bool:
    if setting.at:
        return told or spot.population >= _TOWN
    return spot.population >= _FAMOUS or (setting.noun and spot.population >= _TOWN) or (told and setting.to)
