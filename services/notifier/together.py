"""Changes that are told together, as routes say: which wait for which, and how long. Pure: time is an argument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.core.alert import Alert
from services.core.receivers import Grouping

Key = tuple[Grouping, tuple[str, ...]]
"""A group: how it is made, and what its alerts agree in."""

_KEPT = 10_000


@dataclass
class Group:
    """Changes that wait to be told together, of each alert the latest; since when they do, and until when."""

    key: Key
    since: datetime
    due: datetime
    changes: dict[str, Alert] = field(default_factory=dict)


class Together:
    """The groups of one channel."""

    def __init__(self) -> None:
        self._groups: dict[Key, Group] = {}
        self._told: dict[Key, datetime] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, alert: Alert, facts: Mapping[str, str], grouping: Grouping, now: datetime) -> None:
        """Takes a change in: its group is due after the wait, or the interval after it was told of last."""
        key = (grouping, tuple(facts.get(name, "") for name in grouping.by))
        told = self._told.get(key)
        recent = told is not None and told <= now < told + grouping.interval
        due = told + grouping.interval if told is not None and recent else now + grouping.wait
        group = self._groups.setdefault(key, Group(key, now, due))
        known = group.changes.get(alert.alert_id)
        if known is None or alert.changed_at >= known.changed_at:
            group.changes[alert.alert_id] = alert

    def due(self, now: datetime) -> Sequence[Group]:
        """The groups that are to be told of by now, the one that waits longest first."""
        return sorted((each for each in self._groups.values() if each.due <= now), key=lambda each: each.due)

    def close(self, group: Group, told: datetime | None = None) -> None:
        """Forgets the changes of a group; ``told`` is when it was told of."""
        del self._groups[group.key]
        if told:
            self._told.pop(group.key, None)
            self._told[group.key] = told
            while len(self._told) > _KEPT:
                del self._told[next(iter(self._told))]
