"""How fast the dashboard's store searches a million events, while somebody writes.

``make bench-store``, or ``python -m tests.bench.bench_store [--events 1000000]``. Events are made up from a fixed seed:
thirty thousand words with the frequencies of language (Zipf), two years of days, fifty countries, four events an
article. Each question is asked several times, in a thread beside the writer; the slowest answer is printed.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from services.core.article import Article, new_article
from services.core.event import Event, Place, Span
from services.core.ontology import EVENT_TYPE_OF, Modality, Tier
from services.core.wire import Message
from services.dashboard.asked import Asked, Box
from services.dashboard.lookups import days, find_articles, find_events
from services.dashboard.store import Store

GOAL_MS = 200.0
"""The longest a search may take on an otherwise idle core."""

_START = datetime(2024, 1, 1, tzinfo=UTC)
_BATCH = 5_000
_TIMES = 5
_EVENTS_AN_ARTICLE = 4
_SUB_TYPES = tuple(EVENT_TYPE_OF)

QUESTIONS = {
    "newest": Asked(),
    "a rare word": Asked(text="w29876"),
    "a common word": Asked(text="w1"),
    "two common words": Asked(text="w1 w2"),
    "a phrase": Asked(text='"w1 w2"'),
    "the beginning of words": Asked(text="w12"),
    "a word and a type": Asked(text="w5", type="Battles"),
    "a sub-event type in a country": Asked(type="Armed clash", country="C07"),
    "denied in a month": Asked(modality="denied", since=_START + timedelta(days=60), until=_START + timedelta(days=90)),
    "a small box": Asked(box=Box(10.0, 10.0, 11.0, 11.0)),
    "a box and a word": Asked(text="w3", box=Box(-20.0, -20.0, 20.0, 20.0)),
    "nothing": Asked(text="absent"),
}


def messages(count: int) -> Iterator[Message]:
    """Articles and their events, ``count`` events in all."""
    chance = random.Random(1)
    words = [f"w{number}" for number in range(30_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    picks = iter(lambda: chance.choices(words, weights, k=100_000), None)
    word = (each for some in picks for each in some)
    for number in range(count // _EVENTS_AN_ARTICLE):
        article = _article(number, " ".join(islice(word, 20)), chance)
        yield article
        for part in range(_EVENTS_AN_ARTICLE):
            yield _event(f"{number}-{part}", " ".join(islice(word, 18)), article, chance)


def _article(number: int, text: str, chance: random.Random) -> Article:
    at = _START + timedelta(seconds=chance.randrange(730 * 86_400))
    return new_article(
        ident=f"a{number}",
        text=text,
        title=text[:60],
        source="bench",
        outlet=f"o{number % 300}",
        fetched=at,
        published=at,
    )


def _event(ident: str, text: str, article: Article, chance: random.Random) -> Event:
    country = f"C{chance.randrange(50):02}"
    place = Place(
        text=f"place {chance.randrange(5000)}",
        name=f"Place {chance.randrange(5000)}",
        lat=chance.uniform(-60, 70),
        lon=chance.uniform(-180, 180),
        country=country,
    )
    sub_type = chance.choice(_SUB_TYPES)
    return Event(
        event_id=ident,
        article_id=article.id,
        tier=Tier.KINETIC,
        event_type=EVENT_TYPE_OF[sub_type],
        sub_event_type=sub_type,
        trigger=Span(text=text[:5], start=0, end=5),
        sentence=Span(text=text, start=0, end=len(text)),
        location=(place,),
        modality=chance.choice(list(Modality)),
        confidence=0.8,
        article=article.ref,
    )


def fill(store: Store, count: int) -> float:
    """Writes the events; returns how many a second."""
    began, made = time.perf_counter(), messages(count)
    while batch := list(islice(made, _BATCH)):
        store.write(batch, datetime.now(UTC))
        sys.stderr.write(f"\r{store.totals.events:,} events")
    sys.stderr.write("\n")
    return count / (time.perf_counter() - began)


def slowest(store: Store) -> dict[str, float]:
    """The longest time of each question, in milliseconds, while another thread writes."""
    done = threading.Event()
    writer = threading.Thread(target=_write_until, args=(store, done))
    writer.start()
    try:
        found = {name: max(_asked(store, asked) for _ in range(_TIMES)) for name, asked in QUESTIONS.items()}
        found["events by day"] = max(_milliseconds(lambda: days(store, None)) for _ in range(_TIMES))
        articles = Asked(text="w1 w2")
        found["articles"] = max(_milliseconds(lambda: find_articles(store, articles)) for _ in range(_TIMES))
    finally:
        done.set()
        writer.join()
    return found


def _write_until(store: Store, done: threading.Event) -> None:
    """Writes as a busy day does: a hundred events, five times a second."""
    made = (message for message in messages(10**9))
    number = 0
    while not done.wait(0.2):
        batch = [
            m.model_copy(update={"event_id": f"w{number}-{m.event_id}"})
            for m in islice(made, 125)
            if isinstance(m, Event)
        ]
        store.write(batch, datetime.now(UTC))
        number += 1


def _asked(store: Store, asked: Asked) -> float:
    return _milliseconds(lambda: find_events(store, asked))


def _milliseconds(question: Callable[[], object]) -> float:
    began = time.perf_counter()
    question()
    return (time.perf_counter() - began) * 1000


def say(line: str) -> None:
    """A line of the table."""
    sys.stdout.write(line + "\n")


def main() -> int:
    """Prints the table; returns 1 where a search took longer than the goal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000, help="events in the store")
    options.add_argument("--folder", type=Path, help="where the file is made (it is removed)")
    chosen = options.parse_args()
    with TemporaryDirectory(dir=chosen.folder) as folder, Store(Path(folder) / "bench.sqlite") as store:
        speed = fill(store, chosen.events)
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
        totals = store.totals
        say(f"{totals.events:,} events of {totals.articles:,} articles, {speed:,.0f} events/s, {size:,.0f} MB")
        found = slowest(store)
    for name, milliseconds in found.items():
        say(f"{name:32} {milliseconds:8.1f} ms")
    return int(max(found.values()) > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
