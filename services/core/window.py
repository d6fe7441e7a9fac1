"""Lengths of time as people write them, and the sliding window that a rule counts over."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from services.core.wire import UtcTime, Value

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PATTERN = r"^\s*([0-9]+\s*[smhdwSMHDW]\s*)+$"
_LENGTH = re.compile(r"([0-9]+)\s*([smhdw])")

LONGEST = timedelta(days=3660)
"""Ten years: longer than any window that makes sense, and far from where dates run out."""


def parse_duration(text: str) -> timedelta:
    """The length that ``text`` names, such as ``90s``, ``15m``, ``72h``, ``30d``, ``2w`` or ``1h30m``.

    Raises:
        ValueError: the text is not such a length, or is zero, or longer than ten years.
    """
    parts = _LENGTH.findall(text.strip().lower())
    if not parts or _LENGTH.sub("", text.strip().lower()).strip():
        raise ValueError("not a length of time; write for example 90s, 15m, 72h, 30d or 1h30m")
    try:
        length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    except OverflowError:
        length = timedelta.max
    if not timedelta() < length <= LONGEST:
        raise ValueError(f"a length of time must be longer than zero and at most {LONGEST.days}d")
    return length


def format_duration(length: timedelta) -> str:
    """The length in the largest units that divide it, as :func:`parse_duration` reads it."""
    seconds = round(length.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


def _read(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    # A bare number would be taken for seconds, which is hardly ever what whoever wrote it meant.
    return parse_duration(value if isinstance(value, str) else "")


Duration = Annotated[
    timedelta,
    BeforeValidator(_read),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["72h", "30d", "1h30m"]}),
]
"""A length of time in a configuration file or message: text such as ``72h`` on the outside, a timedelta inside."""


class Window(Value):
    """The half-open stretch of event time ``(start, end]`` that counts refer to."""

    start: UtcTime
    end: UtcTime


def window_until(end: datetime, length: timedelta) -> Window:
    """The window of this length that ends at ``end``."""
    return Window(start=end - length, end=end)
