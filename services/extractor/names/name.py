"""A name in a sentence, and what an article has taught about names so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from services.extractor.names.gazetteer import Site
from services.extractor.names.home import Home


class Name(NamedTuple):
    """A stretch of words, ``start`` to ``end``, that names a party or a place.

    ``kind`` is a class of party (state, police, rebel, civ, protester, mob, igo, ngo, media), ``country`` for a bare
    country or capital, ``demonym`` for a bare adjective, ``place``, or ``person`` where the bearer is not yet known.
    """

    start: int
    end: int
    text: str
    kind: str
    id: str = ""
    country: str = ""
    sector: str = ""
    site: Site | None = None
    capital: bool = False

    @property
    def party(self) -> bool:
        """Whether this can act or speak."""
        return self.kind not in {"place", "demonym"}


@dataclass(frozen=True)
class Memory:
    """What earlier sentences taught: persons by surname, countries, offices, the last speaker's country.

    ``home`` is where the article is at home, known before its first sentence.
    """

    persons: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    offices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    last: str = ""
    home: Home = field(default_factory=Home)

    @cached_property
    def told(self) -> frozenset[str]:
        """The countries named so far, or anywhere outright."""
        return frozenset((*self.countries, *self.home.told))

    @cached_property
    def around(self) -> frozenset[str]:
        """These, and the one where the article is at home."""
        return self.told | {self.home.country} if self.home.country else self.told
