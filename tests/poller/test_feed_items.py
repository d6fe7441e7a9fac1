"""From the bytes of a feed to articles: what is read, how it is identified, when it was published."""

from datetime import UTC, datetime, timedelta

import pytest

from services.core.article import Article
from services.poller.feed import FeedError, Parsed, parse_feed
from tests.poller.samples import NOW, item, rss, source


def parsed(body: bytes, **changes: object) -> Parsed:
    """The feed as the sample source brings it."""
    return parse_feed(body, source(url="https://news.example/feed", **changes), NOW)


def only(body: bytes, **changes: object) -> Article:
    """The one article of a feed."""
    (article,) = parsed(body, **changes).articles
    return article


def test_an_article_is_title_blank_line_body() -> None:
    article = only(rss(item(1, "First &lt;b&gt;line&lt;/b&gt;.&lt;p&gt;Second &amp;amp; last.")))
    assert (article.title, article.text) == ("Story 1", "Story 1\n\nFirst line.\n\nSecond & last.")


def test_a_body_that_begins_with_the_title_is_not_given_it_again() -> None:
    assert only(rss(item(1, "STORY 1\nand what followed."))).text == "STORY 1\nand what followed."


def test_full_content_wins_over_a_teaser_and_a_teaser_over_a_shorter_content() -> None:
    encoded = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{}</content:encoded>"
    long, short = "The whole story, told at length and to its end.", "More."
    assert long in only(rss(item(1, short) + encoded.format(long))).text
    assert long in only(rss(item(1, long) + encoded.format(short))).text


def test_the_note_that_wordpress_appends_is_cut_off() -> None:
    note = "&lt;p&gt;The post &lt;a&gt;Truce breached&lt;/a&gt; appeared first on &lt;a&gt;A Site&lt;/a&gt;.&lt;/p&gt;"
    assert only(rss(item(1, f"&lt;p&gt;Shells fell.&lt;/p&gt;{note}"))).text == "Story 1\n\nShells fell."


def test_published_is_the_items_date_in_utc() -> None:
    assert only(rss(item(1, date="Mon, 02 Mar 2026 10:00:00 +0400"))).published == datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 02 Mar 2099 10:00:00 GMT", "0000"]
)
def test_a_missing_or_absurd_date_is_the_fetch_time_and_says_so(date: str) -> None:
    article = only(rss(item(1, date=date)))
    assert (article.published, article.published_known) == (NOW, False)


def test_a_clock_a_few_hours_ahead_is_cut_to_the_fetch_time() -> None:
    article = only(rss(item(1, date="Mon, 02 Mar 2026 15:00:00 GMT")))
    assert (article.published, article.published_known) == (NOW, True)


def test_ids_do_not_depend_on_the_poll_nor_on_what_else_is_in_the_feed() -> None:
    alone = only(rss(item(1)))
    later = parse_feed(rss(item(2), item(1)), source(), NOW + timedelta(hours=5)).articles[1]
    assert (alone.id, alone.revision) == (later.id, later.revision)


def test_a_changed_text_is_a_new_revision_of_the_same_item() -> None:
    one, two = only(rss(item(1))), only(rss(item(1, "Shells fell on two villages.")))
    assert one.id == two.id
    assert one.revision != two.revision


def test_the_counter_of_revisions_in_a_guid_is_no_part_of_the_id() -> None:
    first, second = (
        only(rss(f"<title>A</title><guid>https://news.example/a#{number}</guid><description>{number}</description>"))
        for number in (0, 1)
    )
    assert first.id == second.id


def test_an_item_without_guid_is_known_by_its_link_whatever_tracking_it_carries() -> None:
    links = ("https://news.example/a?utm_source=rss&amp;id=7", "https://news.example/a?id=7#top")
    one, two = (only(rss(f"<title>A</title><link>{link}</link>")) for link in links)
    assert (one.id, one.url) == (two.id, "https://news.example/a?id=7")


def test_an_item_with_neither_guid_nor_link_is_known_by_its_title() -> None:
    one, two = (only(rss(f"<title>A</title><description>{text}</description>")) for text in ("b", "c"))
    assert one.id == two.id


def test_different_items_that_share_a_guid_are_told_apart() -> None:
    items = [f"<title>{name}</title><guid>same</guid><link>https://news.example/{name}</link>" for name in "abb"]
    articles = parsed(rss(*items)).articles
    assert [article.title for article in articles] == ["a", "b"]
    assert articles[0].id != articles[1].id


def test_an_item_without_any_words_is_skipped_with_a_reason() -> None:
    brought = parsed(rss("<guid>1</guid><description> &lt;img src='a.png'&gt; </description>"))
    assert brought.articles == ()
    assert brought.skipped[0].reason == "has neither a title nor a text"


def test_all_items_are_read_however_many() -> None:
    assert len(parsed(rss(*(item(number) for number in range(3000)))).articles) == 3000


def test_the_language_is_the_sources_or_else_the_feeds() -> None:
    body = rss(item(1), channel="<language>ru-RU</language>")
    assert only(body).language == "ru"
    assert only(body, language="en").language == "en"


def test_relative_links_are_resolved_against_where_the_feed_came_from() -> None:
    body = rss("<title>A</title><link>/a/1</link>")
    article = parse_feed(body, source(), NOW, url="https://other.example/feeds/all.xml").articles[0]
    assert article.url == "https://other.example/a/1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "urn:uuid:1", "http://[broken", "file:///etc/passwd"]
)
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    assert only(rss(f"<title>A</title><link>{link}</link>")).url == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer is empty"),
        (b"<!DOCTYPE html><html><body>Not found", "an HTML page, not a feed"),
        (b"/etc/passwd", "neither RSS, Atom, RDF nor JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "a JSON Feed without items"),
        (b'{"items": []}', "JSON, but not a JSON Feed: no version of jsonfeed.org"),
        (b'{"a": ', "broken JSON: Expecting value: line 1 column 7 (char 6)"),
    ],
)
def test_what_is_not_a_feed_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match="^" + reason.replace("(", r"\(").replace(")", r"\)") + "$"):
        parsed(body)


def test_a_feed_without_items_is_a_feed() -> None:
    assert parsed(rss()).items == 0


def test_what_the_feed_asks_of_its_readers_is_read() -> None:
    skip = "<ttl>90</ttl><skipHours><hour>1</hour><hour> 23 </hour><hour>24</hour></skipHours>"
    brought = parsed(rss(channel=skip))
    assert (brought.pause, brought.skip_hours) == (timedelta(minutes=90), (0, 1, 23))
