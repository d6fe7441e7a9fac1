"""What else is told around a trigger and tips the scale of its type: other triggers, the weapon, who was there."""

from collections.abc import Iterator

from services.extractor.event.positions import Parties
from services.extractor.event.roles import GROUND
from services.extractor.event.told import CURRENT
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.modality import stance
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

Cues = frozenset[str]


def cues_of(story: Story, reading: Reading, find: Find, parties: Parties) -> Cues:
    """The senses of the other triggers of the sentence, those of the sentences beside it that bear on it, and words."""
    mutual = {"mutual"} if _mutual(parties, reading) else set()
    bombed = frozenset({"from_air"} if find.sense == "ied" and _bombed_by_jets(story, reading, find) else ())
    nearby = bombed | _in_sentence(reading, find, parties) | _beside(story, reading, find, parties)
    losers = [n for n in reading.names if n not in parties.actors] if find.sense == "recapture" else parties.targets
    held = {"from_rebels"} if any(name.kind == "rebel" for name in losers) else set()
    return nearby | mutual | held | _airborne(reading, find) | _weapon(reading, find)


def _bombed_by_jets(story: Story, reading: Reading, find: Find) -> bool:
    """*Four bombs tore up the grove. The jets came from the north*: the next sentences say what dropped the bombs."""
    words = reading.words.forms[find.start : find.end]
    bombs = "bombs" in words and lexicon().classes["vehicle"].isdisjoint(words)
    behind = story.readings[reading.number : reading.number + 3]
    return bombs and any(not _JETS.isdisjoint(other.words.lowers) for other in behind)


_JETS = frozenset({"jets", "warplanes", "warplane", "bombers", "planes", "aircraft"})


def _in_sentence(reading: Reading, find: Find, parties: Parties) -> Cues:
    others = [o for o in reading.finds if o is not find and not _earlier_deed(reading, find, o, parties)]
    cues = {o.sense for o in others if _live(reading, o) and not mere_way(o)}
    lower = reading.words.lowers
    if stance(reading.reach, find).outcome:
        cues.add("failed")
    if "kill" in cues or (_deadly(reading) and not any(_of_death(other) for other in reading.finds)):
        cues.add("lethal")
    if lower & _EXCESS and (find.sense == "disperse" or cues & _POLICING):
        cues.add("excess")
    if "arrest" in cues and lower & {"police", "security", "officers"}:
        cues.add("police_arrest")
    return frozenset(cues | set(_in_words(reading, find, parties)))


def _earlier_deed(reading: Reading, find: Find, other: Find, parties: Parties) -> bool:
    """*shelled X, two days after rebels killed six*: the answer is no word for how they killed."""
    if find.sense not in {"kill", "attack"} or not find.verbal or not parties.actors or other.end > find.start:
        return False
    first = min(name.start for name in parties.actors)
    return other.end <= first < find.head and "after" in reading.words.forms[other.end : first]


def _deadly(reading: Reading) -> bool:
    """Whether somebody dies; *prayers for dead comrades* tell of no death of now."""
    words = reading.words
    told = (word for word in words if word.lower in _LETHAL) if words.lowers & _LETHAL else ()
    return any(word.lower != "dead" or word.dep != "amod" or word.head < word.i for word in told)


def _of_death(find: Find) -> bool:
    """Whether a trigger has the words of death of its sentence, and tells how they stand to what happened."""
    return find.sense == "kill" or (find.sense == "attack" and not find.verbal)


def _in_words(reading: Reading, find: Find, parties: Parties) -> Iterator[str]:
    """What single words beside a trigger, or of it, add to its sense."""
    sense, lower = find.sense, reading.words.lowers
    inside = {word.lower for word in reading.words[find.start : find.end]}
    if sense == "riot":
        yield from ("protest",) if inside & _MARCHES else ()
        yield from ("policed",) if lower & _ORDER else ()
    if sense == "clash":
        yield from ("policed",) if any(name.kind == "police" for name in parties.actors) else ()
        yield from ("guns",) if lower & _GUNS or inside & {"fire", "fired", "shot"} else ()
    if sense in GROUND and (lower & _PRESSED or _UNDER_FIRE in " ".join(reading.words.forms)):
        yield "clash"  # who retreats is pressed; who withdraws need not be
    if sense == "disperse" and inside & {"opened", "open", "opens", "opening", "shot"} and not inside & _HARMLESS:
        yield "excess"  # *opened fire on a march*
    if sense in _FALLING | {"air"} and (lower & _POISONS or _gassed(reading)):
        yield "chemical"
    if sense == "shell" and inside & _BOMBED and not inside & lexicon().classes["projectile"]:
        yield "bombed"  # who does it decides what falls: states have aircraft, others lay their bombs
    if find.verbal and sense in _BARE and _at_a_march(reading):
        yield "at_march"
    if sense == "withdraw" and "forced" in lower:
        yield "retreat_forced"


_BOMBED = frozenset({"bomb", "bombs", "bombed", "bombing"})
_EXCESS = closed("cues.excess")
_POLICING = frozenset({"disperse", "attack", "kill", "arrest"})
_ORDER = frozenset({"police", "officers", "policemen", "soldiers", "troops", "security", "gendarmes", "army"})


_GUNS = closed("cues.guns")
_PRESSED = closed("cues.pressed")
_UNDER_FIRE = "under fire"
_HARMLESS = frozenset({"tear", "gas", "air", "canisters", "water"})
_LETHAL = frozenset({"killed", "dead", "killing", "died"})


def _gassed(reading: Reading) -> bool:
    """*a shell filled with poison gas*: what was in it, wherever the words of the trigger end."""
    pairs = zip(reading.words, reading.words[1:], strict=False)
    return any(one.lower in _TOXIC and two.lower in _AGENTS for one, two in pairs)


_POISONS = frozenset({"sarin", "novichok", "vx"})
_TOXIC = frozenset({"poison", "poisonous", "toxic", "mustard", "chlorine", "nerve", "chemical", "blister"})
_AGENTS = closed("cues.agents")


def _at_a_march(reading: Reading) -> bool:
    """*shot dead during marches*: those it befell were marching."""
    return any(
        find.sense == "protest" and {word.lower for word in reading.words[max(find.start - 2, 0) : find.start]} & _AMID
        for find in reading.finds
    )


_AMID = frozenset({"during", "at"})


def mere_way(find: Find) -> bool:
    """*who crossed the border*: how they came, and no fight."""
    return find.sense == "clash" and find.verbal and find.trigger.strength < _FAINT


_FAINT = 0.5


def crowd_only(reading: Reading, find: Find) -> bool:
    """*fired at the rioters*, *killed two of the mob*: a word that only says whom it befell."""
    word = reading.words[find.end - 1]
    named = find.end == find.start + 1 and word.lower in _CROWDS and not find.verbal
    return (
        named
        and word.dep not in {"nsubj", "ROOT"}
        and any(other.head < find.start or other.sense == "attack" for other in reading.finds)
    )


_CROWDS = frozenset({"rioter", "rioters", "mob", "mobs"})


def _beside(story: Story, reading: Reading, find: Find, parties: Parties) -> Cues:
    """What the sentences beside tell: riots about a protest, the weapon of a bare attack, the march behind shots."""
    wanted = _NEIGHBOURS.get(find.sense, frozenset())
    if find.sense in _BARE and not parties.actors:
        wanted |= _AFAR
    if find.sense in _BARE and any(name.kind == "police" for name in parties.actors):
        wanted |= _MARCH
    if find.sense in _BARE and not _SHOTS.isdisjoint(reading.words.forms[find.start : find.end]):
        wanted -= _WEAPONS | _AFAR
    if not wanted:
        return frozenset()
    at, back = reading.number, _FAR_BACK if find.sense in _BARE and wanted & (_AFAR | _MARCH) else 1
    before = () if _apart(reading) else story.readings[max(0, at - back) : at]
    others = (*before, *(other for other in story.readings[at + 1 : at + 2] if not _apart(other)))
    others = tuple(other for other in others if not _of_another_day(reading, other))
    told = frozenset(
        f.sense
        for other in others
        for f in other.finds
        if f.sense in wanted and (f.sense in _MARCH or f.trigger.strength >= _SURE) and _live(other, f)
    )
    senses = {f.sense for other in story.readings for f in other.finds} if wanted & _MARCH else set()
    marched = "protest" in senses and not senses & _CROWD
    return told | {"protest"} if marched else told


def _apart(reading: Reading) -> bool:
    """*Separately, a bomb killed two*: what the sentence tells has nothing to do with those before it."""
    return not reading.words.lowers.isdisjoint(_SEPARATE)


_SEPARATE = closed("sequel.elsewhere") | {"separate"}


def _of_another_day(reading: Reading, other: Reading) -> bool:
    """Whether both sentences name days, and none in common."""
    days = [[when for when in one.dates if when.precision == 1 and not when.compared] for one in (reading, other)]
    return all(days) and not any(a.first <= b.last and b.first <= a.last for a in days[0] for b in days[1])


_SHOTS = frozenset({"fire", "fired", "fires", "shot", "shots", "gunfire", "stabbed", "hacked", "beheaded", "machetes"})
"""Words that name the weapon themselves: no bomb in the sentence beside is what they mean."""
_SURE = 0.6
_FAR_BACK = 3
"""Sentences before a killing by nobody named, or by police, that may tell of what it was part of."""
_BARE = frozenset({"attack", "kill"})
_AFAR = frozenset({"shell", "air", "clash"})
_MARCH = frozenset({"protest", "disperse"})
_MARCHES = frozenset(
    {
        "protesting",
        "demonstrating",
        "marching",
        "rally",
        "protest",
        "march",
        "demonstration",
        "rallies",
        "protests",
        "marches",
    }
)
_CROWD = frozenset({"riot"})
_WEAPONS = frozenset({"suicide", "ied", "grenade", "chemical"})
_NEIGHBOURS = {
    "protest": _CROWD,
    "disperse": _CROWD,
    "attack": _WEAPONS,
    "kill": _WEAPONS,
    "shell": frozenset({"chemical"}),
    "abduct": frozenset({"protest"}),
}


def _weapon(reading: Reading, find: Find) -> Cues:
    """*A bomb at a toll station killed one*, *was killed in X by a mine*: the subject of a killing is what killed."""
    top = _doer(reading.words, find.head) if find.sense in _BARE and find.verbal else None
    word = reading.words[top].lower if top is not None else ""
    if word == "mine" and reading.words.lowers & _PITS:
        return frozenset()
    if top and reading.words[top - 1].lower in lexicon().classes["projectile"]:
        return frozenset({"shell"})
    return frozenset(sense for sense, name in _ARMS if word in lexicon().classes[name])


def _doer(words: Words, verb: int) -> int | None:
    by = tree.agents(words, verb) if tree.is_passive(words, verb) else ()
    return by[0] if by else tree.subject(words, verb)


_PITS = frozenset({"miners", "collapsed", "collapse", "shaft", "flooded", "coal", "gold", "copper", "gallery"})
"""What a mine has that is dug and not laid."""
_ARMS = (("ied", "bomb"), ("shell", "projectile"))


def _airborne(reading: Reading, find: Find) -> Cues:
    """A drone or aircraft in the clause that is not itself what was hit: bombs, grenades and missiles fell from it."""
    if find.sense not in _FALLING:
        return frozenset()
    words, craft = reading.words, lexicon().classes["airforce"]
    if not lexicon().classes["gun"].isdisjoint(words.forms[find.start : find.end]):
        return frozenset()
    start, end = clause_of(reading.reach.starts, len(words), find.start)
    if not craft.isdisjoint(words.lowers):
        launched = words[find.start].lower.startswith(("launch", "fire", "firing", "sen"))
        if launched and not craft.isdisjoint(words.forms[find.start : find.end]):
            return frozenset({"from_air"})
        top = tree.subject(words, find.head) if find.verbal else None
        spots = (*range(min(start, find.start), max(end, find.end)), *(() if top is None else (top,)))
        if any(_attacking(words, k) for k in spots):
            return frozenset({"from_air"})
    dropped = any(word.lower.startswith("bomb") for word in words[find.start : find.end])
    return frozenset({"from_air"}) if dropped and "air force" in " ".join(words.forms) else frozenset()


def _attacking(words: Words, k: int) -> bool:
    """Whether a word is a drone or aircraft at work: not the one that was hit, and not an airliner."""
    classes = lexicon().classes
    if words[k].lower not in classes["airforce"] or words[k].dep in _HIT or tree.case(words, k) in _AT:
        return False
    after = words[k + 1].lower if k + 1 < len(words) else ""
    return after not in _GROUNDED and (not k or words[k - 1].lower not in classes["civilcraft"])


_HIT = frozenset({"obj", "nsubj:pass"})
_AT = frozenset({"on", "at", "against", "of", "near", "into", "to", "towards", "for"})
_FALLING = frozenset({"shell", "ied", "grenade", "attack", "kill", "destroy"})
_GROUNDED = frozenset({"base", "bases", "hangar", "factory", "plant", "wreckage", "debris", "operator", "operators"})


def _mutual(parties: Parties, reading: Reading) -> bool:
    """Both sides fire: two states among the actors of a sentence that tells of fighting."""
    states = {name.country for name in parties.actors if name.kind == "state" and name.country}
    return len(states) > 1 and any(find.sense == "clash" for find in reading.finds)


def _live(reading: Reading, find: Find) -> bool:
    """Whether it happened now, or is what the rest came after (*withdrew following bombardment*)."""
    view = stance(reading.reach, find)
    return view.modality in CURRENT or (view.cue is not None and view.cue.frame.effect == "adjunct")
