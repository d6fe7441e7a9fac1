"""Moments as the API takes them. Pure."""

import re
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BeforeValidator

_NUMBER: Final = re.compile(r"\s*[-+]?[0-9_.eE+-]*\s*")


def _written(value: Any) -> Any:
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        raise ValueError("must be a time with its zone, such as 2026-03-14T12:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
"""A time with its zone, as text (RFC 3339); a bare number, which could be seconds of anything, is refused."""
