"""How deep markup is nested."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.poller.depth import depth
from services.poller.feed import MAX_DEPTH, FeedError, parse_feed
from tests.poller.samples import NOW, item, rss, source


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"", 0),
        (b"<a><b/><c></c></a>", 2),
        (b"<a><![CDATA[<b><c><d>]]><!-- <e><f> --></a>", 1),
        (b"<a><![CDATA[<b><c>", 1),
        (b"<rss><channel>" + b"<item><br><p><img></item>" * 500, 6),
        (b"</a></a><a>", 1),
        (b"<" * 100_000, 0),
        (b"<a " * 100_000, 0),
        (b"<!--" * 100_000, 0),
    ],
)
def test_open_tags_are_counted(body: bytes, deep: int) -> None:
    assert depth(body) == deep


@given(st.binary(), st.integers(0, 50))
def test_any_bytes_have_a_depth(body: bytes, times: int) -> None:
    assert 0 <= depth(body * times) <= body.count(b"<") * times


@pytest.mark.parametrize("tag", [b"<item>", b"<b>", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content>"])
def test_a_feed_that_is_nested_deep_is_refused_before_it_is_parsed(tag: bytes) -> None:
    with pytest.raises(FeedError, match=f"tags nested more than {MAX_DEPTH} deep"):
        parse_feed(b"<rss version='2.0'><channel>" + tag * 50_000, source(), NOW)


def test_an_honest_feed_is_not() -> None:
    assert depth(rss(*(item(number) for number in range(2000)))) == 4
