"""What a kind of rule has before it when it judges a group, and what it answers with."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.alerter.counting import Change, counts_over_time
from services.alerter.episodes import Phase, Settled, Step
from services.alerter.marks import Marks
from services.alerter.standing import Judged, Standing
from services.core.rule import Rule
from services.core.sighting import Sighting


@dataclass(frozen=True)
class Case:
    """One group of one rule at one moment: what stands among its sightings, what is remembered besides, and the clock.

    ``began`` is since when the stream was watched for this rule, None where that is not known. What is ``settled`` is
    not told again.
    """

    rule: Rule
    stands: Standing
    clock: datetime
    marks: Marks = field(default_factory=Marks)
    began: datetime | None = None
    settled: Settled | None = None

    @property
    def watched_since(self) -> datetime | None:
        """From when on what is remembered is complete, None where that is not known."""
        return self.marks.watched_since(self.began)

    def changes(self) -> Iterator[Change]:
        """What the window holds, whenever it changes."""
        return counts_over_time(self.stands.may_count, self.stands.by, rule=self.rule, clock=self.clock)

    def within(self, moment: datetime, *, kept: bool = False) -> Sequence[Sighting]:
        """What the window that ends at ``moment`` holds; with ``kept`` also what is taken back just then."""
        first, last = (
            bisect_right(self.stands.times, moment - self.rule.window),
            bisect_right(self.stands.times, moment),
        )
        near, by = self.stands.may_count[first:last], self.stands.by
        if not by.starts and not by.ends:
            return near

        def holds(sighting: Sighting) -> bool:
            start, end = by.start(sighting), by.end(sighting)
            if end is None:
                return start <= moment
            return start <= moment < end.moment or (kept and start < moment == end.moment)

        return [sighting for sighting in near if holds(sighting)]


def no_marks(_rule: Rule, _sighting: Sighting) -> tuple[str, ...]:
    """What a kind remembers that needs no more than its sightings."""
    return ()


@dataclass(frozen=True)
class Reading:
    """How rules of one kind are judged.

    ``steps`` tells how the level of a case moves, in the order of time. ``evidence`` is what became of each sighting
    that bears on a phase, ``reason`` why the phase is as it is, in words. ``marks`` are the things of a sighting that
    are remembered for longer than the sighting, in buckets of ``bucket``.
    """

    steps: Callable[[Case], Iterator[Step]]
    evidence: Callable[[Case, Phase], Sequence[Judged]]
    reason: Callable[[Phase, Rule], str]
    marks: Callable[[Rule, Sighting], tuple[str, ...]] = no_marks
    bucket: timedelta = timedelta(hours=1)
