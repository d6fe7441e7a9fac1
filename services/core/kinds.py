"""What a rule can look for besides a count over a threshold, and the parameters of each kind as users write them.

All times and days are UTC. For every kind the rule's ``severities`` name the levels from which it rings:

=============  ========================================================================================
``threshold``  independent things in the window
``spike``      how many times ``factor`` what was expected the window holds: 1 is a spike, 2 is twice one
``cardinality``  distinct outlets, places or actors in the window
``new_term``   places or actors in the window that were not seen for ``unseen`` before
``flatline``   windows that have passed since something matched
``sequence``   independent things in the window that followed what had to come first
=============  ========================================================================================
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from services.core.condition import When
from services.core.window import Duration
from services.core.written import Written

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Kind(StrEnum):
    """What a rule looks for."""

    THRESHOLD = "threshold"
    SPIKE = "spike"
    CARDINALITY = "cardinality"
    NEW_TERM = "new_term"
    FLATLINE = "flatline"
    SEQUENCE = "sequence"

    @property
    def looks_back(self) -> bool:
        """Whether it makes a difference since when a stream is watched."""
        return self in (Kind.SPIKE, Kind.NEW_TERM, Kind.FLATLINE)


class Period(StrEnum):
    """What a count is compared with: the same window on the days before, or on the same weekday of the weeks before."""

    HOUR = "hour"
    WEEKDAY = "weekday"

    @property
    def length(self) -> timedelta:
        """How far apart the windows are that are compared. UTC has no summer time, so this is always the same."""
        return DAY if self is Period.HOUR else 7 * DAY


class Term(StrEnum):
    """What a sighting names."""

    OUTLETS = "outlets"
    PLACES = "places"
    ACTORS = "actors"


class Spike(Written):
    """The count of the window against the mean of earlier windows of the same hour or weekday."""

    baseline: Period = Period.WEEKDAY
    """hour: the same hours of each day before; weekday: the same hours of the same weekday of each week before."""
    history: Annotated[Duration, Field(json_schema_extra={"default": "28d"})] = 28 * DAY
    """How far back the baseline reaches."""
    min_history: Annotated[Duration, Field(json_schema_extra={"default": "14d"})] = 14 * DAY
    """How much of that must have been watched; until then nothing rings."""
    min_count: Annotated[int, Field(ge=1)] = 5
    """The least count that can ring, however little was expected."""
    factor: Annotated[float, Field(gt=1, le=1000)] = 3.0
    """How many times the expected count makes level 1; an expected count below one is taken as one."""

    @model_validator(mode="after")
    def _can_be_filled(self) -> Self:
        if self.min_history < self.baseline.length:
            raise ValueError(f"min_history must hold at least one {self.baseline.value} to compare with")
        if self.history < self.min_history:
            raise ValueError("history must be at least min_history, or nothing would ever ring")
        return self


class Cardinality(Written):
    """The number of distinct outlets, places or actors in the window."""

    of: Term = Term.OUTLETS
    """outlets are owners, not feeds; places are the most precise of each event; actors are who acts."""


class NewTerm(Written):
    """Places or actors that were not seen for some time."""

    of: Term = Term.PLACES
    """What is to be new."""
    unseen: Annotated[Duration, Field(json_schema_extra={"default": "30d"})] = 30 * DAY
    """For how long it must not have been seen; until that long was watched, nothing rings."""

    @model_validator(mode="after")
    def _is_days(self) -> Self:
        if self.unseen < DAY:
            raise ValueError("unseen must be at least 1d")
        return self


class Sequence(Written):
    """What must come before what the rule's ``when`` describes."""

    first: When
    """The condition of what comes first, in the same group."""
    within: Duration
    """How long after it what follows may be published, in event time."""
