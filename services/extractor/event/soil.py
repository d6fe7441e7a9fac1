"""Ground told by whose it is: *Xian villages*, *the Xian side*; not *in Xian shelling*, *in Xian uniform*."""

from functools import cache

from services.extractor.event.nested import SOIL
from services.extractor.names.gazetteer import Site, gazetteer
from services.extractor.names.name import Name
from services.extractor.reading.lexicon import lexicon
from services.extractor.text.words import Words


def soil(words: Words, names: tuple[Name, ...], clause: tuple[int, int]) -> list[Name]:
    """*Xian villages*, *the Xian side*: whose ground the clause names, where it names no place."""
    inside = (name for name in names if name.country and clause[0] < name.start < clause[1])
    owners = (
        name
        for name in inside
        if name.country in gazetteer().country_names
        and (name.kind in {"demonym", "civ"} or (name.kind == "country" and _side(words, name)) or _sided(words, name))
    )
    return [
        name._replace(kind="place", site=Site(gazetteer().country_names[name.country], (name.country,), *_NOWHERE))
        for name in owners
        if not SOIL.isdisjoint(words.forms[name.start + 1 : name.end + (name.kind == "demonym")]) or _sided(words, name)
        if not _ON.isdisjoint(words.forms[max(0, name.start - 3) : name.start])
    ]


def _side(words: Words, name: Name) -> bool:
    return any(word.lower == "side" for word in words[name.end : name.end + 1])


def _sided(words: Words, name: Name) -> bool:
    """*on the Xian side*, where elsewhere the side is its government."""
    before = words.forms[max(0, name.start - 2) : name.start]
    return name.kind == "state" and "side" in words.forms[name.start : name.end] and "on" in before


_NOWHERE = (None, None, "country", 0, "")
_ON = frozenset({"on", "in", "into", "at", "inside", "across", "hit", "struck", "near"})


def said_of_ground(words: Words, name: Name) -> bool:
    """*in Iranian villages*, not *in Israeli shelling*, *in Syrian uniform*: whether an adjective is said of ground."""
    return not _ground().isdisjoint(words.forms[name.end : name.end + _NOUN])


@cache
def _ground() -> frozenset[str]:
    classes = lexicon().classes
    return SOIL | classes["holding"] | classes["site"] | classes["civilplace"]


_NOUN = 3
"""Words behind an adjective in which its noun stands."""
