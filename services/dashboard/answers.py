"""What the API answers with, beside the messages themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from services.core.alert import Alert, AlertState
from services.core.article import ArticleRef
from services.core.event import Event
from services.core.rule import Rule, Severity
from services.core.wire import UtcTime


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class ArticleItem(_Answer):
    """An article without its text."""

    article: ArticleRef
    excerpt: str = Field(description="what a search found, each word between U+0002 and U+0003; empty without a search")
    events: int = Field(description="how many events were found in it")


Item = TypeVar("Item", Alert, Event, ArticleItem)


class Page(_Answer, Generic[Item]):
    """Some of the items that were asked for; ``next`` as ``cursor`` brings those after them."""

    items: Sequence[Item]
    next: str | None = None


class ArticleView(_Answer):
    """An article with its text and what was found in it; offsets are in characters (code points) of the text."""

    article: ArticleRef
    text: str
    events: Sequence[Event]
    alerts: Sequence[str] = Field(description="ids of the alerts that name it in their evidence")


class Bar(_Answer):
    """How many events of one type one day brought."""

    day: date
    type: str
    events: int


class StepView(_Answer):
    """One change in an alert's life."""

    state: AlertState
    changed_at: UtcTime
    severity: Severity


class EpisodeView(_Answer):
    """One alert's stretch of time, with its steps as far as they are known."""

    alert_id: str
    stream: str
    rule: str
    group: str
    state: AlertState
    severity: Severity
    threshold: int
    started_at: UtcTime
    changed_at: UtcTime
    steps: Sequence[StepView]


class Timeline(_Answer):
    """Events by day and episodes by rule."""

    days: Sequence[Bar]
    episodes: Sequence[EpisodeView]


class RuleItem(_Answer):
    """One rule, and what became of it so far. ``rule`` is null where it is no longer in the rules file."""

    name: str
    rule: Rule | None
    version: str | None
    ringing: int
    over: int
    changed_at: UtcTime | None = Field(description="when an alert of it changed last")


class RuleList(_Answer):
    """All rules."""

    items: Sequence[RuleItem]


class Status(_Answer):
    """How the process stands to its topics."""

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
