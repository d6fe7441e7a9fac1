"""Which revisions of which items of a feed were already published.

Kept as text, since it is written with every poll: base64 of one record for each item, with the first bytes of its id,
the second of its first publication, a flag where the feed named none, and the first bytes of the revisions published.
That is 18 characters an item, so that a state of ``MAX_ITEMS`` fits into one record of Kafka.
"""

import base64
import binascii
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from services.core.article import Article

LIMIT = 5_000
"""Items remembered of one feed besides those that are in it now."""

_REVISIONS = 8
_HEAD = struct.Struct(">5sIB")
_REVISION_BYTES = 3
_UNDATED = 0x80


@dataclass(frozen=True)
class _Known:
    """What is known of an item: when it was first published, whether the feed said so, in which revisions."""

    first: int
    dated: bool
    revisions: tuple[bytes, ...]


def unseen(seen: str, articles: Iterable[Article]) -> tuple[tuple[Article, ...], str]:
    """The articles that were not published yet in this revision, oldest first, and what is seen after them.

    A revision keeps the publication time of the item's first one, unless it names an earlier time itself: a feed that
    touches an old item does not make it news. Items that left the feed longest ago are forgotten first.
    """
    after = _read(seen)
    fresh, now = [], set()
    for article in articles:
        mark = bytes.fromhex(article.id[:10])
        known = after.pop(mark, None)
        if known is None or _revision(article) not in known.revisions:
            article = _as_first_seen(article, known)  # noqa: PLW2901 -- the same article from here on
            fresh.append(article)
        after[mark] = _remembered(article, known)
        now.add(mark)
    gone = len(after) - max(LIMIT, len(now))
    kept = list(after.items())[max(0, gone) :]
    most = _REVISIONS if len(kept) <= LIMIT else 1
    return tuple(sorted(fresh, key=lambda article: article.published)), _written(kept, most)


def _revision(article: Article) -> bytes:
    return bytes.fromhex(article.revision[: 2 * _REVISION_BYTES])


def _as_first_seen(article: Article, known: _Known | None) -> Article:
    first = datetime.fromtimestamp(known.first, UTC) if known else article.published
    if known is None or first >= article.published:
        return article
    return article.model_copy(update={"published": first, "published_known": known.dated})


def _remembered(article: Article, known: _Known | None) -> _Known:
    mark = _revision(article)
    if known is None:
        return _Known(int(article.published.timestamp()), article.published_known, (mark,))
    others = [each for each in known.revisions if each != mark]
    return _Known(known.first, known.dated, (*others, mark))


def _written(items: Iterable[tuple[bytes, _Known]], most: int) -> str:
    out = bytearray()
    for mark, known in items:
        revisions = known.revisions[-most:]
        out += _HEAD.pack(mark, known.first, len(revisions) | (0 if known.dated else _UNDATED))
        out += b"".join(revisions)
    return base64.b64encode(out).decode()


def _read(seen: str) -> dict[bytes, _Known]:
    """What was written; what makes no sense counts as nothing."""
    try:
        packed = base64.b64decode(seen, validate=True)
    except (binascii.Error, ValueError):
        return {}
    known, at = {}, 0
    while at + _HEAD.size <= len(packed):
        mark, first, flags = _HEAD.unpack_from(packed, at)
        start = at + _HEAD.size
        at = start + _REVISION_BYTES * (flags & ~_UNDATED)
        if at > len(packed):
            break
        revisions = tuple(packed[cut : cut + _REVISION_BYTES] for cut in range(start, at, _REVISION_BYTES))
        known[mark] = _Known(first, not flags & _UNDATED, revisions)
    return known
