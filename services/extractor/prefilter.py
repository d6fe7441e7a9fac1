"""Which sentences can hold an event at all: one Aho-Corasick pass, then the other words of each pattern that was hit.

Exact in one direction: a sentence that is passed over matches no pattern of the lexicon. So an article without a
passing sentence never reaches spaCy, and of the others only the passing sentences are parsed. One thing is not exact,
and on purpose: words that are as much at home on the sports page (*attack*, *march*, *shot*) open an article only in
company, that is with a word of war, police or protest, a country or a group in the same sentence or next to it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, MatchKind

from services.extractor.closed import closed
from services.extractor.gazetteer import gazetteer
from services.extractor.lexicon import lexicon
from services.extractor.patterns import Element, Pattern, anchor_of, solid

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SLACK = 3
"""Words that the tokenizer may make one of (*a.m.*, *1,200*) within a pattern's reach."""

_SURE = 0.5
"""How strong a pattern of several words has to be to open an article without company."""

_NAME = "<name>"
"""Stands among the words for any with a capital."""

_Other = tuple[int, int, frozenset[str]]
"""Another word of a pattern: how many words before and behind the anchor it may stand, and its forms."""


class Prefilter:
    """Finds the sentences in which patterns may match; linear in the text, whatever the number of patterns."""

    def __init__(self, patterns: Iterable[Pattern], besides: frozenset[str] = frozenset()) -> None:
        """Makes the tables.

        Args:
            patterns: what to look for.
            besides: words that do not count where they are all there is to a pattern.
        """
        needs: dict[str, set[tuple[_Other, ...]]] = defaultdict(set)
        for pattern in patterns:
            anchor = _rarest(pattern)
            others = tuple(_others(pattern, anchor))
            for form in anchor.forms.keys() - (frozenset() if others else besides):
                needs[form].add(others)
        self._needs = {form: tuple(sorted(found, key=len)) for form, found in needs.items()}
        self._automaton = AhoCorasick(sorted(needs), matchkind=MatchKind.LeftmostLongest)

    def offsets(self, text: str) -> tuple[int, ...]:
        """Where words that patterns need stand in ``text``, in order; matched without regard to case."""
        lower = _lower(text)
        found = self._automaton.find_matches_as_indexes(lower)
        return tuple(start for _, start, end in found if _whole(lower, start, end))

    def passes(self, sentence: str) -> bool:
        """Whether the words of some pattern stand in a sentence in its order and no farther apart than it lets them."""
        words = {*_words(sentence), _NAME}
        held = [
            (form, others)
            for form in words & self._needs.keys()
            for others in self._needs[form]
            if all(not words.isdisjoint(forms) for _, _, forms in others)
        ]
        places = _places(sentence) if held else {}
        return any(form in places and all(_near(places, form, other) for other in others) for form, others in held)


def _others(pattern: Pattern, anchor: Element) -> Iterator[_Other]:
    ends = list(accumulate(element.gap or 1 for element in pattern))
    at = pattern.index(anchor)
    for k, element in enumerate(pattern):
        if k != at and _needed(element):
            reach, forms = abs(ends[k] - ends[at]) + _SLACK, frozenset(element.forms or {_NAME})
            yield (reach, 0, forms) if k < at else (0, reach, forms)


def _needed(element: Element) -> bool:
    return bool(element.forms or element.name) and not element.optional


def _near(places: Mapping[str, list[int]], form: str, other: _Other) -> bool:
    before, behind, forms = other
    return any(
        anchor - before <= at <= anchor + behind
        for found in forms & places.keys()
        for at in places[found]
        for anchor in places[form]
    )


def _words(text: str) -> set[str]:
    """The words of a text in lower case; those with a hyphen also in parts."""
    words = set(_WORD.findall(_lower(text)))
    return words.union(*(word.split("-") for word in words if "-" in word))


def _places(sentence: str) -> Mapping[str, list[int]]:
    """Where in a sentence its words stand; those with a hyphen also in parts; *March* within it is a month."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, found in enumerate(_WORD.finditer(sentence)):
        word = found.group()
        if word[0].isupper():
            places[_NAME].append(at)
        if word == "March" and at:
            continue
        lower = _lower(word)
        places[lower].append(at)
        for part in lower.split("-") if "-" in lower else ():
            places[part].append(at)
    return places


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
    return Prefilter(_triggers(0.0))


@cache
def _sure() -> Prefilter:
    """For the triggers that need no company."""
    return Prefilter(_triggers(_SURE), besides=lexicon().classes["vague"])


def _triggers(strength: float) -> Iterator[Pattern]:
    """The patterns that tell of something, not those that only swallow others; if of several words, so strong."""
    book = lexicon()
    for number, pattern in {number: pattern for row in book.trigger_index.values() for number, pattern in row}.items():
        trigger = book.triggers[number]
        if trigger.sense != "calm" and (sum(map(_needed, pattern)) == 1 or trigger.strength >= strength):
            yield pattern


@cache
def act_filter() -> Prefilter:
    """For the verbal acts: which other sentences of such an article are worth parsing."""
    return Prefilter(pattern for found in lexicon().act_index.values() for _, pattern in found)


def live_sentences(text: str, spans: Sequence[tuple[int, int]], hits: Sequence[int]) -> list[bool]:
    """Which sentences of a text may hold a trigger; none at all where no trigger is sure and none has company.

    Args:
        text: the uniform text of the whole article.
        spans: where its sentences start and end.
        hits: the ``offsets`` of the prefilter in it.
    """
    live = [_holds(hits, span) and prefilter().passes(text[slice(*span)]) for span in spans]
    opened = any(
        hit and (_sure().passes(text[slice(*spans[k])]) or _in_company(text, spans, k)) for k, hit in enumerate(live)
    )
    return live if opened else [False] * len(live)


def _holds(hits: Sequence[int], span: tuple[int, int]) -> bool:
    at = bisect_left(hits, span[0])
    return at < len(hits) and hits[at] < span[1]


def _in_company(text: str, spans: Sequence[tuple[int, int]], k: int) -> bool:
    around = (text[slice(*span)] for span in spans[max(k - 1, 0) : k + 2])
    return not _names().isdisjoint(_words(text[slice(*spans[k])])) or any(map(warlike, around))


def warlike(sentence: str) -> bool:
    """Whether a sentence has a word of who fights, polices or protests, with what, or who suffers."""
    return not lexicon().classes["company"].isdisjoint(_words(sentence))


@cache
def _names() -> frozenset[str]:
    """Countries and armed groups; not capitals, where anything may happen."""
    names = {name for name, entry in gazetteer().entries.items() if entry.kind in _NAMES}
    return frozenset(names) - closed("names.acronyms")


_NAMES = frozenset({"country", "demonym", "rebel", "separatist", "state"})
