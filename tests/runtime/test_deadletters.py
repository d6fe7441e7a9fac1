"""Dead letters keep what could not be processed as it was."""

from services.core.topics import TopicNames
from services.runtime.broker import MAX_RECORD_BYTES, MAX_REQUEST_BYTES, Record
from services.runtime.deadletters import dead_letter

NAMES = TopicNames("test")
HEADERS = (("ce_id", b"7"), ("ce_id", b"\xff"))


def test_a_dead_letter_has_the_original_bytes_and_tells_where_they_came_from_and_why() -> None:
    record = Record("test.articles", b"key\xff", b"\x00not json", HEADERS, partition=3, offset=41)
    letter = dead_letter(record, NAMES, stage="extractor", error=ValueError("no text"))
    assert (letter.topic, letter.key, letter.value) == ("test.deadletters", b"key\xff", b"\x00not json")
    assert (letter.partition, letter.offset) == (None, -1)
    assert letter.headers == (
        *HEADERS,
        ("tocsin-stage", b"extractor"),
        ("tocsin-error", b"ValueError: no text"),
        ("tocsin-topic", b"test.articles"),
        ("tocsin-partition", b"3"),
        ("tocsin-offset", b"41"),
    )


def test_a_letter_that_dies_again_tells_of_its_last_death_only() -> None:
    record = Record("test.articles", None, None, HEADERS, partition=0, offset=1)
    first = dead_letter(record, NAMES, stage="extractor", error=ValueError("one"))
    again = Record("test.articles", first.key, first.value, first.headers, partition=1, offset=2)
    headers = dead_letter(again, NAMES, stage="alerter", error=KeyError("two")).headers
    assert headers[:2] == HEADERS
    assert dict(headers)["tocsin-stage"] == b"alerter"
    assert len([name for name, _ in headers if name == "tocsin-error"]) == 1


def test_an_endless_error_and_half_a_character_do_not_stop_a_letter() -> None:
    letter = dead_letter(Record("t", b"", b""), NAMES, stage="extractor", error=ValueError("\ud800" + "x" * 9_999))
    error = dict(letter.headers)["tocsin-error"]
    assert error.startswith(b"ValueError: ?xxx")
    assert len(error) == 2_000


def test_a_value_larger_than_kafka_would_take_is_cut_and_says_so() -> None:
    fits = dead_letter(Record("t", b"", bytes(MAX_RECORD_BYTES)), NAMES, stage="x", error=ValueError())
    assert len(fits.value or b"") == MAX_RECORD_BYTES
    assert "tocsin-cut-from" not in dict(fits.headers)
    cut = dead_letter(Record("t", b"", bytes(MAX_RECORD_BYTES + 1)), NAMES, stage="x", error=ValueError("e" * 9_999))
    assert len(cut.value or b"") == MAX_RECORD_BYTES
    assert dict(cut.headers)["tocsin-cut-from"] == b"1000001"
    assert len(cut.value or b"") + sum(len(name) + len(value) for name, value in cut.headers) < MAX_REQUEST_BYTES
