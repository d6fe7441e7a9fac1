"""One trigger of one sentence made an event: parties, place, date, modality, type, flags, confidence, reasons."""

from dataclasses import dataclass, replace

from services.core.event import Attribution, Event, EventDate, Mention
from services.core.ontology import EVENT_TYPE_OF, CeasefireState, Modality
from services.core.wire import content_id
from services.extractor.event.border import state_of_ceasefire, targets_civilians
from services.extractor.event.carried import claim_of, sides_of, talk_of
from services.extractor.event.codes import coding_of, tier_of
from services.extractor.event.cues import crowd_only, cues_of
from services.extractor.event.frontier import FORCE, at_border, with_border
from services.extractor.event.known import known_before, of_topic, taken_before
from services.extractor.event.positions import Parties
from services.extractor.event.roles import GROUND
from services.extractor.event.setting import setting_of
from services.extractor.event.told import CURRENT, Told
from services.extractor.event.victims import victims
from services.extractor.event.when import adjunct, when_of
from services.extractor.event.where import About, Ground, ground_of
from services.extractor.names.gazetteer import gazetteer
from services.extractor.names.name import Name
from services.extractor.reading.attribution import Claim
from services.extractor.reading.casualties import Figure
from services.extractor.reading.lexicon import Coding, lexicon
from services.extractor.reading.modality import Stance, stance
from services.extractor.reading.read import Reading, Story, sites_of
from services.extractor.reading.triggers import Find
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.words import Words


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one trigger."""

    coding: Coding
    parties: Parties
    ground: Ground
    when: EventDate | None
    view: Stance
    claim: Claim | None
    figures: tuple[Figure, ...]
    border: str | None


def told(story: Story, reading: Reading, find: Find) -> Told:
    """The event that a trigger tells."""
    facts = facts_of(story, reading, find)
    event = _event(story, reading, find, facts)
    ground, definite = find.sense in GROUND, _definite(reading.words, find)
    thing = _thing(reading, find) if ground else reading.words[find.head].lower if find.verbal else ""
    return Told(
        event,
        find.sense,
        thing,
        facts.ground.holder,
        reading.number,
        reading.sentence.kind == "headline",
        facts.ground.inherited or (definite and not find.verbal and _placeless(reading, find)),
        definite=definite,
    )


def _placeless(reading: Reading, find: Find) -> bool:
    """Whether the clause of a trigger names no place: *the killings emptied the valley: buses left X*."""
    start, end = clause_of(reading.reach.starts, len(reading.words), find.start)
    return not any(name.site and start <= name.start < end for name in reading.names)


def _definite(words: Words, find: Find) -> bool:
    """*the raid*, *this latest attack*, *Sunday's explosion*: what is named is known already."""
    for k in range(find.start - 1, max(-1, find.start - 4), -1):
        if words[k].lower in {"the", "this", "these", "those"} or (words[k].lower == "'s" and _of_a_day(words, k)):
            return True
        if words[k].pos not in {"ADJ", "NUM", "NOUN"}:
            return False
    return False


def _of_a_day(words: Words, k: int) -> bool:
    return k > 0 and words[k - 1].lower in lexicon().classes["dayword"]


def facts_of(story: Story, reading: Reading, find: Find) -> Facts:
    """Everything the stages say of one trigger."""
    claim = claim_of(reading, find)
    talk = talk_of(story, reading, claim)
    parties = sides_of(story, reading, find, talk)
    ground = ground_of(reading, find, parties, talk, about=About(story.ground, story.home))
    cues = cues_of(story, reading, find, parties)
    coding = coding_of(find, parties, cues, reading.reach, sites=sites_of(reading))
    when, past = when_of(story, reading, find)
    parties = _driven_out(find, _hit_place(reading, find, parties), story.pair)
    border = at_border(story, reading, find, parties, ground=ground) if _forceful(reading, find) else None
    ground = with_border(story, reading, parties, ground) if border else ground
    unnamed = find.sense == "clash" and not find.verbal and not parties.actors and not adjunct(reading, find)
    if border and unnamed and len(story.pair) == 2:
        parties = replace(parties, actors=tuple(_implied(find, code) for code in story.pair))
    view = _named_only(reading, find, _alone(reading, find, stance(reading.reach, find)))
    if view.modality in CURRENT:
        past = past or taken_before(reading, find) or of_topic(reading, find) or known_before(reading, find)
        past = past or setting_of(story, reading, find)
        view = _view(view, past)
    return Facts(coding, parties, ground, when, view, claim, figures_of(reading, find), border)


def _forceful(reading: Reading, find: Find) -> bool:
    """Whether force was used: also against what flew."""
    words = reading.words[find.start : find.end]
    return find.sense in FORCE or (find.sense == "disrupt" and any(word.lower in _DOWNED for word in words))


_DOWNED = frozenset({"shot", "shoot", "shoots", "shooting", "downed", "downs", "intercepted", "intercepts"})


def _implied(find: Find, code: str) -> Name:
    """Clashes on a border without names are between the two sides the story is about."""
    return Name(find.start, find.end, gazetteer().country_names[code], "state", f"{code}-MIL", code, "MIL")


def _hit_place(reading: Reading, find: Find, parties: Parties) -> Parties:
    """Where no party was hit but a place: the country whose ground it is."""
    if parties.targets or parties.reciprocal or find.sense not in _REMOTE:
        return parties
    near = (name for name in reading.names if name.country and (name.site or name.kind == "country"))
    near = (name for name in near if not _origin(reading.words, name))
    after = [name for name in near if find.head < name.start <= find.head + 9]
    before = [name for name in reading.names if name.site and name.country and 0 < find.head - name.end <= 12]
    hit = after[:1] or before[-1:]
    return replace(parties, targets=tuple(name._replace(id=name.country) for name in hit if name not in parties.actors))


_REMOTE = frozenset({"shell", "air"})


def _driven_out(find: Find, parties: Parties, pair: tuple[str, ...]) -> Parties:
    """Whom one of two warring states beats or takes ground from are the other's forces, named or not."""
    ours = [name.country for name in parties.actors if name.kind == "state" and name.sector == "MIL"]
    bare = all(name.id in {*pair, "UNK-MIL"} for name in parties.targets)
    beats = find.sense in GROUND or (find.sense == "clash" and not parties.reciprocal)
    if not beats or not bare or len(pair) != len({*pair, *ours}) or len(set(ours)) != 1:
        return parties
    return replace(parties, targets=tuple(_implied(find, code) for code in pair if code != ours[0]))


def _origin(words: Words, name: Name) -> bool:
    """*fired from X*, *from southern X*: where it came from was not hit."""
    before = words.forms[max(0, name.start - 4) : name.start]
    return "from" in before and not {"in", "at", "on", "into", "near"} & set(before[before.index("from") :])


def _alone(reading: Reading, find: Find, view: Stance) -> Stance:
    """A noun that only dates the rest counts by itself where the sentence tells nothing else."""
    if view.cue is None or view.cue.frame.effect != "adjunct":
        return view
    cue = reading.words.forms[view.cue.start : view.cue.end]
    if not _ANSWERS.isdisjoint(cue) or ("'s" in cue and not any(name.site for name in reading.names)):
        return view  # *in answer to Monday's rocket fire*, *after Monday's raid*: that was told before
    passed = {"kill", "toll", "other", find.sense}
    rest = [other for other in reading.finds if other is not find and other.sense not in passed]
    return view if rest or reading.acts else replace(view, modality=Modality.ASSERTED, reasons=())


_ANSWERS = closed("known.answers")


def _named_only(reading: Reading, find: Find, view: Stance) -> Stance:
    """A truce or weapon that is only named, with no word of what became of it or what it did, is no news of it."""
    truce = find.sense == "agreement" and find.trigger.strength <= 0.5 and find.end - find.start <= 2
    if not (truce or _idle(reading, find)) or view.modality not in CURRENT:
        return view
    return replace(view, modality=Modality.BACKGROUND, reasons=("only named",))


def _idle(reading: Reading, find: Find) -> bool:
    """A weapon's name alone, in a sentence without victims and without any other deed, and not used."""
    word = reading.words[find.start]
    named = not find.verbal and find.end == find.start + 1 and _is_weapon(word.lower)
    used = word.head >= 0 and reading.words[word.head].pos == "VERB" and word.dep in {"obj", "nsubj", "nsubj:pass"}
    return named and not used and not reading.figures and all(other is find for other in reading.finds)


def _is_weapon(word: str) -> bool:
    classes = lexicon().classes
    return any(word in classes[name] for name in ("bomb", "projectile", "airforce", "weapon"))


def _view(view: Stance, past: str) -> Stance:
    return replace(view, modality=Modality.BACKGROUND, reasons=(f"background: {past!r}",)) if past else view


def figures_of(reading: Reading, find: Find) -> tuple[Figure, ...]:
    """The figures that belong to a trigger: those nearer to it than to any other kinetic trigger."""

    def gap(other: Find, figure: Figure) -> int:
        return min(abs(figure.start - other.head), abs(figure.end - other.head))

    able = [other for other in reading.finds if not crowd_only(reading, other)] or list(reading.finds)
    return tuple(f for f in reading.figures if min(able, key=lambda other: (gap(other, f), other.start)) is find)


def _thing(reading: Reading, find: Find) -> str:
    """What was taken: the words behind the verb up to the next preposition, for telling captures apart."""
    kept: list[str] = []
    for word in reading.words[find.head + 1 : find.head + 8]:
        if word.lower in {"in", "from", "after", "of", "by", ",", "and"} and kept:
            break
        if word.lower.isalpha() and word.lower not in {"control", "new", "the", "more", "crucial", "of", "several"}:
            kept.append(word.lower)
    return kept[-1] if kept else ""


def _event(story: Story, reading: Reading, find: Find, facts: Facts) -> Event:
    coding, view = facts.coding, facts.view
    trigger = story.span(reading.words[find.start].start, reading.words[find.end - 1].end)
    ref = story.article
    ceasefire = state_of_ceasefire(reading.words, find, view.cue)
    return Event(
        event_id=content_id("event", ref.id, ref.revision, str(trigger.start), str(trigger.end), coding.sub_event_type),
        article_id=ref.id,
        tier=tier_of(coding),
        event_type=EVENT_TYPE_OF[coding.sub_event_type],
        sub_event_type=coding.sub_event_type,
        plover=coding.plover or None,
        mode=coding.mode or None,
        cameo=coding.cameo or None,
        trigger=trigger,
        sentence=story.span(reading.sentence.start, reading.sentence.end),
        actor=mentions(facts.parties.actors),
        target=mentions(facts.parties.targets),
        location=facts.ground.places,
        date=facts.when,
        casualties=victims(reading, find, facts.parties, facts.figures, text=trigger.text),
        attribution=attribution(story, facts.claim),
        modality=view.modality,
        outcome=view.outcome,
        ceasefire=ceasefire,
        ceasefire_violation=ceasefire is CeasefireState.BREACHED,
        border_incident=facts.border is not None,
        civilian_targeting=targets_civilians(facts.parties.targets, coding.sub_event_type),
        confidence=confidence(find, facts, reading),
        reasons=(
            f"trigger: {trigger.text!r} ({find.trigger.where})",
            *view.reasons,
            *((facts.border,) if facts.border else ()),
        ),
        article=story.ref,
    )


def confidence(find: Find, facts: Facts, reading: Reading) -> float:
    """How sure the event is: the trigger's strength, what the crosswalk adds, who and where known, how it is said."""
    value = find.trigger.strength + facts.coding.bonus
    value += 0.05 * bool(facts.parties.actors) + 0.05 * bool(facts.ground.places)
    value -= 0.2 * _earlier(reading, find) + 0.1 * bool(reading.number)
    value -= 0.15 * (facts.view.modality is not Modality.ASSERTED) + 0.1 * (reading.sentence.kind == "headline")
    return round(min(max(value, 0.05), 0.99), 3)


def _earlier(reading: Reading, find: Find) -> bool:
    """Told as what went before: past perfect, *the previous day*."""
    forms = reading.words.forms
    start, end = clause_of(reading.reach.starts, len(forms), find.head)
    had = "had" in forms[max(0, find.head - 3) : find.head]
    return had or not {"previous", "earlier", "ago"}.isdisjoint(forms[max(0, start - 3) : end])


def mentions(names: tuple[Name, ...]) -> tuple[Mention, ...]:
    """Names as they travel on the wire, each id once."""
    return tuple({name.id: Mention(text=name.text, id=name.id) for name in names if name.id}.values())


def attribution(story: Story, claim: Claim | None) -> Attribution | None:
    """Who says so, and on which side they are."""
    if claim is None:
        return None
    who = claim.who[0]
    role = "media" if who.kind == "media" else "belligerent" if who.country in story.pair else "third_party"
    ident = f"{who.country}-GOV" if who.kind == "country" else who.id
    return Attribution(who=(Mention(text=who.text, id=ident),), role=role, via=claim.via)
