"""Routes: which of the notifier's channels are told of an alert, and with which others. Pure.

A tree, as in Prometheus Alertmanager: an alert goes down into the routes that it fits as deep as they reach, and what
a route does not say, the one around it does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.core.matcher import Matcher, all_fit
from services.core.window import Duration

MAX_DEPTH: Final = 8
"""How deep routes may lie within each other."""


class Receiver(StrEnum):
    """Where an alert can be sent; ``none`` is nowhere."""

    WEBHOOK = "webhook"
    APPRISE = "apprise"
    ALERTMANAGER = "alertmanager"
    NONE = "none"


class Route(BaseModel):
    """Alerts that fit all matchers go to this receiver, or to those of the routes within it that they fit too.

    Of routes side by side the first that fits counts, and later ones only after ``continue``. Facts of an alert are its
    rule, group, group_by, country, stream, severity and labels. An alert that fits no route goes to all receivers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    matchers: tuple[Matcher, ...] = ()
    """Matchers of the alerts, all of which must fit; without any, all alerts."""
    receiver: Receiver | None = None
    """Where they go; without it where the alerts of the route around it go, outermost to all receivers."""
    group_by: tuple[Annotated[str, Field(min_length=1)], ...] | None = None
    """Facts: changes of alerts that agree in them are told together; without it as around it, outermost one by one."""
    group_wait: Duration | None = None
    """How long the first change of such a group waits for others; without it as around it, outermost 30s."""
    group_interval: Duration | None = None
    """How long after a group was told of it is told of again; without it as around it, outermost 5m."""
    goes_on: bool = Field(default=False, alias="continue")
    """Whether later routes beside it are looked at too."""
    routes: tuple["Route", ...] = Field(default=(), max_length=500)
    """Routes of some of these alerts; what fits none of them goes where this route says."""

    @model_validator(mode="after")
    def _is_not_too_deep(self) -> Self:
        if self.depth > MAX_DEPTH:
            raise ValueError(f"routes may lie {MAX_DEPTH} deep within each other; here they lie deeper")
        return self

    @property
    def depth(self) -> int:
        """How many routes lie within each other; one that holds none is 1 deep."""
        return 1 + max((inner.depth for inner in self.routes), default=0)


@dataclass(frozen=True)
class Grouping:
    """What changes are told together: those of alerts that agree in the facts ``by``, and when."""

    by: tuple[str, ...]
    wait: timedelta
    interval: timedelta


@dataclass(frozen=True)
class Way:
    """Where an alert goes, and how; ``group_by`` None is one by one."""

    receivers: frozenset[Receiver] = frozenset(Receiver)
    group_by: tuple[str, ...] | None = None
    group_wait: timedelta = timedelta(seconds=30)
    group_interval: timedelta = timedelta(minutes=5)

    def within(self, route: Route) -> "Way":
        """The way of what goes down into a route."""
        said: dict[str, Any] = {
            "receivers": frozenset({route.receiver}) if route.receiver else None,
            "group_by": route.group_by,
            "group_wait": route.group_wait,
            "group_interval": route.group_interval,
        }
        return replace(self, **{name: value for name, value in said.items() if value is not None})


def receivers_of(facts: Mapping[str, str], routes: Iterable[Route]) -> frozenset[Receiver]:
    """Where an alert with these facts goes."""
    reached = (way.receivers for way in _ways(facts, routes, Way()))
    return frozenset[Receiver]().union(*reached) - {Receiver.NONE}


def grouping_of(facts: Mapping[str, str], routes: Iterable[Route], receiver: Receiver) -> Grouping | None:
    """What an alert is told together with there, by the first way that leads there; None: with nothing."""
    way = next((way for way in _ways(facts, routes, Way()) if receiver in way.receivers), None)
    if way is None or way.group_by is None:
        return None
    return Grouping(way.group_by, way.group_wait, way.group_interval)


def _ways(facts: Mapping[str, str], routes: Iterable[Route], around: Way) -> list[Way]:
    """The ways by which routes side by side send an alert, or else that of the route around them."""
    found: list[Way] = []
    for route in routes:
        if all_fit(route.matchers, facts):
            found += _ways(facts, route.routes, around.within(route))
            if not route.goes_on:
                break
    return found or [around]
