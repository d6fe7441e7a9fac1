"""Which countries share a land border, from ``gazetteer/neighbours.tsv``."""

from collections.abc import Mapping
from functools import cache

from services.extractor.text.tables import rows


def neighbours(code: str) -> frozenset[str]:
    """The ISO 3166-1 alpha-3 codes of the countries that one borders on; none for an island or an unknown code."""
    return _table().get(code, frozenset())


@cache
def _table() -> Mapping[str, frozenset[str]]:
    found = rows("gazetteer/neighbours.tsv", ("id", "neighbours"))
    return {row["id"]: frozenset(row["neighbours"].split()) for row in found}
