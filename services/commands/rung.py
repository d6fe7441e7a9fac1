"""Alerts as episodes: what rang, for which group, from when until when. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from services.core.alert import Alert, AlertState
from services.core.rule import Severity
from services.core.sighting import Verdict

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""The end of what has not ended."""

_RANKS: Final = tuple(Severity)


@dataclass(frozen=True)
class Rung:
    """One episode as its alerts tell it: all phases of one alert; ``severity`` is the gravest of them.

    What was retracted lasts, for it has rung: only what was resolved has an end. ``articles`` are those that counted.
    """

    rule: str
    group: str
    start: datetime
    until: datetime
    severity: str
    articles: tuple[str, ...] = ()


def rungs(alerts: Iterable[Alert]) -> Iterator[Rung]:
    """The episodes in the phases that a backtest prints, the earliest first."""
    lives: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda a: (a.started_at, a.changed_at)):
        lives.setdefault(alert.alert_id, []).append(alert)
    for life in lives.values():
        last = life[-1]
        evidence = {shown.article_id for alert in life for shown in alert.evidence if shown.verdict is Verdict.COUNTED}
        yield Rung(
            rule=last.rule,
            group=last.group,
            start=last.started_at,
            until=last.changed_at if last.state is AlertState.RESOLVED else NEVER,
            severity=max((alert.severity for alert in life), key=_RANKS.index).value,
            articles=tuple(sorted(evidence)),
        )
