"""A source, and small feeds in several formats."""

from datetime import UTC, datetime

from services.poller.sources import Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def source(ident: str = "wire", url: str = "http://127.0.0.1:1/feed", **changes: object) -> Source:
    """A source with everything a test does not care about filled in."""
    fields = {
        "id": ident,
        "url": url,
        "outlet": "outlet",
        "country": "GBR",
        "kind": "media",
        "interval": "15m",
        **changes,
    }
    return Source.model_validate(fields)


def rss(*items: str, channel: str = "") -> bytes:
    """An RSS 2.0 feed with these items."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title>{channel}{inner}</channel></rss>".encode()
    )


def item(number: int, text: str = "Shells fell near the village.", date: str = "Mon, 02 Mar 2026 10:00:00 GMT") -> str:
    """The inside of one RSS item."""
    link = f"<link>https://news.example/{number}</link><guid>news-{number}</guid>"
    return f"<title>Story {number}</title>{link}<pubDate>{date}</pubDate><description>{text}</description>"
