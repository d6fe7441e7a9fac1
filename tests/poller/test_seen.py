"""What was published already is not published again, and an old item that is touched does not become news."""

import base64
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.core.article import Article, new_article
from services.core.wire import content_id
from services.poller.feed import MAX_ITEMS
from services.poller.seen import LIMIT, unseen
from services.runtime.broker import MAX_RECORD_BYTES
from tests.poller.samples import NOW


def made(ident: str, text: str, published: datetime | None = NOW, fetched: datetime = NOW) -> Article:
    return new_article(text=text, ident=content_id(ident), source="wire", fetched=fetched, published=published)


def test_a_revision_is_published_once() -> None:
    fresh, seen = unseen("", [made("a", "one"), made("b", "two")])
    assert len(fresh) == 2
    assert unseen(seen, [made("b", "two"), made("a", "one")])[0] == ()


def test_a_new_revision_is_published_and_the_old_one_does_not_come_back() -> None:
    _, seen = unseen("", [made("a", "one")])
    fresh, seen = unseen(seen, [made("a", "two")])
    assert [article.text for article in fresh] == ["two"]
    assert unseen(seen, [made("a", "one")])[0] == ()


def test_articles_come_out_oldest_first() -> None:
    articles = [made(name, name, NOW - timedelta(hours=hours)) for name, hours in (("a", 1), ("b", 3), ("c", 2))]
    assert [article.text for article in unseen("", articles)[0]] == ["b", "c", "a"]


def test_a_touched_item_keeps_the_time_of_its_first_publication() -> None:
    month = timedelta(days=30)
    _, seen = unseen("", [made("a", "one", NOW)])
    (fresh,), _ = unseen(seen, [made("a", "two", NOW + month, NOW + month)])
    assert (fresh.published, fresh.published_known) == (NOW, True)


def test_an_undated_item_that_changes_counts_from_when_it_was_first_fetched() -> None:
    month = timedelta(days=30)
    _, seen = unseen("", [made("a", "one", None)])
    (fresh,), seen = unseen(seen, [made("a", "two", None, NOW + month)])
    assert (fresh.published, fresh.published_known) == (NOW, False)
    (again,), _ = unseen(seen, [made("a", "three", None, NOW + 2 * month)])
    assert again.published == NOW


def test_a_date_that_is_corrected_to_an_earlier_one_is_believed() -> None:
    _, seen = unseen("", [made("a", "one", NOW)])
    (fresh,), _ = unseen(seen, [made("a", "two", NOW - timedelta(days=3))])
    assert fresh.published == NOW - timedelta(days=3)


def test_what_left_the_feed_is_remembered_up_to_a_bound_and_forgotten_oldest_first() -> None:
    _, seen = unseen("", [made(f"{number:05}", "x") for number in range(LIMIT)])
    _, seen = unseen(seen, [made("00000", "x"), made("new", "x")])
    again = [made(name, "x") for name in ("00000", "new", "00002", "00001")]
    assert [article.id for article in unseen(seen, again)[0]] == [made("00001", "x").id]


def undated(count: int, fetched: datetime, **touched: str) -> list[Article]:
    """So many items without a date; ``touched`` has the texts of those that changed."""
    made_up = made("", "x", None, fetched)
    numbers = map(str, range(count))
    ids = {number: content_id(number) for number in numbers}
    texts = {number: touched.get(f"item{number}", "x") for number in ids}
    return [
        made_up.model_copy(update={"id": ident, "revision": content_id("revision", texts[number])})
        for number, ident in ids.items()
    ]


def test_a_feed_of_any_length_is_published_once_and_an_undated_item_in_it_never_becomes_news_again() -> None:
    count = LIMIT + 500
    fresh, seen = unseen("", undated(count, NOW))
    assert len(fresh) == count
    later = undated(count, NOW + timedelta(days=30), item7="y")
    (touched,), seen = unseen(seen, later)
    assert (touched.published, touched.published_known) == (NOW, False)
    assert unseen(seen, later)[0] == ()
    assert len(seen) / count * MAX_ITEMS < MAX_RECORD_BYTES * 0.9


def test_a_date_of_any_year_since_1995_can_be_remembered() -> None:
    for year in (1995, 2026, 2105):
        moment = datetime(year, 6, 1, 1, 2, 3, tzinfo=UTC)
        _, seen = unseen("", [made("a", "one", moment, moment)])
        (fresh,), _ = unseen(seen, [made("a", "two", moment + timedelta(days=1), moment + timedelta(days=1))])
        assert fresh.published == moment


@given(st.text() | st.binary(max_size=60).map(lambda packed: base64.b64encode(packed).decode()))
def test_a_memory_that_makes_no_sense_is_none_and_is_mended(seen: str) -> None:
    _, after = unseen(seen, [made("a", "one")])
    assert unseen(after, [made("a", "one")])[0] == ()
