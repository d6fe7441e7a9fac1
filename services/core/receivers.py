"""Routes: which of the notifier's channels are told of an alert, as the rules file says. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from services.core.matcher import Matcher, all_fit


class Receiver(StrEnum):
    """Where an alert can be sent; ``none`` is nowhere."""

    WEBHOOK = "webhook"
    APPRISE = "apprise"
    ALERTMANAGER = "alertmanager"
    NONE = "none"


class Route(BaseModel):
    """Alerts that fit all matchers go to this receiver; later routes are not looked at unless ``continue`` says so.

    Facts of an alert are its rule, group, group_by, country, stream, severity and labels. An alert that fits no route
    goes to all receivers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    matchers: tuple[Matcher, ...] = ()
    """Matchers of the alerts, all of which must fit; without any, all alerts."""
    receiver: Receiver
    """Where they go."""
    goes_on: bool = Field(default=False, alias="continue")
    """Whether later routes are looked at too."""


def receivers_of(facts: Mapping[str, str], routes: Iterable[Route]) -> frozenset[Receiver]:
    """Where an alert with these facts goes."""
    found: set[Receiver] = set()
    for route in routes:
        if all_fit(route.matchers, facts):
            found.add(route.receiver)
            if not route.goes_on:
                break
    return frozenset(found or Receiver) - {Receiver.NONE}
