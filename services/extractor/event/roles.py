"""Who did it to whom: by the parse where there is one, else by voice and position; possessives bound to the speaker."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from services.extractor.event.positions import (
    LIGHT,
    MUTUAL,
    REPEL,
    VICTIMS,
    Parties,
    armed,
    counts_victims,
    of_noun,
    of_verb,
)
from services.extractor.names.name import Name
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.modality import Scopes
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

GROUND = frozenset({"capture", "recapture", "control", "overrun"})
_BOTH = closed("roles.both")
_BY = frozenset({"by", "from"})
_WITH = frozenset({"with", "between", "against"})
_ON = frozenset({"on", "against", "at", "upon"})
_DIE = frozenset({"die", "dies", "died", "dying", "fell", "fall", "fallen", "lose", "loses", "lost", "losing"})
_FALL = frozenset({"fall", "falls", "fell", "fallen", "falling"})
_WHERE = closed("roles.where")
_FIRE = closed("roles.fire")
_THIRD = frozenset({"it", "they", "he", "she", "we", "i"})


@dataclass(frozen=True, slots=True)
class Talk:
    """Who is speaking over the trigger, all speakers of the sentence, and the article's two belligerent countries."""

    speaker: Name | None
    speakers: tuple[Name, ...]
    pair: tuple[str, ...]

    def speaks(self, name: Name, find: Find) -> bool:
        """Whether a name stands there as a speaker and not as a party to what the trigger tells."""
        return any(name.start == other.start and name.end == other.end for other in self.speakers) and not (
            find.verbal and find.head - 2 <= name.end <= find.head
        )


@dataclass(frozen=True, slots=True)
class _Scene:
    """The names around one trigger."""

    words: Words
    find: Find
    names: tuple[Name, ...]
    talk: Talk

    def at(self, heads: Iterable[int]) -> tuple[Name, ...]:
        """The parties that stand on the given words; a pronoun is who speaks."""
        found = [name for head in heads for name in self._one(head)]
        return tuple(dict.fromkeys(found))

    def within(self, heads: Iterable[int]) -> tuple[Name, ...]:
        """The parties that stand on the given words or in their noun phrases; unnamed ones only where no other is."""
        found = [name for head in heads for name in self._phrase(head)]
        known = [name for name in found if not name.id.startswith("UNK-")]
        return tuple(dict.fromkeys(known or found))

    def _phrase(self, head: int) -> tuple[Name, ...]:
        exact = tuple(self._one(head))
        if exact and not exact[0].id.startswith("UNK-"):
            return exact
        spots = [k for k in tree.phrase(self.words, head) if self.words[k].lower not in _BOTH]
        return tuple(name for k in spots for name in self._one(k)) or exact

    def _one(self, head: int) -> Iterator[Name]:
        word = self.words[head]
        if word.lower in _THIRD and self.talk.speaker:
            yield self.talk.speaker
        if word.lower in _BOTH:
            yield from (
                Name(head, head + 1, "both sides", "state", f"{code}-MIL", code, "MIL") for code in self.talk.pair
            )
        found = [name for name in self.names if name.start <= head < name.end and name.kind != "place"]
        yield from found
        yield from (twin for name in found for twin in self.names if _twin(self.words, twin, name))


def _twin(words: Words, twin: Name, name: Name) -> bool:
    """*Armenian and Azerbaijani forces*: the adjective that shares the noun of a name."""
    return twin.end + 1 == name.start and twin.sector == name.sector != "" and words[twin.end].lower in {"and", "or"}


def parties_of(reach: Scopes, find: Find, names: tuple[Name, ...], talk: Talk) -> Parties:
    """Actors and targets of a trigger."""
    words = reach.words
    able = (name for name in names if name.kind != "media" and not _scene_only(words, name))
    bound_names = tuple(bound(words, name, talk.speaker) for name in able)
    start, end = clause_of(reach.starts, len(words), find.start)
    here = tuple(
        name
        for name in bound_names
        if start <= name.start < end and name.kind != "place" and not talk.speaks(name, find)
    )
    if _both_sides(words, start, end):
        pair = (Name(find.start, find.end, "both sides", "state", f"{c}-MIL", c, "MIL") for c in talk.pair)
        here = (*here, *pair)
    guess = of_verb(words, find, here) if find.verbal else of_noun(words, find, here)
    if find.sense == "agreement":
        return _signatories(here)
    if not tree.parsed(words):
        return guess
    scene = _Scene(words, find, bound_names, talk)
    return _better(words, _verb_tree(scene) if find.verbal else _noun_tree(scene), guess, find)


def _scene_only(words: Words, name: Name) -> bool:
    """*in Dhaka*, *the avenues of Santiago*: a country or capital that only says where it was."""
    before = words[name.start - 1].lower if name.start else ""
    return name.kind == "country" and (before in _WHERE or (name.capital and before == "of"))


def _without_offices(parties: Parties) -> Parties:
    """Ministries and presidents speak of fighting; where forces are named too, these fight."""
    forces = tuple(name for name in parties.actors if name.sector not in {"GOV", "MOD", "PRES", "PM", "LEG"})
    return replace(parties, actors=forces or parties.actors)


def _signatories(here: tuple[Name, ...]) -> Parties:
    """Who agrees: all parties of the clause; a country is its government."""
    able = [name for name in here if name.kind in {"country", "state", "rebel", "igo"}]
    offices = (replace(n, id=f"{n.country}-GOV", sector="GOV") if n.kind == "country" else n for n in able)
    return Parties(tuple(dict.fromkeys(offices)), (), reciprocal=True)


def _better(words: Words, told: Parties, guess: Parties, find: Find) -> Parties:
    """The parse's answer, completed by position where it found nobody."""
    if find.sense in MUTUAL:
        told, guess = _without_offices(told), _without_offices(guess)
        return told if len(told.actors) > 1 or not guess.actors else guess
    if find.verbal and (find.start < find.head or (find.sense == "kill" and told.targets)):
        found = told if told.actors or told.targets else guess
        if not found.actors and words[find.head].lower not in _DIE and tree.subject(words, find.head) is None:
            found = Parties(tuple(name for name in guess.actors if name not in found.targets), found.targets)
        return Parties(found.actors, _losers(found.targets)) if find.sense in GROUND else found
    actors = told.actors or tuple(name for name in guess.actors if name not in told.targets)
    targets = told.targets or tuple(name for name in guess.targets if name not in actors)
    return Parties(actors, _losers(targets) if find.sense in GROUND else targets)


def _verb_tree(scene: _Scene) -> Parties:
    words, verb = scene.words, scene.find.head
    special = _special_verb(scene)
    if special:
        return special
    shortened = words[verb].dep == "acl" and scene.find.end > verb + 1
    if tree.is_passive(words, verb) and not shortened and counts_victims(words, scene.find):
        doers = (name for name in scene.names if scene.find.start - 2 <= name.end <= scene.find.start)
        return Parties(armed(doers), tuple(n for n in scene.names if 0 <= n.start - scene.find.end <= VICTIMS))
    if tree.is_passive(words, verb) and not shortened:
        return Parties(armed(scene.within(tree.agents(words, verb))), _passive_victims(scene))
    top = words[verb].head if shortened else tree.subject(words, verb)
    actors = armed(scene.at(tree.spread(words, iter([top])))) if top is not None else ()
    if top is not None and not actors and words[top].lower in lexicon().classes["launched"]:
        actors = armed(scene.at(range(_phrase_start(words, top), top)))
    if scene.find.sense in MUTUAL:
        others = armed(scene.at(tree.attached(words, verb, _WITH)))
        return Parties(tuple(dict.fromkeys(actors + others)), (), reciprocal=True)
    hit = scene.within(tree.objects(words, verb)) or scene.within(tree.attached(words, verb, _ON))
    if scene.find.sense in GROUND:
        hit = armed(scene.within(tree.attached(words, verb, frozenset({"from"})))) or _losers(hit)
    return Parties(actors, tuple(name for name in hit if name not in actors))


def _special_verb(scene: _Scene) -> Parties | None:
    """Verbs whose subject is not the one who acts: *repelled*, *died*, *fell to*, *missiles hit*."""
    words, find = scene.words, scene.find
    verb = find.head
    top = tree.subject(words, verb)
    above = scene.within(tree.spread(words, iter([top]))) if top is not None else ()
    if words[verb].lower in REPEL:
        by = (k for spot in range(find.start, find.end) for k in tree.attached(words, spot, _BY | {"of"}))
        return Parties(armed(scene.at(by)), above)
    if find.sense == "kill" and (firing := _whose_fire(scene) or _who_fired(scene)):
        return Parties(firing, above or _passive_victims(scene))
    if find.sense == "kill" and words[verb].lower in _DIE:
        inside = scene.at(range(verb + 1, find.end))
        return Parties(armed(inside or scene.within(tree.attached(words, verb, _BY))), above)
    if find.sense == "control" and words[verb].lower in _FALL:
        to = tree.attached(words, verb, frozenset({"to", "into", "under"}))
        return Parties(armed(scene.within(to)), ())
    if find.start < verb and words[find.start].lower in lexicon().classes["launched"]:
        hit = tree.objects(words, verb) or tree.attached(words, verb, _ON)
        return Parties(armed(scene.at(range(_phrase_start(words, find.start), verb))), scene.within(hit))
    return None


def _phrase_start(words: Words, i: int) -> int:
    """Where the adjectives and nouns before a weapon begin: *a Syrian army drone*."""
    while i and words[i - 1].pos in {"ADJ", "NOUN", "PROPN"}:
        i -= 1
    return i


def _whose_fire(scene: _Scene) -> tuple[Name, ...]:
    """*killed in police firing*, *died in an army raid*: who the fire belongs to."""
    nouns = tree.attached(scene.words, scene.find.head, frozenset({"in", "by", "to", "from"}))
    fire = (noun for noun in nouns if scene.words[noun].lower in _FIRE)
    found = armed(scene.at(owner for noun in fire for owner in tree.owners(scene.words, noun)))
    inside = (k - 1 for k in range(scene.find.start + 1, scene.find.end) if scene.words[k].lower in _FIRE)
    return found or armed(scene.at(inside))


def _who_fired(scene: _Scene) -> tuple[Name, ...]:
    """*one was killed when police fired at the crowd*: who fired, where the killing itself has nobody who did it."""
    words, verb = scene.words, scene.find.head
    if not (tree.is_passive(words, verb) or words[verb].lower in _DIE) or tree.agents(words, verb):
        return ()
    for word in words:
        behind = {w.lower for w in words[word.i + 1 : word.i + 3]}
        shot = word.lower == "fired" or (behind & {"fire", "firing"} and word.lower in {"opened", "resorted"})
        between = {w.lower for w in words[min(verb, word.i) : max(verb, word.i)]}
        if shot and between & _WHEN and "air" not in {w.lower for w in words[word.i : word.i + 5]}:
            top = tree.subject(words, word.i)
            return armed(scene.at(tree.spread(words, (top,)))) if top is not None else ()
    return ()


_WHEN = frozenset({"when", "after", "as", "where", "which"})


def _passive_victims(scene: _Scene) -> tuple[Name, ...]:
    below = tree.passive_subject(scene.words, scene.find.head)
    return scene.within(tree.spread(scene.words, iter([below]))) if below is not None else ()


def _losers(hit: tuple[Name, ...]) -> tuple[Name, ...]:
    """Who lost the ground: not the villages that were taken."""
    return tuple(name for name in hit if not name.id.startswith("UNK-") or name.sector != "CVL")


def _noun_tree(scene: _Scene) -> Parties:
    words, noun = scene.words, scene.find.head
    governor = words[noun].head
    light = words[governor].lower in LIGHT and words[noun].dep in {"obj", "obl"}
    repel = words[governor].lower in REPEL
    spots = (noun, governor) if light or repel else (noun,)
    if scene.find.sense in MUTUAL:
        both = scene.at(k for spot in spots for k in tree.attached(words, spot, _WITH))
        owner = scene.at(tree.owners(words, noun))
        top = tree.subject(words, governor) if light else None
        first = scene.at(tree.spread(words, iter([top]))) if top is not None else ()
        return Parties(armed(tuple(dict.fromkeys(first + owner + both))), (), reciprocal=True)
    by = scene.at(k for spot in spots for k in tree.attached(words, spot, _BY))
    own = scene.at(tree.attached(words, noun, frozenset({"of"}))) if not by else ()
    owner = scene.at(tree.owners(words, noun))
    top = tree.subject(words, governor) if light or repel else None
    first = scene.at(tree.spread(words, iter([top]))) if top is not None else ()
    hit = scene.within(k for spot in spots for k in tree.attached(words, spot, _ON))
    if repel:
        return Parties(armed(by or own or owner), first or hit)
    actors = by or (first if light else ()) or owner
    return Parties(armed(actors), hit or tuple(name for name in own if name not in actors))


def _both_sides(words: Words, start: int, end: int) -> bool:
    return any(
        words[k].lower in _BOTH and words[max(k - 1, 0)].lower in {"both", "two", "the", "warring", "all"}
        for k in range(start, end)
    )


def bound(words: Words, name: Name, speaker: Name | None) -> Name:
    """*its forces*, *his country's army*, *the defences*: a role noun without a name belongs to who speaks."""
    if speaker is None or not speaker.country or not name.id.startswith("UNK-") or not name.start:
        return name
    back = [word.lower for word in words[max(0, name.start - 3) : name.start]]
    defences = back[-1] == "the" and speaker.sector in {"MOD", "MIL"} and "defen" in name.text.lower()
    possessive = back[-1] in _OWN or ("country" in back and bool(_OWN & set(back)))
    if defences or possessive:
        return replace(name, id=f"{speaker.country}-{name.sector}", country=speaker.country)
    return name


_OWN = frozenset({"its", "their", "his", "her", "our"})
