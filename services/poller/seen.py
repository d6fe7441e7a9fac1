"""Which revisions of which items of a feed were already published.

Kept as ``{mark of the id: "<epoch seconds>[?] <mark of a revision> ..."}``: about 40 bytes an item, since it is written
with every poll. The time is that of the first publication, with a question mark where the feed named none.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from services.core.article import Article

Seen = Mapping[str, str]

LIMIT = 5_000
"""Items remembered of one feed. Beyond it items are published again with the ids they had, which changes nothing."""

_KNOWN = re.compile(r"\d{1,11}\??( [0-9a-f]{8})+")
_REVISIONS = 8
_ID_DIGITS = 12
_REVISION_DIGITS = 8


def unseen(seen: Seen, articles: Iterable[Article]) -> tuple[tuple[Article, ...], Seen]:
    """The articles that were not published yet in this revision, oldest first, and what is seen after them.

    A revision keeps the publication time of the item's first one, unless it names an earlier time itself: a feed that
    touches an old item does not make it news. Items that left the feed longest ago are forgotten first.
    """
    after = dict(seen)
    fresh = []
    for article in articles:
        mark = article.id[:_ID_DIGITS]
        known = _legible(after.pop(mark, ""))
        if known is None or article.revision[:_REVISION_DIGITS] not in known.split()[1:]:
            article = _as_first_seen(article, known)  # noqa: PLW2901 -- the same article from here on
            fresh.append(article)
        after[mark] = _remembered(article, known)
    kept = list(after.items())[-LIMIT:]
    return tuple(sorted(fresh, key=lambda article: article.published)), dict(kept)


def _legible(known: str) -> str | None:
    """What is known of an item, unless it is nothing or was not written by this module."""
    return known if _KNOWN.fullmatch(known) else None


def _as_first_seen(article: Article, known: str | None) -> Article:
    if known is None:
        return article
    stamp = known.split()[0]
    first = datetime.fromtimestamp(int(stamp.rstrip("?")), UTC)
    if first >= article.published:
        return article
    return article.model_copy(update={"published": first, "published_known": not stamp.endswith("?")})


def _remembered(article: Article, known: str | None) -> str:
    stamp = f"{int(article.published.timestamp())}{'' if article.published_known else '?'}"
    first, *revisions = known.split() if known else [stamp]
    mark = article.revision[:_REVISION_DIGITS]
    return " ".join((first, *[each for each in revisions if each != mark][-_REVISIONS + 1 :], mark))
