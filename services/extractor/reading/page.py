"""Which sentences of an article are read at all, in their bare words; what they may hold is known before any parse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from spacy.language import Language

from services.extractor.names.home import dateline
from services.extractor.reading.dateline import behind, length_of
from services.extractor.reading.prefilter import act_filter, live_sentences, prefilter, warlike
from services.extractor.text.sentences import Sentence, sentences
from services.extractor.text.words import Words, bare_words

_CONTEXT = 6
"""Sentences at the head of an article, and around one that can hold an event, that are read for places and parties."""

_MOST, _MOST_LETTERS = 500, 100_000
"""Sentences and letters read of one article: more than news has, and a bound on the time a hostile text can cost."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that is read: its words, its letters up to the end of a dateline, and what it can hold by its words.

    A ``live`` line may hold a trigger, another ``act`` may be a verbal act.
    """

    sentence: Sentence
    words: Words
    cut: int
    live: bool
    act: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of an article, none where it cannot hold an event; ``unread`` counts the sentences nobody looked at."""

    lines: tuple[Line, ...] = ()
    unread: int = 0


def opened(nlp: Language, text: str) -> Page:
    """What is read of an article with this uniform text; only of its sentences, not of its page furniture and headings.

    Quiet sentences far from all those that can hold something are left out.
    """
    hits = prefilter().offsets(text)
    every = [sentence for sentence in sentences(text) if sentence.kind in {"body", "headline"}] if hits else []
    told = list(_bounded(every))
    spans = [(sentence.start, sentence.end) for sentence in told]
    live = live_sentences(text, spans, hits)
    lines = tuple(_lines(nlp, text, told, live)) if any(live) else ()
    return Page(tuple(line for line in lines if line.words), len(every) - len(told))


def _bounded(every: list[Sentence]) -> Iterator[Sentence]:
    """The sentences that are read."""
    letters = accumulate(len(sentence.text) for sentence in every[:_MOST])
    return (sentence for sentence, length in zip(every, letters, strict=False) if length <= _MOST_LETTERS)


def _lines(nlp: Language, text: str, told: Sequence[Sentence], live: Sequence[bool]) -> Iterator[Line]:
    sieve = act_filter()
    acts = sieve.passing(text, [(sentence.start, sentence.end) for sentence in told], sieve.offsets(text))
    end = dateline(text)
    for k, (sentence, act) in enumerate(zip(told, acts, strict=True)):
        near = k < _CONTEXT or any(live[max(k - _CONTEXT, 0) : k + _CONTEXT + 1])
        if near or act or warlike(sentence.text):
            cut = length_of(sentence, end)
            words = bare_words(nlp, sentence.text[cut:], sentence.start + cut)
            yield Line(sentence, behind(nlp, sentence, cut, words), cut, live[k], act)
