"""How values become bytes on a topic and back: JSON bodies, CloudEvents 1.0 attributes as headers (binary mode)."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError

from services.core.errors import WireError

Header = tuple[str, bytes]


def _to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from error


UtcTime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An aware moment, kept in UTC; naive times are refused, since guessing a zone moves an event by hours."""


class Value(BaseModel):
    """An immutable part of a message. Unknown fields are tolerated, so old readers survive new writers."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Message(Value):
    """The body of one Kafka record."""

    schema_version: Literal[1] = 1


M = TypeVar("M", bound=Message)


def content_id(*parts: str) -> str:
    """A 20-digit hexadecimal id of the given facts: the first 80 bits of their SHA-256.

    Parts are separated by a character no part contains in practice, so ``("ab", "c")`` and ``("a", "bc")`` differ.
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def encode(message: Message) -> bytes:
    """The UTF-8 JSON body of a message."""
    return message.model_dump_json().encode()


def decode(kind: type[M], raw: bytes | None) -> M:
    """The message that ``raw`` holds.

    Raises:
        WireError: ``raw`` is empty, not JSON, or not a message of this kind; the text names the field.
    """
    if not raw:
        raise WireError(f"empty body where a {kind.__name__} was expected")
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise WireError(f"not a {kind.__name__}: {first_problem(error)}") from error


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong with a body, behind the field it is in."""
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"]) or "body"
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}"


def cloud_event(kind: type[Message], ident: str, source: str, time: datetime) -> tuple[Header, ...]:
    """The CloudEvents attributes of a record, as Kafka headers of the binary content mode.

    Args:
        kind: the message's type; becomes ``tocsin.<type>.v1``.
        ident: id of the message; together with ``source`` it makes a repeat recognisable as one.
        source: which stage wrote it, as ``/tocsin/<stage>``.
        time: when the thing it tells of was published, event time.
    """
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": ident,
        "ce_source": f"/tocsin/{source}",
        "ce_type": f"tocsin.{kind.__name__.lower()}.v1",
        "ce_time": time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "content-type": "application/json",
    }
    return tuple((name, value.encode()) for name, value in attributes.items())
