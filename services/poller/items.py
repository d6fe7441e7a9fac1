"""What every format of feed comes down to, before it becomes articles."""

from dataclasses import dataclass
from datetime import datetime, timedelta


class FeedError(Exception):
    """The bytes are no feed that can be read; the text says why in words for a person."""


@dataclass(frozen=True)
class Item:
    """One entry of a feed as it stands there. ``texts`` are its body and summaries in plain text, as far as given."""

    guid: str = ""
    link: str = ""
    title: str = ""
    texts: tuple[str, ...] = ()
    published: datetime | None = None
    language: str = ""


@dataclass(frozen=True)
class Document:
    """A feed as it stands there.

    ``pause`` is the time for which it asks to be left alone after a poll (RSS ``ttl``); ``skip_hours`` (0-23, UTC)
    are when it does not want to be asked.
    """

    form: str
    items: tuple[Item, ...]
    title: str = ""
    language: str = ""
    pause: timedelta = timedelta()
    skip_hours: frozenset[int] = frozenset()
