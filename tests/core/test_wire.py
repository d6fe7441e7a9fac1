"""What is put on a topic must come off it as the same value; what is no message must say where."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.core.alert import Alert
from services.core.article import Article
from services.core.errors import WireError
from services.core.sighting import Tick
from services.core.wire import Message, cloud_event, content_id, decode, encode
from tests.builders import NOON, article
from tests.core.messages import KINDS, TEXTS

BODY = {"stream": "live", "clock": "2020-10-01T12:00:00Z"}


def body(**changes: object) -> bytes:
    return json.dumps({**BODY, **changes}).encode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_message_comes_back_as_it_was_sent(kind: type[Message]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(KINDS[kind])
    def comes_back(message: Message) -> None:
        raw = encode(message)
        assert decode(kind, raw) == message
        assert encode(decode(kind, raw)) == raw

    comes_back()


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_a_wire_error(raw: bytes) -> None:
    with pytest.raises(WireError):
        decode(Article, raw)


def test_fields_of_a_newer_writer_are_passed_over_at_every_depth() -> None:
    sent = json.loads(encode(article())) | {"mood": "grim"}
    assert decode(Article, json.dumps(sent).encode()) == article()
    alert_like = body(more={"deep": [1, {"deeper": None}]})
    assert decode(Tick, alert_like) == Tick(stream="live", clock=NOON)


@pytest.mark.parametrize("raw", [None, b""])
def test_an_empty_body_says_what_was_expected(raw: bytes | None) -> None:
    with pytest.raises(WireError, match="empty body where a Tick was expected"):
        decode(Tick, raw)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"{", "body: Invalid JSON"),
        (b"\xff\xfe", "body: Invalid JSON"),
        (b"[]", "body: "),
        (b"null", "body: "),
        (b"[" * 100_000, "body: Invalid JSON"),
        (b"{}", "stream: Field required"),
        (body(clock="noon"), "clock: "),
        (body(clock="2020-10-01T12:00:00"), "clock: "),
        (body(clock="0001-01-01T00:00:00+05:00"), "clock: "),
        (body(stream=None), "stream: "),
        (body(schema_version=2), "schema_version: "),
    ],
)
def test_what_is_wrong_names_its_field(raw: bytes, place: str) -> None:
    with pytest.raises(WireError) as caught:
        decode(Tick, raw)
    assert str(caught.value).startswith(f"not a Tick: {place}")


def test_a_field_inside_a_list_is_named_by_its_path() -> None:
    sent = json.loads(encode(article())) | {"fingerprint": ["a", 7]}
    with pytest.raises(WireError, match=r"not a Article: fingerprint\.1: "):
        decode(Article, json.dumps(sent).encode())


def test_times_are_kept_in_utc_whatever_zone_they_come_in() -> None:
    yerevan = timezone(timedelta(hours=4))
    tick = Tick(stream="live", clock=datetime(2020, 10, 1, 16, tzinfo=yerevan))
    assert tick.clock.tzinfo is UTC
    assert b'"2020-10-01T12:00:00Z"' in encode(tick)


@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=4))
def test_content_ids_tell_different_parts_apart(one: list[str], other: list[str]) -> None:
    assume(one and other and not any("\x1f" in part for part in (*one, *other)))
    assert (content_id(*one) == content_id(*other)) == (one == other)
    assert len(content_id(*one)) == 20


def test_content_ids_are_pinned_since_stored_ids_depend_on_them() -> None:
    assert content_id("article", "one") == "e65c4d9d466220457976"
    assert len(content_id("half a character \ud800")) == 20


def test_headers_carry_the_attributes_of_cloud_events() -> None:
    headers = dict(cloud_event(Alert, "a1", "alerter", datetime(2020, 10, 1, 16, tzinfo=timezone(timedelta(hours=4)))))
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": b"a1",
        "ce_source": b"/tocsin/alerter",
        "ce_type": b"tocsin.alert.v1",
        "ce_time": b"2020-10-01T12:00:00Z",
        "content-type": b"application/json",
    }
