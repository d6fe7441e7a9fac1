"""What an alert's count was compared with: one small value for each kind of rule that compares."""

from typing import Annotated, Literal

from pydantic import Field

from services.core.kinds import Period, Term
from services.core.window import Duration
from services.core.wire import UtcTime, Value


class SpikeBaseline(Value):
    """Earlier windows of the same hour or weekday.

    ``since`` and ``until`` are the span that was measured, ``windows`` how many windows within it were counted,
    ``expected`` their mean, ``needed`` the count from which the rule rings, given that, and ``observed`` the count of
    the alert's own window, counted alike.
    """

    kind: Literal["spike"] = "spike"
    period: Period
    since: UtcTime
    until: UtcTime
    windows: int
    expected: float
    needed: int
    observed: int


class Distinct(Value):
    """The distinct things in the window; ``terms`` are the first hundred of them in alphabetical order."""

    kind: Literal["cardinality"] = "cardinality"
    of: Term
    terms: tuple[str, ...]


class FirstSeen(Value):
    """One new place or actor; ``last_seen`` is when it was seen before, null when never since watching began."""

    term: str
    at: UtcTime
    last_seen: UtcTime | None = None


class NewTerms(Value):
    """The new places or actors of the window, told since ``since`` was watched."""

    kind: Literal["new_term"] = "new_term"
    of: Term
    since: UtcTime
    terms: tuple[FirstSeen, ...]


class Silence(Value):
    """Since when nothing matched; ``last_seen`` is null when nothing ever did and ``since`` is when watching began."""

    kind: Literal["flatline"] = "flatline"
    since: UtcTime
    last_seen: UtcTime | None = None


class Order(Value):
    """What came first and what followed: ids of the latest events (articles for keywords), in their order."""

    kind: Literal["sequence"] = "sequence"
    within: Duration
    first: tuple[str, ...]
    then: tuple[str, ...]


Baseline = Annotated[SpikeBaseline | Distinct | NewTerms | Silence | Order, Field(discriminator="kind")]
"""What a count was compared with."""
