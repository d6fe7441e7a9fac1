"""The shipped pipeline, loaded once for all tests."""

from functools import cache

from spacy.language import Language

from services.extractor.text.pipeline import load_pipeline


@cache
def pipeline() -> Language:
    """``tocsin-en``."""
    return load_pipeline()
