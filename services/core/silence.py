"""Silences: who does not want to hear of which alerts, from when until when, and why. They change no alert."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.core.matcher import Matcher
from services.core.wire import Message, UtcTime, content_id


class SilenceState(StrEnum):
    """Where a silence is in its life."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


class Silence(Message):
    """Alerts that fit every matcher are not delivered while it lasts, ``[starts_at, ends_at)``.

    The newest record of a ``silence_id`` on its topic is how it stands; it is ended early by a record that ends now.
    """

    silence_id: str
    matchers: Annotated[tuple[Matcher, ...], Field(min_length=1, max_length=20)]
    starts_at: UtcTime
    ends_at: UtcTime
    author: Annotated[str, Field(min_length=1, max_length=200)]
    comment: Annotated[str, Field(min_length=1, max_length=1_000)]

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.ends_at < self.starts_at:
            raise ValueError("a silence must not end before it starts")
        return self

    def state(self, now: datetime) -> SilenceState:
        """Where it is in its life at ``now``."""
        if now >= self.ends_at:
            return SilenceState.EXPIRED
        return SilenceState.ACTIVE if now >= self.starts_at else SilenceState.PENDING

    def expired(self, now: datetime) -> "Silence":
        """The same, ended at ``now``; itself if it is over already."""
        if self.state(now) is SilenceState.EXPIRED:
            return self
        return self.model_copy(update={"starts_at": min(self.starts_at, now), "ends_at": now})


def new_silence(
    matchers: Sequence[str], *, starts_at: datetime, ends_at: datetime, author: str, comment: str
) -> Silence:
    """A silence with an id of what is in it: adding the same one twice makes one.

    Raises:
        pydantic.ValidationError: a matcher cannot be read, or something is missing or too long.
    """
    facts = (*matchers, starts_at.isoformat(), ends_at.isoformat(), author, comment)
    return Silence(
        silence_id=content_id("silence", *facts),
        matchers=tuple(matchers),
        starts_at=starts_at,
        ends_at=ends_at,
        author=author,
        comment=comment,
    )
