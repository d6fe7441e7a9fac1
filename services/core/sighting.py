"""One event or keyword that matched one rule, and the clock ticks that travel with it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from services.core.article import ArticleRef
from services.core.errors import WireError
from services.core.event import Attribution, Place, Span
from services.core.ontology import Modality
from services.core.wire import Message, UtcTime, first_problem


class Verdict(StrEnum):
    """What became of one sighting."""

    COUNTED = "counted"
    SAME_INCIDENT = "same_incident"
    DUPLICATE_STORY = "duplicate_story"
    SAME_OUTLET = "same_outlet"
    LATE = "late"
    WRONG_MODALITY = "wrong_modality"
    REPEATED_IN_ARTICLE = "repeated_in_article"
    OLDER_REVISION = "older_revision"


class Sighting(Message):
    """One event (or keyword) that matched one rule; keyed by rule, stream and group.

    ``incident`` identifies the real-world happening as far as one sentence tells it, ``incident_basis`` says from what.
    ``refused`` is why it cannot count whatever else is known, decided by the event and the rule alone, and ``because``
    says it in words.
    """

    kind: Literal["sighting"] = "sighting"
    sighting_id: str
    rule: str
    group: str
    article: ArticleRef
    event_id: str | None = None
    sentence: Span
    trigger: Span
    event_type: str | None = None
    sub_event_type: str | None = None
    modality: Modality
    attribution: Attribution | None = None
    denied_by: tuple[str, ...] = ()
    place: Place | None = None
    incident: str
    incident_basis: str
    refused: Verdict | None = None
    because: str | None = None

    @property
    def stream(self) -> str:
        """The stream of its article."""
        return self.article.stream

    @property
    def at(self) -> datetime:
        """Its event time: when its article was published."""
        return self.article.published

    @property
    def key(self) -> str:
        """The key of its record: everything that is judged together has the same one."""
        return group_key(self.rule, self.stream, self.group)


class Tick(Message):
    """The clock of a stream: everything published up to ``clock`` has been seen. Sent to every partition."""

    kind: Literal["tick"] = "tick"
    stream: str
    clock: UtcTime


_ANY: TypeAdapter[Sighting | Tick] = TypeAdapter(Annotated[Sighting | Tick, Field(discriminator="kind")])


def group_key(rule: str, stream: str, group: str) -> str:
    """The key under which one rule judges one group of one stream."""
    return f"{rule}|{stream}|{group}"


def decode_sighting(raw: bytes | None) -> Sighting | Tick:
    """What a record of the sightings topic holds.

    Raises:
        WireError: it is neither a sighting nor a tick.
    """
    if not raw:
        raise WireError("empty body where a sighting was expected")
    try:
        return _ANY.validate_json(raw)
    except ValidationError as error:
        raise WireError(f"not a sighting: {first_problem(error)}") from error
