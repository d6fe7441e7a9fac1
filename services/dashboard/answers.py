"""What the API answers with, beside the messages themselves."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from services.core.alert import Alert
from services.core.event import Event
from services.core.wire import UtcTime

Item = TypeVar("Item", Alert, Event)


class Page(BaseModel, Generic[Item]):
    """Some of the items that were asked for, the most important first."""

    model_config = ConfigDict(frozen=True)

    items: Sequence[Item]
    total: int = Field(description="how many there are in all")


class Status(BaseModel):
    """How the process stands to its topics."""

    model_config = ConfigDict(frozen=True)

    now: UtcTime
    started_at: UtcTime
    read_at: UtcTime | None = Field(description="when the last message was read")
    ready: bool
    missing: Sequence[str] = Field(description="what it still waits for")
    streams: Sequence[str]
    alerts: int
    events: int
    articles: int


class ProblemDetails(BaseModel):
    """An error as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: Sequence[str] = ()
