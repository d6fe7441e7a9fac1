"""The pipeline the quality tests run on: the trained one where it is there, else the blank one."""

from functools import cache
from importlib import import_module, util

from spacy.language import Language

from services.core.errors import InputError
from services.extractor.blank import blank_pipeline


@cache
def pipeline() -> Language:
    """``tocsin-en``, or a blank English pipeline where it has not been trained yet."""
    if util.find_spec("services.extractor.nlp") is None:
        return blank_pipeline()
    try:
        loaded: Language = import_module("services.extractor.nlp").load_pipeline()
    except InputError:
        return blank_pipeline()
    return loaded
