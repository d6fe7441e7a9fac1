"""Which language pipeline the extractor runs on, and how its parts are run on sentences."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from services.core.errors import ConfigError, Problem
from services.extractor.text import nlp

_NEEDED = ("tagger", "parser")
_UNUSED = ["ner", "lemmatizer"]
"""Parts of the pipeline that nothing here reads; leaving them out saves a quarter of its time."""

_BATCH, _BATCH_LETTERS = 64, 20_000
"""Sentences tagged together and, by quarters, parsed together, in a text longer than those letters; a shorter one goes
at once. A bound on memory: the parser takes 12 kB a token."""

_KNOWN = 30_000
"""Words whose shape and tokens are kept: a known word costs a thirtieth of the time of a new one, and 0.3 kB."""


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


def parsed(nlp: Language, texts: Iterable[str]) -> list[Doc]:
    """The sentences with tags and trees where the pipeline makes them; a sentence that comes again is the same one."""
    given = list(texts)
    distinct = list(dict.fromkeys(given))
    batch = _BATCH if sum(map(len, distinct)) > _BATCH_LETTERS else 4 * len(distinct) + 1
    docs = dict(zip(distinct, nlp.pipe(distinct, batch_size=batch, disable=_UNUSED), strict=True))
    return [docs[text] for text in given]


def reading_zone(nlp: Language, known: int = _KNOWN) -> AbstractContextManager[Any]:
    """Where documents live: what spaCy learns of new words inside is forgotten behind it, once it knows enough words.

    So the words of the first articles stay, and memory does not grow with the articles after them. No document may be
    used outside the zone it was made in.
    """
    if len(nlp.vocab) < known:
        nlp.tokenizer.max_cache_size = known  # type: ignore[union-attr]
        return nullcontext()
    return nlp.memory_zone()
