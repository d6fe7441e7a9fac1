"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from services.poller.items import Document, FeedError, Item
from services.poller.links import absolute
from services.poller.markup import one_line, plain_text, tidy

_VERSION = "jsonfeed.org/version/"


def looks_like_json(body: bytes) -> bool:
    """Whether the first character is that of a JSON object, as no XML document's is."""
    return body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"{")


def read_json(body: bytes, *, url: str) -> Document:
    """The JSON Feed in ``body``; ``url`` is the base of relative links.

    Raises:
        FeedError: it is not JSON, or JSON of another kind.
    """
    data = _loaded(body)
    if not isinstance(data, dict) or _VERSION not in _text(data, "version"):
        raise FeedError("JSON, but not a JSON Feed: no version of jsonfeed.org")
    items = data.get("items")
    if not isinstance(items, list):
        raise FeedError("a JSON Feed without items")
    return Document(
        form="json" + _text(data, "version").rpartition("/")[2].replace(".", ""),
        items=tuple(_item(item, url) for item in items if isinstance(item, dict)),
        title=one_line(_text(data, "title")),
        language=_text(data, "language"),
    )


def _loaded(body: bytes) -> Any:
    try:
        encoding = json.detect_encoding(body)
        return json.loads(body.decode(encoding, "replace"))
    except (ValueError, RecursionError) as error:
        raise FeedError(f"broken JSON: {str(error)[:200]}") from error


def _item(item: dict[str, Any], url: str) -> Item:
    link = _text(item, "url") or _text(item, "external_url")
    texts = (plain_text(_text(item, "content_html")), tidy(_text(item, "content_text")), tidy(_text(item, "summary")))
    return Item(
        guid=_text(item, "id").strip(),
        link=absolute(link, url) if link else "",
        title=one_line(_text(item, "title")),
        texts=tuple(text for text in texts if text),
        published=_moment(_text(item, "date_published")) or _moment(_text(item, "date_modified")),
        language=_text(item, "language"),
    )


def _text(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    # The format wants strings, but numbers as ids are common and to be read as strings.
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _moment(text: str) -> datetime | None:
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return None
