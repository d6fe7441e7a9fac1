"""Alerts, events and articles to show: made-up news, with every field the page can meet."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.core.alert import Alert, AlertState, Counts, Evidence
from services.core.article import Article, new_article
from services.core.event import Attribution, Event, Mention, Place, Span
from services.core.ontology import Modality, Tier
from services.core.rule import Severity
from services.core.sighting import Verdict
from services.core.window import window_until

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)

SENTENCE = "Shells fell on two villages near the river on Saturday, the governor's office said."


def evidence(**changed: Any) -> Evidence:
    """One counted sighting: shells on a village."""
    facts: dict[str, Any] = {
        "article_id": "article-1",
        "url": "https://news.example/river",
        "title": "Shells land in river villages",
        "outlet": "River Post",
        "published": NOON,
        "sentence": SENTENCE,
        "start": 120,
        "end": 120 + len(SENTENCE),
        "trigger": "Shells fell",
        "event_id": "event-1",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "modality": Modality.ASSERTED,
        "attribution": Attribution(who=(Mention(text="the governor's office", id="ARM-GOV"),), role="belligerent"),
        "place": Place(text="the river", name="Araks", lat=39.1, lon=46.9, geo_precision=2, country="IRN"),
        "verdict": Verdict.COUNTED,
        "reason": "a new incident: shelling at Araks on 14 March 2026",
    }
    return Evidence(**facts | changed)


def alert(**changed: Any) -> Alert:
    """An alert that fires."""
    at = changed.get("changed_at", NOON)
    facts: dict[str, Any] = {
        "alert_id": "alert-1",
        "stream": "live",
        "rule": "border-incident",
        "rule_version": "0123456789ab",
        "group": "ARM-IRN",
        "state": AlertState.FIRING,
        "severity": Severity.WARNING,
        "started_at": NOON - timedelta(hours=2),
        "changed_at": at,
        "window": window_until(at, timedelta(hours=72)),
        "counts": Counts(incidents=2, stories=2, outlets=2, sightings=3),
        "threshold": 2,
        "evidence": (evidence(),),
        "reason": "2 incidents within 72h reached the threshold of 2",
    }
    return Alert(**facts | changed)


def article(**changed: Any) -> Article:
    """The article that tells of it."""
    facts: dict[str, Any] = {
        "ident": "article-1",
        "text": f"{SENTENCE} Nobody was hurt.",
        "title": "Shells land in river villages",
        "source": "river-post",
        "outlet": "River Post",
        "fetched": NOON,
        "published": NOON,
        "url": "https://news.example/river",
    }
    return new_article(**facts | changed)


def event(**changed: Any) -> Event:
    """What its first sentence says."""
    facts: dict[str, Any] = {
        "event_id": "event-1",
        "article_id": "article-1",
        "tier": Tier.KINETIC,
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "trigger": Span(text="Shells fell", start=0, end=11),
        "sentence": Span(text=SENTENCE, start=0, end=len(SENTENCE)),
        "modality": Modality.ASSERTED,
        "border_incident": True,
        "location": (Place(text="the river", name="Araks", lat=39.1, lon=46.9, geo_precision=2, country="IRN"),),
        "confidence": 0.8,
        "article": article().ref,
    }
    return Event(**facts | changed)
