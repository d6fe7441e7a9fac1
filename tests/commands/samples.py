"""Alerts as tests of commands need them."""

from services.core.alert import Alert
from tests.builders import NOON, at

PIECE = {
    "article_id": "a1",
    "url": "https://a.example/1",
    "title": "A title",
    "outlet": "herald",
    "published": NOON,
    "sentence": "Shells hit\nthe  village [of] Northfort.",
    "start": 0,
    "end": 39,
    "trigger": "Shells",
    "modality": "alleged",
    "place": {"text": "Northfort", "name": "Northfort", "country": "AAA"},
    "attribution": {"who": [{"text": "the ministry", "id": "AAA-GOV"}], "role": "belligerent"},
    "verdict": "counted",
    "reason": "incident: x",
}


def alert(**changes: object) -> Alert:
    """A firing alert with one piece of evidence that counts and one that does not."""
    fields: dict[str, object] = {
        "alert_id": "id1",
        "stream": "test",
        "rule": "clashes",
        "rule_version": "v1",
        "group": "AAA",
        "state": "firing",
        "severity": "warning",
        "started_at": NOON,
        "changed_at": NOON,
        "window": {"start": at(-24), "end": NOON},
        "counts": {"incidents": 2, "stories": 1, "outlets": 1, "sightings": 3},
        "threshold": 2,
        "evidence": [PIECE, {**PIECE, "sentence": "Not this one.", "verdict": "duplicate_story"}],
        "reason": "2 independent incidents within 1d",
    }
    return Alert.model_validate({**fields, **changes})
