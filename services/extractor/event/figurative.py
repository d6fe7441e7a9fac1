"""Force as a figure of speech: goals that are bombs, budgets that are murdered, a stage held hostage."""

import re
from functools import lru_cache

from services.extractor.event.codes import head_class
from services.extractor.names.armed import is_armed, may_arm
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.read import Reading, Story
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.grammar import BE

_GAMES = closed("accidents.games")
_ARTS = closed("accidents.arts")
_MARKETS = closed("accidents.markets")
_BODILY = closed("figurative.bodily")
"""Done to nobody but in the flesh, as *attacked* and *beaten* need not be."""
_PLAYFUL = _GAMES | closed("accidents.cyber")
_HARD = closed("accidents.hard")
_FIGURATIVE = frozenset(
    {"attack", "clash", "control", "capture", "recapture", "overrun", "destroy", "kill", "abduct", "breach"}
)
_DEADLY = frozenset({"kill", "abduct"})
_REALLY_ARMED = closed("accidents.armed") - {
    "attack",
    "attacked",
    "attacks",
    "attacker",
    "attackers",
    "fighting",
    "clashes",
}
"""Without the words of force that a report without any arms may use all the same."""


def figurative(story: Story, reading: Reading, find: Find) -> bool:
    """Whether a trigger is said of goals, songs, prices or speeches, in an article in which nobody comes to harm."""
    if _may_be_figurative(reading, find) and not _violent(story) and not _hits_people(reading, find):
        return True
    if find.sense in _DEADLY and find.verbal and find.trigger.strength >= _GUNS:
        return False
    figures = (figure.casualty for other in story.readings for figure in other.figures)
    return of_a_genre(story) and not any(figure.kind != "captured" or figure.count != 1 for figure in figures)


def worded(story: Story, reading: Reading, find: Find) -> bool:
    """The same by words alone, so that it can be asked before anything is parsed: of an article that may name no force.

    A killing is left to those who know whether a place is named.
    """
    if find.sense == "breach" or (find.sense == "clash" and find.trigger.strength >= _GUNS):
        return False
    if find.sense not in _FIGURATIVE - _DEADLY or any(other.hurts for other in story.readings):
        return False
    if any(other.sense in _HARD for each in story.readings for other in each.finds):
        return False
    heads = range(find.start, find.end) if find.sense == "attack" and not _playful_words(reading) else ()
    if any(_harms(reading, head) for head in heads):
        return False
    return not (really_armed(story) or may_arm(story.vocabulary, story.text.text))


def of_a_genre(story: Story) -> bool:
    """Whether it is a report of a match, or one from stage, screen, kitchen or shelf: by its words alone."""
    return _sporting(story) or _of_the_arts(story)


def _may_be_figurative(reading: Reading, find: Find) -> bool:
    """Words of force that print also uses of words, bids and goals; a killing at a named place is none of these."""
    if find.sense == "abduct":
        hostage = any(word.lower.startswith("hostage") for word in reading.words[find.start : find.end])
        return hostage or (find.verbal and _of_a_thing(reading, find))
    if find.sense == "clash" and find.trigger.strength >= _GUNS:
        return False
    placed = any(name.site for name in reading.names)
    return find.sense in _FIGURATIVE and not (find.sense == "kill" and placed)


def _of_a_thing(reading: Reading, find: Find) -> bool:
    """*kidnapped the budget*: what was taken is nobody."""
    words, people = reading.words, lexicon().classes["civilian"] | lexicon().classes["soldier"]
    hit = tree.objects(words, find.head)
    nobody = all(words[k].pos == "NOUN" and words[k].tag == "NN" and words[k].lower not in people for k in hit)
    return bool(hit) and nobody


@lru_cache(maxsize=1)
def _of_the_arts(story: Story) -> bool:
    """A report from stage, screen, kitchen or shelf."""
    told = story.vocabulary.keys() | set(story.article.title.lower().split())
    if story.article.title.partition(":")[0].strip().lower() in _HEADINGS:
        return True
    if len(_ARTS & told) >= _STAGED or len(_MARKETS & told) >= _STAGED:
        return True
    artful = len(_ARTS & told) >= _ARTFUL and not _ARTS & told <= _EVERYDAY
    genre = artful or len(_MARKETS & told) >= _COMMERCIAL
    return genre and not really_armed(story)


@lru_cache(maxsize=1)
def really_armed(story: Story) -> bool:
    """Whether arms or those who bear them are named, by words that are said of little else."""
    arms = story.vocabulary.keys() & _REALLY_ARMED
    return bool(arms - _BOMBS) or (bool(arms) and not _NO_BOMB.search(story.text.text))


_HEADINGS = closed("figurative.headings")
_BOMBS = frozenset({"bomb", "bombs"})
_NO_BOMB = re.compile(
    r"\b(?:smoke|stink|paint|glitter|logic|digital|software|time|photo|demographic)[ -]bombs?\b", re.IGNORECASE
)
"""What goes off without hurting anybody; beside such a one the bombs of an article are taken for the same."""
_EVERYDAY = closed("figurative.everyday")
"""Words of stage and shop window that make no genre by themselves."""


_GUNS = 0.75
"""Strength of *gunfight* and *exchange of fire*, which are said of nothing else."""
_ARTFUL, _COMMERCIAL = 2, 3
_STAGED = 4
"""So many words of stage and screen, or of the exchange, tell of a plot or of prices, whatever arms they have."""


@lru_cache(maxsize=1)
def _violent(story: Story) -> bool:
    """Whether anybody armed, any victim or weapon is named at all: else battles and attacks are figures of speech."""
    names = (name for other in story.readings for name in other.names)
    if any(is_armed(name.sector, name.kind) for name in names):
        return True
    if any(other.figures or any(_hard(other, f) for f in other.finds) for other in story.readings):
        return True
    return really_armed(story)


def _hard(reading: Reading, find: Find) -> bool:
    """Whether a trigger is of real violence; a budget may be murdered and a crowd held hostage, in print."""
    if find.sense == "ied" and find.trigger.strength <= _VAGUE:
        return False
    if find.sense == "breach":
        return find.trigger.strength >= _PLAIN
    return find.sense in _HARD and (find.sense not in _DEADLY or _hits_people(reading, find))


_PLAIN = 0.8
"""Strength of *broke the ceasefire*; that one is dead or over is also said of parties and bosses."""
_VAGUE = 0.45
"""Strength of a mere *explosion*, which prices and anger have too."""


def _hits_people(reading: Reading, find: Find) -> bool:
    """*attacked a mosque*: people or a place of theirs is what was attacked."""
    charged = find.sense == "clash" and reading.words[find.head].lower.startswith("attack")
    if not (charged or find.sense in {"attack", *_DEADLY}) or not find.verbal or _playful_words(reading):
        return False
    if find.sense in _DEADLY and any(
        name.kind in _PEOPLE and abs(name.start - find.head) <= _BESIDE for name in reading.names
    ):
        return True
    return _harms(reading, find.head)


def _harms(reading: Reading, head: int) -> bool:
    words = reading.words
    if words[head].lower in _SHOT and words.forms[head + 1 : head + 2] and words.forms[head + 1] in _SOMEBODY:
        return words.forms[head + 2 : head + 3] not in _GLANCE
    hit = head_class(words, head + 1, min(head + 7, len(words)))
    if words[head].lower in _BODILY and not BE.isdisjoint(words.forms[max(head - 2, 0) : head]):
        hit = head_class(words, max(head - 7, 0), head) or hit  # *a priest was stabbed*
    return hit in {"civ", "base", "soldier", "rebel", "protester"}


_SHOT = frozenset({"shot", "shoots", "stabbed", "stabs", "knifed", "gunned"})
_SOMEBODY = frozenset({"him", "her", "them"})
_GLANCE = (("a",), ("an",), ("the",), ("down",), ("back",))
"""*shot him a look*, *shot them down in the debate*."""
_PEOPLE = frozenset({"civ", "state", "police", "rebel", "protester"})
_BESIDE = 8
"""Words between a killing and whom it befell, at most."""


def _playful_words(reading: Reading) -> bool:
    return not reading.words.lowers.isdisjoint(_PLAYFUL)


@lru_cache(maxsize=1)
def _sporting(story: Story) -> bool:
    """A report of a match, whatever arms its language bears."""
    return len(_GAMES & story.vocabulary.keys()) >= _MATCH


_MATCH = 4
