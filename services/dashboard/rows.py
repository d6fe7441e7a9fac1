"""How each kind of message becomes rows of the store."""

import sqlite3
from datetime import datetime
from math import floor
from typing import Final

from services.core.alert import Alert
from services.core.article import Article
from services.core.event import Event
from services.core.feed_state import FeedState
from services.core.notified import Notified
from services.core.sighting import Revision, Sighting
from services.core.silence import Silence
from services.core.wire import Message, content_id

_LOW_BITS: Final = 30
_LAST_SECOND: Final = (1 << 63 - _LOW_BITS) - 2

CELLS: Final = (1, 10)
"""Sides of the squares that places are looked up by, in degrees, the smallest first."""

OTHER: Final = "other"
"""What events of no event type are counted as."""

_NAMES = " · "


def seq_of(ident: str, published: datetime) -> int:
    """The place in a list by publication, whole seconds; things of the same second are in an order of no meaning."""
    return first_seq(published) | (int(content_id(ident), 16) & ((1 << _LOW_BITS) - 1))


def first_seq(published: datetime) -> int:
    """The lowest place of anything published at this second or later; times before 1970 count as 1970.

    From the year 2242 on all share the last place, since SQLite's integers end there.
    """
    return min(max(0, int(published.timestamp())), _LAST_SECOND) << _LOW_BITS


def facets_of(**facts: str | None) -> str:
    """A word for each fact that is given, each with a space behind it; no two facts share one."""
    return "".join(f"{content_id(kind, value)} " for kind, value in facts.items() if value)


def cells_at(lat: float | None, lon: float | None) -> dict[str, str]:
    """The square of each size that a position is in, as facets: a small box is then looked up, not searched for."""
    if lat is None or lon is None:
        return {}
    return {f"cell{size}": cell(size, floor(lon / size), floor(lat / size)) for size in CELLS}


def cell(size: int, column: int, row: int) -> str:
    """The name of a square of the map; ``size`` in degrees."""
    return f"{size} {column} {row}"


def write(connection: sqlite3.Connection, message: Message, now: datetime) -> int:
    """Puts a message into its table; what is already there is left alone. Returns how many rows the table grew by."""
    match message:
        case Event():
            return _write_event(connection, message, now)
        case Article():
            return _write_article(connection, message, now)
        case Alert():
            return _write_alert(connection, message, now)
        case Sighting() | Revision():
            return _write_judged(connection, message, now)
        case FeedState() | Silence() | Notified():
            return _write_newest(connection, message)
    return 0


def _free(connection: sqlite3.Connection, table: str, seq: int) -> int:
    """The first free place from ``seq`` on: two ids share 30 bits once in a billion pairs of the same second."""
    while connection.execute(f"SELECT 1 FROM {table} WHERE seq = ?", (seq,)).fetchone():  # noqa: S608
        seq += 1
    return seq


def _write_event(connection: sqlite3.Connection, event: Event, now: datetime) -> int:
    if connection.execute("SELECT 1 FROM events WHERE id = ?", (event.event_id,)).fetchone():
        return 0
    article = event.article
    stream = article.stream if article else ""
    place = event.location[0] if event.location else None
    country = place.country if place else None
    row = (
        _free(connection, "events", seq_of(event.event_id, article.published if article else now)),
        event.event_id,
        event.article_id,
        stream,
        event.event_type or OTHER,
        int(now.timestamp()),
        place and place.lat,
        place and place.lon,
        event.sentence.text,
        _names_in(event),
        facets_of(stream=stream, type=event.event_type, sub_type=event.sub_event_type)
        + facets_of(modality=event.modality, country=country)
        + (facets_of(**cells_at(place.lat, place.lon)) if place else ""),
        event.model_dump_json(),
    )
    connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return 1


def _names_in(event: Event) -> str:
    parties = [party.text for party in (*event.actor, *event.target)]
    return _NAMES.join([place.name for place in event.location] + parties)


def _write_article(connection: sqlite3.Connection, article: Article, now: datetime) -> int:
    fetched = int(article.fetched.timestamp())
    known = connection.execute("SELECT fetched FROM articles WHERE id = ?", (article.id,)).fetchone()
    if known and known[0] >= fetched:
        return 0
    connection.execute("DELETE FROM articles WHERE id = ?", (article.id,))
    row = (
        _free(connection, "articles", seq_of(article.id, article.published)),
        article.id,
        fetched,
        int(now.timestamp()),
        article.title,
        article.text,
        facets_of(stream=article.stream),
        article.ref.model_dump_json(),
    )
    connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT OR IGNORE INTO streams VALUES (?)", (article.stream,))
    return 0 if known else 1


def _write_alert(connection: sqlite3.Connection, alert: Alert, now: datetime) -> int:
    """A record of the same state and time as an earlier one only brings more evidence, and takes its place."""
    row = (alert.alert_id, int(alert.changed_at.timestamp()), alert.state, int(now.timestamp()))
    connection.execute("INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?, ?)", (*row, alert.model_dump_json()))
    return 1


def _write_judged(connection: sqlite3.Connection, message: Sighting | Revision, now: datetime) -> int:
    key, read_at, body = message.key, int(now.timestamp()), message.model_dump_json()
    if isinstance(message, Sighting):
        row = (message.sighting_id, key, int(message.at.timestamp()), read_at, body)
        connection.execute("INSERT OR REPLACE INTO sightings VALUES (?, ?, ?, ?, ?)", row)
    else:
        connection.execute("INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?)", (key, message.ident, read_at, body))
    return 1


def _write_newest(connection: sqlite3.Connection, message: FeedState | Silence | Notified) -> int:
    match message:
        case Silence():
            kind, key, body = "silence", message.silence_id, message.model_dump_json()
        case FeedState():
            # What the poller has seen of a feed is long, and nobody looks at it here.
            kind, key, body = "feed", message.source, message.model_dump_json(exclude={"seen"})
        case Notified():
            kind, key, body = "told", f"{message.alert_id}|{message.channel}", message.model_dump_json()
    if kind == "told" and _is_older(connection, key, message):
        return 0
    connection.execute("INSERT OR REPLACE INTO newest VALUES (?, ?, ?)", (kind, key, body))
    return 1


def _is_older(connection: sqlite3.Connection, key: str, note: FeedState | Silence | Notified) -> bool:
    """Whether a later change of the alert was noted for the channel: notes of two changes come in any order."""
    row = connection.execute("SELECT body FROM newest WHERE kind = 'told' AND key = ?", (key,)).fetchone()
    known = Notified.model_validate_json(row[0]) if row else None
    return bool(known and isinstance(note, Notified) and known.changed_at > note.changed_at)
