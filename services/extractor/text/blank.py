"""The smallest pipeline the extractor can work on: a tokenizer, no tags and no parse."""

import spacy
from spacy.language import Language


def blank_pipeline() -> Language:
    """English tokenization with sentence ends; word classes and clauses are then guessed from closed word lists."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp
