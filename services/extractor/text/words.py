"""The words of one sentence with what is known of each: place in the text, word class, parse."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import count, repeat
from operator import add
from typing import NamedTuple

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, IS_SPACE, LENGTH, POS, TAG  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.strings import StringStore
from spacy.tokens import Doc


class Word(NamedTuple):
    """One token. ``start`` and ``end`` are offsets into the uniform text; ``head`` is an index into the sentence.

    ``pos`` is a universal part of speech or empty, ``dep`` a universal relation or empty, ``tag`` a Penn tag or empty.
    """

    i: int
    text: str
    lower: str
    start: int
    end: int
    pos: str = ""
    tag: str = ""
    dep: str = ""
    head: int = -1


class Words(tuple[Word, ...]):
    """The words of one sentence in order, with what is often asked of all of them.

    They equal only themselves: what is found in them is kept (``lru_cache(maxsize=1)``) until the next sentence.
    """

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    forms: tuple[str, ...]
    """The words in lower case, in order."""
    lowers: frozenset[str]
    """The same without order."""

    def __init__(self, _: Iterable[Word] = ()) -> None:
        self.forms = tuple([word.lower for word in self])
        self.lowers = frozenset(self.forms)

    @cached_property
    def raised(self) -> tuple[int, ...]:
        """The numbers of the words that start with a capital."""
        return tuple([word.i for word in self if word.text[:1].isupper()])

    @cached_property
    def below(self) -> Mapping[int, tuple[int, ...]]:
        """The numbers of the words whose head a word is, by its own number; empty without a parse."""
        found: dict[int, tuple[int, ...]] = {}
        for word in self:
            if word.head not in {word.i, -1}:
                found[word.head] = (*found.get(word.head, ()), word.i)
        return found


def bare_words(nlp: Language, text: str, offset: int = 0) -> Words:
    """The words of a sentence that nobody parses: those of ``words_of`` without classes and heads, far sooner.

    What stands between spaces becomes the same words wherever it stands, so it is asked of the tokenizer once.
    """
    words: list[Word] = []
    for chunk in _CHUNK.finditer(text):
        at = offset + chunk.start()
        for surface, lower, start, end in _cut(nlp, chunk.group()):
            made = (len(words), surface, lower, at + start, at + end, *_UNPARSED)
            words.append(tuple.__new__(Word, made))  # what ``Word`` does, in C
    return Words(words)


_UNPARSED = ("", "", "", -1)
_CHUNK = re.compile(r"\S+")


@lru_cache(maxsize=20_000)
def _cut(nlp: Language, chunk: str) -> tuple[tuple[str, str, int, int], ...]:
    """The words in what stands between two spaces, with their offsets in it.

    A tokenizer by rules cuts a run of letters only if it lists it (*cannot*); most new words are such runs, of names.
    """
    if chunk.isalpha() and chunk not in getattr(nlp.tokenizer, "rules", (chunk,)):
        return ((chunk, chunk.lower(), 0, len(chunk)),)
    return tuple((word.text, word.lower, word.start, word.end) for word in words_of(nlp.make_doc(chunk), text=chunk))


_COLUMNS = [IS_SPACE, IDX, LENGTH, POS, TAG, DEP, HEAD]
"""What spaCy's table says of a token, far sooner than its token objects do."""


def words_of(doc: Doc, offset: int = 0, text: str = "") -> Words:
    """The words of a parsed or merely tokenized sentence that starts at ``offset`` of the uniform text.

    Tokens joined by a hyphen are one word (*Nagorno-Karabakh*, *cease-fire*), whatever the tokenizer thinks of them; it
    has the class and the head of the token whose head lies outside. ``text`` spares putting the sentence together.
    """
    text, names = text or doc.text, _labels(doc.vocab.strings)
    spaces, starts, lengths, *labels, heads = doc.to_array(_COLUMNS).view(np.int64).T.tolist()
    ends = list(map(add, starts, lengths))
    heads = list(map(add, count(), heads)) if any(labels[-1]) else []
    firsts = lasts = tops = [i for i, space in enumerate(spaces) if not space]
    if "-" in text:
        groups = list(_groups(tops, starts, ends, text))
        firsts, lasts = [group[0] for group in groups], [group[-1] for group in groups]
        tops = [_outermost(heads, group) if heads and len(group) > 1 else group[-1] for group in groups]
    surfaces = [text[starts[first] : ends[last]] for first, last in zip(firsts, lasts, strict=True)]
    columns = (
        range(len(surfaces)),
        surfaces,
        map(str.lower, surfaces),
        [offset + starts[i] for i in firsts],
        [offset + ends[i] for i in lasts],
        *([names[column[i]] for i in tops] for column in labels),
        _places(heads, tops, firsts, lasts) if heads else repeat(-1),
    )
    return Words(map(tuple.__new__, repeat(Word), zip(*columns, strict=False)))


class _Labels(dict[int, str]):
    """The labels of a pipeline spelt out: a hundred, and spaCy makes the text anew each time it is asked."""

    def __init__(self, strings: StringStore) -> None:
        super().__init__()
        self._strings = strings

    def __missing__(self, key: int) -> str:
        label = self[key] = str(self._strings[key % 2**64])
        return label


_labels = lru_cache(maxsize=4)(_Labels)


def _places(heads: list[int], tops: list[int], firsts: list[int], lasts: list[int]) -> Iterator[int]:
    """The number of the word that the head of each word stands in; its own where that is a space."""
    if len(tops) == len(heads):
        return iter(heads)
    place = [-1] * len(heads)
    for number, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        place[first : last + 1] = [number] * (last + 1 - first)
    found = (place[heads[i]] for i in tops)
    return (number if at < 0 else at for number, at in enumerate(found))


def _groups(tokens: Sequence[int], starts: list[int], ends: list[int], text: str) -> Iterator[list[int]]:
    """The tokens, those together that a hyphen joins."""
    group: list[int] = []
    for i in tokens:
        if group and not (ends[group[-1]] == starts[i] and _joined(text, starts[group[-1]], starts[i], ends[i])):
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _joined(text: str, before: int, start: int, end: int) -> bool:
    """Whether a hyphen holds two tokens together, with a letter or digit on either side of it."""
    if text[start:end] == "-":
        return text[start - 1].isalnum() and text[end : end + 1].isalnum()
    return text[start - 1] == "-" and start - before == 1 and text[max(start - 2, 0) : start - 1].isalnum()


def _outermost(heads: list[int], group: list[int]) -> int:
    """The token of a group whose head lies outside it."""
    return next((i for i in group if heads[i] not in group), group[-1])
