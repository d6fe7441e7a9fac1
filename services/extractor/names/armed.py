"""Who bears arms or faces those who do: by class of party, and by the words without which none of them can be named."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from services.extractor.names.gazetteer import gazetteer
from services.extractor.text.closed import closed

_SECTORS = frozenset({"MIL", "MOD", "COP", "REB", "RIOT", "PROTEST"})
_KINDS = frozenset({"rebel", "separatist", "police", "mob", "protester"})
_ACRONYMS = closed("names.acronyms")


def is_armed(sector: str, kind: str) -> bool:
    """Whether a party of this sector and class is one of forces, police, rebels, a mob or protesters."""
    return sector in _SECTORS or kind in _KINDS


def may_arm(words: Iterable[str], text: str) -> bool:
    """Whether all words of the name of such a party stand in an article.

    Args:
        words: those of the article, in lower case.
        text: the article, for what is a name in capitals only (*IS*).
    """
    told = {run for word in words for run in _runs(word)}
    names = (name for first in told & _names().keys() for name in _names()[first])
    return any(told.issuperset(rest) and (not acronym or acronym in text) for rest, acronym in names)


@cache
def _names() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """The names and role nouns that make such a party, alone or beside another name, by their first words.

    Each with its other words, and with its capitals if it is a name in these only.
    """
    book = gazetteer()
    armed = [name for name, role in book.roles.items() if is_armed(role.sector, role.kind)]
    armed += [name for name, entry in book.entries.items() if is_armed("", entry.kind)]
    found = defaultdict(list)
    for name in armed:
        first, *rest = _runs(name)
        found[first].append((tuple(rest), name.upper() if name in _ACRONYMS else ""))
    return {first: tuple(names) for first, names in found.items()}


def _runs(name: str) -> list[str]:
    return [name] if name.isalnum() else _RUN.findall(name)


_RUN = re.compile(r"[^\W_]+")
