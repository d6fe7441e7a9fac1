"""Which sentences can hold an event at all: those with the rarest word of a pattern and its other words near by.

Exact in one direction: a sentence that is passed over matches no pattern of the lexicon. So an article without a
passing sentence never reaches spaCy, and of the others only the passing sentences are parsed. One thing is not exact,
and on purpose: words that are as much at home on the sports page (*attack*, *march*, *shot*) open an article only in
company, that is with a word of war, police or protest, a country or a group in the same sentence or next to it.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property, lru_cache
from itertools import accumulate, chain

from services.extractor.names.gazetteer import gazetteer
from services.extractor.reading.lexicon import lexicon
from services.extractor.reading.patterns import Element, Pattern, anchor_of, solid
from services.extractor.text.clean import lowered
from services.extractor.text.closed import closed

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
        self._forms = frozenset(needs)

    def offsets(self, text: str) -> tuple[int, ...]:
        """Where in a text words stand, in order, that patterns are found by; of those with their other words near by.

        Matched without regard to case, nor to where sentences end: the first and fastest of the sieves.
        """
        spelled = _of_article(text)
        forms = {spelled.lower[at] for at in self._hits(spelled)}
        plain = lowered(text) if forms else ""
        return tuple(sorted(at for form in forms for at in _occurrences(plain, form)))

    def passes(self, sentence: str) -> bool:
        """Whether words of some pattern stand in a sentence in its order and no farther apart than it lets them."""
        return any(True for _ in self._hits(_of_sentence(sentence)))

    def passing(self, text: str, spans: Sequence[tuple[int, int]], hits: Sequence[int]) -> list[bool]:
        """Which stretches of a text pass; only those are looked at that hold one of the ``offsets`` of this text."""
        starts = [start for start, _ in spans]
        near = {hit: bisect_right(starts, hit) - 1 for hit in hits}
        held = {k for hit, k in near.items() if k >= 0 and hit < spans[k][1]}
        return [k in held and self.passes(text[slice(*span)]) for k, span in enumerate(spans)]

    def _hits(self, text: "_Spelled") -> Iterator[int]:
        """The numbers of the words that patterns are found by whose other words stand near by."""
        held = self._held(text.every)
        places = [at for at, word in enumerate(text.lower) if word in held] if held else []
        if not text.parts.isdisjoint(held):
            places += [at for at, word in enumerate(text.lower) if "-" in word]
        for at in places:
            for form in _forms(text.lower[at]):
                if any(_near(text, at, others) for others in held.get(form, ())):
                    yield at

    def _held(self, words: Set[str]) -> Mapping[str, list[tuple[_Other, ...]]]:
        """The patterns that have all their words among these: their other words by the one they are found by."""
        held: dict[str, list[tuple[_Other, ...]]] = {}
        for form in words & self._forms:
            for others in self._needs[form]:
                for _, _, forms in others:  # plain loops: this is run over every word of every article
                    if words.isdisjoint(forms) and _NAME not in forms:
                        break
                else:
                    held.setdefault(form, []).append(others)
        return held


def _others(pattern: Pattern, anchor: Element) -> Iterator[_Other]:
    ends = list(accumulate(element.gap or 1 for element in pattern))
    at = pattern.index(anchor)
    for k, element in enumerate(pattern):
        if k != at and _needed(element):
            reach = abs(ends[k] - ends[at]) + _SLACK
            forms = frozenset({*element.forms, _NAME} if element.name else element.forms)
            yield (reach, 0, forms) if k < at else (0, reach, forms)


def _needed(element: Element) -> bool:
    return bool(element.forms or element.name) and not element.optional


def _near(text: "_Spelled", at: int, others: tuple[_Other, ...]) -> bool:
    """Whether all other words of a pattern stand near by."""
    for before, behind, forms in others:
        around = slice(max(at - before, 0), at + behind + 1)
        window = text.lower[around]
        if forms.isdisjoint(window) and not (
            (_NAME in forms and any(word[0].isupper() for word in text.words[around]))
            or (text.parts and not forms.isdisjoint(_parts(window)))
        ):
            return False
    return True


def _forms(word: str) -> Sequence[str]:
    """A word, and its parts if it has a hyphen."""
    return (word, *word.split("-")) if "-" in word else (word,)


def _parts(words: Iterable[str]) -> Iterator[str]:
    """The parts of the words that have a hyphen."""
    return chain.from_iterable(word.split("-") for word in words if "-" in word)


class _Spelled:
    """The words of a text in lower case, the parts of those with a hyphen, and the set of all of these.

    What stands between words is a space (by bytes: fast). *in March* is a month.
    """

    def __init__(self, text: str) -> None:
        self._plain = _MONTH.sub("April", text).encode(errors="replace").translate(_SPACES).decode()
        self.lower = self._plain.lower().split()
        self.every = set(self.lower)
        self.parts = frozenset(_parts(self.every)) if "-" in self._plain else frozenset()
        self.every |= self.parts

    @cached_property
    def words(self) -> list[str]:
        """The words as they stand, which few ask for."""
        return self._plain.split()


_of_article = lru_cache(maxsize=2)(_Spelled)
_of_sentence = lru_cache(maxsize=256)(_Spelled)
"""Several sieves ask for the words of the same text in turn."""

_MONTH = re.compile(r"""March\b(?<=[^.!?"')\]\n][ (]March)""")  # what stands before asked for last: far faster
_SPACES = bytes(byte if byte > 127 or chr(byte).isalnum() or byte == ord("-") else ord(" ") for byte in range(256))


def _occurrences(lower: str, form: str) -> Iterator[int]:
    """Where a word stands in a text in lower case."""
    at = lower.find(form)
    while at >= 0:
        end = at + len(form)
        if not lower[at - 1 : at].isalnum() and not lower[end : end + 1].isalnum():
            yield at
        at = lower.find(form, end)


def _rarest(pattern: Pattern) -> Element:
    """The word to look for: a pattern's own choice, unless that is a word on every page and another is not."""
    rare = [element for element in solid(pattern) if not _EVERYWHERE & element.forms.keys()]
    chosen = anchor_of(pattern)
    return chosen if chosen in rare or not rare else min(rare, key=lambda element: len(element.forms))


_EVERYWHERE = closed("words.prepositions") | {"a", "an", "the", "and", "or"}


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
    for number, pattern in {one.number: one.pattern for found in book.trigger_index.values() for one in found}.items():
        trigger = book.triggers[number]
        if trigger.sense != "calm" and (sum(map(_needed, pattern)) == 1 or trigger.strength >= strength):
            yield pattern


@cache
def act_filter() -> Prefilter:
    """For the verbal acts: which other sentences of such an article are worth parsing."""
    return Prefilter(pattern for found in lexicon().act_index.values() for _, pattern, _ in found)


def live_sentences(text: str, spans: Sequence[tuple[int, int]], hits: Sequence[int]) -> list[bool]:
    """Which sentences of a text may hold a trigger; none at all where no trigger is sure and none has company.

    Args:
        text: the uniform text of the whole article.
        spans: where its sentences start and end.
        hits: the ``offsets`` of the prefilter in it.
    """
    live = prefilter().passing(text, spans, hits)
    opened = any(
        hit and (_sure().passes(text[slice(*spans[k])]) or _in_company(text, spans, k)) for k, hit in enumerate(live)
    )
    return live if opened else [False] * len(live)


def _in_company(text: str, spans: Sequence[tuple[int, int]], k: int) -> bool:
    around = (text[slice(*span)] for span in spans[max(k - 1, 0) : k + 2])
    return not _names().isdisjoint(_of_sentence(text[slice(*spans[k])]).every) or any(map(warlike, around))


def warlike(sentence: str) -> bool:
    """Whether a sentence has a word of who fights, polices or protests, with what, or who suffers."""
    return not lexicon().classes["company"].isdisjoint(_of_sentence(sentence).every)


@cache
def _names() -> frozenset[str]:
    """Countries and armed groups; not capitals, where anything may happen."""
    names = {name for name, entry in gazetteer().entries.items() if entry.kind in _NAMES}
    return frozenset(names) - closed("names.acronyms")


_NAMES = frozenset({"country", "demonym", "rebel", "separatist", "state"})
