"""What a day or a span is called from where one stands: *yesterday*, *last week*, *two days ago*, *in the autumn*."""

import re
from datetime import date, timedelta

from services.extractor.text.seasons import SEASONS, season

Span = tuple[date, date, int]
"""The first and last day, and ACLED's precision: 1 a day, 2 a week, 3 a month, 4 longer."""

WEEKDAYS = {
    name: number
    for number, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {
    **{word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)},
    **{ten: 10 * number for number, ten in enumerate(_TENS, start=2)},
    **{f"{ten}-{one}": 10 * k + n for k, ten in enumerate(_TENS, start=2) for n, one in enumerate(_ONES, start=1)},
    "a": 1,
    "several": 3,
    "few": 3,
    "many": 10,
}
COUNTS = "|".join(sorted(NUMBERS, key=len, reverse=True))


def relative(match: re.Match[str], today: date) -> Span | None:
    """The days that an expression means which is told from the day of publication; None where it means none yet."""
    if match["weekday"]:
        return _back(WEEKDAYS[match["weekday"]], today)
    if match["last"]:
        return _unit(match["last"], match["unit"], today)
    if match["season"]:
        return (*season(match["season"], today, over=True), 3)
    if match["ago"]:
        return _ago(match["ago"], match["agounit"], today)
    if not match["word"]:
        return None
    return _word(" ".join(match["word"].split()), today)


def _back(weekday: int, today: date, *, before: bool = False) -> Span:
    """The latest such weekday on or before the day (strictly before for *last Sunday*)."""
    days = (today.weekday() - weekday) % 7 or (7 if before else 0)
    made = today - timedelta(days=days)
    return made, made, 1


def _unit(which: str, unit: str, today: date) -> Span | None:
    if which == "next":
        return None
    if unit in WEEKDAYS:
        return _back(WEEKDAYS[unit], today, before=which == "last")
    if unit == "night":
        return today - timedelta(days=1), today, 1
    return _longer(which, unit, today)


_SATURDAY = 5


def _longer(which: str, unit: str, today: date) -> Span:
    if unit in SEASONS:
        return (*season(unit, today, over=which == "last"), 3)
    monday, last = today - timedelta(days=today.weekday()), which == "last"
    if unit == "week" and last:
        # Whoever writes at a weekend may mean the week that is ending.
        ends = today if today.weekday() >= _SATURDAY else monday
        return monday - timedelta(days=7), ends - timedelta(days=1), 2
    if unit == "week":
        return (monday if which == "this" else today - timedelta(days=6)), today, 2
    if unit == "weekend":
        sunday = _back(6, today)[0]
        return sunday - timedelta(days=1), sunday, 2
    if unit == "month":
        end = today.replace(day=1) - timedelta(days=1) if last else today
        return end.replace(day=1), end, 3
    year = today.year - last
    return date(year, 1, 1), min(date(year, 12, 31), today), 4


def _ago(count: str, unit: str, today: date) -> Span:
    number = NUMBERS.get(count)
    days = (number or int(count)) * {"day": 1, "week": 7, "month": 30, "year": 365, "decade": 3650}[unit]
    made = today - timedelta(days=min(days, 300_000))
    return made, made, 1 if unit == "day" else 2 if unit == "week" else 3 if unit == "month" else 4


def _word(word: str, today: date) -> Span:
    day = timedelta(days=1)
    if word == "yesterday":
        return today - day, today - day, 1
    if word in {"overnight", "throughout the night"}:
        return today - day, today, 1
    if word.endswith("the weekend"):
        return _unit("last", "weekend", today) or (today, today, 1)
    if word == "recent days" or "week" in word or "days" in word:
        return today - 6 * day, today, 2
    return (today - day, today, 1) if "hours" in word else (today, today, 1)
