"""An article read sentence by sentence: words, names, triggers, frames, dates, speakers; nothing decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from spacy.language import Language
from spacy.tokens import Doc

from services.core.article import Article
from services.core.event import Span
from services.extractor.attribution import Claim, claims_in
from services.extractor.casualties import Figure, figures_in
from services.extractor.clean import Clean
from services.extractor.dates import When, dates_in
from services.extractor.gazetteer import Site, gazetteer
from services.extractor.home import Home, home_of
from services.extractor.modality import Scopes, scopes
from services.extractor.name import Memory, Name
from services.extractor.names import learnt, names_in
from services.extractor.pipeline import parsed, reading_zone
from services.extractor.prefilter import act_filter, live_sentences, prefilter, warlike
from services.extractor.roles import pair_of
from services.extractor.sentences import Sentence, sentences
from services.extractor.triggers import Find, Said, acts_in, triggers_in
from services.extractor.unlisted import unlisted
from services.extractor.words import Words, words_of


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
            readings = tuple(_readings(_docs(nlp, told, live), text, today, home))
    names = tuple(name for reading in readings for name in reading.names)
    words = Counter(word.lower for reading in readings for word in reading.words)
    return Story(
        article, text, today, pair_of(names), _ground(names, home), home, readings, words, len(every) - len(told)
    )


def _bounded(every: list[Sentence]) -> Iterator[Sentence]:
    """The sentences that are read."""
    letters = accumulate(len(sentence.text) for sentence in every[:_MOST])
    return (sentence for sentence, length in zip(every, letters, strict=False) if length <= _MOST_LETTERS)


def _readings(docs: Iterator[tuple[Sentence, Doc]], text: Clean, today: date | None, home: Home) -> Iterator[Reading]:
    memory, speaker, number = Memory(home=home), None, 0
    before: Name | None = None
    for sentence, doc in docs:
        words = words_of(doc, sentence.start)
        if not words:
            continue
        known = names_in(words, text.text, memory)
        memory = learnt(memory, known, words)
        names = tuple(sorted((*known, *unlisted(words, known, home.country)), key=lambda name: name.start))
        claims = claims_in(words, names, speaker)
        acts = acts_in(words)
        speaker = claims[-1].who[0] if claims else _actor(names, acts) or speaker or _office(names)
        memory = replace(memory, last=speaker.country if speaker and speaker.country else memory.last)
        yield Reading(
            number,
            sentence,
            words,
            names,
            triggers_in(words),
            acts,
            scopes(words),
            dates_in(sentence.text, today),
            claims,
            figures_in(words, text.text, names, speaker),
            speaker,
            before,
        )
        number += 1
        before = next((name for name in reversed(names) if name.site), before)


_MOST, _MOST_LETTERS = 500, 100_000
"""Sentences and letters read of one article: more than news has, and a bound on the time a hostile text can cost."""


def _docs(nlp: Language, told: list[Sentence], live: list[bool]) -> Iterator[tuple[Sentence, Doc]]:
    """The sentences, parsed where they can hold an event or a verbal act, tokenized elsewhere.

    Where none of those that may hold a trigger does (a shot on goal), nor a verbal act, nothing is left to tell, and
    the rest of a calm article is not worth its time; nor are quiet sentences far from all those that can.
    """
    wanted = [hit or act_filter().passes(sentence.text) for hit, sentence in zip(live, told, strict=True)]
    docs = iter(parsed(nlp, (sentence.text for sentence, want in zip(told, wanted, strict=True) if want)))
    made = [next(docs) if want else None for want in wanted]
    hits = (words_of(doc) for doc, hit in zip(made, live, strict=True) if hit and doc)
    if any(triggers_in(words) or acts_in(words) for words in hits):
        for k, (sentence, doc) in enumerate(zip(told, made, strict=True)):
            if doc or k < _CONTEXT or any(live[max(k - _CONTEXT, 0) : k + _CONTEXT + 1]) or warlike(sentence.text):
                yield sentence, doc or nlp.make_doc(sentence.text)


_CONTEXT = 6
"""Sentences at the head of an article, and around one that can hold an event, that are read for places and parties."""


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


def sites_of(reading: Reading) -> tuple[Site, ...]:
    """The places a sentence names."""
    return tuple(name.site for name in reading.names if name.site)
