"""What one sentence says happened, as it travels on the events topic and out of ``tocsin extract``."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict

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

    @property
    def is_border(self) -> bool:
        """Whether it is a line between countries, *the X-Y border*: that has no point on the map."""
        return self.lat is None and self.name.endswith(" border")


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
    """What one sentence says happened. Absent things are null or empty lists."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    event_id: str
    """A hash of article, revision, trigger and type: the same mention has the same id however often it is read."""
    article_id: str
    """The article that tells it."""
    tier: Tier
    """Use of force, strategic development, words, or a running count of victims."""
    event_type: str | None = None
    """ACLED's event type; null for words and counts."""
    sub_event_type: str | None = None
    """ACLED's sub-event type, one of 25."""
    plover: str | None = None
    """PLOVER's category."""
    mode: str | None = None
    """PLOVER's mode, where it has one."""
    cameo: str | None = None
    """The CAMEO code."""
    trigger: Span
    """The words that tell of it, with character offsets into the article's text as given."""
    sentence: Span
    """The sentence they stand in, likewise."""
    actor: tuple[Mention, ...] = ()
    """Who did or said it: words and id, a country (ISO 3166 alpha-3) with a sector, or an organisation."""
    target: tuple[Mention, ...] = ()
    """To whom it was done or said."""
    location: tuple[Place, ...] = ()
    """Where: words, name, WGS 84 degrees, country; precision 1 the named place, 2 near it, 3 a region or border."""
    date: EventDate | None = None
    """When: a day or a span; precision 1 the day, 2 the week, 3 the month. Without words for it, the publication's."""
    casualties: tuple[Casualty, ...] = ()
    """Figures of killed, wounded, captured, displaced, missing and lost, with whose they are; totals are marked."""
    attribution: Attribution | None = None
    """Who says so, and in which role; null is the outlet's own voice."""
    denied_by: tuple[Mention, ...] = ()
    """Who denies it in the same article."""
    modality: Modality
    """How the sentence stands to it: asserted, alleged, denied, threatened, called for, future, background ..."""
    outcome: str | None = None
    """Failed or repelled, where the sentence says so."""
    ceasefire: CeasefireState | None = None
    """What the sentence says of a ceasefire: declared, holding, breached, denied, restored, called for, rejected."""
    ceasefire_violation: bool = False
    """Whether it broke a truce."""
    border_incident: bool = False
    """Whether force was used at, near or across an international border, boundary line or line of contact."""
    civilian_targeting: bool = False
    """Whether civilians were the main or only target."""
    confidence: float
    """How surely the words mean this type, 0 to 1; less where no day is told."""
    reasons: tuple[str, ...] = ()
    """Which row of which table found it, and every word that decided how it is told."""
    duplicate_of: str | None = None
    """The event of the same article that this one tells again."""
    article: ArticleRef | None = None
    """What the alerter needs of the article; left out where events are printed next to their article."""
