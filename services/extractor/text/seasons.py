"""The seasons of the year as spans of days, north of the equator."""

from datetime import date, timedelta
from typing import Final

SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first of the three months of each."""

_LONGEST: Final = 92
"""Days of a season, at most."""


def season(name: str, today: date, *, over: bool) -> tuple[date, date]:
    """The first and last day of the latest season of a name that has begun by a day, or that is over before it."""
    starts = (date(year, SEASONS[name], 1) for year in (today.year, today.year - 1, today.year - 2))
    spans = ((first, (first + timedelta(days=_LONGEST + 3)).replace(day=1) - timedelta(days=1)) for first in starts)
    return next(span for span in spans if (span[1] < today if over else span[0] <= today))
