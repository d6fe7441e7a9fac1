"""News of accidents, natural disasters, sport and computers, whose dead, battles and attacks are no conflict."""

import re
from collections.abc import Iterator
from functools import lru_cache

from services.extractor.event.figurative import figurative, really_armed
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text.closed import closed
from services.extractor.text.words import Word, Words

_CAUSES = closed("accidents")
_ARMED = closed("accidents.armed")
_GAMES = closed("accidents.games")
_TRUCE = closed("accidents.truce")
_CYBER = closed("accidents.cyber")
_ORDINARY = closed("accidents.ordinary")
_PETTY = closed("accidents.petty")
_DOMESTIC = closed("accidents.domestic")
_PEACE = closed("accidents.peace")
_DELIBERATE = {"ied": 0.7, "chemical": 0.9, "kill": 0.7, "disrupt": 0.7}
_FAINT = 0.4
_HURTS = frozenset({"kill", "attack"})
_LAW = closed("accidents.law")
_SPEECH = closed("attribution.speech")
_PRIVATE = (
    (_ORDINARY, frozenset({"arrest", "disrupt", "capture", "loot"})),
    (_PETTY, frozenset({"arrest"})),
    (_DOMESTIC, frozenset({"arrest", "kill", "attack", "sexual"})),
)
"""Words of what is no public matter, and the triggers they explain."""
_FORCE = closed("border.force") - {"breach", "control", "disperse"}
_POLITICAL = closed("accidents.political")
_DOUBTFUL = frozenset({"kill", "ied", "chemical", "destroy", "group", "other", "toll", "disrupt", "control"})


def accidental(story: Story, reading: Reading, find: Find) -> bool:
    """Whether a trigger tells of no conflict: of an accident, a theft, a quarrel at home, or in a figure of speech."""
    return worded(story, reading, find) or figurative(story, reading, find)


def worded(story: Story, reading: Reading, find: Find) -> bool:
    """The same by words alone, so that it can be asked before anything is parsed.

    Of an accident tells a cause of that kind beside the trigger, with nobody armed in the article.
    """
    if _private(story, reading, find) or (find.sense == "agreement" and not story.vocabulary.keys() & _PEACE):
        return True
    if _of_no_truce(story, reading, find) or (find.sense in _BY_ACCIDENT and _chance_only(story, reading)):
        return True
    if find.sense in _FROM_ABOVE and not story.vocabulary.keys() & _ARMED and _by_nature(story, reading):
        return True
    deliberate = find.trigger.strength >= _DELIBERATE.get(find.sense, 1)
    doubtful = find.sense in _DOUBTFUL or find.trigger.strength < _FAINT
    playful = _playful(story)
    if (not doubtful or deliberate) and not playful:
        return False
    if playful:
        return not really_armed(story) and not (find.sense == "protest" and find.trigger.strength >= _PLAIN_PROTEST)
    armed = story.vocabulary.keys() & _ARMED
    armed = armed - _ILL if _FOR_LIFE.search(story.text.text) else armed
    dug = armed == {"mine"} and bool(story.vocabulary.keys() & _PITS)
    return (not armed or dug) and _by_chance(story, reading)


def _chance_only(story: Story, reading: Reading) -> bool:
    """*two were killed by falling palms*, *killed when a bus left the bridge*: whoever is armed in the article."""
    alone = len(reading.finds) == 1 and reading.finds[0].sense == "kill"
    nature = not reading.words.lowers.isdisjoint(_SURE) or _CRASHED.search(reading.sentence.text)
    return bool(alone and nature) or _ruled_out(story)


_RULED_OUT = re.compile(
    r"\b(?:ruled out|excluded|discarded|ruling out)\s(?:\w+\s){0,3}"
    r"(?:criminal hand|foul play|sabotage|terrorism|arson|an attack|a bomb)\b"
)


@lru_cache(maxsize=1)
def _ruled_out(story: Story) -> bool:
    """*the fire chief ruled out any criminal hand*."""
    return _RULED_OUT.search(story.text.text) is not None


_SURE = closed("accidents.sure")
_CRASHED = re.compile(
    r"\b(?:bus|coach|lorry|truck|train|ferry|boat|car|minibus|van|tram)\b[^.;]{0,60}?"
    r"\b(?:overturned|skidded|collided|capsized|derailed|left the (?:road|bridge|tracks)|ran off|plunged|fell into)\b"
)


def _by_nature(story: Story, reading: Reading) -> bool:
    """*the mountain bombarded the road with stones*, *charges fired at a cornice*: volcanoes, avalanches, meteors."""
    at = reading.number
    near = story.readings[max(0, at - 2) : at + 3]
    title = set(story.article.title.lower().split())
    return not _WILD.isdisjoint(title) or any(not _WILD.isdisjoint(other.words.lowers) for other in near)


_BY_ACCIDENT = frozenset({"ied", "kill"})
_FROM_ABOVE = frozenset({"shell", "air", "attack"})
_WILD = closed("accidents.wild")


def _by_chance(story: Story, reading: Reading) -> bool:
    """Whether a cause that is nobody's deed stands in a sentence or beside it."""
    at = reading.number
    near = {_plain(word) for other in story.readings[max(0, at - 1) : at + 2] for word in _besides(other)}
    return not near.isdisjoint(_CAUSES)


_ILL = frozenset({"fighting"})
_PLAIN_PROTEST = 0.65
"""Strength of *sit-in* and *human chain*, which no match has."""
_FOR_LIFE = re.compile(r"\bfighting for (?:his|her|their) li(?:fe|ves)\b")
_PITS = frozenset({"miners", "shaft", "coal"})
"""What a mine has that is dug and not laid."""


def _of_no_truce(story: Story, reading: Reading, find: Find) -> bool:
    """A breach of some agreement, in an article that tells of no truce, nor of force in the same breath."""
    if find.sense != "breach" or story.vocabulary.keys() & _TRUCE:
        return False
    near = story.readings[max(0, reading.number - 1) : reading.number + 1]
    return not any(other.sense in _FORCE for beside in near for other in beside.finds)


def _besides(reading: Reading) -> Iterator[Word]:
    """The words of a sentence without the fire of *opened fire* and of *the jawans' fire*."""
    words = reading.words
    shot = {k for find in reading.finds for k in range(find.start, find.end) if words[k].lower == "fire"}
    return (word for word in words if word.i not in shot and not _of_the_law(words, word))


def _of_the_law(words: Words, word: Word) -> bool:
    return word.lower == "fire" and not _LAW.isdisjoint(words.forms[max(word.i - 2, 0) : word.i])


def _plain(word: Word) -> str:
    """A word as the tables have it: a capital inside a sentence is a name's (*Storm*), the first word's is not."""
    return word.text if word.i else word.lower


def _private(story: Story, reading: Reading, find: Find) -> bool:
    """Theft, drugs or fraud, or violence within a family, in an article without anybody armed."""
    words = reading.words
    if find.sense in _HURTS and (_lawful(words, find) or any(_lawful(words, other) for other in reading.finds)):
        return False
    telling = [words.lowers & kind for kind, senses in _PRIVATE if find.sense in senses]
    return any(
        word.lower in kind
        and not _besides_another(reading, word)
        and not _called(reading, word)
        and not (_says(reading, word) or _farmed(reading, word))
        for kind in telling
        if kind
        for word in words
    ) and not story.vocabulary.keys() & (_ARMED | _POLITICAL)


def _lawful(words: Words, find: Find) -> bool:
    """*police opened fire*: what they do is no quarrel at home, nor what comes of it."""
    return find.sense in _HURTS and not _LAW.isdisjoint(words.forms[max(0, find.start - 2) : find.end])


def _farmed(reading: Reading, word: Word) -> bool:
    """*seized four tobacco farms*: land, and no smuggled goods."""
    return not _LAND.isdisjoint(reading.words.forms[word.i + 1 : word.i + 2])


_LAND = frozenset({"farm", "farms", "field", "fields", "plantation", "plantations", "estate", "estates", "growers"})


def _says(reading: Reading, word: Word) -> bool:
    """*whose wife said that he was taken*: who tells of it has no part in it."""
    return not _SPEECH.isdisjoint(reading.words.forms[word.i + 1 : word.i + 3])


def _besides_another(reading: Reading, word: Word) -> bool:
    """*a village chief and his wife*: who came to harm along with somebody else did not die of a quarrel at home."""
    before = reading.words.forms[max(word.i - 2, 0) : word.i]
    return "and" in before and before[-1] in {"his", "her", "their"}


def _called(reading: Reading, word: Word) -> bool:
    """*responding to a domestic dispute*: what the police were called to is not what they did."""
    before = reading.words.forms[max(word.i - 6, 0) : word.i]
    return any(other.startswith(("respond", "answer", "call")) for other in before)


@lru_cache(maxsize=1)
def _playful(story: Story) -> bool:
    """Sport and computers: their attacks and battles hurt nobody."""
    if story.vocabulary.keys() & _DEAD and any(reading.hurts for reading in story.readings):
        return False
    if sum(story.vocabulary[word] for word in _GAMES & story.vocabulary.keys()) >= 2:
        return True
    return not _CYBER.isdisjoint(story.vocabulary.keys() | set(story.article.title.lower().split()))


_DEAD = frozenset({"killed", "dead", "died"})
