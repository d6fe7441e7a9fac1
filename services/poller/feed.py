"""Bytes of a feed to articles. Pure: the same bytes give the same articles, whenever and however often they come."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.core.article import Article, new_article
from services.core.wire import content_id
from services.poller.depth import depth
from services.poller.items import Document, FeedError, Item
from services.poller.jsonfeed import looks_like_json, read_json
from services.poller.links import canonical, unwrapped
from services.poller.markup import titled
from services.poller.sources import MAX_URL, Source
from services.poller.xmlfeed import read_xml

__all__ = ["FeedError", "Parsed", "Skipped", "parse_feed"]

MAX_TITLE = 1_000

MAX_TAGS = 300_000
"""Tags of a feed that is still read: about 25,000 items. feedparser takes 50 to 100 microseconds for each."""

MAX_ITEMS = 50_000
"""Items of a feed that is still read; about as many as the tags let into XML."""

MAX_DEPTH = 1_000
"""Tags that may be open at once; honest markup has a dozen."""

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before it there was no news on the web: such a date is a placeholder (1970-01-01, 0001-01-01)."""

_AHEAD = timedelta(days=1)
"""A date further ahead than zones and clocks explain is no publication time at all."""

_SYNDICATION_NOTE = re.compile(r"\s*The post .{1,500} (appeared first on|first appeared on) .{1,200}\Z")
"""What WordPress puts under every item; it repeats the title as if it were a statement."""


@dataclass(frozen=True)
class Skipped:
    """An item that brings no article, and why."""

    ident: str
    reason: str


@dataclass(frozen=True)
class Parsed:
    """What a feed brought. ``items`` counts its entries; ``pause`` and ``skip_hours`` are as in :class:`Document`."""

    form: str
    title: str
    items: int
    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...] = ()
    pause: timedelta = timedelta()
    skip_hours: tuple[int, ...] = ()


def parse_feed(body: bytes, source: Source, now: datetime, *, url: str = "", content_type: str = "") -> Parsed:
    """The articles of a feed.

    Args:
        body: the feed, decompressed: RSS 0.9x-2.0, RDF, Atom or JSON Feed.
        source: whose feed it is.
        now: when it was fetched.
        url: where it came from in the end, the base of relative links; the source's own URL if not given.
        content_type: the header of that name.

    Raises:
        FeedError: it is not a feed.
    """
    document = _document(body, url or source.url, content_type)
    articles, skipped = [], []
    for ident, item in _identified(document.items):
        text = _text_of(item)
        if text:
            articles.append(_article(item, text, source, now, ident=ident, language=document.language))
        else:
            skipped.append(Skipped(ident or item.link, "has neither a title nor a text"))
    return Parsed(
        form=document.form,
        title=document.title[:MAX_TITLE],
        items=len(document.items),
        articles=tuple(articles),
        skipped=tuple(skipped),
        pause=document.pause,
        skip_hours=tuple(sorted(document.skip_hours)),
    )


def _document(body: bytes, url: str, content_type: str) -> Document:
    document = read_json(body, url=url) if looks_like_json(body) else _xml(body, url, content_type)
    if len(document.items) > MAX_ITEMS:
        raise FeedError(f"more than {MAX_ITEMS} items")
    return document


def _xml(body: bytes, url: str, content_type: str) -> Document:
    if body.count(b"<") > MAX_TAGS:
        raise FeedError(f"more than {MAX_TAGS} tags")
    if depth(body) > MAX_DEPTH:
        raise FeedError(f"tags nested more than {MAX_DEPTH} deep")
    return read_xml(body, url=url, content_type=content_type)


def _article(item: Item, text: str, source: Source, now: datetime, *, ident: str, language: str) -> Article:
    return new_article(
        ident=content_id("article", source.id, ident or text),
        text=text,
        title=item.title[:MAX_TITLE],
        url=canonical(unwrapped(item.link))[:MAX_URL],
        source=source.id,
        outlet=source.outlet,
        fetched=now,
        published=_believable(item.published, now),
        language=source.language or _primary(item.language or language),
    )


def _identified(items: tuple[Item, ...]) -> Iterator[tuple[str, Item]]:
    """Each distinct item with what identifies it; where several share that, link and title tell them apart."""
    distinct = dict.fromkeys(items)
    shared = Counter(map(_ident, distinct))
    for item in distinct:
        ident = _ident(item)
        yield (ident if shared[ident] == 1 else "\x1e".join((ident, item.link, item.title))), item


def _ident(item: Item) -> str:
    """The item's id for good: its guid or link without what varies between polls, else its title.

    Ids that are URLs lose their fragment, since the BBC counts an item's revisions there (``...#0``, ``...#1``).
    """
    given = item.guid or item.link
    return canonical(unwrapped(given)) if given.startswith(("http://", "https://")) else given or item.title


def _text_of(item: Item) -> str:
    """Title, blank line, body, as far as there; the longest body wins, since summaries are often teasers."""
    body = _SYNDICATION_NOTE.sub("", max(item.texts, key=len, default=""))
    return titled(item.title[:MAX_TITLE], body)


def _believable(published: datetime | None, now: datetime) -> datetime | None:
    return published if published and _EARLIEST <= published <= now + _AHEAD else None


def _primary(language: str) -> str:
    """The ISO 639 code in a language tag such as ``en-GB``."""
    code = re.split(r"[-_]", language.strip().lower())[0]
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else ""
