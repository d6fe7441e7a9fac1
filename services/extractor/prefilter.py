"""Which sentences can hold an event at all: one Aho-Corasick pass, then the other words of each pattern that was hit.

Exact in one direction: a sentence that is passed over matches no pattern of the lexicon. So an article without a
passing sentence never reaches spaCy, and of the others only the passing sentences are parsed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from services.extractor.closed import closed
from services.extractor.lexicon import lexicon
from services.extractor.patterns import Element, Pattern, anchor_of, solid

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Prefilter:
    """Finds the sentences in which patterns may match; linear in the text, whatever the number of patterns."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        needs: dict[str, set[tuple[frozenset[str], ...]]] = defaultdict(set)
        for pattern in patterns:
            anchor = _rarest(pattern)
            others = tuple(frozenset(element.forms) for element in solid(pattern) if element is not anchor)
            for form in anchor.forms:
                needs[form].add(others)
        self._needs = {form: tuple(sorted(found, key=len)) for form, found in needs.items()}
        self._automaton = AhoCorasick(sorted(needs), matchkind=MatchKind.LeftmostLongest)

    def offsets(self, text: str) -> tuple[int, ...]:
        """Where words that patterns need stand in ``text``, in order; matched without regard to case."""
        lower = _lower(text)
        found = self._automaton.find_matches_as_indexes(lower)
        return tuple(start for _, start, end in found if _whole(lower, start, end))

    def passes(self, sentence: str) -> bool:
        """Whether some pattern finds all its words in a sentence (their order is not looked at)."""
        lower = _lower(sentence)
        words = set(_WORD.findall(lower))
        words.update(*[word.split("-") for word in words if "-" in word])
        return any(
            all(not words.isdisjoint(forms) for forms in others)
            for form in words & self._needs.keys()
            for others in self._needs[form]
        )


def _rarest(pattern: Pattern) -> Element:
    """The word to look for: a pattern's own choice, unless that is a word on every page and another is not."""
    rare = [element for element in solid(pattern) if not _EVERYWHERE & element.forms.keys()]
    chosen = anchor_of(pattern)
    return chosen if chosen in rare or not rare else min(rare, key=lambda element: len(element.forms))


_EVERYWHERE = closed("words.prepositions") | {"a", "an", "the", "and", "or"}


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _whole(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


@cache
def prefilter() -> Prefilter:
    """For the triggers of the lexicon: what an article must hold to be read."""
    return Prefilter(pattern for found in lexicon().trigger_index.values() for _, pattern in found)


@cache
def act_filter() -> Prefilter:
    """For the verbal acts: which other sentences of such an article are worth parsing."""
    return Prefilter(pattern for found in lexicon().act_index.values() for _, pattern in found)
