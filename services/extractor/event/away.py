"""Places that a sentence names and that are not where it was: whence, whither, whose office, which truce."""

from services.extractor.names.name import Name
from services.extractor.names.parties import OFFICES
from services.extractor.reading.read import Reading
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_DISTANCE = closed("where.distance")
_PAPERS = closed("where.papers")


def seat(reading: Reading, name: Name) -> bool:
    """*the ministry in X said*: where who speaks has an office."""
    behind = name.start > 0 and reading.words[name.start - 1].lower == "in"
    offices = (who for claim in reading.claims for who in claim.who if who.sector in OFFICES)
    return behind and any(who.end == name.start - 1 for who in offices)


def source(words: Words, name: Name) -> bool:
    """*fired from X*, *rockets from southern X*: where it came from, not where it hit."""
    for k in range(name.start - 1, max(name.start - 7, 0), -1):
        if words[k].lower == "from":
            return not _FIRE.isdisjoint(words.forms[max(0, k - 3) : k])
        if words[k].lower in _AT or words[k].text == ",":
            break
    return False


def taken_to(words: Words, name: Name) -> bool:
    """*led them into the forest of X*, *took her to Y*: where the captives are, not where they were seized."""
    leads = (form for form in reversed(words.forms[max(0, name.start - 6) : name.start]) if form in _INTO | _AT)
    return next(leads, "") in _INTO


_INTO = frozenset({"into", "to", "toward", "towards"})
_AT = frozenset({"in", "at", "near", "on", "to", "into", "around", "and"})


_FIRE = closed("where.fire")


_PEOPLES = closed("where.peoples")
"""*the X neighbours*: who is meant, and not where it was."""


def reference(words: Words, name: Name) -> bool:
    """A place that only measures a distance, names a paper or says who: *15 kilometers from X*, *the X accord*."""
    if name.end < len(words) and (words[name.end].lower in _PAPERS or words[name.end].lower in _PEOPLES):
        return True
    lead = words.forms[max(0, name.start - 2) : name.start]
    if lead[-1:] == ("to",) and not _BROUGHT.isdisjoint(words.forms[max(0, name.start - 4) : name.start]):
        return True
    if (lead[-1:] == ("of",) and lead[0] in _PAPERS) or (lead[-1:] == ("in",) and lead[0] in _ELSEWHERE):
        return True  # *the agreement of X*, *a group based in X*, *the truce that they signed in X*
    before = set(words.forms[max(0, name.start - 8) : name.start])
    return not _DISTANCE.isdisjoint(before) and not before.isdisjoint({"from", "of"})


_ELSEWHERE = closed("where.elsewhere")
_BROUGHT = frozenset(
    {"taken", "rushed", "brought", "flown", "carried", "airlifted", "evacuated", "transferred", "shifted"}
)
"""*seven have been taken to X*: where the wounded are."""


def bound_for(words: Words, name: Name) -> bool:
    """*the troops pulled out towards X*: where another clause of the sentence leads."""
    return words.forms[max(0, name.start - 1) : name.start] in {("towards",), ("toward",)}
