"""The webhook's request."""

import hashlib
import hmac
from datetime import timedelta

from services.core.alert import Alert, AlertState
from services.core.wire import decode
from services.notifier.request import webhook_request
from tests.dashboard.samples import NOON, alert


def test_the_body_is_the_alert_as_it_is_on_the_topic() -> None:
    request = webhook_request(alert(), secret="", now=NOON)
    assert decode(Alert, request.body) == alert()
    assert "X-Tocsin-Signature" not in request.headers


def test_the_signature_covers_timestamp_and_body() -> None:
    request = webhook_request(alert(), secret="key", now=NOON)
    signed = request.headers["X-Tocsin-Timestamp"].encode() + b"." + request.body
    expected = hmac.new(b"key", signed, hashlib.sha256).hexdigest()
    assert request.headers["X-Tocsin-Signature"] == f"sha256={expected}"
    assert request.headers["X-Tocsin-Timestamp"] == str(int(NOON.timestamp()))


def test_the_idempotency_key_names_the_change_and_not_the_record() -> None:
    def key(each: Alert) -> str:
        return webhook_request(each, secret="", now=NOON).headers["Idempotency-Key"]

    assert key(alert()) == key(alert(reason="with one more article"))
    others = [alert(alert_id="x"), alert(state=AlertState.RESOLVED), alert(changed_at=NOON + timedelta(seconds=1))]
    assert len({key(each) for each in (alert(), *others)}) == 4
