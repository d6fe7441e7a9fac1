"""Whom a deed hurt: the figures beside it, and the victim that a killing has without any."""

from services.core.event import Casualty
from services.extractor.event.codes import people
from services.extractor.event.firing import deadly
from services.extractor.event.positions import Parties
from services.extractor.reading.casualties import Figure
from services.extractor.reading.harm import harms
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.read import Reading
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.numbers import number_at
from services.extractor.text.words import Words


def victims(
    reading: Reading, find: Find, parties: Parties, figures: tuple[Figure, ...], *, text: str
) -> tuple[Casualty, ...]:
    """The figures; a killing without one of its own has a victim all the same.

    Args:
        reading: the sentence.
        find: the trigger.
        parties: who did it to whom.
        figures: the figures that belong to it.
        text: the words of the trigger.
    """
    told = tuple(figure.casualty for figure in figures)
    if find.sense in _BLOODLESS:
        return ()
    if find.sense == "abduct" and find.verbal and not any(figure.kind == "captured" for figure in told):
        told += _taken(reading, find, text)
    if find.sense == "arrest":
        return tuple(figure for figure in told if figure.kind not in _DEAD)
    kinds = {name.kind for name in parties.targets}
    hurt = text.lower().startswith(_HURT) and not any(word in text.lower() for word in _DYING)
    killing = find.sense == "kill" and not hurt and not _lived(reading, text)
    slain = killing or (kinds and text.lower() in _SLAIN) or text.endswith("to death")
    slain = slain or _shot_dead(reading, find, parties)
    named = _named(reading, find) if find.verbal and killing else 0
    if named > 1 and all(figure.count == 1 for figure in told):
        told = ()  # *a cook and her daughter were killed*: each by herself counts for one
    dead = _DEAD - {"casualty"} if killing else _DEAD
    if not slain or any(figure.kind in dead for figure in told):
        return told
    armed = kinds & {"state", "rebel", "police"}
    who = "civilian" if kinds & {"civ", "protester"} else "military" if armed else "unspecified"
    if named > 1:
        return (*told, Casualty(kind="killed", who=who, count=named, qualifier="exact", text=text))
    return (*told, Casualty(kind="killed", who=who, qualifier="vague", text=text))


def _taken(reading: Reading, find: Find, text: str) -> tuple[Casualty, ...]:
    """*Eight workers of a mine at Xton were seized*: those who were taken, if they are counted."""
    words = reading.words
    if not tree.parsed(words):
        return ()
    for head in tree.befallen(words, find.head):
        numbers = (number_at(words, k) for k in tree.kids(words, head) if words[k].dep == "nummod")
        known = next((number for number in numbers if number and number.qualifier == "exact"), None)
        if known and known.value and _is_person(words, head):
            return (Casualty(kind="captured", who="unspecified", count=known.value, qualifier="exact", text=text),)
    return ()


def _is_person(words: Words, noun: int) -> bool:
    classes = lexicon().classes
    return any(words[noun].lower in classes[name] for name in ("civilian", "soldier")) or bool(people(words, noun))


def _named(reading: Reading, find: Find) -> int:
    """*killing Ana Paz, 52, and her daughter*: how many are named, each by a word for one, else 0."""
    words = reading.words
    befallen = tree.spread(words, tree.befallen(words, find.head))
    heads = tuple(k for k in befallen if words[k].dep != "appos")
    single = all(words[k].tag in {"NNP", "NN"} for k in heads)
    somebody = any(words[k].tag == "NNP" for k in heads) or all(_is_person(words, k) for k in heads)
    return len(heads) if single and somebody else 0


def _lived(reading: Reading, text: str) -> bool:
    """*shot him in the chest, wounding him*: who was shot and is not said to have died."""
    lowers = reading.words.lowers
    if "shot" not in text.lower() or lowers.isdisjoint(_SURVIVED):
        return False
    return not any(kind == "killed" and word != "shot" and word in lowers for word, kind in harms().items())


_SURVIVED = closed("victims.survived")


def _shot_dead(reading: Reading, find: Find, parties: Parties) -> bool:
    """Whether what police or soldiers fired killed somebody, in words that tell of no killing of its own."""
    law = bool(parties.actors) and all(name.kind in {"police", "state"} for name in parties.actors)
    alone = not any(other.sense == "kill" for other in reading.finds)
    return find.sense == "attack" and law and alone and deadly(reading.words, reading.names, find)


_BLOODLESS = frozenset({"withdraw", "handover", "base", "group"})
_HURT = ("wound", "injur", "hurt", "maim")
_DYING = ("died", "dies", "dead", "death", "kill", "succumb")
_SLAIN = frozenset({"neutralised", "neutralized"})
_DEAD = frozenset({"killed", "killed_or_wounded", "casualty", "destroyed"})
