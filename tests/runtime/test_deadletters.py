"""Dead letters keep what could not be processed as it was, and give it back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.core.topics import TopicNames
from services.runtime.broker import MAX_RECORD_BYTES, MAX_REQUEST_BYTES, Record
from services.runtime.deadletters import REDRIVEN, dead_letter, letter_of, note_of, noted, redriven

NAMES = TopicNames("test")
NOW = datetime(2026, 3, 14, 12, 0, 5, tzinfo=UTC)
HEADERS = (("ce_id", b"7"), ("ce_id", b"\xff"))


def test_a_dead_letter_has_the_original_bytes_and_tells_where_they_came_from_and_why() -> None:
    record = Record("test.articles", b"key\xff", b"\x00not json", HEADERS, partition=3, offset=41)
    letter = dead_letter(record, NAMES, stage="extractor", error=ValueError("no text"), now=NOW)
    assert (letter.topic, letter.key, letter.value) == ("test.deadletters", b"key\xff", b"\x00not json")
    assert (letter.partition, letter.offset) == (None, -1)
    assert letter.headers == (
        *HEADERS,
        ("tocsin-stage", b"extractor"),
        ("tocsin-error", b"ValueError: no text"),
        ("tocsin-topic", b"test.articles"),
        ("tocsin-partition", b"3"),
        ("tocsin-offset", b"41"),
        ("tocsin-time", b"2026-03-14T12:00:05+00:00"),
    )


def test_a_letter_that_dies_again_tells_of_its_last_death_only() -> None:
    record = Record("test.articles", None, None, HEADERS, partition=0, offset=1)
    first = dead_letter(record, NAMES, stage="extractor", error=ValueError("one"), now=NOW)
    again = Record("test.articles", first.key, first.value, first.headers, partition=1, offset=2)
    headers = dead_letter(again, NAMES, stage="alerter", error=KeyError("two"), now=NOW).headers
    assert headers[:2] == HEADERS
    assert dict(headers)["tocsin-stage"] == b"alerter"
    assert len([name for name, _ in headers if name == "tocsin-error"]) == 1


def test_an_endless_error_and_half_a_character_do_not_stop_a_letter() -> None:
    letter = dead_letter(
        Record("t", b"", b""), NAMES, stage="extractor", error=ValueError("\ud800" + "x" * 9_999), now=NOW
    )
    error = dict(letter.headers)["tocsin-error"]
    assert error.startswith(b"ValueError: ?xxx")
    assert len(error) == 2_000


def test_a_value_larger_than_kafka_would_take_is_cut_and_says_so() -> None:
    fits = dead_letter(Record("t", b"", bytes(MAX_RECORD_BYTES)), NAMES, stage="x", error=ValueError(), now=NOW)
    assert len(fits.value or b"") == MAX_RECORD_BYTES
    assert "tocsin-cut-from" not in dict(fits.headers)
    cut = dead_letter(
        Record("t", b"", bytes(MAX_RECORD_BYTES + 1)), NAMES, stage="x", error=ValueError("e" * 9_999), now=NOW
    )
    assert len(cut.value or b"") == MAX_RECORD_BYTES
    assert dict(cut.headers)["tocsin-cut-from"] == b"1000001"
    assert len(cut.value or b"") + sum(len(name) + len(value) for name, value in cut.headers) < MAX_REQUEST_BYTES


ORIGINAL = Record("test.articles", b"key\xff", b"\x00not json", HEADERS, partition=3, offset=41)


def buried(record: Record = ORIGINAL, stage: str = "extractor") -> Record:
    letter = dead_letter(record, NAMES, stage=stage, error=ValueError("no text"), now=NOW)
    return replace(letter, partition=0, offset=7)


def test_a_letter_tells_where_it_came_from_when_and_why() -> None:
    letter = letter_of(buried())
    assert (letter.topic, letter.partition, letter.offset, letter.stage) == ("test.articles", 3, 41, "extractor")
    assert (letter.time, letter.bytes, letter.cut_from, letter.error) == (NOW, 9, None, "ValueError: no text")


def test_a_letter_that_was_written_twice_has_one_id_and_any_other_has_another() -> None:
    same = letter_of(replace(buried(), partition=2, offset=99)).id
    others = [replace(ORIGINAL, offset=42), replace(ORIGINAL, value=b""), replace(ORIGINAL, value=None)]
    ids = [letter_of(buried(each)).id for each in others] + [letter_of(buried(stage="alerter")).id]
    assert letter_of(buried()).id == same
    assert len({same, *ids}) == 5


def test_what_is_sent_again_is_the_original_with_one_header_more() -> None:
    letter = letter_of(buried())
    again = redriven(buried(), letter, partitions=4)
    assert again == Record(
        "test.articles", b"key\xff", b"\x00not json", (*HEADERS, (REDRIVEN, letter.id.encode())), partition=3
    )
    assert redriven(buried(), letter, partitions=3).partition is None


def test_a_note_is_told_from_a_letter_also_from_one_that_died_again() -> None:
    letter = letter_of(buried())
    again = redriven(buried(), letter, partitions=4)
    assert noted(note_of(letter, NAMES, NOW)) == letter.id
    assert noted(buried(replace(again, offset=50))) is None


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (buried(replace(ORIGINAL, value=bytes(MAX_RECORD_BYTES + 1))), "only 1,000,000 of its 1,000,001 bytes"),
        (Record("test.deadletters", b"key", b"no headers"), "does not say from which topic"),
        (buried(replace(ORIGINAL, topic="test.deadletters")), "test.deadletters is no topic that a stage reads"),
        (buried(replace(ORIGINAL, topic="payroll")), "payroll is no topic that a stage reads"),
    ],
)
def test_what_cannot_be_sent_again_says_why(record: Record, reason: str) -> None:
    assert reason in (letter_of(record).unfit(NAMES) or "")
    assert letter_of(buried()).unfit(NAMES) is None


def test_headers_of_others_that_make_no_sense_break_nothing() -> None:
    headers = (("tocsin-time", b"noon"), ("tocsin-offset", b"-"), ("tocsin-partition", "²".encode()))
    letter = letter_of(Record("test.deadletters", None, None, headers))
    assert (letter.time, letter.offset, letter.partition) == (None, 0, None)
