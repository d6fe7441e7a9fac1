"""When a mention happened: the date of its clause, sentence, or of what went before."""

import re
from dataclasses import replace
from datetime import date, timedelta

from services.core.event import EventDate
from services.extractor.event.carried import goes_on
from services.extractor.event.known import of_another
from services.extractor.event.past import MONTHS, background, is_past, long_after, names_it, of_a_thing, of_old_days
from services.extractor.reading.harm import harms
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text.clauses import clause_of
from services.extractor.text.dates import When
from services.extractor.text.relative import COUNTS, NUMBERS


def when_of(story: Story, reading: Reading, find: Find) -> tuple[EventDate | None, str]:
    """The date of a mention, and the words that put it in the past."""
    words = reading.words
    if shifted := _days_before(story, reading, find) or _counted_back(story, reading):
        return shifted, ""
    start, end = clause_of(reading.reach.starts, len(words), find.start)
    first, last = words[start].start - reading.sentence.start, words[end - 1].end - reading.sentence.start
    at = words[find.start if find.sense == "breach" else find.head].start - reading.sentence.start
    usable = _usable(reading, find, at)
    own = [when for when in usable if first <= when.start < last]
    own += _attached(reading, start)
    telling = [when for when in own if not of_a_thing(reading, when, at)]
    for when in sorted(telling, key=lambda when: abs(when.start - at))[:1]:
        ongoing = (when.since and when.precision != 1) or (
            when.since and story.today and (story.today - when.first).days > 2
        )
        alone = all(other.precision >= MONTHS for other in usable)  # not: *broke on Tuesday the truce reached in May*
        old = is_past(when, story.today, alone=alone)
        if (ongoing and find.sense != "abduct") or old:
            return when.event_date, when.text
    past = long_after(reading, start) or background(story, reading, at) or of_old_days(story, reading)
    if not own and past:
        return None, past
    missing = find.sense == "abduct"
    own.sort(key=lambda when: abs(when.start - at))
    told = sorted(own + usable, key=lambda when: (of_a_thing(reading, when, at), when.since, when.said))
    chosen = next((when for when in told if not when.since or _of_a_day(story, when, missing=missing)), None)
    if chosen:
        return _led_up(reading, _counted_behind(reading, chosen, at), at), ""
    return _unsaid(story, reading, find), ""


def _of_a_day(story: Story, when: When, *, missing: bool) -> bool:
    """*missing since Sunday*, *has been shelling the hills since this morning*: the day on which it was."""
    return when.precision == 1 and (missing or when.first == story.today)


def _usable(reading: Reading, find: Find, at: int) -> list[When]:
    """The days of a sentence that may be the mention's; others say of which deed, truce or year something else is."""
    text = reading.sentence.text
    others = {reading.words[k].start - reading.sentence.start for k in of_another(reading, find)}
    able = (when for when in reading.dates if not when.compared and when.start not in others)
    return [when for when in able if not _of_what_led_to_it(text, when, at) and not names_it(text, when, at)]


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


def _attached(reading: Reading, start: int) -> list[When]:
    """*since Tuesday, when rockets fell*, *the blast of 4 August, in which many died*: the day before the clause."""
    if reading.words[start].lower not in _RELATIVES:
        return []
    first = reading.words[start].start - reading.sentence.start
    before = (
        when
        for when in reading.dates
        if when.end <= first and _ONLY_LINKS.match(reading.sentence.text[when.end : first])
    )
    return [replace(when, since=False, said=False) for when in before]


def _counted_behind(reading: Reading, chosen: When, at: int) -> When:
    """*combed a hill on Saturday for a man seized four days earlier*: of two days the one that is counted back."""
    behind = (when for when in reading.dates if when.start > at and not when.compared and _BACK.search(when.text))
    return next(behind, chosen) if chosen.end <= at else chosen


_BACK = re.compile(r"\b(?:earlier|ago)$", re.IGNORECASE)


def _led_up(reading: Reading, chosen: When, at: int) -> EventDate:
    """*imposed a curfew on Saturday after twelve were killed*: the deed was some day before, or on the same.

    *Died on Saturday after men threw a bomb*: what hurt somebody was on the day on which it did.
    """
    between = reading.sentence.text[chosen.end : at] if chosen.end <= at and chosen.precision == 1 else ""
    if not _AFTERWARDS.search(between):
        return chosen.event_date
    before = (word.lower for word in reading.words if word.end - reading.sentence.start <= chosen.start)
    if any(harms().get(word) in _HURT for word in before):
        return chosen.event_date
    first = chosen.first - timedelta(days=_WEEK)
    return EventDate(value=chosen.last, start=first, end=chosen.last, time_precision=2, text=chosen.text)


_HURT = frozenset({"killed", "wounded", "casualty"})
_AFTERWARDS = re.compile(r"^[^,;]*?\b(?:after|over|following|amid|in connection with)\b")
_WEEK = 6


def _of_what_led_to_it(text: str, when: When, at: int) -> bool:
    """*bombed a camp in answer to last week's massacre*: the day of what came before, not of the bombing."""
    return at < when.start and text[when.end : when.end + 2] in _POSSESSIVE and bool(_LED_TO.search(text[: when.start]))


_POSSESSIVE = frozenset({"'s", "\u2019s"})
_LED_TO = re.compile(
    r"\b(?:after|following|since|despite|over|for|before|than|from|to|aveng(?:e|ing)|answering|repeating|recalling)"
    r"\s+(?:the\s+)?$"
)

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


def adjunct(reading: Reading, find: Find) -> bool:
    """*during the clashes*, *in the latest fighting*: the noun only says when the rest happened."""
    if find.sense != "clash" or find.verbal:
        return False
    before = (reading.words[k].lower for k in range(find.start - 1, max(-1, find.start - 6), -1))
    word = next((word for word in before if word in _DURING or word in _STOPS), "")
    return word in _DURING


_DURING = frozenset({"during", "after", "amid", "in", "following", "throughout"})
_STOPS = frozenset({",", "with", "and", "between"})
