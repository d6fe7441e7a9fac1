"""RSS, RDF and Atom, well-formed or not, by way of feedparser."""

import calendar
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any

import feedparser

from services.poller.items import Document, FeedError, Item
from services.poller.links import absolute
from services.poller.markup import one_line, plain_text, tidy

_SKIP_HOURS = re.compile(rb"<skipHours\s*>(.{0,4000}?)</skipHours", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour\s*>\s*(\d\d?)\s*<", re.IGNORECASE)
_HEAD_BYTES = 65_536


def read_xml(body: bytes, *, url: str, content_type: str) -> Document:
    """The feed in ``body``.

    Args:
        body: the bytes as they came.
        url: where they came from, the base of relative links.
        content_type: the header of that name, which may tell the charset.

    Raises:
        FeedError: it is not a feed, or feedparser fails on it.
    """
    try:
        # Behind BytesIO, because feedparser takes bare bytes for the name of a file to open. Without Content-Location,
        # since it would resolve guids like links, and an id must not change when a feed is redirected.
        raw = feedparser.parse(
            io.BytesIO(body),
            response_headers={"content-type": content_type},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        if not raw.get("version") and not raw["entries"]:
            raise FeedError(_what_instead(body))
        return _document(raw, body, url)
    except FeedError:
        raise
    except Exception as error:  # feedparser promises nothing about what it raises on garbage
        raise FeedError(f"cannot be parsed: {type(error).__name__}") from error


def _document(raw: Mapping[str, Any], body: bytes, url: str) -> Document:
    feed = raw["feed"]
    skip = _SKIP_HOURS.search(body, 0, _HEAD_BYTES)
    return Document(
        form=str(raw.get("version") or "unknown"),
        items=tuple(_item(entry, url) for entry in raw["entries"]),
        title=one_line(_text(feed, "title")),
        language=_text(feed, "language"),
        pause=_minutes(_text(feed, "ttl")),
        skip_hours=frozenset(int(hour) % 24 for hour in _HOUR.findall(skip[1])) if skip else frozenset(),
    )


def _item(entry: Mapping[str, Any], url: str) -> Item:
    details = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    language = next((str(detail["language"]) for detail in details if detail.get("language")), "")
    return Item(
        guid=_text(entry, "id").strip(),
        link=_link(entry, url),
        title=one_line(_text(entry, "title")),
        texts=tuple(text for text in map(_body, details) if text),
        published=_moment(entry, ("published_parsed", "created_parsed", "updated_parsed")),
        language=language,
    )


def _link(entry: Mapping[str, Any], url: str) -> str:
    """The item's link; feedparser also calls any guid one that does not deny it, so that must look like one."""
    link = _text(entry, "link").strip()
    given = entry.get("links") or link.startswith(("http://", "https://"))
    return absolute(link, url) if link and given else ""


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _body(detail: Mapping[str, Any]) -> str:
    value = _text(detail, "value")
    return tidy(value) if detail.get("type") == "text/plain" and "<" not in value else plain_text(value)


def _moment(entry: Mapping[str, Any], names: tuple[str, ...]) -> datetime | None:
    for name in names:
        # feedparser answers a question for a missing "updated" with "published"; asking for the key itself does not.
        parsed = dict.get(entry, name) if isinstance(entry, dict) else None
        if isinstance(parsed, struct_time):
            with suppress(ValueError, OverflowError, OSError):
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return None


def _minutes(text: str) -> timedelta:
    text = text.strip()
    return timedelta(minutes=int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0)


def _what_instead(body: bytes) -> str:
    head = body[:2_000].lstrip().lower()
    if not body.strip():
        return "the answer is empty"
    if head.startswith(b"<!doctype html") or b"<html" in head:
        return "an HTML page, not a feed"
    return "neither RSS, Atom, RDF nor JSON Feed"
