"""When it happened: what the clause says, against the day of publication."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from services.core.event import EventDate
from services.extractor.text.clean import lowered
from services.extractor.text.relative import COUNTS, WEEKDAYS, Span, relative
from services.extractor.text.seasons import SEASONS

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_PATTERN = re.compile(
    rf"""\b(?:
      (?P<month1>{_MONTH})\.?\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year1>(?:19|20)\d\d))?
    | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH})\b\.?(?:,?\s+(?P<year2>(?:19|20)?\d\d)\b)?
    | (?P<month3>{_MONTH})\.?\s+(?P<year3>(?:19|20)\d\d)
    | (?P<month4>{_MONTH})\b
    | (?:(?:{"|".join(WEEKDAYS)})\s+of\s+)?
      (?P<last>last|this|next|past)\s+(?P<unit>week|month|year|night|weekend|{"|".join((*WEEKDAYS, *SEASONS))})
    | (?:in\s+the|that)\s+(?P<season>spring|summer|autumn|winter)\b
    | (?P<weekday>{"|".join(WEEKDAYS)})s?
    | (?P<decade>(?:early|late|mid)?[\s-]*(?:19|20)\d0s)
    | (?P<year>(?:19|20)\d\d)(?!-year)
    | (?P<ago>\d+|{COUNTS})\s+(?P<agounit>day|week|month|year|decade)s?\s+(?:ago(?:\s+today)?|earlier)
    | (?P<word>today|yesterday|tonight|overnight|recent\s+days|(?:over|at|on|during)\s+the\s+weekend
        |throughout\s+the\s+night
        |the\s+past\s+(?:week|few\s+days|24\s+hours|48\s+hours|two\s+days)
        |this\s+(?:morning|afternoon|evening)|earlier\s+in\s+the\s+day)
    )""",
    re.VERBOSE,
)
"""For text in lower case, as are the others but for ``_SAID``: to do without case takes thrice as long."""
_DIGIT = re.compile(r"\d")
_HINTS = (
    "day",
    "last",
    "this",
    "next",
    "past",
    "ago",
    "earlier",
    "night",
    "recent",
    "weekend",
    "spring",
    "summer",
    "autumn",
    "winter",
    *(m for m in _MONTHS if len(m) > 4 or m in {"may", "june", "july"}),
)
"""Every expression without a digit holds one of these."""
_SINCE = re.compile(r"\b(since\b[^,;.]{0,60}|over the past|during the past|in the past)\s*(the\s+)?$")
_COMPARED = re.compile(
    r"\b(worst|gravest|fiercest|deadliest|bloodiest|biggest|largest|heaviest|strongest|most|first|only)\b[^,;]*\bsince\s+(the\s+)?$"
)
_RANKED = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|latest|worst|deadliest|bloodiest"
    r"|biggest|heaviest|most)\b(?:\s+[\w-]+){0,4}\s+$"
)
"""*the second such killing this year*: counted within a span of time, and not dated."""
_SPEECH = "said|says|told|added|reported|confirmed|stated|wrote"
_SAID = re.compile(
    rf"""\b(?:
      (?:{_SPEECH})(?:\s+(?:the\s+)?(?:[A-Z]\w+|reporters|journalists|parliament|lawmakers|television|us|radio)){{0,2}}
    | (?:accused|blamed|condemned|announced|denounced|acknowledged|admitted
        |claimed(?!(?:\s+\S+){{0,3}}\s+(?:life|lives)\b))(?:\s+[\w.'-]+){{0,4}}
    | according\s+to(?:\s+[\w.'-]+){{1,5}}
    | (?:statement|message|report|video|briefing|communiqué|letter|broadcast)
    )(?:\s+(?:late|early|also|issued|released|published))?(?:\s+on)?\s+$""",
    re.VERBOSE,
)
_IN_MONTH = re.compile(
    r"\b(?:in|since|last|early|late|mid|this|of|until|from|between|and)[\s-]+(?:early|late|mid)?[\s-]*$"
)
_WEEKLY = re.compile(r"\s+(?:market|school|mosque|mass|paper|newspaper|edition|club|league|fair|roast)\b")
_THE = re.compile(r"\b(?:the|a|every|each|its|their)\s+$")
"""*the Sunday market*: what it is called."""
_NIGHT = re.compile(r"(?:\s+at)?\s+night\b")
_EARLY = re.compile(
    r"\b(?:early|night\s+to|before\s+(?:dawn|sunrise|daybreak)|at\s+dawn|(?:small|early)\s+hours)(?:\s+(?:on|of))?\s+$"
)


@dataclass(frozen=True, slots=True)
class When:
    """A date expression in a text: its offsets there, the days it spans, ACLED's precision, whether it opens a span.

    ``said``: the day on which somebody spoke of it, which is that of the happening or one soon after it.
    """

    start: int
    end: int
    first: date
    last: date
    precision: int
    since: bool = False
    compared: bool = False
    said: bool = False
    night: bool = False
    text: str = ""

    @property
    def event_date(self) -> EventDate:
        """As it travels on the wire: the exact day, or the middle of the span."""
        middle = self.first + (self.last - self.first) // 2
        if self.said and self.precision == 1:
            return EventDate(value=self.last, time_precision=2, text=self.text)
        exact = self.precision == 1
        return EventDate(
            value=self.first if self.night else self.last if exact else middle,
            start=None if self.first == self.last else self.first,
            end=None if self.first == self.last else self.last,
            time_precision=3 if self.precision > 2 else 1 if exact else 2,
            text=self.text,
        )


def dates_in(text: str, today: date | None) -> tuple[When, ...]:
    """The date expressions of a sentence. Without ``today`` only complete dates are read: never guess."""
    lower = lowered(text)
    if not _DIGIT.search(lower) and not any(hint in lower for hint in _HINTS):
        return ()
    found = (_when(match, text, today) for match in _PATTERN.finditer(lower))
    return tuple(when for when in found if when)


def _when(match: re.Match[str], text: str, today: date | None) -> When | None:
    """The date of a match in the text in lower case; ``text`` is as it stands."""
    lead = slice(max(0, match.start() - 60), match.start())
    before = match.string[lead]
    if match["month4"] and not (text[match.start("month4")].isupper() and _IN_MONTH.search(before)):
        return None
    if match["weekday"] and _WEEKLY.match(match.string, match.end()) and _THE.search(before):
        return None
    span = _calendar(match, today) or (relative(match, today) if today else None)
    if span is None:
        return None
    night = span[0] == span[1] and span[2] == 1 and bool(match["weekday"] and _NIGHT.match(match.string, match.end()))
    first, last, precision = _through_the_night(
        span, night=night, early=bool(match["weekday"] and _EARLY.search(before))
    )
    return When(
        match.start(),
        match.end(),
        first,
        last,
        precision,
        since=bool(_SINCE.search(before)),
        compared=bool(_COMPARED.search(before)) or bool(match["unit"] and _RANKED.search(before)),
        said=bool(_SAID.search(text[lead])),
        night=night,
        text=text[match.start() : match.end()],
    )


def _through_the_night(span: "Span", *, night: bool, early: bool) -> "Span":
    """*Monday night* and *early on Tuesday* may be one and the same: a night lies on two days."""
    first, last, precision = span
    if first != last or precision != 1:
        return span
    return first - timedelta(days=early and not night), last + timedelta(days=night), precision


def _calendar(match: re.Match[str], today: date | None) -> Span | None:
    month = match["month1"] or match["month2"]
    if month:
        return _day(int(match["day1"] or match["day2"]), _MONTHS[month], match["year1"] or match["year2"], today)
    if match["month3"]:
        number, year = _MONTHS[match["month3"]], int(match["year3"])
        return date(year, number, 1), date(year, number, monthrange(year, number)[1]), 3
    if match["month4"]:
        return _month(_MONTHS[match["month4"]], today) if today else None
    if match["decade"]:
        year = int(re.sub(r"\D", "", match["decade"]))
        return date(year, 1, 1), date(year + 9, 12, 31), 4
    if match["year"]:
        year = int(match["year"])
        return date(year, 1, 1), date(year, 12, 31), 4
    return None


def _month(month: int, today: date) -> Span:
    """*in March*: the latest one that has begun."""
    year = today.year - (month > today.month)
    return date(year, month, 1), min(date(year, month, monthrange(year, month)[1]), today), 3


def _day(day: int, month: int, year: str | None, today: date | None) -> Span | None:
    if year is None and today is None:
        return None
    number = int(year) if year else today.year if today else 0
    if number < 100:
        number += 1900 if number > 50 else 2000
    if not 1 <= day <= monthrange(number, month)[1]:
        return None
    made = date(number, month, day)
    if year is None and today and made > today + timedelta(days=40):
        made = date(number - 1, month, min(day, monthrange(number - 1, month)[1]))
    return made, made, 1
