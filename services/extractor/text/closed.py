"""Closed lists of words (auxiliaries, prepositions, subordinators, units), kept in ``lexicon/closed.tsv``."""

from collections.abc import Mapping
from functools import cache

from services.extractor.text.tables import rows


def closed(name: str) -> frozenset[str]:
    """The list of that name.

    Raises:
        KeyError: there is none.
    """
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {row["name"]: frozenset(row["words"].split()) for row in rows("lexicon/closed.tsv", ("name", "words"))}
