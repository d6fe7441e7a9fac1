"""Events and alerts as GeoJSON (RFC 7946). Pure."""

from collections.abc import Iterable
from typing import Any

from services.core.alert import Alert, Evidence
from services.core.event import Event, Place
from services.core.sighting import Verdict

Feature = dict[str, Any]


def collection(features: Iterable[Feature]) -> dict[str, Any]:
    """A feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def event_features(events: Iterable[Event]) -> Iterable[Feature]:
    """A point for each event whose place is known; the first place where it has several."""
    for event in events:
        located = [place for place in event.location if _position(place)]
        if located:
            geometry = {"type": "Point", "coordinates": _position(located[0])}
            yield {
                "type": "Feature",
                "id": event.event_id,
                "geometry": geometry,
                "properties": _of_event(event, located[0]),
            }


def alert_features(alerts: Iterable[Alert]) -> Iterable[Feature]:
    """A feature for each alert: the places of what counted in it, or no geometry where none is known."""
    for alert in alerts:
        points = positions(alert)
        geometry = {"type": "MultiPoint", "coordinates": points} if points else None
        yield {"type": "Feature", "id": alert.alert_id, "geometry": geometry, "properties": _of_alert(alert)}


def positions(alert: Alert) -> list[tuple[float, float]]:
    """Where an alert is: the places of what counted in it, each once, longitude first."""
    return sorted({position for each in counted(alert) if (position := _position(each.place))})


def counted(alert: Alert) -> list[Evidence]:
    """The evidence that counted, the newest first."""
    found = [each for each in alert.evidence if each.verdict is Verdict.COUNTED]
    return sorted(found, key=lambda each: each.published, reverse=True)


def _position(place: Place | None) -> tuple[float, float] | None:
    """Longitude, then latitude, as GeoJSON has it."""
    if place is None or place.lat is None or place.lon is None:
        return None
    return place.lon, place.lat


def _of_event(event: Event, place: Place) -> dict[str, Any]:
    article = event.article
    return {
        "article_id": event.article_id,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "tier": event.tier,
        "modality": event.modality,
        "sentence": event.sentence.text,
        "place": place.name,
        "country": place.country,
        "geo_precision": place.geo_precision,
        "date": event.date.value.isoformat() if event.date and event.date.value else None,
        "published": article.published.isoformat() if article else None,
        "stream": article.stream if article else None,
        "outlet": article.outlet if article else None,
        "title": article.title if article else None,
        "url": article.url if article else None,
    }


def _of_alert(alert: Alert) -> dict[str, Any]:
    return {
        "rule": alert.rule,
        "group": alert.group,
        "stream": alert.stream,
        "state": alert.state,
        "severity": alert.severity,
        "started_at": alert.started_at.isoformat(),
        "changed_at": alert.changed_at.isoformat(),
        "incidents": alert.counts.incidents,
        "threshold": alert.threshold,
        "reason": alert.reason,
    }
