"""Counts of the independent things in a sliding window, as they change over time. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from services.alerter.standing import Units
from services.core.alert import Counts
from services.core.rule import Count, Rule
from services.core.sighting import Figure, Sighting

_THINGS: Final = (Count.INCIDENTS, Count.STORIES, Count.OUTLETS, Count.SIGHTINGS)


class Tallied(NamedTuple):
    """What a window holds, each way of counting; as plain numbers, since there is one for each moment."""

    incidents: int = 0
    stories: int = 0
    outlets: int = 0
    sightings: int = 0
    casualties: int = 0

    @property
    def counts(self) -> Counts:
        """The same as it goes into an alert."""
        return Counts(**self._asdict())


class Change(NamedTuple):
    """A moment at which a window changes, and what it holds from then on.

    ``entered`` says whether something was added; ``kept`` is what it would hold had nothing been taken back just then.
    """

    moment: datetime
    tally: Tallied
    kept: Tallied
    entered: bool


def casualties(figures: Sequence[Figure]) -> int:
    """The killed and wounded that one sentence tells of; casualties of neither kind where it only says so."""
    highest: dict[str, int] = {}
    for figure in figures:
        highest[figure.kind] = max(highest.get(figure.kind, 0), figure.count)
    return max(highest.get("killed", 0) + highest.get("wounded", 0), highest.get("casualty", 0))


class _Tally:
    """Running counts of the independent things in the window."""

    def __init__(self, units: Units) -> None:
        self._units: list[tuple[Mapping[str, str], dict[str, int]]] = [(units.of[count], {}) for count in _THINGS]
        self._figures = _Casualties(units.of[Count.INCIDENTS])

    def add(self, sighting: Sighting, amount: int) -> None:
        ident = sighting.sighting_id
        for unit_of, present in self._units:
            unit = unit_of[ident]
            number = present.get(unit, 0) + amount
            if number:
                present[unit] = number
            else:
                del present[unit]
        if sighting.figures:
            self._figures.add(sighting, amount)

    def now(self) -> Tallied:
        incidents, stories, outlets, sightings = (len(present) for _, present in self._units)
        return Tallied(incidents, stories, outlets, sightings, self._figures.total)


class _Casualties:
    """The sum over incidents of the highest figure that a sighting in the window tells of each."""

    def __init__(self, incident_of: Mapping[str, str]) -> None:
        self._incident_of = incident_of
        self._told: dict[str, dict[int, int]] = {}
        self.total = 0

    def add(self, sighting: Sighting, amount: int) -> None:
        told = self._told.setdefault(self._incident_of[sighting.sighting_id], {})
        before = max(told, default=0)
        figure = casualties(sighting.figures)
        told[figure] = told.get(figure, 0) + amount
        if not told[figure]:
            del told[figure]
        self.total += max(told, default=0) - before


ENTERS: Final = 0
PASSES: Final = 1
TAKEN_BACK: Final = 2
"""What happens to a sighting at a moment: it begins to count, its window has passed, it is taken back before that."""

Happening = tuple[int, Sighting]


def moments_of(
    sightings: Sequence[Sighting], by: Units, *, rule: Rule, clock: datetime
) -> Iterator[tuple[datetime, list[Happening]]]:
    """Each moment up to ``clock`` at which the window changes, with what happens then.

    A window is half-open, ``(t - window, t]``: at the end of its time a sighting no longer counts, nor from the moment
    on at which it was taken back.
    """
    moments: dict[datetime, list[Happening]] = {}
    for sighting in sightings:
        for moment, what in _life(sighting, by, rule):
            if moment <= clock:
                moments.setdefault(moment, []).append((what, sighting))
    return ((moment, moments[moment]) for moment in sorted(moments))


def counts_over_time(sightings: Sequence[Sighting], by: Units, *, rule: Rule, clock: datetime) -> Iterator[Change]:
    """What the window holds at each moment up to ``clock`` at which it changes."""
    tally = _Tally(by)
    for moment, happens in moments_of(sightings, by, rule=rule, clock=clock):
        yield _step(tally, moment, happens)


def _life(sighting: Sighting, by: Units, rule: Rule) -> tuple[tuple[datetime, int], ...]:
    """When a sighting enters and when it leaves; nothing if it was taken back before it could count."""
    start, passes, end = by.start(sighting), sighting.at + rule.window, by.end(sighting)
    leaves, how = (end.moment, TAKEN_BACK) if end and end.moment < passes else (passes, PASSES)
    return ((start, ENTERS), (leaves, how)) if start < leaves else ()


def _step(tally: _Tally, moment: datetime, happens: list[Happening]) -> Change:
    entered = False
    for what, sighting in happens:
        if what != TAKEN_BACK:
            tally.add(sighting, 1 if what == ENTERS else -1)
            entered = entered or what == ENTERS
    kept = tally.now()
    taken = [sighting for what, sighting in happens if what == TAKEN_BACK]
    for sighting in taken:
        tally.add(sighting, -1)
    return Change(moment, tally.now() if taken else kept, kept, entered)
