"""When which thing was told: the compact memory of rules that look further back than their sightings are kept.

A mark is a thing's first and last telling within one bucket of time. Marks are a function of the set of what was told:
neither its order nor its doubling shows. When there are too many the oldest buckets go, whole, and ``floor`` says up to
when; what comes for them afterwards is not taken in, so that the marks that are kept are complete.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import Field

from services.core.wire import UtcTime, Value

MAX_MARKS: Final = 5_000
"""Marks kept of one group: about 200 kB."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Run:
    """A stretch in which a thing was told again and again, without a gap."""

    start: datetime
    end: datetime


class Marks(Value):
    """The marks of one group.

    ``of`` identifies what was marked, ``seconds`` is the length of a bucket. ``seen`` has for each bucket, numbered
    from 1970, the things told in it with their first and last moment, in microseconds from the bucket's start.
    """

    of: str = ""
    seconds: int = 3_600
    seen: dict[int, dict[str, tuple[int, int]]] = Field(default_factory=dict)
    floor: UtcTime | None = None

    @property
    def most(self) -> int:
        """How many marks are kept."""
        return MAX_MARKS

    def with_told(self, at: datetime, things: Iterable[str]) -> "Marks":
        """The same with these things told at ``at``."""
        return self.with_all([(at, things)])

    def with_all(self, told: Iterable[tuple[datetime, Iterable[str]]]) -> "Marks":
        """The same with all these things told at their moments."""
        changed: dict[int, dict[str, tuple[int, int]]] = {}
        for at, things in told:
            if self.floor and at < self.floor:
                continue
            number, offset = self._bucket(at)
            bucket = changed.setdefault(number, dict(self.seen.get(number, {})))
            for thing in things:
                first, last = bucket.get(thing, (offset, offset))
                bucket[thing] = (min(first, offset), max(last, offset))
        if all(bucket == self.seen.get(number, {}) for number, bucket in changed.items()):
            return self
        fresh = {number: dict(sorted(bucket.items())) for number, bucket in changed.items()}
        return self.model_copy(update={"seen": dict(sorted({**self.seen, **fresh}.items()))})._bounded()

    def since(self, moment: datetime) -> "Marks":
        """The same without the buckets that ended by ``moment``."""
        number, _ = self._bucket(moment)
        if all(bucket >= number for bucket in self.seen):
            return self
        return self.model_copy(update={"seen": {key: told for key, told in self.seen.items() if key >= number}})

    def told_within(self, until: datetime, length: timedelta) -> frozenset[str]:
        """What was told in the buckets of this length of time up to and with that of ``until``."""
        last, _ = self._bucket(until)
        count = int(length.total_seconds()) // self.seconds
        buckets = (self.seen.get(number, {}) for number in range(last - count + 1, last + 1))
        return frozenset(thing for bucket in buckets for thing in bucket)

    def runs(self, gap: timedelta) -> Iterator[tuple[str, tuple[Run, ...]]]:
        """Each thing with its runs: tellings less than ``gap`` apart, which is no shorter than a bucket."""
        runs: dict[str, list[Run]] = {}
        for number, bucket in self.seen.items():
            opens = EPOCH + timedelta(seconds=number * self.seconds)
            for thing, (first, last) in bucket.items():
                start, end = opens + first * _TICK, opens + last * _TICK
                known = runs.setdefault(thing, [])
                if known and start - known[-1].end < gap:
                    known[-1] = Run(known[-1].start, end)
                else:
                    known.append(Run(start, end))
        return ((thing, tuple(runs[thing])) for thing in sorted(runs))

    def watched_since(self, began: datetime | None) -> datetime | None:
        """From when on the marks are complete, given when watching began; None where that is not known."""
        return max(began, self.floor or began) if began else None

    def _bucket(self, at: datetime) -> tuple[int, int]:
        """The number of the bucket of ``at``, and how many microseconds into it."""
        return divmod((at - EPOCH) // _TICK, self.seconds * 1_000_000)

    def _bounded(self) -> "Marks":
        seen, floor = dict(self.seen), self.floor
        count = sum(map(len, seen.values()))
        while count > self.most:
            oldest = min(seen)
            count -= len(seen.pop(oldest))
            floor = EPOCH + timedelta(seconds=(oldest + 1) * self.seconds)
        return self if floor == self.floor else self.model_copy(update={"seen": seen, "floor": floor})
