"""What the API answers with, beside the messages themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from services.core.alert import Alert, AlertState, Evidence
from services.core.answer import Answer
from services.core.article import ArticleRef
from services.core.event import Event
from services.core.feed_state import FeedState
from services.core.mute import Mute
from services.core.rule import Rule, Severity
from services.core.sighting import Verdict
from services.core.silence import Silence, SilenceState
from services.core.wire import UtcTime
from services.dashboard.feeds_health import FeedHealth
from services.dashboard.moment import Moment


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class ArticleItem(_Answer):
    """An article without its text."""

    article: ArticleRef
    excerpt: str = Field(description="what a search found, each word between U+0002 and U+0003; empty without a search")
    events: int = Field(description="how many events were found in it")


Item = TypeVar("Item")


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


class Paragraph(_Answer):
    """A sentence of an article and what stands around it; all empty where the article is not known."""

    before: str = ""
    sentence: str = ""
    after: str = ""


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
    """All rules in force; ``problems`` is what is wrong with the rules file, for which older rules hold."""

    items: Sequence[RuleItem]
    problems: Sequence[str] = ()


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


class SortView(_Answer):
    """The sentences of an alert that got one verdict."""

    verdict: Verdict
    meaning: str = Field(description="what the verdict says of them, in words")
    evidence: Sequence[Evidence]


class Why(_Answer):
    """Why an alert rang."""

    alert: Alert
    summary: str
    rule: str | None = Field(description="what the rule counts, in words; null where it is no longer as it was")
    steps: Sequence[StepView]
    sorts: Sequence[SortView]


class WhyNot(_Answer):
    """Why a rule did not ring."""

    groups: Sequence[str] = Field(description="groups of the rule that there are sentences of, the most first")
    summary: str
    in_words: str = Field(description="what the rule counts")
    alert_id: str | None = Field(description="an alert that did ring at that time")
    answer: Answer = Field(description="how the group stood, judged as the alerter judges")


class FeedItem(_Answer):
    """How a feed was polled last, and how it is."""

    health: FeedHealth
    words: str = Field(description="how it is, in a few words")
    state: FeedState = Field(description="as the poller wrote it, without what it has seen and without passwords")


class SilenceItem(_Answer):
    """A silence and where it is in its life."""

    state: SilenceState
    silence: Silence


class Muted(_Answer):
    """An alert that rings but is not delivered, and what keeps it from that."""

    alert_id: str
    mutes: Sequence[Mute]


class MutedList(_Answer):
    """All of them."""

    items: Sequence[Muted]


class NewSilence(BaseModel):
    """A silence to be made."""

    model_config = ConfigDict(extra="forbid")

    matchers: Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(min_length=1, max_length=20)] = Field(
        description="conditions such as rule=border-incident or group=~ARM-.*, all of which must fit"
    )
    author: Annotated[str, Field(min_length=1, max_length=200)]
    comment: Annotated[str, Field(min_length=1, max_length=1_000)]
    starts_at: Moment | None = Field(default=None, description="unset: now")
    ends_at: Moment


class ProblemDetails(BaseModel):
    """An error as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: Sequence[str] = ()
