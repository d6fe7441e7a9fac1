"""The words of one sentence with what is known of each: place in the text, word class, parse."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from spacy.attrs import DEP, HEAD, IDX, IS_SPACE, LENGTH, POS, TAG  # type: ignore[import-not-found]
from spacy.language import Language
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
    """The words of one sentence in order, with what is often asked of all of them."""

    @cached_property
    def lowers(self) -> frozenset[str]:
        """The words that stand in it, in lower case."""
        return frozenset([word.lower for word in self])

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
            words.append(Word(len(words), surface, lower, at + start, at + end))
    return Words(words)


_CHUNK = re.compile(r"\S+")


@lru_cache(maxsize=20_000)
def _cut(nlp: Language, chunk: str) -> tuple[tuple[str, str, int, int], ...]:
    """The words in what stands between two spaces, with their offsets in it.

    A tokenizer by rules cuts a run of letters only if it lists it (*cannot*); most new words are such runs, of names.
    """
    if chunk.isalpha() and chunk not in getattr(nlp.tokenizer, "rules", (chunk,)):
        return ((chunk, chunk.lower(), 0, len(chunk)),)
    return tuple((word.text, word.lower, word.start, word.end) for word in words_of(nlp.make_doc(chunk), text=chunk))


_Row = Sequence[int]
"""What spaCy's table says of a token, far sooner than its token objects do."""

_COLUMNS = [IS_SPACE, IDX, LENGTH, POS, TAG, DEP]
_LABELS = slice(3, None)


def words_of(doc: Doc, offset: int = 0, text: str = "") -> Words:
    """The words of a parsed or merely tokenized sentence that starts at ``offset`` of the uniform text.

    Tokens joined by a hyphen are one word (*Nagorno-Karabakh*, *cease-fire*), whatever the tokenizer thinks of them; it
    has the class and the head of the token whose head lies outside. ``text`` spares putting the sentence together.
    """
    text, strings = text or doc.text, doc.vocab.strings
    table: list[_Row] = doc.to_array(_COLUMNS).tolist()
    labels = {key: strings[key] for key in {key for row in table for key in row[_LABELS]}}
    parsed = any(row[-1] for row in table)
    heads = (np.arange(len(doc)) + doc.to_array(HEAD).view(np.int64)).tolist() if parsed else []
    groups = list(_groups(table, text)) if "-" in text else [[i] for i, (space, *_) in enumerate(table) if not space]
    place = {i: number for number, group in enumerate(groups) for i in group}
    words = []
    for number, group in enumerate(groups):
        top = _outermost(heads, group) if parsed and len(group) > 1 else group[-1]
        start, end = table[group[0]][1], table[group[-1]][1] + table[group[-1]][2]
        *_, pos, tag, dep = table[top]
        surface = text[start:end]
        words.append(
            Word(
                number,
                surface,
                surface.lower(),
                offset + start,
                offset + end,
                labels[pos],
                labels[tag],
                labels[dep],
                place.get(heads[top], number) if parsed else -1,
            )
        )
    return Words(words)


def _groups(table: list[_Row], text: str) -> Iterator[list[int]]:
    group: list[int] = []
    for i, (space, *_) in enumerate(table):
        if space:
            continue
        if group and not _joined(table, text, group[-1], i):
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _joined(table: list[_Row], text: str, before: int, i: int) -> bool:
    """Whether a hyphen holds two tokens together, with a letter or digit on either side of it and no space."""
    start, after = table[i][1], table[i][1] + table[i][2]
    if table[before][1] + table[before][2] != start:
        return False
    if text[start:after] == "-":
        return text[start - 1].isalnum() and text[after : after + 1].isalnum()
    return text[start - 1] == "-" and table[before][2] == 1 and text[max(start - 2, 0) : start - 1].isalnum()


def _outermost(heads: list[int], group: list[int]) -> int:
    """The token of a group whose head lies outside it."""
    return next((i for i in group if heads[i] not in group), group[-1])
