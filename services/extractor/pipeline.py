"""Which language pipeline the extractor runs on."""

from pathlib import Path

import spacy
from spacy.language import Language

from services.core.errors import ConfigError, Problem
from services.extractor import nlp

_NEEDED = ("tagger", "parser")


def load_pipeline(folder: Path | None = None) -> Language:
    """The pipeline: ``tocsin-en``, or another one with Universal Dependencies labels from ``folder``.

    Raises:
        ConfigError: the folder holds no pipeline, or one without tags or trees.
        InputError: the shipped pipeline is damaged.
    """
    if folder is None:
        return nlp.load_pipeline()
    try:
        other = spacy.load(folder)
    except (OSError, ValueError) as error:
        raise ConfigError((Problem("TOCSIN_EXTRACTOR__PIPELINE", f"{folder}: {error}"),)) from error
    missing = [name for name in _NEEDED if name not in other.pipe_names]
    if missing:
        raise ConfigError((Problem("TOCSIN_EXTRACTOR__PIPELINE", f"{folder} has no {' and no '.join(missing)}"),))
    return other
