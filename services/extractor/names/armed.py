"""Who bears arms or faces those who do: by class of party, and by the words without which none of them can be named."""

import re
from collections.abc import Iterable
from functools import cache

from services.extractor.names.gazetteer import gazetteer

_SECTORS = frozenset({"MIL", "MOD", "COP", "REB", "RIOT", "PROTEST"})
_KINDS = frozenset({"rebel", "separatist", "police", "mob", "protester"})
_START = re.compile(r"[^\W_]+")


def is_armed(sector: str, kind: str) -> bool:
    """Whether a party of this sector and class is one of forces, police, rebels, a mob or protesters."""
    return sector in _SECTORS or kind in _KINDS


def may_arm(words: Iterable[str]) -> bool:
    """Whether any of some lower-case words can begin the name of such a party."""
    return not _starts().isdisjoint(found.group() for word in words if (found := _START.match(word)))


@cache
def _starts() -> frozenset[str]:
    """How the names and role nouns begin that make such a party, alone or beside another name."""
    book = gazetteer()
    armed = [name for name, role in book.roles.items() if is_armed(role.sector, role.kind)]
    armed += [name for name, entry in book.entries.items() if is_armed(entry.id.rpartition("-")[2], entry.kind)]
    return frozenset(found.group() for name in armed if (found := _START.match(name)))
