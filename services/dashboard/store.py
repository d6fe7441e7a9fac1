"""The store of events and articles: SQLite with full-text search, rebuilt from the topics at every start.

One thread writes, any number read at the same time (write-ahead log). It holds nothing that Kafka does not, so it is
never migrated, repaired or backed up: whoever doubts it starts the dashboard anew.
"""

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from services.core.article import Article
from services.core.event import Event
from services.core.wire import Message, content_id

_SCHEMA: Final = Path(__file__).with_name("store.sql")
_LOW_BITS: Final = 30
_LAST_SECOND: Final = (1 << 63 - _LOW_BITS) - 2

OTHER: Final = "other"
"""What events of no event type are counted as."""

_NAMES = " · "


@dataclass(frozen=True)
class Totals:
    """How much there is, and of which streams."""

    articles: int = 0
    events: int = 0
    streams: frozenset[str] = frozenset()


class Store:
    """The database file. Close it, or use it in a ``with``."""

    def __init__(self, path: Path) -> None:
        """Makes a new file at ``path``, in place of one that is there."""
        self._path = path
        self._remove()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._own = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._writer = self._connect("rwc")
        self._writer.execute("PRAGMA journal_mode = WAL")
        # Nothing here outlives the process, so nothing has to survive a power cut.
        self._writer.execute("PRAGMA synchronous = OFF")
        self._writer.executescript(_SCHEMA.read_text(encoding="utf-8"))
        self.totals = Totals()

    def write(self, messages: Sequence[Message], now: datetime) -> None:
        """Takes in events and articles, all or none; what is already there is left alone. One thread at a time.

        Of an article, the revision fetched last stays.
        """
        articles, events, streams = self.totals.articles, self.totals.events, set(self.totals.streams)
        with self._writer as connection:
            for message in messages:
                if isinstance(message, Event):
                    events += _write_event(connection, message, now)
                elif isinstance(message, Article):
                    articles += _write_article(connection, message, now)
                    streams.add(message.stream)
        self.totals = Totals(articles, events, frozenset(streams))

    def forget(self, read_before: datetime) -> None:
        """Drops what was read before this moment. Called by the thread that writes."""
        with self._writer as connection:
            moment = (int(read_before.timestamp()),)
            articles = connection.execute("DELETE FROM articles WHERE read_at < ?", moment).rowcount
            events = connection.execute("DELETE FROM events WHERE read_at < ?", moment).rowcount
        self.totals = Totals(self.totals.articles - articles, self.totals.events - events, self.totals.streams)

    def reader(self) -> sqlite3.Connection:
        """This thread's own connection for reading."""
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._connect("ro")
            self._readers.append(connection)
        return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.resolve().as_uri()}?mode={mode}", uri=True, check_same_thread=False)

    def close(self) -> None:
        """Closes all connections and removes the file; no thread may use the store any more."""
        for connection in (*self._readers, self._writer):
            with suppress(sqlite3.Error):
                connection.close()
        self._remove()

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        + facets_of(modality=event.modality, country=country),
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
    return 0 if known else 1
