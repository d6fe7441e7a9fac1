"""An article read sentence by sentence: words, names, triggers, frames, dates, speakers; nothing decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from services.core.article import Article, ArticleRef
from services.core.event import Span
from services.extractor.names.gazetteer import Site, gazetteer
from services.extractor.names.home import Home, home_of
from services.extractor.names.name import Memory, Name
from services.extractor.names.names import learnt, names_in
from services.extractor.names.unlisted import told_elsewhere, unlisted
from services.extractor.reading.attribution import Claim, claims_in
from services.extractor.reading.casualties import Figure, figures_in
from services.extractor.reading.modality import Scopes, scopes
from services.extractor.reading.triggers import Find, Said
from services.extractor.text.clean import Clean
from services.extractor.text.dates import When, dates_in
from services.extractor.text.sentences import Sentence
from services.extractor.text.words import Words


@dataclass(frozen=True, eq=False)
class Reading:
    """One sentence read; a ``live`` one has words of a trigger, whether or not they turned out to be one.

    Before it is ``parsed``, ``finds`` and ``acts`` are what it may hold. ``before`` is the last place told of in the
    sentences before it.
    """

    number: int
    sentence: Sentence
    words: Words
    live: bool
    finds: tuple[Find, ...]
    acts: tuple[Said, ...]
    parsed: bool = False
    figures: tuple[Figure, ...] = ()
    names: tuple[Name, ...] = ()
    claims: tuple[Claim, ...] = ()
    speaker: Name | None = None
    before: Name | None = None
    today: date | None = None
    dateline: int = 0

    @cached_property
    def reach(self) -> Scopes:
        """The frame words of the sentence; they matter beside a trigger or act only."""
        return scopes(self.words) if self.finds or self.acts else Scopes(self.words, (0,), ())

    @cached_property
    def hurts(self) -> bool:
        """Whether the sentence tells of harm in figures, whoever is named in it: their text and side do not matter."""
        return bool(figures_in(self.words, "", (), None))

    @cached_property
    def dates(self) -> tuple[When, ...]:
        """The dates of the sentence, looked for when somebody asks; a dateline's says when it was written."""
        dates, first = dates_in(self.sentence.text, self.today), self.dateline - self.sentence.start
        return tuple(when for when in dates if when.start >= first)


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """What all sentences of one article share: its two belligerents and the place it is about.

    ``unread`` counts the sentences at the end of an enormous article that nobody looked at. A story equals only itself:
    what all its triggers ask of it is kept (``lru_cache(maxsize=1)``) until another story is asked about.
    """

    article: Article
    text: Clean
    today: date | None
    readings: tuple[Reading, ...]
    vocabulary: Counter[str]
    unread: int
    pair: tuple[str, ...] = ()
    ground: Name | None = None
    home: Home = field(default_factory=Home)

    @property
    def ref(self) -> ArticleRef:
        """What all its events carry of the article."""
        return _ref(self)

    def span(self, start: int, end: int) -> Span:
        """A stretch of the uniform text as a span of the text as given."""
        first, last = self.text.span(start, end)
        return Span(text=self.article.text[first:last], start=first, end=last)


@lru_cache(maxsize=1)
def _ref(story: Story) -> ArticleRef:
    return story.article.ref


def read(glimpse: Story) -> Story:
    """The article read to the end: who is named where, who speaks, and where it is at home."""
    home = home_of(glimpse.text.text, glimpse.article.title, glimpse.article.outlet)
    readings = _with_places(tuple(_readings(glimpse, home)), home)
    names = tuple(name for reading in readings for name in reading.names)
    return replace(glimpse, readings=readings, pair=_pair_of(names), ground=_ground(names, home), home=home)


def _readings(glimpse: Story, home: Home) -> Iterator[Reading]:
    memory, speaker = Memory(home=home), None
    before: Name | None = None
    text = glimpse.text.text
    for reading in glimpse.readings:
        words, acts = reading.words, reading.acts
        known = names_in(words, text, memory)
        memory = learnt(memory, known, words)
        names = tuple(sorted((*known, *unlisted(words, known, home.country)), key=lambda name: name.start))
        claims = claims_in(words, names, speaker)
        speaker = claims[-1].who[0] if claims else _actor(names, acts) or speaker or _office(names)
        if speaker and speaker.country not in {"", memory.last}:
            memory = replace(memory, last=speaker.country)
        yield replace(
            reading,
            figures=figures_in(words, text, names, speaker),
            names=names,
            claims=claims,
            speaker=speaker,
            before=before,
            today=glimpse.today,
            dateline=home.end,
        )
        before = next((name for name in reversed(names) if name.site or is_visited(words, name)), before)


def is_visited(words: Words, name: Name, *, going: bool = False) -> bool:
    """Whether a capital is named as the place that it is, and not for its government; ``going``: also behind *to*."""
    before = words[name.start - 1].lower if name.capital and name.start else ""
    return before in _AT or (going and before == "to")


_AT = frozenset({"in", "near", "outside", "at", "across", "of", "around"})


def _with_places(readings: tuple[Reading, ...], home: Home) -> tuple[Reading, ...]:
    """The sentences, with a place that no table lists wherever it is named, once one of them told that it is one."""
    found = [n for reading in readings for n in reading.names if n.kind == "place" and n.site and n.site.lat is None]
    places = {name.text: name for name in reversed(found) if " " not in name.text}
    if home.place and home.place.lat is None:
        places |= {home.place.name: _at(home.place, home.country)}
    if not places:
        return readings
    more = (told_elsewhere(reading.words, reading.names, places) for reading in readings)
    return tuple(
        replace(reading, names=tuple(sorted((*reading.names, *names), key=lambda name: name.start)))
        if names
        else reading
        for reading, names in zip(readings, more, strict=True)
    )


def _at(site: Site, country: str) -> Name:
    return Name(0, 0, site.name, "place", country=country, site=site)


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
        only = _only_country(names)
        return only if only and home.country in {"", only.country} else _dateline(home) or only
    best = max(counts, key=lambda place: counts[place])
    return next(name for name in names if name.site and name.site.name == best)


def _at_home(site: Site, home: Home) -> bool:
    return not home.country or not site.countries or home.country in site.countries


def _dateline(home: Home) -> Name | None:
    """The place an article is filed from, or the bare country it is about."""
    if not home.country:
        return None
    text = gazetteer().country_names[home.country]
    if home.place:
        return _at(home.place, home.country)
    return Name(0, 0, text, "country", country=home.country)


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
