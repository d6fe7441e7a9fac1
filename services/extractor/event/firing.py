"""Whose fire killed, where nobody is told to have killed: *died in police firing*, *killed when troops fired*."""

from collections.abc import Iterator

from services.extractor.event.positions import armed
from services.extractor.event.scene import LAW, Scene
from services.extractor.names.name import Name
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.grammar import BE, PREPOSITIONS
from services.extractor.text.words import Words

DIE = closed("roles.die")
"""Verbs whose subject is the one who died."""
_FIRE = closed("roles.fire")
_SHOTS = closed("firing.shots")
_BY_WITH = frozenset({"by", "from", "with"})


def whose_fire(scene: Scene) -> tuple[Name, ...]:
    """*killed in police firing*, *died in an army raid*: who the fire belongs to."""
    nouns = tree.attached(scene.words, scene.find.head, frozenset({"in", "by", "to", "from"}))
    fire = [noun for noun in nouns if scene.words[noun].lower in _FIRE]
    found = armed(scene.at(owner for noun in fire for owner in tree.owners(scene.words, noun)))
    found = found or armed(scene.at(k for noun in fire for k in tree.attached(scene.words, noun, _BY_WITH)))
    found = found or _by_order(scene) or armed(scene.at(_in_which(scene)))
    return found or armed(scene.at(_inside(scene)))


def _by_order(scene: Scene) -> tuple[Name, ...]:
    """*killed on the orders of a police officer*: whoever had it done."""
    nouns = tree.attached(scene.words, scene.find.head, frozenset({"on", "at", "under"}))
    orders = (noun for noun in nouns if scene.words[noun].lower in _ORDERS)
    whose = scene.within(k for noun in orders for k in tree.attached(scene.words, noun, frozenset({"of", "from"})))
    return tuple(name for name in whose if name.sector in LAW)


_ORDERS = closed("firing.orders")


def _in_which(scene: Scene) -> Iterator[int]:
    """*the police firing on Monday in which four were killed*: whose fire it was."""
    words, start = scene.words, scene.find.start
    which = next((k for k in range(start - 1, max(start - _CLAUSE, 1), -1) if words[k].lower == "which"), None)
    if which is None or words[which - 1].lower not in {"in", "during"}:
        return
    fire = next((k for k in range(which - 2, max(which - _CLAUSE, 0), -1) if words[k].lower in _FIRE), None)
    if fire is not None and words[fire - 1].lower in _RESORTS:
        yield from _shooter(scene, fire - 1)  # *the policemen opened fire in which two were killed*
    elif fire is not None:
        yield fire - 1


_CLAUSE = 9
"""Words between a deed and what a relative clause tells of it."""


def _inside(scene: Scene) -> Iterator[int]:
    """Who stands inside a trigger with the fire: *police firing*, *constable's bullet*, *firing by the police*."""
    words, find = scene.words, scene.find
    for k in range(find.start + 1, find.end):
        if words[k].lower in _FIRE:
            yield k - 2 if words[k - 1].text == "'s" else k - 1
        if words[k].lower == "by" and words[k - 1].lower in _FIRE:
            yield from range(k + 1, find.end)


def who_fired(scene: Scene) -> tuple[Name, ...]:
    """*one was killed when police fired at the crowd*: who fired, where the killing itself has nobody who did it."""
    words, verb = scene.words, scene.find.head
    if not (tree.is_passive(words, verb) or words[verb].lower in DIE) or tree.agents(words, verb):
        return ()
    if any(name.sector in LAW for name in scene.names if name.start < verb and name.end > verb - _NEAR - 1):
        return ()  # *an officer was killed when police tried to ...*
    for word in words:
        behind = set(words.forms[word.i + 1 : word.i + 3])
        now = word.lower in _FIRE_NOW and bool(set(words.forms[word.i + 1 : word.i + 2]) & _AIMED)
        shot = now or word.lower in _FIRED or (behind & {"fire", "firing"} and word.lower in _RESORTS)
        between = set(words.forms[min(verb, word.i) : max(verb, word.i)])
        inside = scene.find.start <= word.i < scene.find.end
        joined = inside or between & _WHEN or ("and" in between and word.i < verb)
        if shot and joined and "air" not in words.forms[word.i : word.i + 5]:
            shooter = _shooter(scene, word.i)  # *the dacoit fired first and was killed*: he is no shooter of himself
            return armed(scene.at(shooter)) if tree.passive_subject(words, verb) not in shooter else ()
    return ()


def _shooter(scene: Scene, fired: int) -> tuple[int, ...]:
    """The subject of a shot, or who stands right before it where the parse takes that for something else."""
    words = scene.words
    top, by = tree.subject(words, fired), tree.agents(words, fired)
    if not by and (top is None or top < scene.find.head < fired):
        able = (name for name in scene.names if name.party and fired - 1 <= name.end <= fired)
        return tuple(name.end - 1 for name in able if words[max(name.start - 1, 0)].lower not in PREPOSITIONS)
    return by or tree.spread(words, iter([top] if top is not None else []))


_FIRED = closed("roles.fired")
_RESORTS = frozenset({"open", "opened", "resort", "resorted"})
_FIRE_NOW = frozenset({"fire", "fires"})
_AIMED = frozenset({"at", "on", "into"})
"""*as police fire at mob*."""
_WHEN = frozenset({"when", "after", "as", "where", "which"})


def lent(scene: Scene, targets: tuple[Name, ...]) -> tuple[Name, ...]:
    """*two died at once when the crowd ..., in firing by the police*: whose fire a sentence names for its dead."""
    words, find = scene.words, scene.find
    held = _held(scene)
    if any(name.sector in LAW for name in targets):
        return held if not words.lowers.isdisjoint(_PUNISHED) else ()
    died = words[find.head].lower in DIE or words[find.end - 1].lower in DIE
    if find.verbal and not died and not tree.is_passive(words, find.head):
        return _accused(scene) or _whose_bullet(scene) or _blamed(scene)
    fires = ((k, name) for k in range(len(words)) if words[k].lower in _SHOTS for name in _owners(scene, k))
    shot = next(((name,) for k, name in fires if not _parted(words, find.start, k)), ())
    return armed(shot or held or _answered(scene, targets) or _blamed(scene))


def _answered(scene: Scene, targets: tuple[Name, ...]) -> tuple[Name, ...]:
    """*the militant hurled a grenade at the troops but was shot dead*: whom he turned on."""
    words, start = scene.words, scene.find.start
    but = "but" in words.forms[max(start - _NEAR, 0) : start]
    if not (but or words.lowers & _RETURNED) or not any(name.kind in {"rebel", "mob"} for name in targets):
        return ()
    return tuple(name for name in scene.names if name.sector in LAW and (name.end <= start or not but))[:1]


_RETURNED = frozenset({"retaliatory", "retaliation", "retaliated"})


_PUNISHED = frozenset(
    {"suspended", "arrested", "booked", "charged", "dismissed", "sacked", "transferred", "chargesheeted"}
)
"""*constables were suspended after a man was beaten to death*: taken for those who died, they are those who did it."""


def _accused(scene: Scene) -> tuple[Name, ...]:
    """*a case against six policemen for killing two youths*: who stands right before the deed."""
    head = scene.find.head
    if scene.words[head].tag != "VBG" or scene.words[head - 1].lower not in {"for", "of", "from", "in"}:
        return ()
    return armed(name for name in scene.names if name.sector in LAW and name.end == head - 1)


def _whose_bullet(scene: Scene) -> tuple[Name, ...]:
    """*a bullet from a constable's rifle killed a woman*: whose the weapon is that stands before the verb."""
    words, start = scene.words, scene.find.head
    shot = next((k for k in range(start - 1, max(start - _CLAUSE, -1), -1) if words[k].lower in _MISSILES), None)
    if shot is None or any(words[k].pos == "VERB" and words[k].lower != "fired" for k in range(shot + 1, start)):
        return ()
    near = (name for name in scene.names if name.sector in LAW and shot - _NEAR <= name.end <= start)
    return armed(name for name in near if name.end == shot or _tied(words, name, shot))


def _tied(words: Words, name: Name, shot: int) -> bool:
    return not _TIES.isdisjoint(words.forms[min(name.end, shot) : max(name.start, shot)])


_MISSILES = closed("firing.missiles")
_TIES = frozenset({"'s", "from", "by", "of"})


def _held(scene: Scene) -> tuple[Name, ...]:
    """*beaten to death in the lock-up*, *died in custody*: whoever held them, unless others did it."""
    words, find = scene.words, scene.find
    near = range(find.start, min(find.end + _CLAUSE, len(words)))
    at = next((k for k in near if words[k].lower in _CUSTODY), None)
    if at is None or not words.lowers.isdisjoint(_OWN_END) or tree.agents(words, find.head):
        return ()
    if not _ANOTHER.isdisjoint(words.forms[find.end : at]):
        return ()
    keepers = [name for name in scene.names if name.sector == "COP"]
    if keepers or words.lowers.isdisjoint(_BEATEN):
        return tuple(keepers[:1])
    return (Name(at, at + 1, words[at].text, "police", "UNK-COP", "", "COP"),)


_CUSTODY = closed("firing.custody")
_ANOTHER = frozenset({"and", ",", ";", "but", "suspect", "suspects", "accused", "with"})
"""*shot dead in the market, and a suspect is in custody*: somebody else is."""
_OWN_END = closed("firing.own_end")
_BEATEN = closed("firing.beaten")


def _blamed(scene: Scene) -> tuple[Name, ...]:
    """*a lathi hit him and he died; villagers blamed the police*: whom those who tell of a death lay it to."""
    words = scene.words
    at = next((k for k in range(len(words)) if words[k].lower in _BLAME), None)
    if at is None or not words.lowers.isdisjoint(_OMITTED):
        return ()
    return tuple(name for name in scene.names if name.sector in LAW and 0 < name.start - at <= _BLAMED)


_BLAME = frozenset({"blame", "blamed", "blames", "blaming"})
_BLAMED = 4
_OMITTED = frozenset({"not", "failing", "failure", "failed", "inaction", "lapse", "lapses", "negligence", "delay"})
"""*blamed the police for not protecting him*: no deed of theirs."""


def _owners(scene: Scene, fire: int) -> Iterator[Name]:
    """*police firing*, *the army's bullets*, *bullets fired by the police*."""
    words = scene.words
    for name in scene.names:
        behind = range(fire + 1, name.start)
        if name.sector not in LAW:
            continue
        if name.start < fire and (name.end == fire or (name.end == fire - 1 and words[fire - 1].text == "'s")):
            yield name
        told = bool(_DID & {*words.forms[fire + 1 : name.start]})
        if name.start <= fire < name.end or (0 < len(behind) <= _NEAR and told):
            yield name


_DID = frozenset({"by", "from", "of", "which", "that"})
"""*the firing ordered by the inspector*, *the firing which the inspector ordered*."""
_NEAR = 3


def deadly(words: Words, names: tuple[Name, ...], find: Find) -> bool:
    """Whether a sentence tells of deaths beside shots: *opened fire, and a man died*; not of the shooters'."""
    for k in (word.i for word in words if word.lower in _DEATHS):
        ours = any(name.sector in LAW and 0 <= k - name.end <= _NEAR for name in names)
        none = not _NOBODY.isdisjoint(words.forms[max(0, k - _NEAR) : k])
        if not (ours or none or _alive(words, k) or _parted(words, k, find.start)):
            return True
    return False


_NOBODY = frozenset({"no", "nobody", "none", "not", "without", "never", "n't"})


def _alive(words: Words, k: int) -> bool:
    """*stabbed to death*, *a mob that killed two*, *threatened his life*: no death by these shots."""
    before = words.forms[max(0, k - 3) : k]
    if words[k].lower == "death":
        return bool(before) and before[-1] == "to"
    if words[k].lower == "killed":
        return BE.isdisjoint(before) and "got" not in before
    return words[k].lower in {"life", "lives"} and not {"lost", "claimed", "their"} & set(before)


def _parted(words: Words, death: int, fire: int) -> bool:
    """Whether deaths and shots are told as two things, or the shots as an answer to the deaths."""
    between = set(words.forms[min(death, fire) : max(death, fire)])
    return bool(between & _APART) or (fire < death and bool(between & _LATER))


_APART = closed("firing.apart")
_LATER = frozenset({"after", "following", "since"})
_DEATHS = closed("firing.deaths")
