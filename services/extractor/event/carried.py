"""Who a pronoun means that begins the next sentence: *Rebels attacked a post. They killed nine soldiers.*."""

from dataclasses import replace
from typing import Final

from services.extractor.event.positions import Parties
from services.extractor.event.roles import parties_of
from services.extractor.event.scene import Talk
from services.extractor.names.name import Name
from services.extractor.reading.attribution import Claim
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.words import Words

_MEANT: Final = frozenset({"they", "it", "he", "she"})
_CROWDS: Final = frozenset({"protester", "mob", "civ"})
_BY_CROWDS: Final = frozenset({"protest", "riot", "loot", "mob"})
_NAMING: Final = frozenset({"NOUN", "PROPN", "PRON", "VERB"})
_OF_CROWDS: Final = frozenset({"protest", "riot"})
_FAR: Final = 3
"""Sentences in a row that may each begin with a pronoun for the same."""


def sides_of(story: Story, reading: Reading, find: Find, talk: Talk, *, far: int = _FAR) -> Parties:
    """Actors and targets of a trigger; where its subject is a pronoun, the actors of what was told just before."""
    found = parties_of(reading.reach, find, reading.names, talk)
    if found.actors or not far or not goes_on(reading.words, find):
        return found
    hit = {name.id for name in found.targets}
    return replace(found, actors=tuple(name for name in _meant(story, reading, find, far) if name.id not in hit))


def claim_of(reading: Reading, find: Find) -> Claim | None:
    """The claim that a trigger stands in."""
    return next((claim for claim in reading.claims if claim.start <= find.head < claim.end), None)


def talk_of(story: Story, reading: Reading, claim: Claim | None) -> Talk:
    """Who speaks over a trigger within a claim, or outside of any, and who else has the word in its sentence."""
    speakers = tuple(name for other in reading.claims for name in other.who)
    return Talk(claim.who[0] if claim else reading.speaker, speakers, story.pair)


def goes_on(words: Words, find: Find) -> bool:
    """Whether the subject of a deed is a pronoun that its sentence begins with."""
    if not find.verbal or words.lowers.isdisjoint(_MEANT) or not tree.parsed(words):
        return False
    if tree.is_passive(words, find.head):
        return False
    top = tree.subject(words, find.head)
    quoted = words[0].text == '"'  # whom they mean who are quoted, who knows
    if quoted or top is None or words[top].lower not in _MEANT:
        return False
    return _NAMING.isdisjoint(word.pos for word in words[:top])


def _meant(story: Story, reading: Reading, find: Find, far: int) -> tuple[Name, ...]:
    """Whom the pronoun means: who acted, or is named alone; a crowd that was set upon, where crowds do such things."""
    before = story.readings[reading.number - 1] if reading.number else None
    if before is None:
        return ()
    deed = next((other for verbal in (True, False) for other in before.finds if other.verbal is verbal), None)
    if deed is None:
        parties = tuple({name.id: name for name in before.names if name.party}.values())
        return _able(find, parties) if len(parties) == 1 else ()
    sides = sides_of(story, before, deed, talk_of(story, before, claim_of(before, deed)), far=far - 1)
    crowd = tuple(name for name in sides.targets if name.kind in _CROWDS)
    if find.sense in _BY_CROWDS and crowd:
        return crowd
    return _able(find, sides.actors) if len(sides.actors) == 1 or not sides.reciprocal else ()


def _able(find: Find, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Those who do such things: no army riots."""
    return tuple(name for name in names if find.sense not in _OF_CROWDS or name.kind in _CROWDS)
