"""Actors and targets by position alone: voice, prepositions, neighbours; without a parse, and as a check on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.extractor.names.name import Name
from services.extractor.reading.triggers import Find
from services.extractor.text.closed import closed
from services.extractor.text.grammar import BE
from services.extractor.text.relative import WEEKDAYS
from services.extractor.text.words import Words

MUTUAL = frozenset({"clash", "breach", "agreement"})
LIGHT = closed("roles.light")
_REPEL = closed("roles.repel")
_LINKS = closed("roles.links")
_PARTICIPLES = closed("roles.participles")


@dataclass(frozen=True, slots=True)
class Parties:
    """Actors and targets of one mention; ``reciprocal`` when both sides stand in ``actors``."""

    actors: tuple[Name, ...]
    targets: tuple[Name, ...]
    reciprocal: bool = False


def of_noun(words: Words, find: Find, here: tuple[Name, ...]) -> Parties:
    """*clashes between A and B*, *attack by A on B*, *A's attack on B*, *A shelling of B*."""
    after = [(_link(words, find, name), name) for name in here if name.start >= find.end]
    between = tuple(name for link, name in after if link in {"between", "with"} and not _bordering(words, name))
    if mutual(words, find):
        light = any(words[k].lower in LIGHT for k in range(find.start))
        subject = tuple(name for name in here if name.end <= find.start and name.party and (light or between))
        both = between if any(link == "between" for link, _ in after) else subject + between
        return Parties(armed(both or subject), (), reciprocal=True)
    whose = {"by", "from", "of"} if find.end < len(words) and words[find.end].lower == "of" else {"by", "from"}
    by = tuple(name for link, name in after if link in whose and name.party and not _done_to(words, find, name))
    on = tuple(name for link, name in after if link in {"on", "against", "of", "at", "targeting"} and name not in by)
    near = (name for name in here if name.end <= find.start <= name.end + 2 and not _verb_between(words, name, find))
    owner = tuple(name for name in here if find.start <= name.start < find.end) or tuple(near)
    return Parties(armed(by or owner), on)


def _done_to(words: Words, find: Find, name: Name) -> bool:
    """*a bomb planted by rebels killed two soldiers*: who stands behind another verb did not plant it."""
    by = max((k for k in range(find.end, name.start) if words[k].lower in _LINKS), default=name.start)
    return any(words[k].tag == "VBD" for k in range(by, name.start))


def _bordering(words: Words, name: Name) -> bool:
    """*near the border with X*: no side of a clash."""
    return name.start > 1 and words[name.start - 1].lower == "with" and words[name.start - 2].lower in _EDGE


_EDGE = closed("border.edge")


def mutual(words: Words, find: Find) -> bool:
    """Whether all parties are actors: not where one side inflicts losses on the other, ambushes it or surrounds it."""
    if find.sense not in MUTUAL:
        return False
    if find.verbal:
        return words[find.head].lower not in _ONE_SIDED
    return _ASSAULTS.isdisjoint(words.forms[find.start : find.end])


_ONE_SIDED = closed("roles.one_sided")
_ASSAULTS = frozenset({"attack", "attacks", "assault", "assaults", "raid", "raids", "ambush", "ambushes"})


def _verb_between(words: Words, name: Name, find: Find) -> bool:
    """*the army blamed the attack on ...*, *policemen in a blast*: whose deed it is stands right before it."""
    return any(words[k].pos == "VERB" or words[k].lower in _LINKS for k in range(name.end, find.start))


def repels(words: Words, verb: int) -> bool:
    """*repelled an attack*, *fought off an attack*: not *fought for the town*."""
    lower = words[verb].lower
    if lower in {"fight", "fought"}:
        return not {"off", "back"}.isdisjoint(words.forms[verb + 1 : verb + 3])
    return lower in _REPEL


def of_verb(words: Words, find: Find, here: tuple[Name, ...]) -> Parties:
    """*A attacks B*, *B is attacked by A*, *A clashes with B*."""
    before = tuple(name for name in here if name.start < find.head)
    after = tuple(name for name in here if name.start > find.head)
    if repels(words, find.head):
        by = tuple(name for name in after if _link(words, find, name) in _whose(name))
        return Parties(armed(by), _last_group(words, before))
    if _passive(words, find):
        by = tuple(name for name in after if _by(words, find, name) and name.party)
        return Parties(armed(by), _last_group(words, before))
    actors = _last_group(words, tuple(name for name in before if name.party or name.kind == "demonym"))
    if mutual(words, find):
        others = tuple(name for name in after if _link(words, find, name) in {"with", "against"})
        return Parties(armed(actors + others), (), reciprocal=True)
    objects = tuple(name for name in after if _link(words, find, name) in {"", "at", "on", "of", "against"})
    return Parties(armed(actors), objects[:2])


def _whose(name: Name) -> frozenset[str]:
    """The prepositions before whoever was repelled: *from* a country says only where they came from."""
    return _OF if name.kind in {"country", "demonym"} else _OF | {"from"}


_OF = frozenset({"by", "of"})


def _by(words: Words, find: Find, name: Name) -> bool:
    """*killed by A*, *killed in A's raid*; not *killed in a brawl, A said*."""
    link = _link(words, find, name)
    return link == "by" or (link == "in" and all(words[k].lower != "," for k in range(find.end, name.start)))


def _passive(words: Words, find: Find) -> bool:
    head = find.head
    if not words[head].lower.endswith(("ed", "en", "wn", "ne")) and words[head].lower not in _PARTICIPLES:
        return False
    window = words.forms[max(0, head - 3) : head]
    return bool(BE & set(window)) or any(k < len(words) and words[k].lower == "by" for k in (head + 1, find.end))


def _link(words: Words, find: Find, name: Name) -> str:
    """The last preposition between trigger and name."""
    between = range(name.start - 1, find.head, -1)
    link = next((k for k in between if words[k].lower in _LINKS and words[k + 1].lower not in WEEKDAYS), None)
    if link is None:
        return ""
    return "in" if words[link].lower == "of" and words[link - 1].lower == "front" else words[link].lower


def _last_group(words: Words, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """The names nearest to the verb that are joined by commas and *and*."""
    group: list[Name] = []
    for name in reversed(names):
        if group and not {",", "and", "the", "or"}.issuperset(words.forms[name.end : group[-1].start]):
            break
        group.append(name)
    return tuple(reversed(group))


def armed(names: Iterable[Name]) -> tuple[Name, ...]:
    """A bare country or capital that uses force stands for its armed forces."""
    return tuple(
        name._replace(kind="state", id=f"{name.country}-MIL", sector="MIL")
        if name.kind in {"country", "demonym"}
        else name
        for name in names
    )


def bearing_arms(find: Find, parties: Parties) -> Parties:
    """*Herders killed eleven farmers*: those who go armed are villagers like others only where they come to harm."""
    if find.sense not in _FORCEFUL or not any(name.kind == "civ" for name in parties.actors):
        return parties
    able = (name for name in parties.actors if not _site(name))
    actors = (n._replace(id="UNK-REB", kind="rebel", sector="REB") if _armed_folk(n) else n for n in able)
    first = sorted(actors, key=lambda name: name.kind != "rebel") if parties.reciprocal else actors
    return Parties(tuple(first), parties.targets, parties.reciprocal)


def _armed_folk(name: Name) -> bool:
    return name.kind == "civ" and not _ARMED_FOLK.isdisjoint(name.text.lower().split())


def _site(name: Name) -> bool:
    """*walls of a mosque*: houses are hit and do nothing."""
    return name.kind == "civ" and name.text.lower().rpartition(" ")[2] in _SITES


_SITES = closed("names.place_nouns")
_ARMED_FOLK = closed("roles.armed_folk")
_FORCEFUL = frozenset({"clash", "attack", "kill", "loot", "riot", "destroy", "abduct", "capture", "control", "shell"})


def counts_victims(words: Words, find: Find) -> bool:
    """*Fighters shot dead at least thirty people*: who was shot stands behind, whatever the parser makes of it."""
    if not BE.isdisjoint(words.forms[max(0, find.head - 3) : find.head]):
        return False
    k = find.end
    while k < len(words) and words[k].lower in _ABOUT:
        k += 1
    return k < len(words) and words[k].tag == "CD" and words[find.head].lower == "shot"


_ABOUT = frozenset({"at", "least", "about", "some", "around", "nearly", "almost", "more", "than", "as", "many"})
VICTIMS = 7
"""Words behind *shot dead* in which its victims stand."""
