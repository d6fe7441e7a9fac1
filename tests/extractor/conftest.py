"""Fixtures for the tests of the extractor."""

import pytest
from spacy.language import Language

from tests.quality.pipeline import pipeline


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The shipped pipeline."""
    return pipeline()
