"""``extracted``: one article in, the events it tells out. Pure over the pipeline and the article; no clock, no network.

The cascade: clean, sieves, sentences (``opened``), bare words and what they may tell (``glanced``, ``idle``), trees and
triggers (``with_triggers``, ``with_acts``), names and speakers (``read``), then for each trigger parties, place, date,
modality and type (``tell``, ``speech``, ``tolls``), then the article as a whole (``absorb``, ``merge``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from spacy.language import Language

from services.core.article import MAX_TEXT, Article
from services.core.event import Event
from services.extractor.event.accidents import accidental
from services.extractor.event.aftermath import with_harm
from services.extractor.event.harmless import harmless
from services.extractor.event.idle import idle
from services.extractor.event.speech import spoken
from services.extractor.event.tell import told
from services.extractor.event.told import Told
from services.extractor.event.tolls import counted, folds, summed, total
from services.extractor.merging.absorb import absorbed
from services.extractor.merging.merge import merged
from services.extractor.reading.glance import glanced, with_acts, with_triggers
from services.extractor.reading.page import Page, opened
from services.extractor.reading.read import Reading, Story, read
from services.extractor.reading.triggers import Find
from services.extractor.text.clean import Clean, clean
from services.extractor.text.language import is_english
from services.extractor.text.pipeline import reading_zone


class Outcome(StrEnum):
    """How the reading of an article went; a label of ``tocsin_extractions_total``."""

    EVENTS = "events"
    NOTHING_TOLD = "nothing told"
    NO_TRIGGER = "no trigger"
    EMPTY = "empty"
    NOT_ENGLISH = "not English"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Extraction:
    """The events of one article in text order, and how its reading went (``CUT``: the end of it was not read)."""

    events: tuple[Event, ...]
    outcome: Outcome


def events_in(nlp: Language, article: Article) -> tuple[Event, ...]:
    """The events an article tells, in text order; repeats carry ``duplicate_of``."""
    return extracted(nlp, article).events


def extracted(nlp: Language, article: Article) -> Extraction:
    """The events an article tells, or why there are none.

    Args:
        nlp: a pipeline for English; tags and a parse are used where it makes them.
        article: its text may be anything: other languages, empty, binary, very long.
    """
    text = clean(article.text[:MAX_TEXT])
    if not text.text.strip():
        return Extraction((), Outcome.EMPTY)
    if not is_english(text.text):
        return Extraction((), Outcome.NOT_ENGLISH)
    page = opened(text.text)
    events, outcome = _read(nlp, article, text, page) if page.lines else ((), Outcome.NO_TRIGGER)
    return Extraction(events, Outcome.CUT if page.unread or len(article.text) > MAX_TEXT else outcome)


def _read(nlp: Language, article: Article, text: Clean, page: Page) -> tuple[tuple[Event, ...], Outcome]:
    with reading_zone(nlp):
        glimpse = glanced(nlp, article, text, page)
        if idle(glimpse):
            return (), Outcome.NOTHING_TOLD
        glimpse = with_triggers(nlp, glimpse, page)
        if not any(reading.live and (reading.finds or reading.acts) for reading in glimpse.readings):
            return (), Outcome.NO_TRIGGER
        if idle(glimpse):
            return (), Outcome.NOTHING_TOLD
        story = read(with_acts(nlp, glimpse, page))
    mentions = sorted(islice(_mentions(story), _MOST), key=lambda item: item.event.trigger.start)
    events = merged(tuple(with_harm(story, tuple(mentions))), article.title)
    return _with_rest(events, story), Outcome.EVENTS if events else Outcome.NOTHING_TOLD


def _with_rest(events: tuple[Event, ...], story: Story) -> tuple[Event, ...]:
    return (*events[:-1], _last(events[-1], story.unread)) if events and story.unread else events


def _last(event: Event, unread: int) -> Event:
    """The last event of an enormous article, with the reason why none comes after it."""
    return event.model_copy(update={"reasons": (*event.reasons, f"not read: {unread} more sentences")})


_MOST = 300
"""Mentions read of one article: more is a chronology or a list of words, the merge compares them pairwise, and each
goes out as a record of its own."""


def _mentions(story: Story) -> Iterator[Told]:
    """What the sentences tell, in their order.

    Where no trigger stands, nobody asks what was said of other things: verbal acts are then told only of sentences with
    the words of a trigger, as they are of an article without any.
    """
    stands = any(total(reading) or _standing(story, reading) for reading in story.readings)
    for reading in story.readings:
        if stands:
            yield from _deeds(story, reading)
        if stands or reading.live:
            yield from filter(None, (spoken(story, reading, said) for said in reading.acts))


def _deeds(story: Story, reading: Reading) -> Iterator[Told]:
    toll = counted(story, reading)
    if toll:
        yield toll
    finds = _standing(story, reading)
    yield from absorbed(reading, finds, tuple(told(story, reading, find) for find in finds))


def _standing(story: Story, reading: Reading) -> tuple[Find, ...]:
    """The triggers of a sentence that tell of what happened in a conflict, and not only along with a toll."""
    return tuple(
        find
        for find in reading.finds
        if not folds(reading, find)
        and not accidental(story, reading, find)
        and not harmless(story, reading, find)
        and not (total(reading) and summed(reading, find))
    )
