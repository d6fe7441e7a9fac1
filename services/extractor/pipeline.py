"""Which language pipeline the extractor runs on."""

from spacy.language import Language

from services.extractor.blank import blank_pipeline


def load_pipeline() -> Language:
    """The pipeline: a tokenizer and rules for the ends of sentences."""
    return blank_pipeline()
