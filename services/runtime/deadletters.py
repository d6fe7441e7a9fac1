"""Dead letters: what could not be decoded or processed, kept byte for byte with where it came from and why. Pure."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.core.topics import ALERTS, ARTICLES, DEADLETTERS, EVENTS, FEEDS, SIGHTINGS, SILENCES, TopicNames
from services.core.wire import content_id
from services.runtime.broker import MAX_RECORD_BYTES, Record

REDRIVEN: Final = "tocsin-redriven"
"""Header of a record that was sent again, and of the note of that among the letters: the id of the letter."""

_MAX_ERROR = 2_000
_SOURCES = (ARTICLES, EVENTS, SIGHTINGS, ALERTS, FEEDS, SILENCES)


def dead_letter(record: Record, names: TopicNames, *, stage: str, error: Exception, now: datetime) -> Record:
    """The record of the dead letter topic for ``record``: same key and bytes; stage, error, origin and time as headers.

    A value above ``MAX_RECORD_BYTES`` (a foreign producer may have larger limits than ours) is cut there, because a
    letter that cannot be written would stop the stage for good; the header ``tocsin-cut-from`` tells its full length.
    """
    headers = {
        "tocsin-stage": stage,
        "tocsin-error": f"{type(error).__name__}: {error}"[:_MAX_ERROR],
        "tocsin-topic": record.topic,
        "tocsin-partition": str(record.partition),
        "tocsin-offset": str(record.offset),
        "tocsin-time": now.isoformat(timespec="seconds"),
    }
    value = record.value
    if value is not None and len(value) > MAX_RECORD_BYTES:
        headers["tocsin-cut-from"] = str(len(value))
        value = value[:MAX_RECORD_BYTES]
    kept = tuple((name, value) for name, value in record.headers if not name.startswith("tocsin-"))
    ours = tuple((name, text.encode("utf-8", "replace")) for name, text in headers.items())
    return Record(names.of(DEADLETTERS), record.key, value, kept + ours)


@dataclass(frozen=True)
class Letter:
    """What a dead letter tells, without its bytes. ``time`` is when it was given up, None where it does not say so."""

    id: str
    time: datetime | None
    stage: str
    topic: str
    partition: int | None
    offset: int
    bytes: int
    cut_from: int | None
    error: str

    def unfit(self, names: TopicNames) -> str | None:
        """Why it cannot be sent again, or None where it can."""
        if self.cut_from is not None:
            return f"only {self.bytes:,} of its {self.cut_from:,} bytes were kept"
        if not self.topic:
            return "it does not say from which topic it came"
        if self.topic not in {names.of(topic) for topic in _SOURCES}:
            return f"{self.topic} is no topic that a stage reads"
        return None


def letter_of(record: Record) -> Letter:
    """What a record of the dead letter topic tells.

    Its id is a hash of where it came from, which stage gave it up, and its bytes: a letter that was written twice,
    because the stage crashed in between, is one.
    """
    told = {name: value.decode("utf-8", "replace") for name, value in record.headers if name.startswith("tocsin-")}
    origin = [told.get(f"tocsin-{name}", "") for name in ("topic", "partition", "offset", "stage")]
    digest = hashlib.sha256(record.value or b"").hexdigest()
    return Letter(
        id=content_id("deadletter", *origin, str(record.value is None), digest),
        time=_time(told),
        stage=origin[3],
        topic=origin[0],
        partition=_number(origin[1]),
        offset=_number(origin[2]) or 0,
        bytes=len(record.value or b""),
        cut_from=_number(told.get("tocsin-cut-from", "")),
        error=told.get("tocsin-error", ""),
    )


def redriven(record: Record, letter: Letter, *, partitions: int) -> Record:
    """The original record, with its key, bytes and headers, and one header more.

    It goes to the partition it came from, since some records (ticks) are not where their key would put them.

    Args:
        record: of the dead letter topic.
        letter: what it tells.
        partitions: how many the original topic has now; where it has lost the original one, the key decides.
    """
    kept = tuple((name, value) for name, value in record.headers if not name.startswith("tocsin-"))
    there = letter.partition if letter.partition is not None and letter.partition < partitions else None
    return Record(letter.topic, record.key, record.value, (*kept, (REDRIVEN, letter.id.encode())), there)


def note_of(letter: Letter, names: TopicNames, now: datetime) -> Record:
    """The record that says, among the letters, that this one was sent again."""
    headers = ((REDRIVEN, letter.id.encode()), ("tocsin-time", now.isoformat(timespec="seconds").encode()))
    return Record(names.of(DEADLETTERS), letter.id.encode(), None, headers)


def noted(record: Record) -> str | None:
    """The id of the letter that this record says was sent again; None for a letter."""
    return next((value.decode("utf-8", "replace") for name, value in record.headers if name == REDRIVEN), None)


def _time(told: Mapping[str, str]) -> datetime | None:
    with suppress(ValueError):
        time = datetime.fromisoformat(told.get("tocsin-time", ""))
        return time if time.tzinfo else None
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
