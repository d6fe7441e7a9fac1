"""One event or keyword that matched one rule, and the edits and clock ticks that travel with it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from services.core.article import ArticleRef
from services.core.errors import WireError
from services.core.event import Attribution, EventDate, Place, Span
from services.core.ontology import Modality
from services.core.wire import Message, UtcTime, Value, content_id, first_problem


class Verdict(StrEnum):
    """What became of one sighting."""

    COUNTED = "counted"
    SAME_INCIDENT = "same_incident"
    DUPLICATE_STORY = "duplicate_story"
    SAME_OUTLET = "same_outlet"
    LATE = "late"
    WRONG_MODALITY = "wrong_modality"
    UNPLACED = "unplaced"
    REPEATED_IN_ARTICLE = "repeated_in_article"
    OLDER_REVISION = "older_revision"
    DENIAL = "denial"
    WITHDRAWN = "withdrawn"
    SAME_TERM = "same_term"
    UNFILLED = "unfilled"
    FIRST = "first"
    NOTHING_FIRST = "nothing_first"
    LAST_SEEN = "last_seen"


class Figure(Value):
    """A number of people harmed, as one sentence has it: ``kind`` and ``qualifier`` are those of the event."""

    kind: str
    count: int
    qualifier: str | None = None


class Part(StrEnum):
    """Which of the two conditions of a sequence a sighting met."""

    FIRST = "first"
    THEN = "then"


class Sighting(Message):
    """One event (or keyword) that matched one rule; keyed by rule, stream and group.

    ``incident`` identifies the real-world happening as far as one sentence tells it, ``incident_basis`` says from what.
    ``actors``, ``targets`` and ``deniers`` are ids of parties; ``figures`` are this happening's, not running totals.
    ``refused`` is why it cannot count whatever else is known, decided by the event and the rule alone, and ``because``
    says it in words. ``part`` is the side of a sequence it is on.
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
    deniers: tuple[str, ...] = ()
    place: Place | None = None
    date: EventDate | None = None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    part: Part | None = None
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
    """The clock of a stream: everything published up to ``clock`` has been seen. Sent to every partition.

    ``began`` is the earliest publication seen of a replay; null means ``clock``. With ``group_key`` the tick is for one
    group alone, which is watched from now on even if nothing has matched yet, and travels under that key.
    """

    kind: Literal["tick"] = "tick"
    stream: str
    clock: UtcTime
    began: UtcTime | None = None
    group_key: str = ""


class Revision(Message):
    """The revisions there are of an article that a group holds sightings of, each with when it was first fetched.

    Sent to the group when there is more than one: a newer revision that tells nothing of the matter would otherwise
    never be heard of there.
    """

    kind: Literal["revision"] = "revision"
    rule: str
    group: str
    stream: str
    article_id: str
    published: UtcTime
    fetched: dict[str, UtcTime]

    @property
    def key(self) -> str:
        """The key of its record: that of the sightings it is about."""
        return group_key(self.rule, self.stream, self.group)

    @property
    def ident(self) -> str:
        """An id of what it says."""
        return content_id("revision", self.key, self.article_id, *sorted(self.fetched))


_ANY: TypeAdapter[Sighting | Revision | Tick] = TypeAdapter(
    Annotated[Sighting | Revision | Tick, Field(discriminator="kind")]
)


def group_key(rule: str, stream: str, group: str) -> str:
    """The key under which one rule judges one group of one stream."""
    return f"{rule}|{stream}|{group}"


def decode_sighting(raw: bytes | None) -> Sighting | Revision | Tick:
    """What a record of the sightings topic holds.

    Raises:
        WireError: it is none of the three kinds of record that travel there.
    """
    if not raw:
        raise WireError("empty body where a sighting was expected")
    try:
        return _ANY.validate_json(raw)
    except ValidationError as error:
        raise WireError(f"not a sighting: {first_problem(error)}") from error
