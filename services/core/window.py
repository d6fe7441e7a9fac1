"""Lengths of time as people write them, and the sliding window that a rule counts over."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from services.core.wire import UtcTime, Value

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LENGTH = re.compile(r"(\d+)\s*([smhdw])")


def parse_duration(text: str) -> timedelta:
    """The length that ``text`` names, such as ``90s``, ``15m``, ``72h``, ``30d``, ``2w`` or ``1h30m``.

    Raises:
        ValueError: the text is not such a length, or is zero.
    """
    parts = _LENGTH.findall(text.strip().lower())
    if not parts or _LENGTH.sub("", text.strip().lower()).strip():
        raise ValueError("not a length of time; write for example 90s, 15m, 72h, 30d or 1h30m")
    length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if not length:
        raise ValueError("a length of time must be longer than zero")
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
    return parse_duration(value) if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_read), PlainSerializer(format_duration, return_type=str)]
"""A length of time in a configuration file or message: text such as ``72h`` on the outside, a timedelta inside."""


class Window(Value):
    """The half-open stretch of event time ``(start, end]`` that counts refer to."""

    start: UtcTime
    end: UtcTime


def window_until(end: datetime, length: timedelta) -> Window:
    """The window of this length that ends at ``end``."""
    return Window(start=end - length, end=end)
