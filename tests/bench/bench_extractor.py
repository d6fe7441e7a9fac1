"""How fast the extractor is, against the blank tokenizer and the bare parser on the same text, and what it keeps.

``make bench``, or ``python -m tests.bench.bench_extractor [--articles 20000] [--profile]``. Seconds are processor
seconds of this process, so "a second" is a second of one core; the three contenders take turns on the same articles,
so that a noisy machine slows all of them. The goals hold for an otherwise idle core: read the ratios elsewhere.
"""

import argparse
import cProfile
import gc
import pstats
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from spacy.language import Language

from services.core.article import Article
from services.extractor.extract import events_in
from services.extractor.reading.prefilter import live_sentences, prefilter
from services.extractor.text.blank import blank_pipeline
from services.extractor.text.clean import clean
from services.extractor.text.nlp import load_pipeline
from services.extractor.text.sentences import sentences
from tests.bench.news import dense, mixed

GOALS = {"general mix": 500.0, "dense conflict": 40.0}
"""Articles a second and core."""

_CHUNK = 20
_STEPS = 10

Work = Callable[[Article], int]


@dataclass(slots=True)
class Clock:
    """Processor seconds of the three contenders on one kind of text, and what was found in it."""

    articles: int = 0
    words: int = 0
    parsed: int = 0
    events: int = 0
    extractor: float = 0.0
    tokenizer: float = 0.0
    parser: float = 0.0


def main() -> int:
    """Prints the tables; returns 1 where a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=20_000, help="articles of the memory run (0: leave it out)")
    options.add_argument("--profile", action="store_true", help="print the functions that take longest, nothing else")
    chosen = options.parse_args()
    nlp = load_pipeline()
    if chosen.profile:
        _profile(nlp)
        return 0
    clocks = {
        "general mix": _timed(nlp, islice(mixed(1), 200), parse_every=10),
        "dense conflict": _timed(nlp, islice(dense(2), 40), parse_every=2),
    }
    _write(_table(clocks))
    if chosen.articles:
        _memory(nlp, chosen.articles)
    return int(any(_speed(clocks[name]) < goal for name, goal in GOALS.items()))


def _timed(nlp: Language, articles: Iterable[Article], *, parse_every: int) -> Clock:
    """All articles through the extractor and the tokenizer, every so many through the parser, which is slow."""
    blank, clock = blank_pipeline(), Clock()
    stock = list(articles)
    for article in stock[:5]:
        events_in(nlp, article)
        _tokenized(blank, article)
        _parsed(nlp, article)
    for start in range(0, len(stock), _CHUNK):
        chunk = stock[start : start + _CHUNK]
        sample = chunk[::parse_every]
        clock.articles += len(chunk)
        clock.words += sum(len(article.text.split()) for article in chunk)
        clock.parsed += sum(_reaches_parser(article) for article in chunk)
        clock.extractor += _seconds(chunk, lambda article: len(events_in(nlp, article)))
        clock.tokenizer += _seconds(chunk, lambda article: _tokenized(blank, article))
        clock.parser += _seconds(sample, lambda article: _parsed(nlp, article)) * len(chunk) / len(sample)
        clock.events += sum(len(events_in(nlp, article)) for article in chunk)
    return clock


def _seconds(articles: list[Article], work: Work) -> float:
    gc.collect()
    began = time.process_time()
    for article in articles:
        work(article)
    return time.process_time() - began


def _tokenized(blank: Language, article: Article) -> int:
    with blank.memory_zone():
        return len(blank(article.text))


def _parsed(nlp: Language, article: Article) -> int:
    """Every sentence through the parts of the pipeline that the extractor uses."""
    with nlp.memory_zone():
        told = (sentence.text for sentence in sentences(clean(article.text).text))
        return sum(len(doc) for doc in nlp.pipe(told, disable=["ner", "lemmatizer"]))


def _reaches_parser(article: Article) -> bool:
    text = clean(article.text).text
    told = [(s.start, s.end) for s in sentences(text) if s.kind in {"body", "headline"}]
    return any(live_sentences(text, told, prefilter().offsets(text)))


def _speed(clock: Clock) -> float:
    return clock.articles / clock.extractor


def _table(clocks: dict[str, Clock]) -> str:
    heads = ("text", "articles", "words", "reach parser", "events", "a second", "goal", "x tokenizer", "x parser")
    lines = [heads]
    for name, clock in clocks.items():
        lines.append(
            (
                name,
                f"{clock.articles:,}",
                f"{clock.words / clock.articles:.0f}",
                f"{clock.parsed / clock.articles:.0%}",
                f"{clock.events / clock.articles:.1f}",
                f"{_speed(clock):.0f}",
                f"{GOALS[name]:.0f}",
                f"{clock.tokenizer / clock.extractor:.2f}",
                f"{clock.parser / clock.extractor:.2f}",
            )
        )
    notes = "words and events: a mean article; x: speed as a multiple of the contender's on the same articles"
    return "\n".join("  ".join(f"{cell:>14}" for cell in line) for line in lines) + f"\n{notes}\n"


def _memory(nlp: Language, count: int) -> None:
    """Resident memory and spaCy's stores while different articles go by; a tenth of them to warm up."""
    _write(f"\n{'articles':>14}  {'RSS MB':>14}  {'strings':>14}  {'lexemes':>14}  {'a second':>14}")
    began, first, resident = time.process_time(), len(nlp.vocab.strings), []
    for number, article in enumerate(mixed(3)):
        if number % max(count // _STEPS, 1) == 0:
            gc.collect()
            pace = number / (time.process_time() - began)
            resident.append(_resident())
            sizes = (f"{number:,}", f"{resident[-1]:.0f}", f"{len(nlp.vocab.strings):,}", f"{len(nlp.vocab):,}")
            _write("  ".join(f"{cell:>14}" for cell in (*sizes, f"{pace:.0f}")))
        if number == count:
            break
        events_in(nlp, article)
    grown = len(nlp.vocab.strings) - first
    _write(f"strings kept of {count:,} articles: {grown:,}; articles a second include making the text up")
    if len(resident) > 2:
        _write(f"RSS at the end: {resident[-1] / resident[1]:.3f} times that after {count // _STEPS:,} articles")


def _resident() -> float:
    """Megabytes of this process in memory now (not its peak)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def _profile(nlp: Language) -> None:
    for name, articles in (("general mix", islice(mixed(1), 300)), ("dense conflict", islice(dense(2), 30))):
        stock = list(articles)
        _seconds(stock[:5], lambda article: len(events_in(nlp, article)))
        profile = cProfile.Profile()
        profile.enable()
        _seconds(stock, lambda article: len(events_in(nlp, article)))
        profile.disable()
        _write(name)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
