"""Why a rule did or did not ring for a group at a moment: what is asked, and what is answered.

The alerter answers, since it judges; the page and `tocsin explain` ask, and are given the answering where they start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from services.core.alert import Alert, Counts, Evidence
from services.core.baseline import Baseline
from services.core.event import Event
from services.core.ontology import Modality
from services.core.rule import Rule
from services.core.sighting import Revision, Sighting
from services.core.window import Window
from services.core.wire import UtcTime, Value


class Nearest(Value):
    """The highest level that a group had up to a moment, and when it was first reached."""

    level: int
    at: UtcTime


class PassedBy(Value):
    """An event of the group and the window that the rule did not take, and what it lacked."""

    article_id: str
    url: str
    title: str
    outlet: str
    published: UtcTime
    event_id: str
    sentence: str
    trigger: str
    modality: Modality
    lacked: tuple[str, ...]


class Answer(Value):
    """How one group of a rule stood at a moment.

    ``alert`` is the one that rang then, or rang last before. ``level`` is what the window that ends ``at`` reaches and
    ``threshold`` where the rule rings; ``evidence`` what was seen in it with its verdicts, ``passed_by`` what the rule
    did not ask for, what lacked least first, and ``passed_by_in_all`` how many there are with those not shown;
    ``elsewhere`` is how many sightings other groups had in the window.
    """

    rule: str
    rule_version: str
    group: str
    stream: str
    at: UtcTime
    rang: bool
    reason: str
    alert: Alert | None = None
    level: int
    threshold: int
    unit: str
    window: Window
    counts: Counts
    baseline: Baseline | None = None
    nearest: Nearest | None = None
    evidence: tuple[Evidence, ...] = ()
    passed_by: tuple[PassedBy, ...] = ()
    passed_by_in_all: int = 0
    elsewhere: Mapping[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """How a group of a rule stood at a moment, with all that is known of it: what came after ``at`` is left out.

    ``events`` are those of the window, ``began`` is since when the stream is watched, ``elsewhere`` how many sightings
    other groups had in the window.
    """

    rule: Rule
    stream: str
    group: str
    at: datetime
    sightings: Sequence[Sighting] = ()
    revisions: Sequence[Revision] = ()
    events: Sequence[Event] = ()
    began: datetime | None = None
    elsewhere: Mapping[str, int] | None = None


Answering = Callable[[Question], Answer]
"""Judges what is asked; pure."""
