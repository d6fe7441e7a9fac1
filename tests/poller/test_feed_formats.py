"""Feeds of every format, each beside what it must become: ``golden/<feed>`` and ``golden/<feed>.expected.json``.

``python -m tests.poller.test_feed_formats`` writes the expectations anew; read the difference before believing it.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.poller.feed import FeedError, Parsed, parse_feed
from tests.poller.samples import NOW, source

GOLDEN = Path(__file__).parent / "golden"
FEEDS = sorted(path.name for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))


def brought(name: str) -> dict[str, Any]:
    """What a golden feed brings, as plain values."""
    source_url = "https://wire.example/feed.xml"
    parsed = parse_feed((GOLDEN / name).read_bytes(), source(url=source_url), NOW, content_type="application/xml")
    fields = {"id", "title", "url", "text", "published", "published_known", "language"}
    return {
        "form": parsed.form,
        "title": parsed.title,
        "items": parsed.items,
        "pause_seconds": parsed.pause.total_seconds(),
        "skip_hours": list(parsed.skip_hours),
        "articles": [article.model_dump(mode="json", include=fields) for article in parsed.articles],
        "skipped": [each.reason for each in parsed.skipped],
    }


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_becomes_what_stands_beside_it(name: str) -> None:
    assert brought(name) == json.loads((GOLDEN / f"{name}.expected.json").read_text(encoding="utf-8"))


def read(body: bytes, content_type: str = "") -> Parsed | None:
    """The feed, or None where it is refused in order."""
    try:
        return parse_feed(body, source(), NOW, content_type=content_type)
    except FeedError:
        return None


@given(st.binary(), st.text())
def test_any_bytes_are_a_feed_or_are_refused_with_a_reason(body: bytes, content_type: str) -> None:
    read(body, content_type)


PIECES = [
    *(
        b"<rss version='2.0'>",
        b"<channel>",
        b"<item>",
        b"</item>",
        b"<title>",
        b"</title>",
        b"<guid>",
        b"</guid>",
        b"<link>",
    ),
    *(
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<entry>",
        b"<content type='xhtml'>",
        b"</content>",
        b"<![CDATA[",
        b"]]>",
    ),
    *(
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&b;",
        b"&#0;",
        b"&#xD800;",
        b"&#x110000;",
        b"<?xml version='1.0' encoding='",
        b"utf-7'?>",
    ),
    *(
        b"<pubDate>",
        b"99 Feb 9999 99:99:99",
        b"</pubDate>",
        b"<ttl>",
        b"-1",
        b"99999999999",
        b"</ttl>",
        b"text",
        b"\x00",
        b"\xff\xfe",
    ),
    *(
        b'{"version":"https://jsonfeed.org/version/1","items":[',
        b'{"id":',
        b'"\\ud800"',
        b"}",
        b"]",
        b",",
        b'"title":"\\u0000"',
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_mixture_of_the_pieces_of_feeds_is_read_or_refused_with_a_reason(pieces: list[bytes]) -> None:
    parsed = read(b"".join(pieces))
    for article in parsed.articles if parsed else ():
        assert article.published <= article.fetched
        article.model_dump_json().encode()


@pytest.mark.parametrize("size", [3, 30])
def test_an_entity_bomb_does_not_explode(size: int) -> None:
    entities = "<!ENTITY a0 'ha'>" + "".join(
        f"<!ENTITY a{n + 1} '&a{n};&a{n};&a{n};&a{n};&a{n};&a{n};'>" for n in range(size)
    )
    body = (
        f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]><rss version='2.0'><channel><item><title>x &a{size};</title>"
    )
    parsed = read(f"{body}</item></channel></rss>".encode())
    assert sum(len(article.text) for article in parsed.articles if parsed) < 1000 if parsed else True


def test_one_large_entity_used_often_does_not_explode() -> None:
    body = b"<!DOCTYPE rss [<!ENTITY a '" + b"x" * 50_000 + b"'>]><rss version='2.0'><channel><item><title>"
    parsed = read(body + b"&a;" * 20_000 + b"</title></item></channel></rss>")
    assert sum(len(article.text) for article in parsed.articles) < 1_000_000 if parsed else True


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    for kind in ("SYSTEM", "PUBLIC 'x'"):
        entity = f"<!DOCTYPE rss [<!ENTITY a {kind} 'file://{secret}'>]>"
        parsed = read(f"{entity}<rss version='2.0'><channel><item><title>t &a;</title></item></channel></rss>".encode())
        assert parsed is None or "secret" not in str(parsed.articles)


def test_a_body_that_names_a_file_or_an_address_is_only_text(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text("<rss version='2.0'><channel><item><title>inside</title></item></channel></rss>")
    assert read(str(feed).encode()) is None
    assert read(b"http://127.0.0.1:1/feed.xml") is None


if __name__ == "__main__":
    for each in FEEDS:
        text = json.dumps(brought(each), indent=1, ensure_ascii=False) + "\n"
        (GOLDEN / f"{each}.expected.json").write_text(text, encoding="utf-8")
