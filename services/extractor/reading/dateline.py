"""The dateline at the head of a sentence, kept out of the parse: *KYIV, June 1 (Agency) - Bombs killed four*.

The parser takes its place for the subject of what follows.
"""

from spacy.language import Language

from services.extractor.text.sentences import Sentence
from services.extractor.text.words import Words, bare_words


def length_of(sentence: Sentence, end: int) -> int:
    """How many letters of a sentence are the dateline that ends at ``end`` of the uniform text."""
    return end - sentence.start if sentence.start < end < sentence.end else 0


def behind(nlp: Language, sentence: Sentence, length: int, told: Words) -> Words:
    """The words of a sentence whose part behind the dateline was parsed."""
    if not length:
        return told
    line = bare_words(nlp, sentence.text[:length], sentence.start)
    shift = len(line)
    kinds = ("PROPN" if word.text[:1].isalnum() else "PUNCT" for word in line)
    first = tuple(word._replace(pos=kind, dep="dep", head=word.i) for word, kind in zip(line, kinds, strict=True))
    return Words((*first, *(word._replace(i=word.i + shift, head=word.head + shift) for word in told)))
