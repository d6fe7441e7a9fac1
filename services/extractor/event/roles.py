"""Who did it to whom: by the parse where there is one, else by voice and position; possessives bound to the speaker."""

from dataclasses import replace

from services.extractor.event.firing import DIE, lent, who_fired, whose_fire
from services.extractor.event.positions import (
    LIGHT,
    MUTUAL,
    VICTIMS,
    Parties,
    armed,
    bearing_arms,
    counts_victims,
    mutual,
    of_noun,
    of_verb,
    repels,
)
from services.extractor.event.scene import BOTH, Scene, Talk, bound
from services.extractor.names.name import Name
from services.extractor.names.parties import OFFICES
from services.extractor.reading.forms import PAST, verb_forms
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.modality import Scopes
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.grammar import PRONOUNS
from services.extractor.text.words import Words

GROUND = frozenset({"capture", "recapture", "control", "overrun"})
_SPEECH = closed("attribution.speech")
_WIELD = closed("roles.wield")
_BY = frozenset({"by", "from"})
_BY_OF = _BY | {"of"}
_WITH = frozenset({"with", "between", "against"})
_ON = frozenset({"on", "against", "at", "upon"})
_FALL = frozenset({"fall", "falls", "fell", "fallen", "falling"})
_WHERE = closed("roles.where")
_BANGS = closed("echo.bangs")
"""What explodes has nobody for its subject."""


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
    if find.sense == "ied" and find.verbal and words[find.head].lower in _BANGS:
        return Parties((), ())
    guess = of_verb(words, find, here) if find.verbal else of_noun(words, find, here)
    if find.sense == "agreement":
        return _signatories(here)
    if not tree.parsed(words):
        return bearing_arms(find, guess)
    scene = Scene(words, find, bound_names, talk)
    told = _better(words, _verb_tree(scene) if find.verbal else _noun_tree(scene), guess, find)
    found = bearing_arms(find, told)
    if find.sense == "kill" and not found.actors:
        doers = lent(scene, found.targets)
        return replace(found, actors=doers, targets=tuple(name for name in found.targets if name not in doers))
    return found


def _scene_only(words: Words, name: Name) -> bool:
    """*in Dhaka*, *the avenues of Santiago*, a dateline: a country or capital that only says where it was."""
    before = words[name.start - 1].lower if name.start else ""
    filed = not words[name.start].tag and bool(words[-1].tag)
    return name.kind == "country" and (filed or before in _WHERE or (name.capital and before == "of"))


def _without_offices(parties: Parties) -> Parties:
    """Ministries and presidents speak of fighting; where forces are named too, these fight."""
    forces = tuple(name for name in parties.actors if name.sector not in OFFICES)
    return replace(parties, actors=forces or parties.actors)


def _signatories(here: tuple[Name, ...]) -> Parties:
    """Who agrees: all parties of the clause; a country is its government, unless it only says whose rebels they are."""
    parties = [name for name in here if name.kind in {"country", "state", "rebel", "igo"}]
    able = [name for name in parties if name.kind != "country" or not any(o.start == name.end + 1 for o in parties)]
    offices = (n._replace(id=f"{n.country}-GOV", sector="GOV") if n.kind == "country" else n for n in able)
    return Parties(tuple(dict.fromkeys(offices)), (), reciprocal=True)


def _better(words: Words, told: Parties, guess: Parties, find: Find) -> Parties:
    """The parse's answer, completed by position where it found nobody."""
    if mutual(words, find):
        told, guess = _without_offices(told), _without_offices(guess)
        return told if len(told.actors) > 1 or not guess.actors else guess
    if find.verbal and (find.start < find.head or (find.sense == "kill" and told.targets)):
        found = told if told.actors or told.targets else guess
        if not found.actors and words[find.head].lower not in DIE and tree.subject(words, find.head) is None:
            found = Parties(tuple(name for name in guess.actors if name not in found.targets), found.targets)
        return Parties(found.actors, _losers(found.targets)) if find.sense in GROUND else found
    if told.reciprocal and len(told.actors) > 1:
        return told
    actors = told.actors or tuple(name for name in guess.actors if name not in told.targets)
    targets = told.targets or tuple(name for name in guess.targets if name not in actors)
    return Parties(actors, _losers(targets) if find.sense in GROUND else targets)


def _verb_tree(scene: Scene) -> Parties:
    words, verb = scene.words, scene.find.head
    if words[verb].lower in _FOUND:
        found = tree.is_passive(words, verb)
        return Parties((), _passive_victims(scene) if found else scene.within(tree.objects(words, verb)))
    if special := _special_verb(scene):
        return special
    shortened = words[verb].dep == "acl" and scene.find.end > verb + 1 and not tree.agents(words, verb)
    if tree.is_passive(words, verb) and not shortened and counts_victims(words, scene.find):
        doers = (name for name in scene.names if scene.find.start - 2 <= name.end <= scene.find.start)
        return Parties(
            armed(doers),
            tuple(n for n in scene.names if n.kind != "place" and 0 <= n.start - scene.find.end <= VICTIMS),
        )
    if tree.is_passive(words, verb) and not shortened:
        by = armed(scene.within(tree.agents(words, verb)))
        inside = _killers(scene) if not by and scene.find.sense in _LAID_TO else ()
        return Parties(by or inside, tuple(name for name in _passive_victims(scene) if name not in by))
    top = words[verb].head if shortened else _nearer(scene, tree.subject(words, verb))
    actors = armed(scene.at(tree.spread(words, iter([top])))) if top is not None else ()
    if not actors and scene.find.start and words[scene.find.start - 1].lower == "and":
        actors = _before_and(scene)
    # *gunmen riding motorcycles killed*, where the parse takes that for one noun
    if top is not None and not actors and words[verb].tag == "VBD":
        actors = armed(scene.at(k for k in tree.kids(words, top) if words[k].dep == "compound"))
    if top is not None and not actors and words[top].lower in lexicon().classes["launched"]:
        actors = armed(scene.at(range(_phrase_start(words, top), top)))
    if mutual(words, scene.find):
        fought = scene.within(tree.objects(words, verb)) if words[verb].lower in _FOUGHT else ()
        others = armed((*scene.at(tree.attached(words, verb, _WITH)), *fought))
        joined = _joined(scene, top) if top is not None else ()
        return Parties(tuple(dict.fromkeys(joined + actors + others)), (), reciprocal=True)
    hit = scene.within(tree.objects(words, verb)) or scene.within(_onto(scene))
    if scene.find.sense in GROUND:
        hit = armed(scene.within(tree.attached(words, verb, frozenset({"from"})))) or _losers(hit)
    return Parties(actors, tuple(name for name in hit if name not in actors))


def _joined(scene: Scene, top: int) -> tuple[Name, ...]:
    """*X troops and Y fighters clashed*: who is named before the subject, where the parse takes them for one noun."""
    start = next((name.start for name in scene.names if name.start <= top < name.end), top)
    spots = set(tree.phrase(scene.words, top))
    before = (name for name in scene.names if name.end - 1 in spots and name.end < start and name.kind != "place")
    return tuple(name for name in before if "and" in scene.words.forms[name.end : start])


def _onto(scene: Scene) -> tuple[int, ...]:
    """*fired on A*, *inflicted losses on A*: whom it fell on."""
    words, verb = scene.words, scene.find.head
    below = (k for k in range(verb, scene.find.end) if k == verb or words[k].dep == "obj")
    return tuple(noun for k in below for noun in tree.attached(words, k, _ON))


def _before_and(scene: Scene) -> tuple[Name, ...]:
    """*the police arrested 40 men and shot dead two*: who did what stands before *and*, where the parse fails."""
    words = scene.words
    verbs = (k for k in range(scene.find.start - 1, 0, -1) if words[k].pos == "VERB")
    tops = (k for verb in verbs for k in tree.kids(words, verb) if words[k].dep == "nsubj" and k < verb)
    first = next(tops, None)
    return armed(scene.within(tree.spread(words, (first,)))) if first is not None else ()


def _nearer(scene: Scene, top: int | None) -> int | None:
    """*authorities said trooper Hall shot the man*: who stands right before the deed, where the parse skips it."""
    start = scene.find.start
    if top is None or not _misread(scene, top):
        return top
    near = [name for name in scene.names if name.party and name.end <= start <= name.end + _CLOSE]
    return near[-1].end - 1 if near else top


def _misread(scene: Scene, top: int) -> bool:
    """Whether the subject is who says so, or a part of the deed's own words (*an agent shot and killed*)."""
    find = scene.find
    own = find.start <= top < find.end and scene.words[top].lower in PAST
    return own or any(word.lower in _SPEECH for word in scene.words[top : find.start])


_CLOSE = 2


def _special_verb(scene: Scene) -> Parties | None:
    """Verbs whose subject is not the one who acts: *repelled*, *died*, *fell to*, *missiles hit*."""
    words, find = scene.words, scene.find
    verb = find.head
    if repels(words, verb):
        by = (k for spot in range(find.start, find.end) for k in tree.attached(words, spot, _BY_OF))
        return Parties(armed(scene.at(by)), _above(scene))
    if find.sense == "kill" and (firing := whose_fire(scene) or who_fired(scene)):
        return Parties(firing, _above(scene) or _passive_victims(scene))
    if find.sense == "kill" and words[verb].lower in DIE:
        return Parties(_killers(scene), _above(scene) or _passive_victims(scene))
    if find.sense == "control" and words[verb].lower in _FALL:
        to = tree.attached(words, verb, frozenset({"to", "into", "under"}))
        return Parties(armed(scene.at(to) or scene.within(to)), ())
    if find.start < verb and words[find.start].lower in lexicon().classes["launched"] | _BULLETS:
        senders = armed(scene.within(tree.agents(words, verb)))
        hit = tree.objects(words, verb) or tree.attached(words, find.end - 1 if senders else verb, _ON)
        near = senders or armed(scene.at(range(_phrase_start(words, find.start), verb)))
        owners = tuple(name for name in near if not name.id.startswith("UNK-"))  # *drones belonging to X*: not theirs
        return Parties(owners or near, scene.within(hit))
    return None


_LAID_TO = frozenset({"kill", "air", "shell"})
"""*killed in Israeli strikes*: whose deed it was stands in the words for it."""
_FOUGHT = verb_forms("fight") | verb_forms("battle")
"""Verbs whose object is the other side."""
_BULLETS = frozenset({"bullet", "bullets"})
_FOUND = frozenset({"found", "find", "finds", "finding", "discovered", "recovered"})
"""*Police found three shot dead*: who finds the dead has not killed them."""


def _killers(scene: Scene) -> tuple[Name, ...]:
    """*died after he was shot by A*, *fell to A's bullets*: who is named behind *by*, or inside the trigger."""
    words, verb, end = scene.words, scene.find.head, scene.find.end
    by = scene.within(k for spot in range(verb, end) for k in tree.attached(words, spot, _BY))
    inside = scene.at(k for k in range(verb + 1, end) if words[k].lower not in PRONOUNS)
    return armed(by or tuple(name for name in inside if name.kind != "civ"))


def _above(scene: Scene) -> tuple[Name, ...]:
    top = tree.subject(scene.words, scene.find.head)
    return scene.within(tree.spread(scene.words, (top,))) if top is not None else ()


def _phrase_start(words: Words, i: int) -> int:
    """Where the adjectives and nouns before a weapon begin: *a Syrian army drone*."""
    while i and words[i - 1].pos in {"ADJ", "NOUN", "PROPN"}:
        i -= 1
    return i


def _passive_victims(scene: Scene) -> tuple[Name, ...]:
    below = tree.passive_subject(scene.words, scene.find.head)
    return scene.within(tree.spread(scene.words, (below,))) if below is not None else ()


def _losers(hit: tuple[Name, ...]) -> tuple[Name, ...]:
    """Who lost the ground: not the villages that were taken."""
    return tuple(name for name in hit if not name.id.startswith("UNK-") or name.sector != "CVL")


_TRADED = frozenset({"exchange", "exchanged", "exchanging", "exchanges", "trade", "traded", "trading", "swapped"})
"""*exchanged artillery fire*: who is named shoots, and is shot at."""


def _noun_tree(scene: Scene) -> Parties:
    words, noun = scene.words, scene.find.head
    governor = words[noun].head
    light = words[governor].lower in LIGHT | _WIELD and words[noun].dep in {"obj", "obl"}
    repel = repels(words, governor)
    spots = (noun, governor) if light or repel else (noun,)
    traded = words[governor].lower in _TRADED
    if mutual(words, scene.find) or traded:
        both = scene.at(k for spot in spots for k in tree.attached(words, spot, _WITH))
        owner = scene.at(tree.owners(words, noun))
        top = tree.subject(words, governor) if light or traded else None
        first = scene.at(tree.spread(words, iter([top]))) if top is not None else ()
        first = first or (_who_fought(scene) if both and not owner else ())
        owner = owner if scene.find.sense in MUTUAL else ()  # *artillery fire* is nobody's
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


def _who_fought(scene: Scene) -> tuple[Name, ...]:
    """*X seized the town after clashes with Y*: the other side is who the sentence is about, unless it only speaks."""
    words = scene.words
    verbs = (k for k in tree.above(words, scene.find.head) if words[k].pos == "VERB")
    verb = next(verbs, None)
    top = tree.subject(words, verb) if verb is not None and words[verb].lower not in _SPEECH else None
    return scene.within(tree.spread(words, (top,))) if top is not None else ()


def _both_sides(words: Words, start: int, end: int) -> bool:
    return not words.lowers.isdisjoint(BOTH) and any(
        words[k].lower in BOTH and words[max(k - 1, 0)].lower in {"both", "two", "the", "warring", "all"}
        for k in range(start, end)
    )
