"""An article read sentence by sentence: words, names, triggers, frames, dates, speakers; nothing decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from spacy.language import Language

from services.core.article import Article
from services.core.event import Span
from services.extractor.names.gazetteer import Site, gazetteer
from services.extractor.names.home import Home, home_of
from services.extractor.names.name import Memory, Name
from services.extractor.names.names import learnt, names_in
from services.extractor.names.unlisted import unlisted
from services.extractor.reading.attribution import Claim, claims_in
from services.extractor.reading.casualties import Figure, figures_in
from services.extractor.reading.drafts import Draft, drafts
from services.extractor.reading.modality import Scopes, scopes
from services.extractor.reading.prefilter import live_sentences, prefilter
from services.extractor.reading.triggers import Find, Said
from services.extractor.text.clean import Clean
from services.extractor.text.dates import When, dates_in
from services.extractor.text.pipeline import reading_zone
from services.extractor.text.sentences import Sentence, sentences
from services.extractor.text.words import Words


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence read. ``before`` is the last place told of in the sentences before it."""

    number: int
    sentence: Sentence
    words: Words
    names: tuple[Name, ...]
    finds: tuple[Find, ...]
    acts: tuple[Said, ...]
    reach: Scopes
    dates: tuple[When, ...]
    claims: tuple[Claim, ...]
    figures: tuple[Figure, ...]
    speaker: Name | None
    before: Name | None


@dataclass(frozen=True, slots=True)
class Story:
    """What all sentences of one article share: its two belligerents and the place it is about.

    ``unread`` counts the sentences at the end of an enormous article that nobody looked at.
    """

    article: Article
    text: Clean
    today: date | None
    pair: tuple[str, ...]
    ground: Name | None
    home: Home
    readings: tuple[Reading, ...]
    vocabulary: Counter[str]
    unread: int = 0

    def span(self, start: int, end: int) -> Span:
        """A stretch of the uniform text as a span of the text as given."""
        first, last = self.text.span(start, end)
        return Span(text=self.article.text[first:last], start=first, end=last)


def read(nlp: Language, article: Article, text: Clean) -> Story:
    """The article read; only its sentences, not its page furniture and headings."""
    today = article.published.date() if article.published_known else None
    hits = prefilter().offsets(text.text)
    every = [sentence for sentence in sentences(text.text) if sentence.kind in {"body", "headline"}] if hits else []
    told = list(_bounded(every))
    live = live_sentences(text.text, [(sentence.start, sentence.end) for sentence in told], hits)
    readings: tuple[Reading, ...] = ()
    home = home_of(text.text, article.title) if any(live) else Home()
    if any(live):
        with reading_zone(nlp):
            readings = tuple(_readings(drafts(nlp, text.text, told, live, line=home.end), text, today, home))
    names = tuple(name for reading in readings for name in reading.names)
    words = Counter(word.lower for reading in readings for word in reading.words)
    return Story(
        article, text, today, _pair_of(names), _ground(names, home), home, readings, words, len(every) - len(told)
    )


def _bounded(every: list[Sentence]) -> Iterator[Sentence]:
    """The sentences that are read."""
    letters = accumulate(len(sentence.text) for sentence in every[:_MOST])
    return (sentence for sentence, length in zip(every, letters, strict=False) if length <= _MOST_LETTERS)


def _readings(drafts: Iterator[Draft], text: Clean, today: date | None, home: Home) -> Iterator[Reading]:
    memory, speaker = Memory(home=home), None
    before: Name | None = None
    for number, draft in enumerate(drafts):
        sentence, words, acts = draft.sentence, draft.words, draft.acts
        known = names_in(words, text.text, memory)
        memory = learnt(memory, known, words)
        names = tuple(sorted((*known, *unlisted(words, known, home.country)), key=lambda name: name.start))
        claims = claims_in(words, names, speaker)
        speaker = claims[-1].who[0] if claims else _actor(names, acts) or speaker or _office(names)
        memory = replace(memory, last=speaker.country if speaker and speaker.country else memory.last)
        yield Reading(
            number,
            sentence,
            words,
            names,
            draft.finds,
            acts,
            scopes(words) if draft.finds or acts else Scopes(words, (0,), ()),
            _dates(sentence, today, home),
            claims,
            figures_in(words, text.text, names, speaker),
            speaker,
            before,
        )
        before = next((name for name in reversed(names) if name.site), before)


def _dates(sentence: Sentence, today: date | None, home: Home) -> tuple[When, ...]:
    """The dates of a sentence; a dateline's says when it was written."""
    return tuple(when for when in dates_in(sentence.text, today) if sentence.start + when.start >= home.end)


_MOST, _MOST_LETTERS = 500, 100_000
"""Sentences and letters read of one article: more than news has, and a bound on the time a hostile text can cost."""


def _actor(names: tuple[Name, ...], acts: tuple[Said, ...]) -> Name | None:
    """Who performs the first verbal act of a sentence: the nearest party before it."""
    before = [name for name in names if acts and name.start < acts[0].start and name.party and name.sector != "CVL"]
    return before[-1] if before else None


def _office(names: tuple[Name, ...]) -> Name | None:
    """An office that a first sentence is about may be *it* in the next."""
    return next((name for name in names if name.sector in {"MOD", "GOV", "PRES", "PM"} and name.country), None)


def _ground(names: tuple[Name, ...], home: Home) -> Name | None:
    """Where a sentence without a place takes place: the region or place most often named, the dateline, the country."""
    counts: dict[str, int] = {}
    for name in names:
        if name.site and name.site.kind != "country" and _at_home(name.site, home):
            counts[name.site.name] = counts.get(name.site.name, 0) + (2 if name.site.kind == "region" else 1)
    if not counts:
        return _only_country(names) or _dateline(home)
    best = max(counts, key=lambda place: counts[place])
    return next(name for name in names if name.site and name.site.name == best)


def _at_home(site: Site, home: Home) -> bool:
    return not home.country or not site.countries or home.country in site.countries


def _dateline(home: Home) -> Name | None:
    """The place an article is filed from, or the bare country it is about."""
    if not home.country:
        return None
    text = home.place.name if home.place else gazetteer().country_names[home.country]
    return Name(0, 0, text, "place" if home.place else "country", country=home.country, site=home.place)


def _only_country(names: tuple[Name, ...]) -> Name | None:
    """The one country that everybody in a story belongs to, if there is one."""
    homes = [name for name in names if name.country]
    return homes[0] if len({name.country for name in homes}) == 1 else None


def _pair_of(names: tuple[Name, ...]) -> tuple[str, ...]:
    """The two countries that most forces named in an article belong to (*both sides*), the more often named first."""
    armed = Counter(n.country for n in names if n.country and (n.sector in {"MIL", "MOD"} or n.kind == "rebel"))
    named = Counter(n.country for n in names if n.country)
    return tuple(sorted((code for code, _ in armed.most_common(2)), key=lambda code: -named[code]))


def sites_of(reading: Reading) -> tuple[Site, ...]:
    """The places a sentence names."""
    return tuple(name.site for name in reading.names if name.site)
