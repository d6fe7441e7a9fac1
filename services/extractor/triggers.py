"""Finding the trigger and frame patterns of the lexicon in the words of a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.extractor.lexicon import Frame, Index, Trigger, lexicon
from services.extractor.patterns import match_at
from services.extractor.forms import PAST
from services.extractor.words import Words, is_attribute, is_verb


@dataclass(frozen=True, slots=True)
class Find:
    """A trigger found: its row, and the words from ``start`` to ``end`` that matched."""

    trigger: Trigger
    start: int
    end: int
    head: int
    verbal: bool

    @property
    def sense(self) -> str:
        """What the words mean, before who and whom are known."""
        return self.trigger.sense


@dataclass(frozen=True, slots=True)
class Cue:
    """A frame word found."""

    frame: Frame
    start: int
    end: int


def triggers_in(words: Words) -> tuple[Find, ...]:
    """The triggers of a sentence in order; of overlapping ones the longest, then the strongest."""
    book = lexicon()
    found = [_find(book.triggers[number], words, start, end) for number, start, end in matches(book.trigger_index, words)]
    found.sort(key=lambda find: (find.start - find.end, -find.trigger.strength, find.start))
    taken: set[int] = set()
    kept = []
    for find in found:
        span = set(range(find.start, find.end))
        if not taken & span:
            taken |= span
            kept.append(find)
    return tuple(sorted(kept, key=lambda find: find.start))


def _find(trigger: Trigger, words: Words, start: int, end: int) -> Find:
    verb = next((k for k in range(start, end) if _verb(words, k)), None)
    return Find(trigger, start, end, end - 1 if verb is None else verb, verb is not None)


def _verb(words: Words, k: int) -> bool:
    word = words[k]
    if word.pos:
        return word.pos == "VERB" and not is_attribute(words, k)
    if word.lower.endswith("ed") or word.lower in PAST:
        return not is_attribute(words, k)
    return is_verb(words, k)


def cues_in(words: Words) -> tuple[Cue, ...]:
    """All frame words of a sentence in order."""
    book = lexicon()
    return tuple(Cue(book.frames[number], start, end) for number, start, end in matches(book.frame_index, words))


def matches(index: Index, words: Words) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of every match of the patterns of an index."""
    for word in words:
        for number, pattern in index.get(word.lower, ()):
            end = match_at(pattern, words, word.i)
            if end is not None:
                yield number, word.i, end
