"""A truce that a text tells is hurt, in whatever words: one for a truce, one for harm, near each other in any order."""

import re
from collections.abc import Iterator
from itertools import pairwise

from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_TRUCE = closed("truces.truce")
_ACCORD = closed("truces.accord")
_WORDS_OF_PEACE = closed("truces.peace")
_STILL = closed("truces.still")
_HARM = re.compile(
    r"(?:violat|breach|broken?$|break(?:s|ing)$|shatter|flout|contraven|infring|trampl|tear(?:s|ing)$|tore$|torn$|ripp|shred"
    r"|wreck|torpedo|sabotag|scupper|scuttl|punctur|undermin|disregard|ignor|betray|mock|unravel|crumbl|collaps|fray|falter"
    r"|wobbl|def(?:y|ies|ied|iance)|contempt|transgress|jeopard|imperil|strain|test(?:s|ed|ing)?$|rattl|shak(?:y|es|ing|en)$"
    r"|shook$|blow$|stab$|slap$|setback$|tatters$|ruins$|shreds$|pieces$|unworkable$|void$|in-name)"
)
"""How words of harm to a truce begin, or what they are."""
_SPENT = re.compile(
    r"(?<!-)\b(?:put(?:s|ting)? (?:an )?end to|end(?:s|ed|ing)|the end of|final nail in)"
    r"(?: (?!with\b|in\b|by\b|after\b|to\b)[\w'\u2019-]+){0,4}? (?:ceasefire|cease-fire|truce|armistice)\b"
    r"|\b(?:ceasefire|cease-fire|truce|armistice|peace pact|peace deal)(?: [\w'\u2019-]+){0,7}?"
    r" (?:(?:is|was|are|were|had been) (?:all )?(?:over|dead|finished|history|no more)"
    r"|at an end|lasts|lasted|dies|died)\b"
)
"""A truce that is said to be over."""
_FIRE_HELD = (
    r"(?:agreed|agreeing|signed|swore|sworn|promised|pledged|undertook|undertaken|committed)(?: [\w'\u2019-]+){0,8}?"
    r" (?:stop|cease|end|halt|suspend|hold|silence)(?: [\w'\u2019-]+){0,2}?"
    r" (?:fighting|fire|firing|shooting|hostilities|attacks|guns|weapons|killing)"
    r"|(?:guns|weapons|arms)(?: had| have)? (?:fallen|fell|gone|went) (?:silent|quiet)"
    r"|(?:peace|non-aggression|disengagement) (?:pact|deal|accord|agreement)"
)
_AGAIN = re.compile(
    rf"\b(?:hours|days|weeks|a day|a week|minutes)(?: \w+)? (?:after|since|into)\b[^.;]{{0,60}}?(?:{_FIRE_HELD})\b"
    rf"|\b(?:despite|after|although|who had|who have)\b[^.;]{{0,40}}?(?:{_FIRE_HELD})\b[^.;]*?"
    r"\b(?:again|once more|anew|resumed)\b"
    rf"|\bthat (?:{_FIRE_HELD})\b[^.;]*? (?:again|once more|anew)\b"
)
"""Force again where it was to have ended, a truce not being named."""
_GATE = _TRUCE | _ACCORD | frozenset({"pact", "deal", "fire", "fighting", "silent", "quiet", "hostilities", "shooting"})
"""One of these stands in every sentence that is asked about further."""
_NEAR = 10
"""Words between truce and harm, at most."""


def hurt_at(words: Words) -> tuple[int, int] | None:
    """The first and last word for a truce that a sentence says is broken, strained, mocked or over, if it does."""
    if words.lowers.isdisjoint(_GATE):
        return None
    lowers = [word.lower for word in words]
    at = next(_harmed(lowers), None)
    if at is not None:
        return at
    text = " ".join(lowers)
    found = _SPENT.search(text) or _AGAIN.search(text)
    if found is None:
        return None
    return text.count(" ", 0, found.start()), min(text.count(" ", 0, found.end() - 1), len(words) - 1)


def hurt_in(title: str) -> bool:
    """Whether a headline says that a truce is broken; one that asks, calls, warns or talks of talks does not."""
    lowers = re.findall(r"[\w-]+|[;:?]", title.lower().replace("\u2019", "'"))
    if {*lowers} & _STILL:
        return False
    text = " ".join(lowers)
    return next(_harmed(lowers), None) is not None or bool(_SPENT.search(text) or _SINCE.search(text))


_SINCE = re.compile(
    r"\b(?:hours?|days?|weeks?|minutes?)(?: \w+)? (?:after|into|since)(?: [\w'-]+){0,3}?"
    r" (?:ceasefire|cease-fire|truce)\b|\bdespite(?: [\w'-]+){0,3}? (?:ceasefire|cease-fire|truce)\b"
)


def _harmed(lowers: list[str]) -> Iterator[tuple[int, int]]:
    """Words for a truce with one of harm near by, in order."""
    for k in _named(lowers):
        around = (i for i in range(max(0, k - _NEAR), min(len(lowers), k + _NEAR + 1)) if _HARM.match(lowers[i]))
        yield from ((min(i, k), max(i, k)) for i in around if not _parted(lowers, *sorted((i, k))))


def _named(lowers: list[str]) -> list[int]:
    """Where a truce is named, or an agreement as one that is known: *the accord*."""
    return [
        k
        for k, word in enumerate(lowers)
        if (word in _TRUCE or (word in _ACCORD and k and lowers[k - 1] in {"the", "this", "that", "their", "of"}))
        and not {*lowers[max(0, k - 3) : k], *lowers[k + 1 : k + 2]} & _WORDS_OF_PEACE
    ]


def _parted(lowers: list[str], start: int, end: int) -> bool:
    """Whether the two words stand in different parts of the sentence, or a word between them turns the sense."""
    between = lowers[start + 1 : end]
    if any(word in {";", "but", "talks", "not", "never", "without"} for word in between):
        return True
    return any(pair == (",", "and") for pair in pairwise(between))
