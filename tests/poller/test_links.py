"""One address for one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.poller.links import absolute, canonical, unwrapped


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://News.Example:443/a?utm_source=x&id=7&UTM_medium=y#c", "https://news.example/a?id=7"),
        ("http://news.example", "http://news.example/"),
        ("http://news.example:8080/", "http://news.example:8080/"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?q=a+b%20c", "https://news.example/a?q=a+b%20c"),
        ("https://news.example/a?fbclid=1&at_medium=RSS", "https://news.example/a"),
        ("https://amp.news.example/a/amp/", "https://news.example/a/"),
        ("https://news.example/a.amp.html", "https://news.example/a.html"),
        ("https://news.example/amp", "https://news.example/amp"),
        ("https://[2001:db8::1]:444/a", "https://[2001:db8::1]:444/a"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_variants_of_a_url_become_the_same(url: str, same: str) -> None:
    assert canonical(url) == same


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://www.google.com/url?q=https://news.example/a&sa=D", "https://news.example/a"),
        ("https://news-example.cdn.ampproject.org/c/s/news.example/a", "https://news.example/a"),
        ("https://www.google.com/amp/s/news.example/a", "https://news.example/a"),
        ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
        ("https://news.example/c/s/b.example/a", "https://news.example/c/s/b.example/a"),
        ("https://www.google.com/amp/s/[broken/a", "https://www.google.com/amp/s/[broken/a"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_a_link_through_a_known_go_between_is_unwrapped(url: str, page: str) -> None:
    assert unwrapped(url) == page


@given(st.text())
def test_any_text_is_either_a_web_address_or_none(text: str) -> None:
    url = absolute(text, "https://news.example/feed")
    assert url == "" or url.lower().startswith(("http://", "https://"))
    canonical(unwrapped(url))


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.example(:\d{1,4})?(/[a-z.]{0,5}){0,3}(\?([a-z_]{1,8}=[a-z%]{0,3}&?){0,3})?",
        fullmatch=True,
    )
)
def test_a_canonical_url_is_its_own_canonical_url(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)
