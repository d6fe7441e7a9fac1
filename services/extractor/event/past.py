"""What puts a mention in the past: a date too old for news, years since, a war of the past."""

import re
from datetime import date, timedelta

from services.extractor.reading.read import Reading, Story
from services.extractor.text.dates import When

_OLD = timedelta(days=30)


def background(story: Story, reading: Reading, at: int | None = None) -> str:
    """Why a sentence is about the past: a date in it older than thirty days, or a war of the past; else empty.

    Args:
        story: the article.
        reading: the sentence.
        at: where in it the deed is told; a date behind that which only says which truce or mine is meant is none of it.
    """
    own = _old(story, reading, at)
    if own or reading.dates:
        return own
    text = reading.sentence.text.lower()
    if found := _FOR_YEARS.search(text):
        return found.group("span")
    if "the war" not in text and "that war" not in text:
        return ""
    at = reading.number
    before = (other for other in reversed(story.readings[max(0, at - 3) : at]) if other.dates)
    return next((_old(story, other) for other in before), "")


_FOR_YEARS = re.compile(r"\b(?:has|have)\b[^,;.]*\b(?P<span>for (?:[\w-]+ )?(?:years|months|decades))\b")
"""*has shelled the town for eleven years*: what goes on and on, and no blow of now."""


def _old(story: Story, reading: Reading, at: int | None = None) -> str:
    for when in reading.dates:
        if at is not None and of_a_thing(reading, when, at):
            continue
        old = is_past(when, story.today)
        ages = story.today is not None and (story.today - when.last).days > 365
        if old and not when.compared and (when.precision > 2 or ages):
            return when.text
    return ""


def of_a_thing(reading: Reading, when: When, at: int) -> bool:
    """*the accord of 2022*, *a truce that had held since May*, *a mine buried in 2020*: not when the rest was."""
    before = reading.sentence.text[: when.start]
    if when.end < at and _SO_DOING.match(reading.sentence.text, when.end, at + _LONG_WORD):
        return False
    if _OF.search(before) or names_it(reading.sentence.text, when, at):
        return True
    clause = max((found.end() for found in _WHICH.finditer(before)), default=-1)
    inside = clause <= at < when.start or (when.end <= at and "," not in reading.sentence.text[when.end : at])
    return clause >= 0 and not inside and "," not in before[clause:]


_SO_DOING = re.compile(
    r"\s*(?:,\s*(?:and\s+)?[a-z]+ing|,?\s*and\s+(?:[a-z]+ed|shot|fought|took))\b|\s*,\s*(?:(?:in|during|on)\s+which|when|where)\b"
)
"""*who died when a bomb went off in 1987, killing eleven*, *the raid of 2020, in which*: of the day told before."""
_LONG_WORD = 20
_OF = re.compile(
    r"\b(?:of|(?:left|left over|dating|remaining|laid|planted|buried) (?:from|in|during))\s+(?:the\s+)?$", re.IGNORECASE
)
_WHICH = re.compile(r"\b(?:that|which|who|whom)\s", re.IGNORECASE)


def is_past(when: When, today: date | None, *, alone: bool = True) -> bool:
    """Whether a date is of no news: older than thirty days; or, alone in its sentence, a month over for a week."""
    if today is None:
        return when.precision > MONTHS
    return today - when.last > (_OVER if alone and when.precision >= MONTHS else _OLD)


_OVER = timedelta(days=7)
MONTHS = 3
"""Precision of a date that is known to the month only."""


def of_old_days(story: Story, reading: Reading) -> str:
    """*The wall was shelled in 1974. A soldier killed there had been ...*: the past perfect of what is long past."""
    before = story.readings[reading.number - 1] if reading.number else None
    if before is None or reading.dates or not before.dates or "had" not in reading.words.lowers:
        return ""
    return before.dates[0].text if all(_is_old(story, when) for when in before.dates) else ""


def _is_old(story: Story, when: When) -> bool:
    return story.today is not None and (story.today - when.last).days > _AGES


_AGES = 300


def long_after(reading: Reading, start: int) -> str:
    """*six years after they had fled*, *since rebels took the city*: words before a clause that put it in the past."""
    word = reading.words[start].lower
    before = reading.sentence.text[: reading.words[start].start - reading.sentence.start]
    found = _LONG.search(before) if word in {"after", "since"} else None
    if found is None and word == "since" and start and reading.words[start - 1].lower != "first":
        return "since"
    return f"{found.group().strip()} {word}" if found else ""


_LONG = re.compile(r"\b[\w-]+ (?:months|years|decades)\s*$")


def names_it(text: str, when: When, at: int) -> bool:
    """*the 2032 truce*, *a 1994 peace accord*, *last week's truce*: which is meant, where something else is told."""
    owned = text.startswith(_POSSESSIVE, when.end)
    whose = owned or (when.precision > _DAYS and _WHOSE.search(text[: when.start]))
    noun = _NOUN.match(text, when.end + len(_POSSESSIVE[0]) * owned) if whose else None
    return noun is not None and not when.end <= at < noun.end()


_POSSESSIVE = ("'s", "\u2019s")
_DAYS = 2
_WHOSE = re.compile(r"(?<!since )\b(?:a|an|the|its|their|that|this)\s+$", re.IGNORECASE)
_NOUN = re.compile(
    r"\s+(?:[a-z]+\s+)?(?:truce|ceasefire|cease-fire|armistice|accord|agreement|deal|pact|treaty|understanding"
    r"|law|constitution)\b"
)
