"""Verbal acts made events: who urged, warned, accused, denied, offered, met whom."""

from services.core.event import Event, EventDate
from services.core.ontology import Modality, Tier
from services.core.wire import content_id
from services.extractor.event.tell import attribution, mentions
from services.extractor.event.told import Told
from services.extractor.event.where import named_places
from services.extractor.names.name import Name
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Said
from services.extractor.text import tree
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.grammar import MODALS, PRONOUNS

_PAIR = closed("roles.both")
_RECIPROCAL = closed("speech.reciprocal")


def spoken(story: Story, reading: Reading, said: Said) -> Told | None:
    """The event of a verbal act; None where nobody is known to speak."""
    actors, targets = parties(story, reading, said)
    if not actors:
        return None
    event = _event(story, reading, said, (actors, targets))
    return Told(
        event, "verbal", said.act.cameo, "", reading.number, reading.sentence.kind == "headline", inherited=True
    )


def parties(story: Story, reading: Reading, said: Said) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Who speaks, and to whom or of whom."""
    subject = _subject(reading, said)
    targets = _targets(story, reading, said)
    if _stated(reading, said):
        claim = next((c.who for c in reading.claims if c.start <= said.start < c.end), None)
        speaker = claim or ((reading.speaker,) if reading.speaker else ())
        return speaker, subject or targets
    subject = subject or ((reading.speaker,) if reading.speaker else ())
    if said.act.plover == "CONSULT" and _words(reading, said) & _RECIPROCAL:
        return (*subject, *(name for name in targets if name not in subject)), ()
    return subject, tuple(name for name in targets if name not in subject)


def _words(reading: Reading, said: Said) -> frozenset[str]:
    return frozenset(word.lower for word in reading.words[said.start : said.end])


def _stated(reading: Reading, said: Said) -> bool:
    """The words are not a verb of speech but what is said: *must withdraw*, *is responsible for*."""
    first = reading.words[said.start].lower
    return first in {"must", "can", "is", "are", "was", "were"} or (first in MODALS and said.act.plover == "THREATEN")


def _subject(reading: Reading, said: Said) -> tuple[Name, ...]:
    words = reading.words
    start, _ = clause_of(reading.reach.starts, len(words), said.start)
    span = range(said.start, said.end)
    verb = next((k for pos in ("VERB", "NOUN") for k in span if words[k].pos == pos), said.start)
    top = tree.subject(words, verb) if tree.parsed(words) else None
    if top is not None:
        found = _at(reading, tree.spread(words, iter([top])))
        if found or words[top].lower in PRONOUNS:
            return found or _pronoun(reading, said)
    if not PRONOUNS.isdisjoint(words.forms[start : said.start]):
        return _pronoun(reading, said)
    before = [name for name in reading.names if start <= name.start < said.start and name.party]
    return _group(reading, before)


def _pronoun(reading: Reading, said: Said) -> tuple[Name, ...]:
    """Who *he*, *it* or *we* is: who makes the claim that the act stands in, else who spoke last."""
    claim = next((claim.who for claim in reading.claims if claim.start <= said.start < claim.end), None)
    return claim or ((reading.speaker,) if reading.speaker else ())


def _group(reading: Reading, names: list[Name]) -> tuple[Name, ...]:
    group: list[Name] = []
    for name in reversed(names):
        if group and not {",", "and", "the"}.issuperset(reading.words.forms[name.end : group[-1].start]):
            break
        group.append(name)
    return tuple(reversed(group))


def _at(reading: Reading, heads: tuple[int, ...]) -> tuple[Name, ...]:
    names = [name for head in heads for name in reading.names if name.start <= head < name.end and name.party]
    return tuple(dict.fromkeys(names))


def _targets(story: Story, reading: Reading, said: Said) -> tuple[Name, ...]:
    """The parties behind the verb, joined ones together; *both sides* are the article's belligerents."""
    words = reading.words
    _, end = clause_of(reading.reach.starts, len(words), said.start)
    if not _PAIR.isdisjoint(words.forms[said.start + 1 : min(end, said.end + 9)]):
        return tuple(Name(said.start, said.end, "both sides", "country", code, code) for code in story.pair)
    after = [name for name in reading.names if said.start < name.start < end and name.kind != "place"]
    group: list[Name] = []
    for name in after:
        if group and not {",", "and", "the"}.issuperset(words.forms[group[-1].end : name.start]):
            break
        group.append(name)
    return tuple(group)


def _event(story: Story, reading: Reading, said: Said, who: tuple[tuple[Name, ...], tuple[Name, ...]]) -> Event:
    act, ref = said.act, story.article
    trigger = story.span(reading.words[said.start].start, reading.words[said.end - 1].end)
    claim = next((claim for claim in reading.claims if claim.start <= said.start < claim.end), None)
    past = any(cue.frame.effect == "background" and cue.frame.reach == "both" for cue in reading.reach.over(said))
    exact = next((when for when in reading.dates if when.precision <= 2 and not when.since), None)
    unsaid = EventDate(value=story.today, time_precision=2) if story.today else None
    return Event(
        event_id=content_id("event", ref.id, ref.revision, str(trigger.start), str(trigger.end), act.plover),
        article_id=ref.id,
        tier=Tier.VERBAL,
        plover=act.plover,
        mode=act.mode or None,
        cameo=act.cameo,
        trigger=trigger,
        sentence=story.span(reading.sentence.start, reading.sentence.end),
        actor=mentions(tuple(map(_office, who[0]))),
        target=mentions(who[1]),
        location=named_places(reading, said.start),
        date=exact.event_date if exact else unsaid,
        attribution=attribution(story, claim),
        modality=Modality.BACKGROUND if past else act.modality,
        confidence=0.6,
        reasons=(f"verbal act: {trigger.text!r} ({act.where})",),
        article=story.ref,
    )


def _office(name: Name) -> Name:
    """A country that speaks is its government."""
    return name._replace(id=f"{name.country}-GOV") if name.kind in {"country", "demonym"} else name
