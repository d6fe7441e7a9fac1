"""Verbs that the parser takes for participles are raised, and what comes out is a tree again."""

import pytest
from spacy.language import Language

from services.extractor.reading.mended import mended
from services.extractor.text import tree
from services.extractor.text.words import words_of

SENTENCES = (
    "Rebels hacked to death 16 farmers near Beni.",
    "Army retakes police compound in Laukkai.",
    "The gang coalition Viv Ansanm burnt twelve homes in Kenscoff on Monday and killed nine residents.",
    "Men in masks shot dead a pastor, his son and the driver who took them home.",
    "Gunmen ambushed a convoy the army sent to Menaka and burned six lorries.",
)


@pytest.mark.parametrize("text", SENTENCES)
def test_above_every_word_of_a_mended_sentence_is_its_root(nlp: Language, text: str) -> None:
    words = mended(words_of(nlp(text)))
    for word in words:
        *_, top = (word.i, *tree.above(words, word.i))
        assert words[top].head in {top, -1}
