"""The webhook's requests: for one change of an alert, and for a summary of many. Pure."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.core.alert import Alert, AlertState
from services.core.rule import Severity
from services.core.wire import Message, UtcTime, Value, content_id, encode

LISTED: Final = 100
"""How many changes a summary lists at most."""


@dataclass(frozen=True)
class WebhookRequest:
    """A body and its headers."""

    body: bytes
    headers: Mapping[str, str]


def webhook_request(alert: Alert, *, secret: str, now: datetime, text: str | None = None) -> WebhookRequest:
    """What is posted for one change.

    ``Idempotency-Key`` is the same whenever the same change is sent, so that a receiver can tell a repeat. With a
    secret, ``X-Tocsin-Signature`` is the HMAC-SHA256 over the timestamp, a full stop and the body; since the timestamp
    is signed too, a receiver that refuses old ones cannot be fooled by a request that was recorded.

    Args:
        alert: the alert as it stands after the change.
        secret: key of the signature; empty for none.
        now: the wall clock, sent in whole seconds since 1970.
        text: what a template made of it, for the body; the alert's JSON by default.
    """
    body = encode(alert) if text is None else text.encode()
    return _request(body, {"Idempotency-Key": idempotency_key(alert), "X-Tocsin-Kind": "alert"}, secret=secret, now=now)


def summary_request(alerts: Sequence[Alert], *, secret: str, now: datetime, text: str | None = None) -> WebhookRequest:
    """What is posted in place of many changes; the key is that of just these changes together.

    Args:
        alerts: the alerts as they stand.
        secret: as for :func:`webhook_request`.
        now: likewise.
        text: likewise; by default a :class:`Summary` as JSON.
    """
    body = encode(summary_of(alerts)) if text is None else text.encode()
    key = content_id("summary", *sorted(idempotency_key(alert) for alert in alerts))
    return _request(body, {"Idempotency-Key": key, "X-Tocsin-Kind": "summary"}, secret=secret, now=now)


def _request(body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime) -> WebhookRequest:
    timestamp = str(int(now.timestamp()))
    kind = "application/json" if _is_json(body) else "text/plain; charset=utf-8"
    ours = {"Content-Type": kind, "User-Agent": "Tocsin", "X-Tocsin-Timestamp": timestamp, **headers}
    signed = {"X-Tocsin-Signature": f"sha256={signature(secret, timestamp, body)}"} if secret else {}
    return WebhookRequest(body, {**ours, **signed})


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


class Change(Value):
    """One change of an alert, as a summary lists it."""

    alert_id: str
    rule: str
    group: str
    stream: str
    state: AlertState
    severity: Severity
    changed_at: UtcTime
    reason: str


class Summary(Message):
    """What is told in place of more changes than a channel is to be told of singly: how many, and the first of them."""

    count: int
    changes: tuple[Change, ...]


def summary_of(alerts: Sequence[Alert]) -> Summary:
    """The summary of these alerts; lists the gravest first, and not all of very many."""
    gravest = sorted(alerts, key=lambda each: (-list(Severity).index(each.severity), each.changed_at))
    listed = tuple(
        Change.model_validate(each.model_dump(include=set(Change.model_fields))) for each in gravest[:LISTED]
    )
    return Summary(count=len(alerts), changes=listed)


def idempotency_key(alert: Alert) -> str:
    """An id of the change: of the alert, its state, and the event time at which it came to it."""
    return content_id("notification", alert.alert_id, alert.state, alert.changed_at.isoformat())


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal digits (RFC 2104)."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
