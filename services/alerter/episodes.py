"""The episodes of a rule's level: a pure function of its steps over time, and so of the set of sightings.

Nothing here depends on the order in which sightings came. An episode is a stretch in which the level is at or above the
rule's threshold, but for the time after a resolved one that the rule's cooldown keeps quiet. What the level is, a count
or something else, is for the rule's kind to say (see ``kinds``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from services.alerter.counting import Change, Tallied
from services.core.alert import AlertState
from services.core.baseline import Baseline
from services.core.rule import Rule, Severity
from services.core.window import format_duration

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Step(NamedTuple):
    """A moment at which a rule's level may change, with what holds from then on.

    ``entered`` says whether something was added, or only left; ``kept`` is the level had nothing been taken back;
    ``baseline`` is what the level was measured against.
    """

    moment: datetime
    level: int
    counts: Tallied
    entered: bool = True
    kept: int = 0
    baseline: Baseline | None = None


@dataclass(frozen=True)
class Phase:
    """One state in an episode's life, from ``changed_at`` until ``until`` (None: it lasts).

    ``level``, ``counts`` and ``baseline`` are those of the window that ends at ``counted_at``, the last moment at which
    something was added; ``held`` says what the cooldown kept quiet.
    """

    state: AlertState
    severity: Severity
    started_at: datetime
    changed_at: datetime
    counted_at: datetime
    counts: Tallied
    level: int
    baseline: Baseline | None = None
    until: datetime | None = None
    held: str = ""


Episode = tuple[Phase, ...]
"""A stretch of a rule's group at or above its threshold, told as its phases; the last one is how it stands."""


def steps_of(changes: Iterable[Change], rule: Rule) -> Iterator[Step]:
    """The level of a rule that counts, whenever its window changes."""
    name = rule.count.value
    for change in changes:
        level, kept = getattr(change.tally, name), getattr(change.kept, name)
        yield Step(change.moment, level, change.tally, change.entered, kept)


@dataclass(frozen=True)
class Settled:
    """How a group stood at a moment up to which its sightings are no longer all known; what was told by then stands.

    ``phase`` is that of the episode that went on, ``quiet_until`` until when a cooldown keeps the next one quiet, and
    ``held`` since which step it does so; ``latest`` is the step taken last.
    """

    until: datetime
    phase: Phase | None = None
    quiet_until: datetime | None = None
    held: Step | None = None
    latest: Step | None = None

    @property
    def due(self) -> datetime | None:
        """When the cooldown will let another episode begin if nothing else happens."""
        return self.quiet_until if self.held else None


class Told(NamedTuple):
    """The episodes, the earliest first, and how things stand then."""

    episodes: tuple[Episode, ...]
    then: Settled


def episodes(steps: Iterable[Step], rule: Rule, clock: datetime, since: Settled | None = None) -> Told:
    """The episodes of a rule's level, told as its steps in the order of time up to ``clock``; not what is settled."""
    telling = _Telling(rule, since)
    telling.take_all(steps, clock)
    return telling.told(clock)


class _Telling:
    """Episodes so far, while the steps are gone through."""

    def __init__(self, rule: Rule, since: Settled | None = None) -> None:
        self._rule = rule
        self._severities: dict[int, Severity | None] = {}
        self._done: list[Episode] = []
        self._since = since.until if since else None
        self._running: Episode = (since.phase,) if since and since.phase else ()
        self._quiet_until = since.quiet_until if since else None
        self._held = since.held if since else None
        self._latest = since.latest if since else None
        self._counted: Step | None = None

    def take_all(self, steps: Iterable[Step], until: datetime) -> None:
        """Goes through the steps that are not settled, up to a moment."""
        for step in steps:
            if step.moment > until:
                break
            if self._since is None or step.moment > self._since:
                self._wakes_before(step.moment)
                self._take(step)
        self._wakes_before(until, also_then=True)

    def _severity_at(self, level: int) -> Severity | None:
        if level not in self._severities:
            self._severities[level] = self._rule.severity_at(level)
        return self._severities[level]

    def _take(self, step: Step) -> None:
        """Goes on to the next step."""
        self._latest = step
        severity = self._severity_at(step.level)
        if self._running:
            self._go_on(step, severity)
        elif severity and self._quiet_until and step.moment < self._quiet_until:
            self._held = self._held or step
        elif severity:
            self._begin(step, severity)
        elif self._held:
            self._told_of_the_past(f"held back until {_moment(step.moment)}")

    def _wakes_before(self, moment: datetime, *, also_then: bool = False) -> None:
        """Begins what was held back if the cooldown ends before ``moment`` (or at it)."""
        if not (self._held and self._latest and self._quiet_until):
            return
        severity = self._rule.severity_at(self._latest.level)
        if severity and (self._quiet_until < moment or (also_then and self._quiet_until == moment)):
            self._begin(self._latest._replace(moment=self._quiet_until), severity)

    def _settle(self) -> None:
        """Puts into the running phase what it last counted; not at each step, of which there are many."""
        if self._counted and self._running:
            *earlier, now = self._running
            self._running = (*earlier, replace(now, **_counted(self._counted)))
        self._counted = None

    def told(self, until: datetime) -> Told:
        """What there is to tell."""
        self._settle()
        then = Settled(
            until=until,
            phase=self._running[-1] if self._running else None,
            quiet_until=self._quiet_until,
            held=self._held,
            latest=self._latest,
        )
        if self._held:
            self._told_of_the_past("held back")
        return Told((*self._done, self._running) if self._running else tuple(self._done), then)

    def _go_on(self, step: Step, severity: Severity | None) -> None:
        if severity is self._running[-1].severity:
            self._counted = step if step.entered else self._counted
            return
        self._settle()
        if severity:
            self._running = _moved(self._running, severity, step)
            return
        retracted = step.kept >= self._rule.threshold
        state = AlertState.RETRACTED if retracted else AlertState.RESOLVED
        self._done.append(_changed(self._running, step.moment, state=state))
        self._running = ()
        # What was retracted was no reason to ring, and so none to be quiet afterwards.
        quiet = self._rule.cooldown if not retracted else None
        self._quiet_until = step.moment + quiet if quiet else None

    def _begin(self, step: Step, severity: Severity) -> None:
        held = f"held back since {_moment(self._held.moment)} by the cooldown{self._length()}" if self._held else ""
        self._held = None
        moment = step.moment
        self._running = (Phase(AlertState.FIRING, severity, moment, moment, held=held, **_counted(step)),)

    def _told_of_the_past(self, how: str) -> None:
        """Says in the alert before what its cooldown kept quiet, unless that alert is settled."""
        if not self._done:
            self._held = None
            return
        *earlier, last = self._done[-1]
        begun = self._held.moment if self._held else last.changed_at
        note = f"it rang again at {_moment(begun)}, {how} by the cooldown{self._length()}"
        self._done[-1] = (*earlier, replace(last, held="; ".join(filter(None, (last.held, note)))))
        self._held = None

    def _length(self) -> str:
        return f" of {format_duration(self._rule.cooldown)}" if self._rule.cooldown else ""


def _counted(step: Step) -> dict[str, Any]:
    return {"counted_at": step.moment, "counts": step.counts, "level": step.level, "baseline": step.baseline}


def _moved(episode: Episode, severity: Severity, step: Step) -> Episode:
    now = episode[-1]
    state = AlertState.ESCALATED if _RANK[severity] > _RANK[now.severity] else AlertState.DEESCALATED
    return _changed(episode, step.moment, state=state, severity=severity, **_counted(step))


def _changed(episode: Episode, moment: datetime, **changes: Any) -> Episode:
    *earlier, now = episode
    return (*earlier, replace(now, until=moment), replace(now, changed_at=moment, **changes))


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
