"""What one sentence says happened, as it travels on the events topic and out of ``tocsin extract``."""

from datetime import date
from typing import Literal

from services.core.article import ArticleRef
from services.core.ontology import CeasefireState, Modality, Tier
from services.core.wire import Message, Value


class Span(Value):
    """A piece of the article's text; ``start`` and ``end`` are character offsets into the text as it was given."""

    text: str
    start: int
    end: int


class Mention(Value):
    """A named party. ``id`` is an ISO 3166 alpha-3 country with a sector (``ARM-MIL``) or an organisation (``EUR``)."""

    text: str
    id: str


class Place(Value):
    """Where it happened. ``geo_precision`` as ACLED has it: 1 the named place, 2 near it, 3 a larger region or border.

    ``lat`` and ``lon`` are WGS 84 degrees; ``country`` is ISO 3166 alpha-3, ``admin`` the country's first-level region.
    """

    text: str
    name: str
    lat: float | None = None
    lon: float | None = None
    geo_precision: Literal[1, 2, 3] | None = None
    country: str | None = None
    admin: str | None = None


class EventDate(Value):
    """When it happened. ``time_precision`` as ACLED has it: 1 the exact day, 2 within the week, 3 within the month."""

    value: date | None = None
    start: date | None = None
    end: date | None = None
    time_precision: Literal[1, 2, 3] | None = None
    text: str | None = None


class Casualty(Value):
    """One figure of victims or losses; ``cumulative`` marks a running total rather than this happening's."""

    kind: str
    who: str
    side: str | None = None
    count: int | None = None
    qualifier: str | None = None
    cumulative: bool = False
    text: str


class Attribution(Value):
    """Who says so; ``via`` is the agency that carried it. No attribution means the outlet's own voice."""

    who: tuple[Mention, ...]
    role: Literal["belligerent", "third_party", "media"]
    via: str | None = None


class Event(Message):
    """What one sentence says happened. Absent things are null or empty lists.

    ``event_type`` and ``sub_event_type`` are ACLED's names, ``plover`` and ``mode`` PLOVER's, ``cameo`` the CAMEO code;
    all are null where the ontology does not code such a thing. ``confidence`` is between 0 and 1. ``article`` is what
    the alerter needs of the article; it is left out where events are printed next to their article.
    """

    event_id: str
    article_id: str
    tier: Tier
    event_type: str | None = None
    sub_event_type: str | None = None
    plover: str | None = None
    mode: str | None = None
    cameo: str | None = None
    trigger: Span
    sentence: Span
    actor: tuple[Mention, ...] = ()
    target: tuple[Mention, ...] = ()
    location: tuple[Place, ...] = ()
    date: EventDate | None = None
    casualties: tuple[Casualty, ...] = ()
    attribution: Attribution | None = None
    denied_by: tuple[Mention, ...] = ()
    modality: Modality
    outcome: str | None = None
    ceasefire: CeasefireState | None = None
    ceasefire_violation: bool = False
    border_incident: bool = False
    civilian_targeting: bool = False
    confidence: float
    reasons: tuple[str, ...] = ()
    duplicate_of: str | None = None
    article: ArticleRef | None = None
