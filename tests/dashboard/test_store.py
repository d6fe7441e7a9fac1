"""The store: what goes in comes out, once, in order, by every filter, while somebody writes."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.alert import AlertState
from services.core.event import Event, Place, Span
from services.core.ontology import Modality
from services.dashboard.asked import Asked, Box
from services.dashboard.lookups import MARK_END, MARK_START, article_text, days, events_in_article
from services.dashboard.lookups import find_articles as articles_found
from services.dashboard.lookups import find_events as events_found
from services.dashboard.rows import first_seq, seq_of
from services.dashboard.store import Kept, Store, Totals
from tests.dashboard.samples import NOON, alert, article, event


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "deep" / "test.sqlite") as opened:
        yield opened


def place(name: str, country: str, lat: float, lon: float) -> tuple[Place, ...]:
    return (Place(text=name, name=name, country=country, lat=lat, lon=lon),)


def numbered(number: int, **changes: object) -> Event:
    of = article(ident=f"article-{number}", published=NOON - timedelta(hours=number)).ref
    return event(event_id=str(number), article_id=of.id, article=of, **changes)


def ids(store: Store, asked: Asked) -> list[str]:
    return [each.event_id for each in events_found(store, asked).items]


def test_an_event_comes_out_as_it_went_in_and_only_once(store: Store) -> None:
    for _ in range(3):
        store.write([event()], NOON)
    assert events_found(store, Asked()).items == [event()]
    assert (store.totals.events, store.totals.articles) == (1, 0)


def test_events_are_listed_by_publication_and_can_be_paged_through_without_gap_or_repeat(store: Store) -> None:
    store.write([numbered(number % 7 * 10 + number // 7) for number in range(35)], NOON)
    expected = [str(number) for number in sorted(each % 7 * 10 + each // 7 for each in range(35))]
    paged: list[str] = []
    found = events_found(store, Asked(limit=4))
    while found.next:
        paged += [each.event_id for each in found.items]
        found = events_found(store, Asked(limit=4, before=found.next))
    assert paged + [each.event_id for each in found.items] == expected


def test_thousands_published_in_the_same_second_are_all_kept(store: Store) -> None:
    one = event()
    store.write([one.model_copy(update={"event_id": str(number)}) for number in range(3000)], NOON)
    assert store.totals.events == 3000
    assert len(ids(store, Asked(limit=5000))) == 3000


def test_two_ids_that_share_a_place_are_both_kept(store: Store) -> None:
    store.write([event(event_id="a")], NOON)
    store.reader().close()
    store._writer.execute("UPDATE events SET seq = ? WHERE id = 'a'", (seq_of("b", NOON),))
    store._writer.commit()
    store._own = threading.local()
    store.write([event(event_id="b")], NOON)
    assert set(ids(store, Asked())) == {"a", "b"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(text="shells river"), ["0", "1"]),
        (Asked(text="FRONT"), ["2"]),
        (Asked(text='"the front"'), ["2"]),
        (Asked(text='"front the"'), []),
        (Asked(text="Şuşa"), ["2"]),
        (Asked(text="susa"), ["2"]),
        (Asked(text='" OR *'), []),
        (Asked(type="Battles"), ["2"]),
        (Asked(type="Shelling/artillery/missile attack"), ["0", "1"]),
        (Asked(modality="denied"), ["1"]),
        (Asked(country="AZE"), ["2"]),
        (Asked(article="article-1"), ["1"]),
        (Asked(since=NOON - timedelta(hours=1)), ["0", "1"]),
        (Asked(until=NOON - timedelta(hours=1)), ["2"]),
        (Asked(box=Box(46, 39, 46.8, 40)), ["2"]),
        (Asked(box=Box(170, 39, 46.8, 40)), ["2"]),
        (Asked(box=Box(46.75, 39.76, 46.75, 39.76)), ["2"]),
        (Asked(box=Box(30, 20, 60, 50)), ["0", "1", "2"]),
        (Asked(box=Box(-180, -90, 180, 90)), ["0", "1", "2"]),
        (Asked(text="shells", box=Box(46, 39, 46.8, 40)), []),
        (Asked(since=NOON.replace(year=9999)), []),
        (Asked(until=NOON.replace(year=9999)), ["0", "1", "2"]),
        (Asked(stream="seeds"), []),
        (Asked(text="shells", type="Battles"), []),
    ],
)
def test_events_are_found_by_each_filter(store: Store, asked: Asked, found: list[str]) -> None:
    fight = "Fighting went on along the front."
    battle = {
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "sentence": Span(text=fight, start=0, end=len(fight)),
        "location": place("Şuşa", "AZE", 39.76, 46.75),
    }
    store.write([numbered(0), numbered(1, modality=Modality.DENIED), numbered(2, **battle)], NOON)
    assert ids(store, asked) == found


def test_words_of_an_article_are_found_with_what_is_around_them(store: Store) -> None:
    store.write([article(), event()], NOON)
    (found,) = articles_found(store, Asked(text="governor")).items
    assert f"the {MARK_START}governor{MARK_END}'s office" in found.excerpt
    assert (found.article, found.events) == (article().ref, 1)
    assert articles_found(store, Asked(text="absent")).items == []


def test_the_revision_fetched_last_stays(store: Store) -> None:
    later = article(text="Corrected: one village.", fetched=NOON + timedelta(hours=1))
    for each in (article(), later, article()):
        store.write([each], NOON)
    assert article_text(store, "article-1") == (later.ref, "Corrected: one village.")
    assert store.totals.articles == 1
    assert (
        articles_found(store, Asked(text="shells")).items[0].excerpt
        == f"{MARK_START}Shells{MARK_END} land in river villages"
    )
    assert articles_found(store, Asked(text="Nobody")).items == []


def test_events_of_an_article_are_in_the_order_of_its_text(store: Store) -> None:
    store.write([event(event_id="b", trigger=Span(text="late", start=50, end=54)), event(event_id="a")], NOON)
    assert [each.event_id for each in events_in_article(store, "article-1")] == ["a", "b"]


def test_what_was_read_long_ago_is_forgotten_also_by_the_search(store: Store) -> None:
    store.write([article(), event()], NOON)
    store.write([numbered(5)], NOON + timedelta(days=40))
    store.forget(Kept(NOON + timedelta(days=30), NOON))
    assert ids(store, Asked(text="shells")) == ids(store, Asked()) == ["5"]
    assert (store.totals.events, store.totals.articles) == (1, 0)


def written(path: Path) -> None:
    with Store(path, origin="here", keep=True) as first:
        first.write([event(), article(), alert(), alert(state=AlertState.RESOLVED)], NOON, {("events", 1): 7})


def test_a_store_that_is_kept_goes_on_where_it_ended(tmp_path: Path) -> None:
    written(tmp_path / "test.sqlite")
    with Store(tmp_path / "test.sqlite", origin="here", keep=True) as second:
        assert ids(second, Asked()) == ["event-1"]
        assert second.offsets == {("events", 1): 7}
        assert second.totals == Totals(1, 1, frozenset({"live"}))
        assert [each.state for each in second.alerts()] == ["firing", "resolved"]


@pytest.mark.parametrize("how", [{"rebuild": True}, {"origin": "elsewhere"}, {"keep": False}])
def test_a_store_is_made_anew_where_it_is_asked_for_or_of_other_topics(tmp_path: Path, how: dict[str, bool]) -> None:
    written(tmp_path / "test.sqlite")
    with Store(tmp_path / "test.sqlite", **{"origin": "here", "keep": True, **how}) as second:  # type: ignore[arg-type]
        assert ids(second, Asked()) == []
        assert second.offsets == {}


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_a_file_that_is_no_store_is_made_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "test.sqlite").write_bytes(content)
    with Store(tmp_path / "test.sqlite", keep=True) as store:
        store.write([event()], NOON)
        assert ids(store, Asked()) == ["event-1"]


def test_a_store_that_is_not_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    with Store(tmp_path / "test.sqlite") as store:
        store.write([event()], NOON)
    assert list(tmp_path.iterdir()) == []


def test_alerts_are_kept_longer_than_news(store: Store) -> None:
    store.write([event(), alert()], NOON)
    store.forget(Kept(news=NOON + timedelta(days=1), alerts=NOON))
    assert (ids(store, Asked()), len(store.alerts())) == ([], 1)


def test_events_are_counted_by_day_and_type(store: Store) -> None:
    store.write([numbered(0), numbered(1), numbered(13), numbered(2, event_type=None, sub_event_type=None)], NOON)
    counted = [(day.date().isoformat(), kind, count) for day, kind, count in days(store, "live")]
    assert counted == [
        ("2026-03-13", "Explosions/Remote violence", 1),
        ("2026-03-14", "Explosions/Remote violence", 2),
        ("2026-03-14", "other", 1),
    ]
    assert days(store, "seeds") == []


def test_many_threads_read_while_one_writes(store: Store) -> None:
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                events_found(store, Asked(text="shells", limit=20))
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for batch in range(20):
        store.write([event(event_id=f"{batch}-{number}") for number in range(50)], NOON)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(ids(store, Asked(limit=2000))) == 1000


def test_a_place_in_the_list_grows_with_the_time_of_publication() -> None:
    assert first_seq(NOON) <= seq_of("a", NOON) < first_seq(NOON + timedelta(seconds=1)) < 2**63
