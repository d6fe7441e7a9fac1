"""Places that no table lists, told by the words before them: *in the village of X*, *at X*, *outside X*."""

import re
from collections.abc import Iterator, Mapping

from services.core.fold import fold
from services.core.provinces import Province, centre, province_named, provinces_called
from services.extractor.names.gazetteer import Site, gazetteer
from services.extractor.names.name import Name
from services.extractor.names.neighbours import neighbours
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_AT = frozenset({"in", "near", "at", "outside", "around", "inside", "off", "between", "above", "below"})
_KIND = closed("unlisted.kinds")
_FEATURES = closed("unlisted.features")
"""What stands behind the name of a place of its own only where a country owns it; other mountains are of some town."""
_NOT = closed("unlisted.others") | closed("unlisted.peoples")
_INNER = frozenset({"de", "del", "la", "el", "al", "of", "e", "y", "du", "des", "da", "do"})
_SKIPPED = frozenset(
    {"the", "a", "an", "and", ",", "northern", "southern", "eastern", "western", "central", "rural", "nearby"}
)


def unlisted(words: Words, names: tuple[Name, ...], country: str) -> tuple[Name, ...]:
    """The unknown places of a sentence, as places of the country where the article is at home."""
    taken = _taken(names) | {k for k in words.raised if words[k].lower in _DETERMINERS}
    return tuple(
        _place(words, start, end, _named_before(words, names, start) or _beside(words, names, end) or country)
        for start, end in _runs(words, taken)
    )


def _beside(words: Words, names: tuple[Name, ...], end: int) -> str:
    """*between X and Y*: the country of the known place that an unknown one is named with."""
    known = (name.country for name in names if name.kind == "place" and name.start == end + 1)
    return next(known, "") if words.forms[end : end + 1] == ("and",) else ""


def told_elsewhere(words: Words, names: tuple[Name, ...], places: Mapping[str, Name]) -> tuple[Name, ...]:
    """The names in a sentence that other sentences of the article made known as places: *in the village of X*."""
    taken = _taken(names)
    runs = ((k, _end(words, taken, k, len(words))) for k in words.raised if words[k].text in places)
    alone = (k for k, end in runs if end == k + 1 and not _other(words, k, end))
    return tuple(places[words[k].text]._replace(start=k, end=k + 1, text=words[k].text) for k in alone)


def _named_before(words: Words, names: tuple[Name, ...], start: int) -> str:
    """The country that the sentence has said it is in: *into northern Togo, where they killed four at X*."""
    for name in reversed(names):
        between = {word.lower for word in words[name.end : start]}
        of_kind = bool(between & _KIND) and between <= _KIND | {
            "of",
            "border",
            "the",
            "coastal",
            "northern",
            "southern",
        }
        if name.kind in {"demonym", "civ"} and name.country and name.end <= start:
            own = bool(_KIND & {word.lower for word in words[name.start : name.end]}) and between <= {"of"}
            if own or of_kind:
                return name.country
        if name.kind == "country" and not name.capital and name.end <= start:
            lead = set(words.forms[max(0, name.start - 2) : name.start])
            side = "on" in lead and "side" in words.forms[name.end : name.end + 1]
            return name.country if (lead & _INSIDE or side) and not _whence(words, name.start) else ""
    return ""


def _whence(words: Words, start: int) -> bool:
    """*from X*, *from the direction of A in X*: where somebody came from; not *from A into X*."""
    before = words.forms[max(0, start - 7) : start]
    return "from" in before and _TO.isdisjoint(before[before.index("from") :])


_TO = frozenset({"into", "to", "onto", "across", "at", ",", "and"})
_INSIDE = frozenset({"in", "into", "inside", "across", "northern", "southern", "eastern", "western", "central"})


def unlisted_at(words: Words, names: tuple[Name, ...], start: int, country: str) -> Name | None:
    """The unknown place that begins at a word, as in *seized X*; None where that is no unknown name."""
    end = _end(words, _taken(names), start, len(words))
    return _place(words, start, end, country) if end > start and not _other(words, start, end) else None


def _taken(names: tuple[Name, ...]) -> set[int]:
    return {k for name in names for k in range(name.start, name.end)}


def _place(words: Words, start: int, end: int, country: str) -> Name:
    text = " ".join(word.text for word in words[start:end])
    province = (province_named(country, text) if country else None) or _next_door(text, country)
    country = province.country if province else country
    lat, lon = centre(province) if province else (None, None)
    site = Site(text, (country,) if country else (), lat, lon, "region" if province else "city", 0, "")
    return Name(start, end, text, "place", country=country, site=site)


def _next_door(text: str, country: str) -> Province | None:
    """The one province of that name, unless it lies in a country far from the one the article is about."""
    found = _only(text)
    near = found is not None and (not country or found.country in neighbours(country))
    return found if near else None


def _only(text: str) -> Province | None:
    """The one province in the world that has this name."""
    found = provinces_called().get(fold(text), ())
    return found[0] if len(found) == 1 else None


def _runs(words: Words, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Stretches of capitalised words that nothing else is known of, led to by a word of place."""
    done, last = 0, len(words)
    for k in [k for k in words.raised if k not in taken and words[k].lower not in _AT]:
        end = _end(words, taken, k, last) if k >= done else k
        if end > k and (_led(words, k, end) or _of_country(words, taken, k, end)) and not _other(words, k, end):
            yield k, end
        done = max(end, done)


def _end(words: Words, taken: set[int], start: int, last: int) -> int:
    """Where the capitalised words from here end; small words inside a name are part of it."""
    end = k = start
    while k < last and k not in taken:
        if (words[k].text[:1].isupper() and words[k].text[-1:].isalnum()) or (
            end > start and _ARABIC.match(words[k].text)
        ):
            end = k + 1
        elif not (end > start and words[k].lower in _INNER):
            break
        k += 1
    return end


_ARABIC = re.compile(r"(?:al|el|ad|ar|as|at|az|an|ash|esh)-[A-Z]")
"""*Umm al-Keif*: a word of a name all the same."""


def _led(words: Words, start: int, end: int) -> bool:
    """A word of place right before, past articles and sides; or a word for a kind of place on either side."""
    paired = _paired(words, start, end)
    k = start - 1
    while k >= 0 and (words[k].lower in _SKIPPED or (paired and words[k].text[:1].isupper())):
        k -= 1
    lead = words[k].lower if k >= 0 else ""
    kind = lead == "of" and k > 0 and words[k - 1].lower in _KIND
    kind = kind or (lead in _ON and k == start - 1 and not _FALLING.isdisjoint(words.forms[max(0, k - 4) : k]))
    if lead == "from" and k == start - 1:
        return _only(" ".join(word.text for word in words[start:end])) is not None
    after = words[end].lower if end < len(words) else ""
    parties = lead == "between" and after in gazetteer().roles  # *between Xian herders and ...*
    listed = not parties and (k == start - 1 or words[start - 1].lower not in {"and", ","} or paired)
    owned = lead == "'s" and after in _FEATURES  # *northern X's Y mountains*
    return (lead in _AT | _SEEN and listed) or kind or owned or lead in _KIND or after in _KIND


def _of_country(words: Words, taken: set[int], start: int, end: int) -> bool:
    """*in Haiti's X*: a name that ends its phrase, behind the owner of what it stands for."""
    if start < _OWNED or words[start - 1].lower != "'s" or start - 2 not in taken:
        return False
    owner = start - 2
    while owner and owner - 1 in taken:
        owner -= 1
    ends = (end == len(words) or words[end].pos not in {"NOUN", "PROPN"}) and words[end - 1].lower not in _STREETS
    return ends and owner > 0 and words[owner - 1].lower in _AT


_STREETS = frozenset({"road", "street", "avenue", "square", "highway"})
_OWNED = 3
"""Words before what a country owns, at least: *in*, its name, *'s*."""


def _paired(words: Words, start: int, end: int) -> bool:
    """*in X and Y*: the second of two places, where nothing goes on about it as a subject."""
    place = words[start - 1].lower == "and" and start > 1 and words[start - 2].text[:1].isupper()
    return place and (end == len(words) or words[end].pos not in {"VERB", "AUX", "NOUN", ""})


_ON = frozenset({"on", "upon", "over"})
_FALLING = closed("where.fire")
"""*shells came down on X*: what fire falls on is a place."""
_DETERMINERS = closed("words.determiners")
_SEEN = frozenset({"visited", "toured", "reached"})


def _other(words: Words, start: int, end: int) -> bool:
    """A month, a day, an office, a building, a person, a people: not where anything is."""
    inside = set(words.forms[start:end])
    book = gazetteer()
    after = words[end].lower if end < len(words) else ""
    known = inside & _NOT or any(word in book.entries or word in book.roles for word in inside)
    owned = end == start + 1 and words[start].lower.endswith(_RUN_BY)
    acronym = end == start + 1 and words[start].text.rstrip("s").isupper() and len(words[start].text) < 6
    return bool(known) or acronym or owned or after in {"said", "says", "told", "'s"} or words[end - 1].text.isdigit()


_RUN_BY = tuple(f"-{word}" for word in closed("unlisted.run_by"))
"""*the X-run ministry*: whose it is."""
