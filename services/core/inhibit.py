"""Inhibition: an alert that rings makes lesser ones of the same matter quiet, as the rules file says."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.core.matcher import Matcher


class Inhibit(BaseModel):
    """While an alert that fits ``source`` rings, those that fit ``target`` are muted, where they agree in ``equal``.

    Facts of an alert are its rule, group, group_by, country, severity and labels. Alerts of two streams never mute each
    other, nor does an alert itself; as in Prometheus Alertmanager, one that fits both sides is not muted by another
    that does, and facts that both lack are equal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    source: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    """Matchers of the alerts that mute, all of which must fit."""
    target: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    """Matchers of the alerts that are muted, all of which must fit."""
    equal: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Facts that must be the same in both."""
