"""The published state of one episode, as it travels on the alerts topics."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from services.core.baseline import Baseline
from services.core.event import Attribution, Place
from services.core.ontology import Modality
from services.core.rule import Severity
from services.core.sighting import Verdict
from services.core.window import Window
from services.core.wire import Message, UtcTime, Value


class AlertState(StrEnum):
    """Where an episode is in its life. The first three ring; the last two are over."""

    FIRING = "firing"
    ESCALATED = "escalated"
    DEESCALATED = "deescalated"
    RESOLVED = "resolved"
    RETRACTED = "retracted"

    @property
    def active(self) -> bool:
        """Whether the rule's count is still at or above its threshold."""
        return self not in (AlertState.RESOLVED, AlertState.RETRACTED)


class Counts(Value):
    """How many independent things the window holds, each way of counting; casualties are those of the incidents."""

    incidents: int
    stories: int
    outlets: int
    sightings: int
    casualties: int = 0


class Evidence(Value):
    """One sighting as the alert shows it; ``start`` and ``end`` are the sentence's offsets into the article's text."""

    article_id: str
    url: str
    title: str
    outlet: str
    published: UtcTime
    sentence: str
    start: int
    end: int
    trigger: str = ""
    event_id: str | None = None
    event_type: str | None = None
    sub_event_type: str | None = None
    modality: Modality
    attribution: Attribution | None = None
    denied_by: tuple[str, ...] = ()
    place: Place | None = None
    verdict: Verdict
    reason: str


class Alert(Message):
    """The state of one episode.

    ``alert_id`` stays the same through the episode's life. ``changed_at`` is the event time of the last change of
    state; a record with the same ``changed_at`` and ``state`` as an earlier one only brings more evidence. ``counts``
    are those of ``window``, the rule's window at its last change while the episode lasted. ``country`` is the one that
    all counted evidence lies in, if there is just one. ``baseline`` is what the count was compared with, null for a
    plain threshold; ``threshold`` is the lowest level at which the rule rings.
    """

    alert_id: str
    stream: str
    rule: str
    rule_version: str
    group: str
    group_by: str = ""
    country: str | None = None
    state: AlertState
    severity: Severity
    started_at: UtcTime
    changed_at: UtcTime
    window: Window
    counts: Counts
    threshold: int
    baseline: Baseline | None = None
    evidence: tuple[Evidence, ...]
    reason: str
    labels: Mapping[str, str] = Field(default_factory=dict)
    annotations: Mapping[str, str] = Field(default_factory=dict)
