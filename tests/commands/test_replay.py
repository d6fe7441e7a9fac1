"""A replay is a stream of its own, in the order of event time, as fast as asked for."""

import random
from datetime import UTC, datetime

import pytest

from services.commands.replay import Timer, article_record, check_stream, parse_speed, replay, stream_name
from services.core.article import Article
from services.core.errors import InputError
from services.core.topics import ARTICLES, TopicNames
from services.core.wire import decode
from services.runtime.broker import Record
from tests.builders import article, at
from tests.fakes import MemoryBroker

NAMES = TopicNames("t")


class Watch:
    """A timer whose time passes only by waiting, and by what sending takes."""

    def __init__(self, sending: float = 0.0) -> None:
        self.time = 1000.0
        self.waits: list[float] = []
        self.sending = sending

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    def sent(self, number: int) -> None:
        self.time += self.sending * number

    @property
    def timer(self) -> Timer:
        return Timer(now=lambda: self.time, wait=self.wait)


def told(*hours: float) -> list[Article]:
    return [article(f"News of hour {hour}.", published=at(hour), ident=f"a{hour}") for hour in hours]


async def sent(articles: list[Article], speed: float | None, watch: Watch) -> list[Article]:
    """The articles as they lie in the one partition of the topic."""
    broker = MemoryBroker(partitions=1)
    async with broker.producer() as producer:
        await replay(articles, producer, names=NAMES, speed=speed, sent=watch.sent, timer=watch.timer)
    return [decode(Article, record.value) for record in broker.records("t.articles")]


async def test_articles_go_out_in_the_order_of_their_publication() -> None:
    articles = told(*range(250))
    random.Random(1).shuffle(articles)
    assert await sent(articles, None, Watch()) == told(*range(250))


async def test_at_full_speed_nothing_waits() -> None:
    watch = Watch()
    await sent(told(0, 1000), None, watch)
    assert watch.waits == []


@pytest.mark.parametrize(("speed", "waits"), [(1.0, [0, 3600, 7200]), (60.0, [0, 60, 120])])
async def test_pauses_are_those_of_event_time_divided_by_the_speed(speed: float, waits: list[float]) -> None:
    watch = Watch()
    await sent(told(3, 0, 1), speed, watch)
    assert watch.waits == waits


async def test_time_that_sending_takes_is_taken_off_the_next_pause() -> None:
    watch = Watch(sending=90)
    await sent(told(0, 1, 2, 3), 60.0, watch)
    assert watch.waits == [0, 0, 0, 0]
    watch = Watch(sending=10)
    await sent(told(0, 1, 2), 60.0, watch)
    assert watch.waits == [0, 50, 50]


async def test_progress_is_told_as_it_is_made() -> None:
    made: list[int] = []
    async with MemoryBroker().producer() as producer:
        await replay(told(*range(230)), producer, names=NAMES, speed=None, sent=made.append)
    assert made == [100, 100, 30]


async def test_nothing_to_replay_sends_nothing() -> None:
    assert await sent([], None, Watch()) == await sent([], 1.0, Watch()) == []


def test_a_record_is_keyed_by_the_article_and_says_which_revision_it_is() -> None:
    one = article(ident="x")
    record = article_record(one, NAMES, stage="replay")
    assert isinstance(record, Record)
    assert (record.topic, record.key) == (NAMES.of(ARTICLES), b"x")
    headers = dict(record.headers)
    assert headers["ce_id"] == f"x.{one.revision}".encode()
    assert headers["ce_source"] == b"/tocsin/replay"


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("real", 1.0), ("60x", 60.0), ("0.5x", 0.5)])
def test_speeds_are_read(text: str, speed: float | None) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["", "fast", "60", "0x", "0.0x", "-1x", "x", "1e3x", "infx"])
def test_what_is_no_speed_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="neither max nor real nor a factor such as 60x"):
        parse_speed(text)


@pytest.mark.parametrize(
    ("path", "stem"),
    [("seeds", "seeds"), ("Türk Haber (1).jsonl", "t-rk-haber-1-jsonl"), ("", "replay"), ("…", "replay")],
)
def test_a_stream_is_named_after_what_is_replayed_and_when(path: str, stem: str) -> None:
    name = stream_name(path, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert name == f"{stem}-20260102T030405"
    assert check_stream(name) == name


def test_the_name_of_a_very_long_path_is_short_enough() -> None:
    name = stream_name("x" * 500, at(0))
    assert check_stream(name) == name


@pytest.mark.parametrize("name", ["live", "", "a|b", "-a", ".a", "a b", "x" * 82, "a\n"])
def test_a_replay_cannot_take_a_name_that_live_or_group_keys_use(name: str) -> None:
    with pytest.raises(InputError, match="--stream"):
        check_stream(name)
