"""Which sentences of an article are read at all, and what they may hold; nothing is tokenized for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from spacy.language import Language

from services.extractor.names.home import dateline
from services.extractor.reading.dateline import behind, length_of
from services.extractor.reading.prefilter import act_filter, live_sentences, prefilter, warlike
from services.extractor.text.sentences import Sentence, sentences
from services.extractor.text.words import Words

_CONTEXT = 6
"""Sentences at the head of an article, and around one that can hold an event, that are read for places and parties."""

_MOST, _MOST_LETTERS = 500, 100_000
"""Sentences and letters read of one article: more than news has, and a bound on the time a hostile text can cost."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that is read, with its letters up to the end of a dateline and what it may hold by the words in it.

    A ``live`` line may hold a trigger, one of ``act`` a verbal act.
    """

    sentence: Sentence
    cut: int
    live: bool
    act: bool

    def words(self, nlp: Language, told: Words) -> Words:
        """The words of the line; ``told`` are those behind the dateline."""
        return behind(nlp, self.sentence, self.cut, told)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of an article, none where it cannot hold an event; ``unread`` counts the sentences nobody looked at."""

    lines: tuple[Line, ...] = ()
    unread: int = 0


def opened(text: str) -> Page:
    """What is read of an article with this uniform text; only of its sentences, not of its page furniture and headings.

    Quiet sentences far from all those that can hold something are left out.
    """
    hits = prefilter().offsets(text)
    every = [sentence for sentence in sentences(text) if sentence.kind in {"body", "headline"}] if hits else []
    told = list(_bounded(every))
    live = live_sentences(text, [(sentence.start, sentence.end) for sentence in told], hits)
    return Page(tuple(_lines(text, told, live)) if any(live) else (), len(every) - len(told))


def _bounded(every: list[Sentence]) -> Iterator[Sentence]:
    """The sentences that are read."""
    letters = accumulate(len(sentence.text) for sentence in every[:_MOST])
    return (sentence for sentence, length in zip(every, letters, strict=False) if length <= _MOST_LETTERS)


def _lines(text: str, told: Sequence[Sentence], live: Sequence[bool]) -> Iterator[Line]:
    sieve, end = act_filter(), dateline(text)
    acts = sieve.passing(text, [(sentence.start, sentence.end) for sentence in told], sieve.offsets(text))
    for k, (sentence, act) in enumerate(zip(told, acts, strict=True)):
        near = k < _CONTEXT or any(live[max(k - _CONTEXT, 0) : k + _CONTEXT + 1])
        if near or act or warlike(sentence.text):
            yield Line(sentence, length_of(sentence, end), live[k], act)
