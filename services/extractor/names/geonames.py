"""Places of GeoNames by folded name, found in the sorted table itself: nothing is parsed until it is asked for."""

from dataclasses import dataclass
from functools import cache, lru_cache

from services.core.fold import fold
from services.core.provinces import centre, provinces_called
from services.extractor.text.closed import closed
from services.extractor.text.tables import HERE, TableError

TABLE = HERE / "gazetteer" / "geonames.tsv"
_CELLS = 7
_KINDS = {"P": "city", "A": "region"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place. ``country`` is ISO 3166-1 alpha-3; ``kind`` is city or region; ``lat`` and ``lon`` are WGS 84.

    ``care`` is ``w`` where the name is also a common word, ``p`` where it is also a person's, else empty.
    """

    name: str
    country: str
    lat: float
    lon: float
    population: int
    kind: str
    care: str


@lru_cache(maxsize=8192)
def spots(name: str) -> tuple[Spot, ...]:
    """The places of that name, the largest first; capitals and accents do not matter.

    Raises:
        TableError: a line of the table cannot be read.
    """
    folded = fold(name)
    found = _listed(folded)
    return found or (_listed(fold(name.replace("-", ""))) if "-" in name else ()) or _provinces(folded)


def _provinces(folded: str) -> tuple[Spot, ...]:
    """The provinces of a name that no town has, as places that a word of place has to stand before."""
    found = provinces_called().get(folded, ())
    if not found or _SIDES.issuperset(folded.split()):
        return ()
    points = ((province, centre(province)) for province in found)
    return tuple(Spot(p.name, p.country, lat, lon, _PROVINCE, "region", "p") for p, (lat, lon) in points)


_PROVINCE = 100_000
"""People that a province is taken to have, at least."""
_SIDES = closed("geonames.sides")
"""Words that many provinces are called by, and much besides."""


def _listed(folded: str) -> tuple[Spot, ...]:
    key = folded.encode()
    table, at = _table(), _first(key + b"\t")
    found = []
    while table.startswith(key + b"\t", at):
        end = table.find(b"\n", at)
        found.append(_spot(table[at:end].decode()))
        at = end + 1
    return tuple(found)


@lru_cache(maxsize=8192)
def begins(name: str) -> bool:
    """Whether any longer name starts with this, so that the next word is worth trying."""
    key = fold(name).encode() + b" "
    return _table().startswith(key, _first(key)) or key in _province_starts()


@cache
def _province_starts() -> frozenset[bytes]:
    """What longer names of provinces begin with, word by word."""
    names = (name.split() for name in provinces_called())
    return frozenset(f"{' '.join(words[:k])} ".encode() for words in names for k in range(1, len(words)))


@cache
def _table() -> bytes:
    """The table behind its comments."""
    text = TABLE.read_bytes()
    start = 0
    while text.startswith(b"#", start):
        start = text.index(b"\n", start) + 1
    return text[start:]


def _first(key: bytes) -> int:
    """Where the first line that is not less than a key begins; lines are sorted by the bytes of their first cell."""
    table = _table()
    low, high = 0, len(table)
    while low < high:
        line = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = table.find(b"\n", line) + 1
        if table[line:end] < key:
            low = end
        else:
            high = line
    return low


def _spot(line: str) -> Spot:
    cells = line.split("\t")
    if not _CELLS <= len(cells) <= _CELLS + 1 or cells[6] not in _KINDS:
        raise TableError(f"{TABLE.name}: {line!r} is not a line of this table")
    key, name, country, lat, lon, people, feature, *care = cells
    return Spot(
        name or key.title(), country, float(lat), float(lon), int(people), _KINDS[feature], care[0] if care else ""
    )
