"""The webhook's request for one change of an alert. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.core.alert import Alert
from services.core.wire import content_id, encode


@dataclass(frozen=True)
class WebhookRequest:
    """A body and its headers."""

    body: bytes
    headers: Mapping[str, str]


def webhook_request(alert: Alert, *, secret: str, now: datetime) -> WebhookRequest:
    """What is posted for one change.

    ``Idempotency-Key`` is the same whenever the same change is sent, so that a receiver can tell a repeat. With a
    secret, ``X-Tocsin-Signature`` is the HMAC-SHA256 over the timestamp, a full stop and the body; since the timestamp
    is signed too, a receiver that refuses old ones cannot be fooled by a request that was recorded.

    Args:
        alert: the alert as it stands after the change.
        secret: key of the signature; empty for none.
        now: the wall clock, sent in whole seconds since 1970.
    """
    body = encode(alert)
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tocsin",
        "Idempotency-Key": idempotency_key(alert),
        "X-Tocsin-Timestamp": timestamp,
    }
    if secret:
        headers["X-Tocsin-Signature"] = f"sha256={signature(secret, timestamp, body)}"
    return WebhookRequest(body, headers)


def idempotency_key(alert: Alert) -> str:
    """An id of the change: of the alert, its state, and the event time at which it came to it."""
    return content_id("notification", alert.alert_id, alert.state, alert.changed_at.isoformat())


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal digits (RFC 2104)."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
