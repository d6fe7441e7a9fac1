"""The alerts of two sets of rules side by side: what one rings and the other does not, or at another time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.commands.rung import Rung
from services.core.window import format_duration


class Change(StrEnum):
    """What became of an alert under the new rules."""

    FIRED = "fired"
    MISSED = "missed"
    EARLIER = "earlier"
    LATER = "later"
    SEVERITY = "severity"
    SAME = "same"


@dataclass(frozen=True)
class Difference:
    """One alert under the old rules and the new; ``fired`` has no old one, ``missed`` no new one."""

    change: Change
    old: Rung | None
    new: Rung | None

    @property
    def rung(self) -> Rung:
        """The alert as the new rules have it, or else the old ones."""
        rung = self.new or self.old
        if rung is None:
            raise ValueError("a difference is of at least one alert")
        return rung

    @property
    def later_by(self) -> float | None:
        """Seconds by which the new one rings later, negative where earlier; None where only one rings."""
        return (self.new.start - self.old.start).total_seconds() if self.old and self.new else None

    @property
    def severities(self) -> tuple[str | None, str | None]:
        """The gravest severity under the old rules and under the new."""
        return (self.old.severity if self.old else None), (self.new.severity if self.new else None)

    @property
    def line(self) -> str:
        """The same in a line."""
        rung, (before, after) = self.rung, self.severities
        how = f"  {before} → {after}" if before and after and before != after else f"  {rung.severity}"
        moved = f"  {self._moved}" if self.change in (Change.EARLIER, Change.LATER) else ""
        return f"{rung.start:%Y-%m-%d %H:%M}  {self.change:<8}  {rung.rule} {rung.group}{how}{moved}"

    @property
    def _moved(self) -> str:
        if self.old is None or self.new is None:
            return ""
        length = format_duration(abs(self.new.start - self.old.start))
        return f"by {length}, was {self.old.start:%Y-%m-%d %H:%M}"

    def as_json(self) -> dict[str, object]:
        """The same for machines; times are ISO 8601."""
        before, after = self.severities
        return {
            "kind": "difference",
            "change": self.change.value,
            "rule": self.rung.rule,
            "group": self.rung.group,
            "old_start": _iso(self.old),
            "new_start": _iso(self.new),
            "later_by_seconds": self.later_by,
            "old_severity": before,
            "new_severity": after,
        }


def differences(old: Sequence[Rung], new: Sequence[Rung]) -> list[Difference]:
    """Every alert of either, in the order of time. Two are one if they overlap in time; each is matched once."""
    left: dict[tuple[str, str], list[Rung]] = {}
    for rung in sorted(new, key=_start):
        left.setdefault((rung.rule, rung.group), []).append(rung)
    found = []
    for before in sorted(old, key=_start):
        alike = left.get((before.rule, before.group), [])
        after = next((rung for rung in alike if _overlap(before, rung)), None)
        if after:
            alike.remove(after)
        found.append(_difference(before, after))
    found += [Difference(Change.FIRED, None, after) for rest in left.values() for after in rest]
    return sorted(found, key=lambda one: (one.rung.start, one.rung.rule, one.rung.group))


def tally(found: Iterable[Difference]) -> dict[Change, int]:
    """How many there are of each."""
    changes = [one.change for one in found]
    return {change: changes.count(change) for change in Change}


def _difference(old: Rung, new: Rung | None) -> Difference:
    if new is None:
        return Difference(Change.MISSED, old, None)
    if new.start != old.start:
        return Difference(Change.EARLIER if new.start < old.start else Change.LATER, old, new)
    return Difference(Change.SEVERITY if new.severity != old.severity else Change.SAME, old, new)


def _overlap(one: Rung, other: Rung) -> bool:
    return one.start < other.until and other.start < one.until


def _start(rung: Rung) -> tuple[datetime, str, str]:
    return rung.start, rung.rule, rung.group


def _iso(rung: Rung | None) -> str | None:
    return rung.start.isoformat().replace("+00:00", "Z") if rung else None
