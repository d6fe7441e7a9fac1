"""How far a border was, and who came over it: *six km from the border*, *slipped in from X*, *the other bank*."""

from collections.abc import Iterator

from services.extractor.names.name import Name
from services.extractor.names.neighbours import neighbours
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.read import Reading, Story
from services.extractor.text.closed import closed
from services.extractor.text.numbers import may_count, number_at
from services.extractor.text.words import Words

_EDGE = closed("border.edge")
_BANKS = closed("border.banks")
_CAME = closed("crossing.came")
_FIRED = closed("crossing.fired")
_OTHER = frozenset({"other", "opposite", "far", "facing"})
_MILES = {"kilometres": 1.0, "kilometers": 1.0, "km": 1.0, "kilometre": 1.0, "miles": 1.6, "mile": 1.6}
_NEAR = 30.0
"""Kilometres from a border within which force is at it, unless somebody came over it."""
_BEHIND = 3
"""Sentences in which an article goes on to say where fire or raiders came from."""


def far(words: Words, i: int) -> bool:
    """Whether something is far from a border that is named: *far from the border*, *60 km from the border*.

    *Border patrol* or *border service* names a force, and no border that anything is near.
    """
    before = words[max(0, i - 9) : i]
    if any(word.lower in _SERVICES for word in words[i + 1 : i + 2]):
        return True
    if "far" in {word.lower for word in before[-5:]}:
        return True
    unit = next((word for word in reversed(before) if word.lower in _MILES), None)
    if unit is None or not unit.i or not may_count(words[unit.i - 1].lower):
        return False
    number = number_at(words, unit.i - 1)
    return number is not None and (number.value or 0) * _MILES[unit.lower] > _NEAR


_SERVICES = frozenset(
    {
        "patrol",
        "service",
        "services",
        "agency",
        "police",
        "trade",
        "control",
        "controls",
        "officials",
        "authorities",
        "command",
    }
)


def came_from(words: Words, names: tuple[Name, ...]) -> Iterator[str]:
    """*waded across the river from X*, *came over from the Xian side*, *Xians on the other bank*: countries."""
    for name in names:
        if not name.country:
            continue
        lead = [word.lower for word in words[max(0, name.start - 10) : name.start]]
        after = {word.lower for word in words[name.end : name.end + 2]}
        near = lead[-3:]
        whence = "from" in near or ("from" in lead[-6:] and "direction" in lead)
        came = whence and bool(_CAME & set(lead))
        came = came or (lead[-1:] == ["from"] and bool(set(lead[-3:-1]) & _RAIDERS) and _back_over(words, name.end))
        side = bool(after & _BANKS) and bool({"from", "on"} & set(near))
        behind = [word.lower for word in words[name.end : name.end + 7]]
        bank = any(word in _BANKS and _OTHER & set(behind[max(0, k - 2) : k]) for k, word in enumerate(behind))
        if came or side or bank:
            yield name.country


def set_out_from(words: Words, name: Name) -> bool:
    """*gunmen who had come across the line from X*: where they set out is not where it was."""
    before = words.forms[max(0, name.start - 9) : name.start]
    return before[-1:] == ("from",) and not _LEFT.isdisjoint(before)


_LEFT = _CAME - {"arrived", "moved"}
_RAIDERS = lexicon().classes["fighter"] | {"men", "raiders", "youths"}
_FLEEING = lexicon().classes["fighter"] | {"raiders", "captors", "abductors", "kidnappers"}


def _back_over(words: Words, start: int) -> bool:
    """*... and fled back over the border*."""
    after = words[start:]
    return any(w.lower in _EDGE and {"back", "over", "across"} & {o.lower for o in words[w.i - 4 : w.i]} for w in after)


def crossers(words: Words) -> str:
    """*after a patrol boat crossed the sea boundary*: the force that came over a border, in a word, or nothing."""
    for word in words if not words.lowers.isdisjoint(_CROSSING) else ():
        behind = words[word.i + 1 : word.i + 5]
        if word.lower in _CROSSING and any(w.lower in _EDGE and not far(words, w.i) for w in behind):
            return next((w.lower for w in reversed(words[max(0, word.i - 4) : word.i]) if w.lower in _FORCES), "")
    return ""


_CROSSING = frozenset({"crossed", "crossing", "crosses", "cross"})
_FORCES = closed("crossing.forces")


def divided(words: Words, names: tuple[Name, ...]) -> str:
    """*the river that divides X from Y*, *which forms the border between X and Y*: what divides them, or nothing."""
    for word in words:
        if word.lower in _DIVIDES:
            behind = [name.country for name in names if name.country and word.i < name.start <= word.i + _BESIDE]
            if len(behind) > 1 and behind[1] in neighbours(behind[0]):
                return word.lower
    return ""


_DIVIDES = frozenset({"divides", "divide", "separates", "separating", "dividing", "marks", "forms"})
_BESIDE = 9


def goes_on(story: Story, reading: Reading) -> bool:
    """Whether one of the next sentences says that fire or raiders came over the border: *launched from beyond it*."""
    following = story.readings[reading.number + 1 : reading.number + 1 + _BEHIND]
    return any(_over_the_edge(other.words) for other in following if other.sentence.kind == reading.sentence.kind)


def _over_the_edge(words: Words) -> bool:
    for word in words:
        lead = {other.lower for other in words[max(0, word.i - 8) : word.i]}
        if word.lower in _EDGE and lead & {"across", "over", "beyond", "for"} and not far(words, word.i):
            return bool(lead & _FIRED) or ("for" in lead and bool(lead & {"headed", "made"} and lead & _FLEEING))
    return False
