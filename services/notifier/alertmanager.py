"""Alerts as Prometheus Alertmanager takes them (API v2, ``POST /api/v2/alerts``). Pure.

Alertmanager wants to be told again and again of what still rings, and takes silence for the end. So nothing has to be
remembered of what it was told: whoever sends all that rings, every minute, is right after any restart of either side.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from services.core.alert import Alert
from services.core.rule import Severity

REPEAT: Final = timedelta(minutes=1)
"""How often all that rings is sent."""

HOLDS: Final = 5 * REPEAT
"""How long Alertmanager believes one of our posts; four may be lost before it takes an alert for over."""

_OVER: Final = timedelta(hours=1)
"""How long after its end an alert is still sent as over; Alertmanager has forgotten it by then anyway."""

_LONGEST_TEXT: Final = 4_000


def postable(alerts: Iterable[Alert], now: datetime) -> list[dict[str, Any]]:
    """What to post now: all that rings, and what has ended lately.

    Severity is a label, as Alertmanager's routes expect it. Labels are an alert's identity there, so each alert is also
    posted as over at the severities it does not have: it may have had them before.
    """
    posts = []
    for alert in alerts:
        if alert.state.active:
            posts.append(_post(alert, alert.severity, ends=now + HOLDS, now=now))
        if alert.state.active or now - alert.changed_at < _OVER:
            past = [severity for severity in Severity if not alert.state.active or severity is not alert.severity]
            posts += [_post(alert, severity, ends=now, now=now) for severity in past]
    return posts


def _post(alert: Alert, severity: Severity, *, ends: datetime, now: datetime) -> dict[str, Any]:
    return {
        "labels": _labels(alert, severity),
        "annotations": _annotations(alert),
        "startsAt": min(alert.started_at, now - timedelta(seconds=1)).isoformat(),
        "endsAt": ends.isoformat(),
    }


def _labels(alert: Alert, severity: Severity) -> dict[str, str]:
    ours = {"alertname": alert.rule, "severity": severity.value, "stream": alert.stream, "alert_id": alert.alert_id}
    # Ours win: a label of the rule must not be able to make two alerts one.
    return {**_named(alert.labels), **({"group": alert.group} if alert.group else {}), **ours}


def _annotations(alert: Alert) -> dict[str, str]:
    """What templates can tell (deploy/alertmanager/tocsin.tmpl does), beside the rule's own annotations."""
    newest = max(alert.evidence, key=lambda each: each.published, default=None)
    told = {"sentence": newest.sentence, "source": newest.url, "outlet": newest.outlet} if newest else {}
    place = (newest.place.name or newest.place.text) if newest and newest.place else ""
    counts = f"{alert.counts.incidents} incidents, {alert.counts.stories} stories, {alert.counts.outlets} outlets"
    ours = {"reason": alert.reason, "state": alert.state.value, "counts": counts, "place": place, **told}
    return {name: value[:_LONGEST_TEXT] for name, value in {**_named(alert.annotations), **ours}.items() if value}


def _named(pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs under names that Prometheus takes (letters, digits, underscores); empty values are no label there."""
    cleaned = {"".join(c if c.isascii() and c.isalnum() else "_" for c in name): value for name, value in pairs.items()}
    return {(f"_{name}" if name[:1].isdigit() else name): value for name, value in cleaned.items() if name and value}
