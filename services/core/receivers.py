"""Routes: which of the notifier's channels are told of an alert, as the rules file says. Pure.

A tree, as in Prometheus Alertmanager: an alert goes down into the routes that it fits as deep as they reach.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.core.matcher import Matcher, all_fit

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


def receivers_of(facts: Mapping[str, str], routes: Iterable[Route]) -> frozenset[Receiver]:
    """Where an alert with these facts goes."""
    return _reached(facts, routes, frozenset(Receiver)) - {Receiver.NONE}


def _reached(facts: Mapping[str, str], routes: Iterable[Route], around: frozenset[Receiver]) -> frozenset[Receiver]:
    """Where routes side by side send an alert, which else goes where the route around them says."""
    found: frozenset[Receiver] = frozenset()
    for route in routes:
        if all_fit(route.matchers, facts):
            own = frozenset({route.receiver}) if route.receiver else around
            found |= _reached(facts, route.routes, own)
            if not route.goes_on:
                break
    # Every route that fits reaches something, if only `none`.
    return found or around
