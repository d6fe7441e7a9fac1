"""What the headers of an answer ask of whoever polls: caching times (RFC 9111) and Retry-After (RFC 9110)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NO_CACHE = re.compile(r"no-(cache|store)", re.IGNORECASE)

Headers = Mapping[str, str]
"""Headers of an answer by their names in lower case."""


def fresh_for(headers: Headers, now: datetime) -> timedelta:
    """For how long the answer is fresh by Cache-Control, or else by Expires; zero where neither says so."""
    control = headers.get("cache-control", "")
    if _NO_CACHE.search(control):
        return timedelta()
    age = _MAX_AGE.search(control)
    if age:
        return max(timedelta(), timedelta(seconds=int(age[1])) - _seconds(headers.get("age", "")))
    expires = http_date(headers.get("expires", ""))
    return max(timedelta(), expires - (http_date(headers.get("date", "")) or now)) if expires else timedelta()


def retry_after(headers: Headers, now: datetime) -> timedelta:
    """How long to wait by Retry-After, in seconds or as a date; zero where it says nothing."""
    value = headers.get("retry-after", "").strip()
    moment = http_date(value)
    return max(timedelta(), moment - now) if moment else _seconds(value)


def http_date(text: str) -> datetime | None:
    """The moment an HTTP date names, in any of its three formats; None if it is none."""
    try:
        moment = parsedate_to_datetime(text.strip()[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _seconds(text: str) -> timedelta:
    digits = text.strip()
    return timedelta(seconds=int(digits)) if re.fullmatch("[0-9]{1,10}", digits) else timedelta()
