"""When a mention happened: the date of its clause, sentence, or of what went before; what puts it in the past."""

import re
from dataclasses import replace
from datetime import date, timedelta

from services.core.event import EventDate
from services.extractor.event.carried import goes_on
from services.extractor.event.known import of_another
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text.clauses import clause_of
from services.extractor.text.dates import COUNTS, NUMBERS, When

_OLD = timedelta(days=30)


def when_of(story: Story, reading: Reading, find: Find) -> tuple[EventDate | None, str]:
    """The date of a mention, and the words that put it in the past."""
    words = reading.words
    if shifted := _days_before(story, reading, find) or _counted_back(story, reading):
        return shifted, ""
    start, end = clause_of(reading.reach.starts, len(words), find.start)
    first, last = words[start].start - reading.sentence.start, words[end - 1].end - reading.sentence.start
    others = {words[k].start - reading.sentence.start for k in of_another(reading, find)}
    usable = [when for when in reading.dates if not when.compared and when.start not in others]
    own = [when for when in usable if first <= when.start < last]
    at = words[find.head].start - reading.sentence.start
    own += _attached(reading, usable, start)
    telling = [when for when in own if not _of_a_thing(reading, when, at)]
    for when in sorted(telling, key=lambda when: abs(when.start - at))[:1]:
        ongoing = (when.since and when.precision != 1) or (
            when.since and story.today and (story.today - when.first).days > 2
        )
        alone = all(other.precision >= _MONTHS for other in usable)  # not: *broke on Tuesday the truce reached in May*
        old = is_past(when, story.today, alone=alone)
        if (ongoing and find.sense != "abduct") or old:
            return when.event_date, when.text
    past = _long_after(reading, start) or background(story, reading, at) or _goes_on(story, reading)
    if not own and past:
        return None, past
    missing = find.sense == "abduct"  # missing since Sunday: taken on Sunday
    own.sort(key=lambda when: abs(when.start - at))
    told = sorted(own + usable, key=lambda when: (when.since, when.said))
    chosen = next((when for when in told if not when.since or (missing and when.precision == 1)), None)
    if chosen:
        return chosen.event_date, ""
    return _unsaid(story, reading, find), ""


def is_past(when: When, today: date | None, *, alone: bool = True) -> bool:
    """Whether a date is of no news: older than thirty days; or, alone in its sentence, a month over for a week."""
    if today is None:
        return when.precision > _MONTHS
    return today - when.last > (_OVER if alone and when.precision >= _MONTHS else _OLD)


_OVER = timedelta(days=7)
_MONTHS = 3
"""Precision of a date that is known to the month only."""


def _days_before(story: Story, reading: Reading, find: Find) -> EventDate | None:
    """*... on Thursday, two days after a bombardment*: what stands behind *after* was so many days before the rest."""
    if "after" not in reading.words.lowers or story.today is None:
        return None
    at = reading.words[find.head].start - reading.sentence.start
    for found in _AFTER.finditer(reading.sentence.text):
        stop = _STOP.search(reading.sentence.text, found.end())
        end = stop.start() if stop else len(reading.sentence.text)
        if not found.end() <= at < end:
            continue
        days = [when for when in reading.dates if when.precision == 1 and not when.compared and not when.since]
        if any(found.end() <= when.start < end for when in days):
            return None
        base = min(days, key=lambda when: abs(when.start - found.start()), default=None)
        days_back = _count(found) * (7 if found["unit"].lower() == "week" else 1)
        value = (base.last if base else story.today) - timedelta(days=days_back)
        sure = base is not None and not base.said and found["unit"].lower() != "week"
        return EventDate(value=value, time_precision=1 if sure else 2, text=found.group())
    return None


def _counted_back(story: Story, reading: Reading) -> EventDate | None:
    """*On Saturday shells fell. Two days before, guards had crossed the river*: counted from the day told of last."""
    found = _BEFORE.match(reading.sentence.text)
    if found is None or story.today is None or any(when.start >= found.end() for when in reading.dates):
        return None
    before = (day for other in reversed(story.readings[: reading.number]) for day in reversed(other.dates))
    base = next((when for when in before if when.precision == 1 and not when.compared), None)
    value = (base.last if base else story.today) - timedelta(days=_count(found))
    return EventDate(value=value, time_precision=1 if base else 2, text=found.group().strip(" ,"))


def _count(found: re.Match[str]) -> int:
    """The number before *days*; *the day* is one."""
    word = found["count"].lower()
    return int(word) if word.isdigit() else NUMBERS.get(word, 1)


_COUNT = rf"(?P<count>\d{{1,2}}|the|{COUNTS})"
_BEFORE = re.compile(rf"{_COUNT}\s+days?\s+(?:before|previously)(?:\s+that)?\s*,", re.IGNORECASE)
_AFTER = re.compile(rf"\b{_COUNT}\s+(?P<unit>day|night|morning|week)s?\s+after\b", re.IGNORECASE)
_STOP = re.compile(r"[,;:\u2013\u2014]")


def _goes_on(story: Story, reading: Reading) -> str:
    """*The wall was shelled in 1974. A soldier killed there had been ...*: the past perfect of what is long past."""
    before = story.readings[reading.number - 1] if reading.number else None
    if before is None or reading.dates or not before.dates or "had" not in reading.words.lowers:
        return ""
    return before.dates[0].text if all(_is_old(story, when) for when in before.dates) else ""


def _is_old(story: Story, when: When) -> bool:
    return story.today is not None and (story.today - when.last).days > _AGES


_AGES = 300


def _long_after(reading: Reading, start: int) -> str:
    """*six years after they had fled*, *since rebels took the city*: words before a clause that put it in the past."""
    word = reading.words[start].lower
    before = reading.sentence.text[: reading.words[start].start - reading.sentence.start]
    found = _LONG.search(before) if word in {"after", "since"} else None
    if found is None and word == "since" and start and reading.words[start - 1].lower != "first":
        return "since"
    return f"{found.group().strip()} {word}" if found else ""


_LONG = re.compile(r"\b[\w-]+ (?:months|years|decades)\s*$")


def _attached(reading: Reading, usable: list[When], start: int) -> list[When]:
    """*since Tuesday, when rockets fell*, *the blast of 4 August, in which many died*: the day before the clause."""
    if reading.words[start].lower not in _RELATIVES:
        return []
    first = reading.words[start].start - reading.sentence.start
    before = (
        when for when in usable if when.end <= first and _ONLY_LINKS.match(reading.sentence.text[when.end : first])
    )
    return [replace(when, since=False, said=False) for when in before]


_RELATIVES = frozenset({"when", "which", "where", "who"})
_ONLY_LINKS = re.compile(r"[\s,]*(?:(?:in|during|on|after)\s+)?$")


def _unsaid(story: Story, reading: Reading, find: Find) -> EventDate | None:
    """No date in the sentence: the truce's day for its breach, else the day of publication (exact if present)."""
    if story.today is None:
        return None
    if find.head and (reading.words[find.head - 1].lower == "had" or goes_on(reading.words, find)):
        before = _day_before(story, reading)
        if before:
            return before
    truce = _truce_day(story, reading) if find.sense == "breach" else None
    if truce:
        return EventDate(value=truce, start=truce, end=story.today, time_precision=2)
    present = reading.words.lowers & {"currently", "ongoing", "underway", "continue", "continuing"}
    return EventDate(value=story.today, time_precision=1 if present else 2)


def _day_before(story: Story, reading: Reading) -> EventDate | None:
    """The past perfect, and a pronoun for who acted, go on from the day of the sentence before."""
    at = reading.number
    days = story.readings[at - 1].dates if at else ()
    return next((when.event_date for when in days if when.precision <= 2 and not when.since), None)


def _truce_day(story: Story, reading: Reading) -> date | None:
    days = [
        when.first
        for other in story.readings
        if other.sentence.start < reading.sentence.start and any(f.sense == "agreement" for f in other.finds)
        for when in other.dates
        if when.precision == 1
    ]
    return days[-1] if days else None


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
    if "the war" not in text and "that war" not in text:
        return ""
    at = reading.number
    before = (other for other in reversed(story.readings[max(0, at - 3) : at]) if other.dates)
    return next((_old(story, other) for other in before), "")


def _old(story: Story, reading: Reading, at: int | None = None) -> str:
    for when in reading.dates:
        if at is not None and _of_a_thing(reading, when, at):
            continue
        old = is_past(when, story.today)
        ages = story.today is not None and (story.today - when.last).days > 365
        if old and not when.compared and (when.precision > 2 or ages):
            return when.text
    return ""


def _of_a_thing(reading: Reading, when: When, at: int) -> bool:
    """*the accord of 2022*, *a truce that had held since May*, *a mine buried in 2020*: not when the rest was."""
    before = reading.sentence.text[: when.start]
    if when.end < at and _SO_DOING.match(reading.sentence.text, when.end, at + _LONG_WORD):
        return False
    if _OF.search(before) or (_THE.search(before) and _PAPER.match(reading.sentence.text, when.end)):
        return True
    clause = max((found.end() for found in _WHICH.finditer(before)), default=-1)
    return clause >= 0 and not clause <= at < when.start and "," not in before[clause:]


_SO_DOING = re.compile(
    r"\s*(?:,\s*(?:and\s+)?[a-z]+ing|,?\s*and\s+(?:[a-z]+ed|shot|fought|took))\b|\s*,\s*(?:(?:in|during|on)\s+which|when|where)\b"
)
"""*who died when a bomb went off in 1987, killing eleven*, *the raid of 2020, in which*: of the day told before."""
_LONG_WORD = 20
_OF = re.compile(
    r"\b(?:of|(?:left|left over|dating|remaining|laid|planted|buried) (?:from|in|during))\s+(?:the\s+)?$", re.IGNORECASE
)
_PAPER = re.compile(r"\s+(?:[\w-]+\s+){0,2}(?:truce|ceasefire|accord|agreement|deal|treaty|pact|law|constitution)\b")
_THE = re.compile(r"(?<!since )\b(?:the|its|their)\s+$", re.IGNORECASE)
"""*the 2018 peace deal*: what was signed then; *since the 2018 deal* counts from there."""
_WHICH = re.compile(r"\b(?:that|which|who|whom)\s", re.IGNORECASE)


def adjunct(reading: Reading, find: Find) -> bool:
    """*during the clashes*, *in the latest fighting*: the noun only says when the rest happened."""
    if find.sense != "clash" or find.verbal:
        return False
    before = (reading.words[k].lower for k in range(find.start - 1, max(-1, find.start - 6), -1))
    word = next((word for word in before if word in _DURING or word in _STOPS), "")
    return word in _DURING


_DURING = frozenset({"during", "after", "amid", "in", "following", "throughout"})
_STOPS = frozenset({",", "with", "and", "between"})
