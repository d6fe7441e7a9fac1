"""Questions to the store. Each runs in the thread that asks, on a connection of its own."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor
from typing import Any, Generic, TypeVar

from services.core.article import ArticleRef
from services.core.event import Event
from services.core.ontology import SUB_EVENT_TYPES
from services.core.sighting import Revision, Sighting, group_key
from services.core.window import Window
from services.dashboard.asked import Asked, Box, match_expression
from services.dashboard.rows import CELLS, cell, facets_of, first_seq
from services.dashboard.store import Store

MARK_START, MARK_END = "\x02", "\x03"
"""Around each word that was found, in an excerpt: characters that no text of an article needs."""

_MOST_CELLS = 30
_LAST_CHARACTER = "\U0010ffff"
_FIRST, _LAST = -(2**62), 2**62
_MOST_SIGHTINGS = 5_000

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """Some of what was asked for, the latest published first; ``next`` is where to go on, None at the end."""

    items: Sequence[T]
    next: int | None


@dataclass(frozen=True)
class ArticleFound:
    """An article without its text, and the piece of it that was found (empty where nothing was searched)."""

    article: ArticleRef
    excerpt: str
    events: int


def find_events(store: Store, asked: Asked) -> Found[Event]:
    """The events that are asked for, the latest published first."""
    rows = _rows(store.reader(), "events", "t.seq, t.body", asked)
    return _cut([(seq, Event.model_validate_json(body)) for seq, body in rows], asked.limit)


def events_in_article(store: Store, article_id: str) -> list[Event]:
    """All events of an article, in the order of its text."""
    rows = store.reader().execute("SELECT body FROM events WHERE article = ?", (article_id,))
    return sorted((Event.model_validate_json(body) for (body,) in rows), key=lambda event: event.trigger.start)


def find_articles(store: Store, asked: Asked) -> Found[ArticleFound]:
    """The articles that are asked for, the latest published first, each with what was found in it."""
    excerpt = f"snippet(articles_words, -1, '{MARK_START}', '{MARK_END}', '…', 32)" if _searched(asked) else "''"
    events = "(SELECT count(*) FROM events WHERE article = t.id)"
    rows = _rows(store.reader(), "articles", f"t.seq, t.body, {excerpt}, {events}", asked)
    found = [(row[0], ArticleFound(ArticleRef.model_validate_json(row[1]), row[2], row[3])) for row in rows]
    return _cut(found, asked.limit)


def article_text(store: Store, article_id: str) -> tuple[ArticleRef, str] | None:
    """An article and its text; None where it is not known."""
    row = store.reader().execute("SELECT body, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    return (ArticleRef.model_validate_json(row[0]), row[1]) if row else None


def days(store: Store, stream: str | None) -> list[tuple[datetime, str, int]]:
    """How many events each day (UTC, by publication) brought, by event type; what has none is called ``other``."""
    where, arguments = ("WHERE stream = ?", (stream,)) if stream else ("", ())
    query = f"SELECT day, type, sum(events) AS n FROM days {where} GROUP BY 1, 2 HAVING n > 0 ORDER BY 1, 2"  # noqa: S608
    rows = store.reader().execute(query, arguments)
    return [(datetime.fromtimestamp(number * 86_400, UTC), kind, count) for number, kind, count in rows]


def sightings_until(store: Store, judged: str, until: datetime) -> list[Sighting]:
    """What met a rule up to a moment, by the key under which it is judged: the newest few thousand."""
    query = "SELECT body FROM sightings WHERE judged = ? AND at <= ? ORDER BY at DESC LIMIT ?"
    rows = store.reader().execute(query, (judged, int(until.timestamp()), _MOST_SIGHTINGS))
    return [Sighting.model_validate_json(body) for (body,) in rows]


def revisions_of(store: Store, judged: str) -> list[Revision]:
    """Which texts there are of the articles that a group holds sightings of."""
    rows = store.reader().execute("SELECT body FROM revisions WHERE judged = ? LIMIT ?", (judged, _MOST_SIGHTINGS))
    return [Revision.model_validate_json(body) for (body,) in rows]


def watched_since(store: Store, stream: str) -> datetime | None:
    """The first day of which anything is known of a stream; None where nothing is."""
    (day,) = store.reader().execute("SELECT min(day) FROM days WHERE stream = ? AND events > 0", (stream,)).fetchone()
    return None if day is None else datetime.fromtimestamp(day * 86_400, UTC)


def groups_of(store: Store, rule: str, stream: str, within: Window | None = None) -> dict[str, int]:
    """The groups of a rule that anything met it in, with how much; those with the most first; the first hundred."""
    prefix = group_key(rule, stream, "")
    bounds = (int(within.start.timestamp()), int(within.end.timestamp())) if within else (_FIRST, _LAST)
    query = (
        "SELECT judged, count(*) FROM sightings WHERE judged >= ? AND judged < ? AND at > ? AND at <= ? "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100"
    )
    rows = store.reader().execute(query, (prefix, prefix + _LAST_CHARACTER, *bounds))
    return {judged.removeprefix(prefix): number for judged, number in rows}


def newest_sighting(store: Store, rule: str, stream: str) -> datetime | None:
    """When the newest sentence that met a rule was published."""
    prefix = group_key(rule, stream, "")
    query = "SELECT max(at) FROM sightings WHERE judged >= ? AND judged < ?"
    (at,) = store.reader().execute(query, (prefix, prefix + _LAST_CHARACTER)).fetchone()
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _searched(asked: Asked) -> bool:
    return bool(asked.text and match_expression(asked.text))


def _cut(rows: list[tuple[int, T]], limit: int) -> Found[T]:
    more = len(rows) > limit
    return Found([item for _, item in rows[:limit]], rows[limit - 1][0] if more else None)


def _rows(connection: sqlite3.Connection, table: str, columns: str, asked: Asked) -> list[tuple[Any, ...]]:
    expression = _expression(table, asked)
    # Full-text search hands out rows by rowid without sorting, so the newest fifty of a million cost as much as of ten.
    place = "w.rowid" if expression else "t.seq"
    source = f"{table}_words AS w JOIN {table} AS t ON t.seq = w.rowid" if expression else f"{table} AS t"
    conditions = _conditions(table, place, expression, asked)
    where = f"WHERE {' AND '.join(condition for condition, _ in conditions)}" if conditions else ""
    arguments = [value for _, values in conditions for value in values]
    query = f"SELECT {columns} FROM {source} {where} ORDER BY {place} DESC LIMIT ?"  # noqa: S608 -- only our own words
    return connection.execute(query, (*arguments, asked.limit + 1)).fetchall()


def _expression(table: str, asked: Asked) -> str | None:
    """The full-text query for all that is looked up as words: the search itself and the facets."""
    columns = "title text" if table == "articles" else "sentence names"
    text = match_expression(asked.text) if asked.text else None
    kind = "type" if asked.type in SUB_EVENT_TYPES else "sub_type"
    facts = {kind: asked.type, "modality": asked.modality, "country": asked.country} if table == "events" else {}
    facets = facets_of(stream=asked.stream, **facts).split()
    parts = [f"{{{columns}}} : ({text})"] if text else []
    parts += [f'facets : "{facet}"' for facet in facets]
    if asked.box and table == "events" and (cells := _cells(asked.box)):
        parts.append(f"({' OR '.join(cells)})")
    return " AND ".join(parts) or None


def _cells(box: Box) -> list[str]:
    """The squares that a box touches, as small as makes them few; nothing for one that is too large for that."""
    spans = [(box.west, box.east)] if box.west <= box.east else [(box.west, 180.0), (-180.0, box.east)]
    for size in CELLS:
        rows = range(floor(box.south / size), floor(box.north / size) + 1)
        columns = [column for west, east in spans for column in range(floor(west / size), floor(east / size) + 1)]
        if len(rows) * len(columns) <= _MOST_CELLS:
            names = [cell(size, column, row) for column in columns for row in rows]
            return [f'facets : "{facets_of(**{f"cell{size}": name}).strip()}"' for name in names]
    return []


def _conditions(table: str, place: str, expression: str | None, asked: Asked) -> list[tuple[str, tuple[object, ...]]]:
    """Each condition in SQL, with its arguments."""
    given: list[tuple[str, object]] = [
        (f"{table}_words MATCH ?", expression),
        (f"{place} < ?", asked.before),
        (f"{place} >= ?", asked.since and first_seq(asked.since)),
        (f"{place} < ?", asked.until and first_seq(asked.until)),
        ("t.article = ?", asked.article if table == "events" else None),
    ]
    found: list[tuple[str, tuple[object, ...]]] = [(sql, (value,)) for sql, value in given if value is not None]
    return found + ([_inside(asked.box)] if asked.box and table == "events" else [])


def _inside(box: Box) -> tuple[str, tuple[object, ...]]:
    across = "OR" if box.west > box.east else "AND"
    sql = f"t.lat BETWEEN ? AND ? AND (t.lon >= ? {across} t.lon <= ?)"
    return sql, (box.south, box.north, box.west, box.east)
