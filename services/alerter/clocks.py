"""What a partition knows of each stream's time: its clock, and since when it is watched for which rule.

Entries live in the alerter's table beside the groups of their partition, so a group that starts later finds them there.
"""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Final

from services.core.article import LIVE
from services.core.rule import Rule, Rules
from services.core.sighting import Tick
from services.core.wire import decode, encode

LONG_AGO: Final = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
"""The clock of a stream of which nothing is known yet."""

_MARK: Final = b"@"
_CLOCK: Final = _MARK + b"clock|"


class Clocks:
    """The times of all streams, in a table."""

    def __init__(self, table: MutableMapping[bytes, bytes]) -> None:
        self._table = table
        self._known: dict[bytes, Tick | None] = {}

    def forget(self) -> None:
        """Reads the table anew when it is next asked: other partitions are in it now."""
        self._known.clear()

    def clock(self, stream: str, partition: int) -> datetime:
        """The time of a replay. That of ``live`` is the wall clock and stands in no table."""
        known = self._read(_key("clock", stream, partition))
        return known.clock if known else LONG_AGO

    def began(self, rule: Rule, stream: str, partition: int) -> datetime | None:
        """Since when the stream is watched for the rule, as far as that makes a difference to its kind."""
        known = self._read(_key(f"began-{rule.matching}", stream, partition)) if rule.kind.looks_back else None
        return known.clock if known else None

    def ahead(self, tick: Tick, rules: Rules, partition: int) -> tuple[bool, frozenset[str]]:
        """Whether the clock has moved on, and for which rules watching began earlier than was known."""
        moved = tick.stream == LIVE or tick.clock > self.clock(tick.stream, partition)
        earlier = [rule for rule in rules.rules if rule.kind.looks_back and self._is_before(rule, tick, partition)]
        return moved, frozenset(rule.name for rule in earlier)

    def take(self, tick: Tick, rules: Rules, partition: int) -> None:
        """Notes the tick, after the groups were judged by it: until then it may be delivered again."""
        moved, earlier = self.ahead(tick, rules, partition)
        if moved and tick.stream != LIVE:
            self._write(_key("clock", tick.stream, partition), tick)
        began = Tick(stream=tick.stream, clock=tick.began or tick.clock)
        for rule in rules.rules:
            if rule.name in earlier:
                self._write(_key(f"began-{rule.matching}", tick.stream, partition), began)

    def replays(self) -> dict[str, datetime]:
        """The clocks of all replays, as far as any partition knows."""
        clocks: dict[str, datetime] = {}
        for key, raw in self._table.items():
            if key.startswith(_CLOCK):
                tick = decode(Tick, raw)
                clocks[tick.stream] = max(tick.clock, clocks.get(tick.stream, LONG_AGO))
        return clocks

    def _is_before(self, rule: Rule, tick: Tick, partition: int) -> bool:
        known = self.began(rule, tick.stream, partition)
        return known is None or (tick.began or tick.clock) < known

    def _read(self, key: bytes) -> Tick | None:
        if key not in self._known:
            raw = self._table.get(key)
            self._known[key] = decode(Tick, raw) if raw else None
        return self._known[key]

    def _write(self, key: bytes, tick: Tick) -> None:
        self._table[key] = encode(tick)
        self._known[key] = tick


def is_time(key: bytes) -> bool:
    """Whether a key of the table is that of a time, and not of a group: names of rules begin with a letter."""
    return key.startswith(_MARK)


def _key(what: str, stream: str, partition: int) -> bytes:
    return _MARK + f"{what}|{stream}|{partition}".encode()
