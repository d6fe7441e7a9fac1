"""The groups in the alerter's table: the entry of each, and which of them the passing of time can change."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Final

from services.alerter.clocks import is_time
from services.alerter.state import MAX_BYTES, Glance, History
from services.core.rule import Rules
from services.core.wire import decode, encode

_MAX_DECODED: Final = 16_000_000
"""Bytes of entries that are kept decoded."""

Place = tuple[str, int]
"""A stream and the partition that its groups lie in."""


@dataclass(frozen=True)
class _Held:
    """An entry decoded, with its size in bytes, and of each of its sightings the JSON, by its id."""

    size: int
    history: History
    pieces: dict[str, bytes]


@dataclass
class _Known:
    """The groups in one place, by rule with the version they were judged by, and those that are open."""

    by_rule: dict[str, dict[bytes, str]] = field(default_factory=dict)
    open: set[bytes] = field(default_factory=set)


class Groups:
    """The groups of all partitions of this process.

    Which there are is read from the table once and then kept up to date, so that what a tick costs depends on the
    groups it may change, not on how many there are.
    """

    def __init__(self, table: MutableMapping[bytes, bytes]) -> None:
        self._table = table
        self._decoded: OrderedDict[bytes, _Held] = OrderedDict()
        self._size = 0
        self._known: dict[Place, _Known] | None = None

    def forget(self) -> None:
        """Reads the table anew when it is next asked: other partitions are in it now."""
        self._known = None
        self._decoded.clear()
        self._size = 0

    def entry(self, key: bytes) -> History | None:
        """The group's entry, if it has one. Nobody else writes to the table, so what is decoded is not asked for."""
        held = self._decoded.get(key)
        if held:
            self._decoded.move_to_end(key)
            return held.history
        raw = self._table.get(key)
        return self._hold(key, _Held(len(raw), decode(History, raw), {})).history if raw else None

    def write(self, key: bytes, history: History, newest: str = "", raw: bytes | None = None) -> None:
        """Puts an entry into the table, without its oldest sightings if it would be too large.

        ``raw`` is the JSON of its sighting ``newest``, as it came.
        """
        held = self._decoded.get(key)
        known = {newest: raw, **(held.pieces if held else {})}
        pieces = {s.sighting_id: known.get(s.sighting_id) or encode(s) for s in history.sightings}
        body = _joined(history, pieces)
        if len(body) > MAX_BYTES:
            history = history.fitting()
            body = encode(history)
        self._table[key] = body
        self._hold(key, _Held(len(body), history, pieces))
        if self._known is not None:
            _note(self._known, key, history)

    def open(self, place: Place) -> set[bytes]:
        """The groups there in which time alone can change something, by what their entries say."""
        return set(self._at(place).open)

    def of_rules(self, place: Place, rules: Iterable[str]) -> set[bytes]:
        """The groups there of these rules."""
        return {key for rule in rules for key in self._at(place).by_rule.get(rule, ())}

    def stale(self, place: Place, rules: Rules) -> set[bytes]:
        """The groups there that were judged by another rule of the name, or ring although there is none any more."""
        known = self._at(place)
        versions = {rule.name: rule.version for rule in rules.rules}
        return {
            key
            for rule, keys in known.by_rule.items()
            for key, version in keys.items()
            if (version != versions[rule] if rule in versions else key in known.open)
        }

    def _at(self, place: Place) -> _Known:
        if self._known is None:
            self._known = {}
            for key, glance in self._glances():
                _note(self._known, key, glance)
        return self._known.setdefault(place, _Known())

    def _glances(self) -> Iterator[tuple[bytes, Glance]]:
        for key, raw in self._table.items():
            if not is_time(key):
                yield key, decode(Glance, raw)

    def _hold(self, key: bytes, entry: _Held) -> _Held:
        before = self._decoded.pop(key, None)
        self._decoded[key] = entry
        self._size += entry.size - (before.size if before else 0)
        while self._size > _MAX_DECODED and len(self._decoded) > 1:
            _, gone = self._decoded.popitem(last=False)
            self._size -= gone.size
        return entry


def _joined(history: History, pieces: Mapping[str, bytes]) -> bytes:
    """The entry of a history whose sightings are JSON already: a group that has many gets one more at a time."""
    rest = history.model_dump_json(exclude={"sightings"}).encode()
    return b'{"sightings":[' + b",".join(pieces.values()) + b"]," + rest[1:]


def _note(known: dict[Place, _Known], key: bytes, entry: History | Glance) -> None:
    rule, stream, _ = key.decode().split("|", 2)
    place = known.setdefault((stream, entry.partition), _Known())
    place.by_rule.setdefault(rule, {})[key] = entry.version
    if entry.open:
        place.open.add(key)
    else:
        place.open.discard(key)
