"""Dead letters: what could not be decoded or processed, kept byte for byte with where it came from and why."""

from services.core.topics import DEADLETTERS, TopicNames
from services.runtime.broker import MAX_RECORD_BYTES, Record

_MAX_ERROR = 2_000


def dead_letter(record: Record, names: TopicNames, *, stage: str, error: Exception) -> Record:
    """The record of the dead letter topic for ``record``: same key and bytes; stage, error and origin as headers.

    A value above ``MAX_RECORD_BYTES`` (a foreign producer may have larger limits than ours) is cut there, because a
    letter that cannot be written would stop the stage for good; the header ``tocsin-cut-from`` tells its full length.
    """
    headers = {
        "tocsin-stage": stage,
        "tocsin-error": f"{type(error).__name__}: {error}"[:_MAX_ERROR],
        "tocsin-topic": record.topic,
        "tocsin-partition": str(record.partition),
        "tocsin-offset": str(record.offset),
    }
    value = record.value
    if value is not None and len(value) > MAX_RECORD_BYTES:
        headers["tocsin-cut-from"] = str(len(value))
        value = value[:MAX_RECORD_BYTES]
    kept = tuple((name, value) for name, value in record.headers if not name.startswith("tocsin-"))
    ours = tuple((name, text.encode("utf-8", "replace")) for name, text in headers.items())
    return Record(names.of(DEADLETTERS), record.key, value, kept + ours)
