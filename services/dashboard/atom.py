"""Alerts as an Atom feed (RFC 4287). Pure."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote
from xml.etree.ElementTree import Element

from services.core.alert import Alert
from services.dashboard.geojson import counted
from services.dashboard.xml import add, document

TYPE: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_IDS: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "tocsin.alerts")


def atom_feed(alerts: Sequence[Alert], *, base: str, path: str, title: str, empty: datetime) -> bytes:
    """The feed's document; an entry keeps its id through an alert's life and is updated with each change.

    Args:
        alerts: what is in it, the last changed first.
        base: the dashboard's address, without a slash at its end.
        path: where the feed is, with its query; tells feeds apart.
        title: its title.
        empty: what to call the last change of a feed that has none.
    """
    feed = Element(_tag("feed"))
    add(feed, _tag("id"), _urn(f"feed {path}"))
    add(feed, _tag("title"), title)
    add(feed, _tag("updated"), _moment(alerts[0].changed_at if alerts else empty))
    add(add(feed, _tag("author")), _tag("name"), "Tocsin")
    add(feed, _tag("link"), rel="self", type=TYPE, href=base + path)
    add(feed, _tag("link"), rel="alternate", type="text/html", href=f"{base}/")
    for alert in alerts:
        _entry(feed, alert, base)
    return document(feed, _NAMESPACE)


def headline(alert: Alert) -> str:
    """One line on an alert: how grave, what, where, and its state."""
    where = f" {alert.group}" if alert.group not in ("", "all") else ""
    return f"{alert.severity.capitalize()}: {alert.rule.replace('-', ' ')}{where} ({alert.state})"


def _entry(feed: Element, alert: Alert, base: str) -> None:
    ident = quote(alert.alert_id, safe="")
    entry = add(feed, _tag("entry"))
    add(entry, _tag("id"), _urn(f"alert {alert.alert_id}"))
    add(entry, _tag("title"), headline(alert))
    add(entry, _tag("published"), _moment(alert.started_at))
    add(entry, _tag("updated"), _moment(alert.changed_at))
    for scheme, term in (
        ("rule", alert.rule),
        ("severity", alert.severity),
        ("state", alert.state),
        ("stream", alert.stream),
    ):
        add(entry, _tag("category"), scheme=f"urn:tocsin:{scheme}", term=term)
    add(entry, _tag("link"), rel="alternate", type="text/html", href=f"{base}/#alert-{ident}")
    add(entry, _tag("link"), rel="enclosure", type="application/cap+xml", href=f"{base}/feeds/alerts/{ident}/cap.xml")
    for each in counted(alert):
        if each.url.startswith(("http://", "https://")):
            add(entry, _tag("link"), rel="related", href=each.url, title=f"{each.outlet}: {each.title}")
    add(entry, _tag("content"), _content(alert), type="text")


def _content(alert: Alert) -> str:
    """Plain text, so that no reader takes anything in it for markup."""
    told = [f"“{each.sentence}” ({each.outlet}, {each.published:%Y-%m-%d})" for each in counted(alert)]
    return "\n\n".join([alert.reason, *told])


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _urn(name: str) -> str:
    return uuid.uuid5(_IDS, name).urn


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
