"""What can be asked of the store, and how a search is worded for it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_WORDS = re.compile(r'"([^"]*)"|(\S+)')
_MAX_WORDS = 20


@dataclass(frozen=True)
class Box:
    """A rectangle on the map, WGS 84 degrees; ``west`` is greater than ``east`` where it crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, position: tuple[float, float]) -> bool:
        """Whether a position (longitude, latitude) is in it."""
        lon, lat = position
        inside = self.west <= lon <= self.east if self.west <= self.east else lon >= self.west or lon <= self.east
        return inside and self.south <= lat <= self.north


@dataclass(frozen=True)
class Within:
    """A stretch of time (``until`` is not in it) and a rectangle; None lets anything pass."""

    since: datetime | None = None
    until: datetime | None = None
    box: Box | None = None

    def meets(self, start: datetime, end: datetime | None, positions: Sequence[tuple[float, float]]) -> bool:
        """Whether what lasts from ``start`` to ``end`` (None: still) at these positions has any part in it."""
        before = self.until is not None and start >= self.until
        after = self.since is not None and end is not None and end < self.since
        return not before and not after and (self.box is None or any(map(self.box.holds, positions)))


@dataclass(frozen=True)
class Asked:
    """Which events or articles are asked for; None lets any pass.

    ``text`` is a search, ``type`` an event type or sub-event type, ``country`` three letters; ``since`` is included,
    ``until`` is not, both by publication; ``before`` is where an earlier answer ended.
    """

    stream: str | None = None
    text: str | None = None
    type: str | None = None
    modality: str | None = None
    country: str | None = None
    article: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    box: Box | None = None
    before: int | None = None
    limit: int = 50


def parse_box(text: str) -> Box:
    """The rectangle in ``west,south,east,north``, as GeoJSON orders it (RFC 7946, section 5).

    Raises:
        ValueError: it is not four numbers within the world.
    """
    parts = [float(part) for part in text.split(",")]
    if len(parts) != 4 or not (-90 <= parts[1] <= parts[3] <= 90) or not all(-180 <= x <= 180 for x in parts[::2]):
        raise ValueError("bbox is west,south,east,north in degrees")
    return Box(*parts)


def match_expression(text: str) -> str | None:
    """The full-text query for what somebody typed: all words, those in quotes as a phrase.

    The last word may be the beginning of one, once it has three letters. Everything is quoted, so nothing typed is an
    operator of the query language. None where there is no word in it.
    """
    found = [(phrase or word, bool(word)) for phrase, word in _WORDS.findall(text)[:_MAX_WORDS]]
    terms = [(re.sub(r"\W+", " ", term).strip(), is_word) for term, is_word in found]
    terms = [(term, is_word) for term, is_word in terms if term]
    if not terms:
        return None
    last, is_word = terms[-1]
    # One or two letters begin so many words that all of them together take too long to look up.
    begins = "*" if is_word and len(last) > 2 and not text[-1].isspace() else ""
    return " ".join([*(f'"{term}"' for term, _ in terms[:-1]), f'"{last}"{begins}'])
