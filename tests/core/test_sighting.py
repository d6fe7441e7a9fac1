"""The sightings topic carries two kinds of message; the field ``kind`` tells them apart."""

import json

import pytest

from services.core.errors import WireError
from services.core.sighting import Tick, decode_sighting, group_key
from services.core.wire import encode
from tests.builders import NOON, at, sighting

TICK = Tick(stream="test", clock=NOON)


def test_sightings_and_ticks_come_back_as_what_they_were() -> None:
    assert decode_sighting(encode(TICK)) == TICK
    assert decode_sighting(encode(sighting(1, "a"))) == sighting(1, "a")


def test_unknown_fields_are_passed_over() -> None:
    sent = json.loads(encode(sighting(1, "a"))) | {"mood": "grim"}
    sent["article"]["mood"] = "grim"
    assert decode_sighting(json.dumps(sent).encode()) == sighting(1, "a")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (None, "empty body where a sighting was expected"),
        (b"", "empty body where a sighting was expected"),
        (b"\x00", "not a sighting: body: Invalid JSON"),
        (b"{}", "not a sighting: body: Unable to extract tag using discriminator 'kind'"),
        (b'{"kind": "rumour"}', "not a sighting: body: Input tag 'rumour'"),
        (b'{"kind": "tick", "stream": "x"}', "not a sighting: tick.clock: Field required"),
        (b'{"kind": "sighting"}', "not a sighting: sighting.sighting_id: Field required"),
    ],
)
def test_what_is_neither_says_why(raw: bytes | None, says: str) -> None:
    with pytest.raises(WireError) as caught:
        decode_sighting(raw)
    assert str(caught.value).startswith(says)


def test_all_that_is_judged_together_has_one_key() -> None:
    one, other = sighting(1, "a"), sighting(2, "b", outlet="two")
    assert one.key == other.key == group_key("clashes", "test", "AAA") == "clashes|test|AAA"
    assert one.key != sighting(1, "a", group="BBB").key


def test_event_time_and_stream_are_those_of_the_article() -> None:
    assert (sighting(3, "a").at, sighting(3, "a").stream) == (at(3), "test")
