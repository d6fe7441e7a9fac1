"""The store of all that is shown: SQLite with full-text search, folded from the topics.

One thread writes, any number read at the same time (write-ahead log). It holds nothing that Kafka does not, so it is
never migrated, repaired or backed up: what does not fit is made anew, and whoever doubts it says ``--rebuild``.
"""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from services.core.alert import Alert
from services.core.article import Article
from services.core.event import Event
from services.core.feed_state import FeedState
from services.core.notified import Notified
from services.core.silence import Silence
from services.core.wire import Message, content_id
from services.dashboard import rows

_SCHEMA: Final = Path(__file__).with_name("store.sql").read_text(encoding="utf-8")
_VERSION: Final = int(content_id(_SCHEMA), 16) & 0x7FFFFFFF

_FORGOTTEN_NOTES: Final = """
DELETE FROM newest WHERE kind = 'told' AND substr(key, 1, instr(key, '|') - 1) NOT IN (SELECT alert FROM changes)
"""

Place = tuple[str, int]
"""A topic and the number of one of its partitions."""


@dataclass(frozen=True)
class Totals:
    """How much there is, and of which streams."""

    articles: int = 0
    events: int = 0
    streams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kept:
    """Before which moment of reading things are dropped: articles, events and sightings, and changes of alerts."""

    news: datetime
    alerts: datetime


class Store:
    """The database file. Close it, or use it in a ``with``."""

    def __init__(self, path: Path, *, origin: str = "", keep: bool = False, rebuild: bool = False) -> None:
        """Opens the file at ``path``, or makes a new one.

        Args:
            path: where it is.
            origin: which topics of which cluster are read; a file of others is not used.
            keep: leave the file there at the end, for the next start.
            rebuild: make a new one in any case.
        """
        self._path, self._origin, self._keep = path, origin, keep
        path.parent.mkdir(parents=True, exist_ok=True)
        self._own = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._writer = (None if rebuild or not keep else self._opened()) or self._made()
        # A power cut may cost what was written last, together with the offsets of it: it is then read again.
        self._writer.execute("PRAGMA synchronous = NORMAL")
        self.totals = self._counted()

    def _opened(self) -> sqlite3.Connection | None:
        """The file that is there, if it is one of ours, whole, and of these topics."""
        if not self._path.exists():
            return None
        connection = self._connect("rw")
        with suppress(sqlite3.DatabaseError):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == _VERSION and connection.execute("SELECT name FROM origin").fetchone() == (self._origin,):
                return connection
        connection.close()
        return None

    def _made(self) -> sqlite3.Connection:
        self._remove()
        connection = self._connect("rwc")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO origin VALUES (?)", (self._origin,))
        connection.commit()
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        return connection

    def clear(self) -> None:
        """Begins anew: the cluster is not the one that this was read from. No thread may be reading."""
        self._shut()
        self._own = threading.local()
        self._writer, self.totals = self._made(), Totals()

    def write(self, messages: Sequence[Message], now: datetime, offsets: Mapping[Place, int] | None = None) -> None:
        """Takes messages in, all or none; what is already there is left alone. One thread at a time.

        Args:
            messages: what was read. Of an article, the revision fetched last stays.
            now: the wall clock.
            offsets: where to go on reading after them.
        """
        articles, events, streams = self.totals.articles, self.totals.events, set(self.totals.streams)
        with self._writer as connection:
            for message in messages:
                grown = rows.write(connection, message, now)
                events += grown if isinstance(message, Event) else 0
                if isinstance(message, Article):
                    articles += grown
                    streams.add(message.stream)
            places = [(topic, number, after) for (topic, number), after in (offsets or {}).items()]
            connection.executemany("INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)", places)
        self.totals = Totals(articles, events, frozenset(streams))

    def forget(self, kept: Kept) -> None:
        """Drops what was read too long ago. Called by the thread that writes."""
        news, alerts = (int(moment.timestamp()) for moment in (kept.news, kept.alerts))
        with self._writer as connection:
            for table in ("articles", "events", "sightings", "revisions"):
                connection.execute(f"DELETE FROM {table} WHERE read_at < ?", (news,))  # noqa: S608 -- only our words
            connection.execute("DELETE FROM changes WHERE read_at < ?", (alerts,))
            connection.execute(_FORGOTTEN_NOTES)
        self.totals = self._counted()

    @property
    def offsets(self) -> dict[Place, int]:
        """Where to go on reading; nothing in a new store."""
        return {(topic, number): after for topic, number, after in self._writer.execute("SELECT * FROM offsets")}

    def alerts(self) -> list[Alert]:
        """Every state that alerts came to, in the order of event time."""
        found = self._writer.execute("SELECT body FROM changes ORDER BY changed_at, rowid")
        return [Alert.model_validate_json(body) for (body,) in found]

    def feeds(self) -> list[FeedState]:
        """How each feed was polled last."""
        found = self.reader().execute("SELECT body FROM newest WHERE kind = 'feed' ORDER BY key")
        return [FeedState.model_validate_json(body) for (body,) in found]

    def silences(self) -> list[Silence]:
        """Every silence as it stands, in the order of their ids."""
        found = self.reader().execute("SELECT body FROM newest WHERE kind = 'silence' ORDER BY key")
        return [Silence.model_validate_json(body) for (body,) in found]

    def lost(self) -> list[Notified]:
        """The newest changes of alerts that a channel was not told of."""
        taken = "json_extract(body, '$.outcome') = 'delivered'"
        found = self.reader().execute(f"SELECT body FROM newest WHERE kind = 'told' AND NOT {taken} ORDER BY key")  # noqa: S608
        return [Notified.model_validate_json(body) for (body,) in found]

    def _counted(self) -> Totals:
        articles, events = (
            self._writer.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- only our words
            for table in ("articles", "events")
        )
        streams = frozenset(name for (name,) in self._writer.execute("SELECT name FROM streams"))
        return Totals(articles, events, streams)

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
        """Closes all connections, and removes the file unless it is kept; no thread may use the store any more."""
        self._shut()
        if not self._keep:
            self._remove()

    def _shut(self) -> None:
        for connection in (*self._readers, self._writer):
            with suppress(sqlite3.Error):
                connection.close()
        self._readers.clear()

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
