"""``events_in``: one article in, the events it tells out. Pure over the pipeline and the article; no clock, no network."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from spacy.language import Language

from services.core.article import Article
from services.core.event import Attribution, Event, EventDate, Mention, Place, Span
from services.core.ontology import EVENT_TYPE_OF, CeasefireState, Modality, Tier
from services.core.wire import content_id
from services.extractor.attribution import Claim, claims_in
from services.extractor.border import FORCE, at_border, state_of_ceasefire, targets_civilians
from services.extractor.clauses import clause_of
from services.extractor.clean import Clean, clean
from services.extractor.codes import coding_of
from services.extractor.dates import When, dates_in
from services.extractor.lexicon import Coding
from services.extractor.merge import merged
from services.extractor.modality import Scopes, Stance, scopes, stance
from services.extractor.names import Memory, Name, learnt, names_in
from services.extractor.prefilter import prefilter
from services.extractor.roles import Parties, Talk, pair_of, parties_of
from services.extractor.sentences import Sentence, sentences
from services.extractor.triggers import Find, triggers_in
from services.extractor.where import places_of
from services.extractor.words import Words, words_of

_OLD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence read: words, names, triggers, frames, dates, and who is speaking when it begins."""

    sentence: Sentence
    words: Words
    names: tuple[Name, ...]
    finds: tuple[Find, ...]
    reach: Scopes
    dates: tuple[When, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What all sentences of one article share."""

    article: Article
    text: Clean
    today: date | None
    pair: tuple[str, ...]
    senses: frozenset[str]


def events_in(nlp: Language, article: Article) -> tuple[Event, ...]:
    """The events an article tells, in text order; repeats carry ``duplicate_of``.

    Args:
        nlp: a pipeline for English; tags and a parse are used where it makes them.
        article: its text may be anything: other languages, empty, binary, very long.
    """
    text = clean(article.text)
    if not prefilter().offsets(text.text):
        return ()
    today = article.published.date() if article.published_known else None
    readings = tuple(_readings(nlp, text, today))
    names = tuple(name for reading in readings for name in reading.names)
    senses = frozenset(find.sense for reading in readings for find in reading.finds)
    story = Story(article, text, today, pair_of(names), senses)
    return merged(tuple(event for reading in readings for event in _events(story, reading)))


def _readings(nlp: Language, text: Clean, today: date | None) -> Iterator[Reading]:
    memory, speaker = Memory(), None
    told = [sentence for sentence in sentences(text.text) if sentence.kind in {"body", "headline"}]
    for sentence, doc in zip(told, nlp.pipe(sentence.text for sentence in told), strict=True):
        words = words_of(doc, sentence.start)
        if not words:
            continue
        names = names_in(words, text.text, memory)
        memory = learnt(memory, names, words)
        claims = claims_in(words, names, speaker)
        speaker = claims[-1].who[0] if claims else speaker
        yield Reading(sentence, words, names, triggers_in(words), scopes(words), dates_in(sentence.text, today), claims)


def _events(story: Story, reading: Reading) -> Iterator[Event]:
    for find in reading.finds:
        if find.sense != "toll":
            yield _event(story, reading, find)


def _event(story: Story, reading: Reading, find: Find) -> Event:
    claim = next((claim for claim in reading.claims if claim.start <= find.start < claim.end), None)
    speaker = claim.who[0] if claim else None
    speakers = tuple(name for other in reading.claims for name in other.who)
    parties = parties_of(reading.reach, find, reading.names, Talk(speaker, speakers, story.pair))
    said = {name.start: name for name in speakers}
    places = _ground(places_of(reading.reach, find, reading.names, said), parties)
    sites = tuple(name.site for name in reading.names if name.site)
    coding = coding_of(find, parties, _cues(reading, find), reading.reach, sites)
    when, past = _when(story, reading, find)
    view = _view(stance(reading.reach, find), past=past)
    return _written(story, reading, find, _Facts(coding, parties, places, when, view, claim))


@dataclass(frozen=True, slots=True)
class _Facts:
    coding: Coding
    parties: Parties
    places: tuple[Place, ...]
    when: EventDate | None
    view: Stance
    claim: Claim | None


def _view(view: Stance, *, past: str) -> Stance:
    if past and view.modality in {Modality.ASSERTED, Modality.ALLEGED}:
        return Stance(Modality.BACKGROUND, view.outcome, (f"background: {past!r}",), view.cue)
    return view


def _ground(places: tuple[Place, ...], parties: Parties) -> tuple[Place, ...]:
    if places:
        return places
    owner = next((name for name in parties.targets if name.country and name.sector == "CVL"), None)
    return (Place(text=owner.text, name=owner.text, geo_precision=3, country=owner.country),) if owner else ()


def _cues(reading: Reading, find: Find) -> frozenset[str]:
    """What else the sentence tells: the senses of its other triggers, and a few words that tip the scale."""
    cues = {other.sense for other in reading.finds if other is not find}
    lower = {word.lower for word in reading.words}
    if cues & {"kill"} or lower & {"killed", "dead", "killing"}:
        cues.add("lethal")
    if lower & {"rubber", "live", "beat", "batons", "excessive", "baton", "brutal", "brutally"}:
        cues.add("excess")
    if "arrest" in cues and lower & {"police", "security", "officers"}:
        cues.add("police_arrest")
    if "forced" in lower and find.sense == "withdraw":
        cues.add("retreat_forced")
    return frozenset(cues)


def _when(story: Story, reading: Reading, find: Find) -> tuple[EventDate | None, str]:
    """The date of a mention, and the words that put it in the past."""
    words = reading.words
    start, end = clause_of(reading.reach.starts, len(words), find.start)
    first, last = words[start].start - reading.sentence.start, words[end - 1].end - reading.sentence.start
    own = [when for when in reading.dates if first <= when.start < last and not when.compared]
    for when in own or [when for when in reading.dates if not when.compared]:
        if when.since or (when in own and story.today and story.today - when.last > _OLD):
            return when.event_date, when.text
    chosen = next(iter(own), None) or next((when for when in reading.dates if not when.compared), None)
    if chosen:
        return chosen.event_date, ""
    return (EventDate(value=story.today, time_precision=2), "") if story.today else (None, "")


def _written(story: Story, reading: Reading, find: Find, facts: _Facts) -> Event:
    coding, parties, view = facts.coding, facts.parties, facts.view
    trigger = _span(story, reading.words[find.start].start, reading.words[find.end - 1].end)
    ref = story.article
    effect = view.cue.frame.effect if view.cue else ""
    clause = clause_of(reading.reach.starts, len(reading.words), find.start)
    border = at_border(reading.words, clause, parties, facts.places) if find.sense in FORCE else None
    ceasefire = state_of_ceasefire(reading.words, find, effect)
    event_type = EVENT_TYPE_OF[coding.sub_event_type]
    return Event(
        event_id=content_id("event", ref.id, ref.revision, str(trigger.start), str(trigger.end), coding.sub_event_type),
        article_id=ref.id,
        tier=Tier.STRATEGIC if event_type == "Strategic developments" else Tier.KINETIC,
        event_type=event_type,
        sub_event_type=coding.sub_event_type,
        plover=coding.plover or None,
        mode=coding.mode or None,
        cameo=coding.cameo or None,
        trigger=trigger,
        sentence=_span(story, reading.sentence.start, reading.sentence.end),
        actor=tuple(Mention(text=name.text, id=name.id) for name in parties.actors),
        target=tuple(Mention(text=name.text, id=name.id) for name in parties.targets),
        location=facts.places,
        date=facts.when,
        attribution=_attribution(story, facts.claim),
        modality=view.modality,
        outcome=view.outcome,
        ceasefire=ceasefire,
        ceasefire_violation=ceasefire is CeasefireState.BREACHED,
        border_incident=border is not None,
        civilian_targeting=targets_civilians(parties.targets, coding.sub_event_type),
        confidence=_confidence(find, facts, reading.sentence),
        reasons=(f"trigger: {trigger.text!r} ({find.trigger.where})", *view.reasons, *((border,) if border else ())),
        article=ref.ref,
    )


def _confidence(find: Find, facts: _Facts, sentence: Sentence) -> float:
    value = find.trigger.strength + facts.coding.bonus
    value += 0.05 * bool(facts.parties.actors) + 0.05 * bool(facts.places)
    value -= 0.15 * (facts.view.modality not in {Modality.ASSERTED}) + 0.1 * (sentence.kind == "headline")
    return round(min(max(value, 0.05), 0.99), 3)


def _attribution(story: Story, claim: Claim | None) -> Attribution | None:
    if claim is None:
        return None
    who = claim.who[0]
    role = "media" if who.kind == "media" else "belligerent" if who.country in story.pair else "third_party"
    ident = f"{who.country}-GOV" if who.kind == "country" else who.id
    return Attribution(who=(Mention(text=who.text, id=ident),), role=role, via=claim.via)


def _span(story: Story, start: int, end: int) -> Span:
    first, last = story.text.span(start, end)
    return Span(text=story.article.text[first:last], start=first, end=last)
