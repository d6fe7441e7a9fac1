"""An alert as a message of the Common Alerting Protocol 1.2 (OASIS, ITU-T X.1303 bis). Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element

from services.core.alert import Alert, AlertState
from services.core.article import LIVE
from services.core.event import Place
from services.core.ontology import Modality
from services.core.rule import Severity
from services.dashboard.atom import headline
from services.dashboard.board import Step
from services.dashboard.geojson import counted
from services.dashboard.xml import add, document

TYPE: Final = "application/cap+xml"
_NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_SEVERITIES: Final = {Severity.INFO: "Minor", Severity.WARNING: "Moderate", Severity.CRITICAL: "Severe"}
_RADIUS_KM: Final = {1: 5, 2: 25, 3: 100}
"""How far around a place its name may mean, by ACLED's geo_precision; our own estimate, CAP wants a number."""


def cap_message(alert: Alert, steps: Sequence[Step], *, sender: str, web: str) -> bytes:
    """The message for the alert's last change.

    The first firing is an Alert, later changes of state are Updates, the end is a Cancel; the last two name the
    messages before them. A replay is marked as a test.

    Args:
        alert: the alert as it stands.
        steps: its life so far as it was seen, oldest first.
        sender: who sends, as a domain name; part of every reference.
        web: the page that shows the alert.
    """
    root = Element(_tag("alert"))
    earlier = [step for step in _whole(alert, steps) if step.changed_at < alert.changed_at or step.state != alert.state]
    kind = "Cancel" if not alert.state.active else "Update" if earlier else "Alert"
    for name, value in (
        ("identifier", _identifier(alert, alert.state, alert.changed_at)),
        ("sender", sender),
        ("sent", _moment(alert.changed_at)),
        ("status", "Actual" if alert.stream == LIVE else "Test"),
        ("msgType", kind),
        ("scope", "Public"),
        ("note", alert.reason),
    ):
        add(root, _tag(name), value)
    if earlier:
        names = (f"{sender},{_identifier(alert, s.state, s.changed_at)},{_moment(s.changed_at)}" for s in earlier)
        add(root, _tag("references"), " ".join(names))
    _info(root, alert, web)
    return document(root, _NAMESPACE)


def _whole(alert: Alert, steps: Sequence[Step]) -> list[Step]:
    """The steps with the first one, which is known even where it was not seen: an alert begins by firing."""
    first = Step(AlertState.FIRING, alert.started_at, alert.severity)
    return list(steps) if steps and steps[0].state is AlertState.FIRING else [first, *steps]


def _info(root: Element, alert: Alert, web: str) -> None:
    info = add(root, _tag("info"))
    evidence = counted(alert)
    observed = any(each.modality is Modality.ASSERTED for each in evidence)
    for name, value in (
        ("language", "en"),
        ("category", "Security"),
        ("event", alert.rule.replace("-", " ")),
        ("urgency", "Unknown" if alert.state.active else "Past"),
        ("severity", _SEVERITIES[alert.severity]),
        ("certainty", "Likely" if observed else "Possible"),
        ("onset", _moment(alert.started_at)),
        ("headline", headline(alert)),
        ("description", "\n".join(f"{each.sentence} ({each.outlet})" for each in evidence) or alert.reason),
        ("web", web),
    ):
        add(info, _tag(name), value)
    for name, value in (("rule", alert.rule), ("group", alert.group), ("stream", alert.stream), ("state", alert.state)):
        parameter = add(info, _tag("parameter"))
        add(parameter, _tag("valueName"), name)
        add(parameter, _tag("value"), value)
    _area(info, alert)


def _area(info: Element, alert: Alert) -> None:
    places = {each.place.name: each.place for each in counted(alert) if each.place}
    area = add(info, _tag("area"))
    add(area, _tag("areaDesc"), ", ".join(places) or alert.group or "unknown")
    for place in places.values():
        if place.lat is not None and place.lon is not None:
            add(area, _tag("circle"), f"{place.lat},{place.lon} {_radius(place)}")


def _radius(place: Place) -> int:
    return _RADIUS_KM[place.geo_precision or 3]


def _identifier(alert: Alert, state: AlertState, changed_at: datetime) -> str:
    return f"{alert.alert_id}.{state}.{changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _moment(moment: datetime) -> str:
    """CAP allows neither Z nor fractions, and writes UTC as -00:00 (section 3.3.2)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
