"""What was published already is not published again, and an old item that is touched does not become news."""

from datetime import datetime, timedelta

from services.core.article import Article, new_article
from services.poller.seen import LIMIT, unseen
from tests.poller.samples import NOW


def made(ident: str, text: str, published: datetime | None = NOW, fetched: datetime = NOW) -> Article:
    return new_article(text=text, ident=ident.ljust(20, "0"), source="wire", fetched=fetched, published=published)


def test_a_revision_is_published_once() -> None:
    fresh, seen = unseen({}, [made("a", "one"), made("b", "two")])
    assert len(fresh) == 2
    assert unseen(seen, [made("b", "two"), made("a", "one")])[0] == ()


def test_a_new_revision_is_published_and_the_old_one_does_not_come_back() -> None:
    _, seen = unseen({}, [made("a", "one")])
    fresh, seen = unseen(seen, [made("a", "two")])
    assert [article.text for article in fresh] == ["two"]
    assert unseen(seen, [made("a", "one")])[0] == ()


def test_articles_come_out_oldest_first() -> None:
    articles = [made(name, name, NOW - timedelta(hours=hours)) for name, hours in (("a", 1), ("b", 3), ("c", 2))]
    assert [article.text for article in unseen({}, articles)[0]] == ["b", "c", "a"]


def test_a_touched_item_keeps_the_time_of_its_first_publication() -> None:
    month = timedelta(days=30)
    _, seen = unseen({}, [made("a", "one", NOW)])
    (fresh,), _ = unseen(seen, [made("a", "two", NOW + month, NOW + month)])
    assert (fresh.published, fresh.published_known) == (NOW, True)


def test_an_undated_item_that_changes_counts_from_when_it_was_first_fetched() -> None:
    month = timedelta(days=30)
    _, seen = unseen({}, [made("a", "one", None)])
    (fresh,), seen = unseen(seen, [made("a", "two", None, NOW + month)])
    assert (fresh.published, fresh.published_known) == (NOW, False)
    (again,), _ = unseen(seen, [made("a", "three", None, NOW + 2 * month)])
    assert again.published == NOW


def test_a_date_that_is_corrected_to_an_earlier_one_is_believed() -> None:
    _, seen = unseen({}, [made("a", "one", NOW)])
    (fresh,), _ = unseen(seen, [made("a", "two", NOW - timedelta(days=3))])
    assert fresh.published == NOW - timedelta(days=3)


def test_what_left_the_feed_is_remembered_up_to_a_bound_and_forgotten_oldest_first() -> None:
    _, seen = unseen({}, [made(f"{number:05}", "x") for number in range(LIMIT)])
    _, seen = unseen(seen, [made("00000", "x"), made("new", "x")])
    assert len(seen) == LIMIT
    assert {"000000000000", "new000000000"} <= set(seen)
    assert "000010000000" not in seen


def test_a_record_that_makes_no_sense_counts_as_none() -> None:
    for known in ("", "soon", "1 2", "99999999999999999 01234567"):
        fresh, seen = unseen({"a00000000000": known}, [made("a", "one")])
        assert len(fresh) == 1
        assert unseen(seen, [made("a", "one")])[0] == ()
