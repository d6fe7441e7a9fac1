"""The API's answers on why an alert rang, and why none did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query

from services.core.alert import Alert
from services.core.answer import Answering, Question
from services.core.rule import GroupBy, Rule
from services.core.sighting import group_key
from services.core.window import Window, window_until
from services.dashboard.answers import ProblemDetails, SortView, StepView, Why, WhyNot
from services.dashboard.asked import Asked
from services.dashboard.board import AlertFilter, alerts_of
from services.dashboard.explain import ringing_at, rule_in_words, sorts, summed_up, why
from services.dashboard.lookups import (
    find_events,
    groups_of,
    newest_sighting,
    revisions_of,
    sightings_until,
    watched_since,
)
from services.dashboard.moment import Moment
from services.dashboard.shown import Shown
from services.dashboard.store import Store
from services.runtime.rulesfile import InForce

_NOT_KNOWN: Final[dict[int | str, dict[str, Any]]] = {404: {"model": ProblemDetails, "description": "not known"}}
_MOST_EVENTS = 2_000
_SECOND = timedelta(seconds=1)
_EARLIEST, _LATEST = datetime(1981, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)

RuleName = Annotated[str, Query(max_length=63, description="the rule, by its name")]
StreamName = Annotated[str, Query(max_length=200, description="live, or a replay's name")]
Group = Annotated[
    str | None, Query(max_length=200, description="the group, as alerts have it; unset: the one with most sentences")
]
At = Annotated[Moment | None, Query(description="when it should have rung; unset: at the newest sentence")]


def explain_routes(shown: Shown, in_force: InForce, answering: Answering) -> APIRouter:
    """The routes under ``/api/v1``; ``in_force`` are the rules that hold, ``answering`` judges by them."""
    router = APIRouter(prefix="/api/v1/explain", tags=["explain"])

    @router.get("/{alert_id}", responses=_NOT_KNOWN)
    async def explain_alert(alert_id: str) -> Why:
        """Why an alert rang: its rule in words, its life, and what became of each sentence."""
        alert = shown.board.alerts.get(alert_id)
        if alert is None:
            raise HTTPException(404, "no alert of that id is known")
        return _why(shown, alert, in_force.named(alert.rule))

    @router.get("", responses=_NOT_KNOWN)
    def explain_silence(rule: RuleName, stream: StreamName = "live", group: Group = None, at: At = None) -> WhyNot:
        """Why a rule did not ring for a group at a time: what met it then, what that was worth, and what missed it."""
        named = in_force.named(rule)
        if named is None:
            raise HTTPException(404, "no rule of that name is in the rules file")
        return _why_not(shown, _asked(shown, named, stream, group=group, at=at), answering)

    return router


def _why(shown: Shown, alert: Alert, rule: Rule | None) -> Why:
    same = rule is not None and rule.version == alert.rule_version
    return Why(
        alert=alert,
        summary=why(alert),
        rule=rule_in_words(rule) if rule and same else None,
        steps=[
            StepView(state=step.state, changed_at=step.changed_at, severity=step.severity)
            for step in shown.board.steps[alert.alert_id]
        ],
        sorts=[SortView(verdict=each.verdict, meaning=each.meaning, evidence=each.evidence) for each in sorts(alert)],
    )


@dataclass(frozen=True)
class _Asked:
    """What is asked, with what was left open filled in, and all groups there are."""

    rule: Rule
    stream: str
    group: str
    window: Window
    groups: Sequence[str]


def _asked(shown: Shown, rule: Rule, stream: str, *, group: str | None, at: datetime | None) -> _Asked:
    end = at or newest_sighting(shown.store, rule.name, stream) or shown.now()
    groups = tuple(groups_of(shown.store, rule.name, stream))
    likely = "all" if rule.group_by is GroupBy.NONE else next(iter(groups), "")
    window = window_until(min(max(end, _EARLIEST), _LATEST), rule.window)
    return _Asked(rule, stream, likely if group is None else group, window, groups)


def _why_not(shown: Shown, asked: _Asked, answering: Answering) -> WhyNot:
    alerts = alerts_of(shown.board, AlertFilter(asked.stream, asked.rule.name))
    rang = ringing_at([alert for alert in alerts if alert.group == asked.group], asked.window.end)
    found = answering(_question(shown.store, asked))
    return WhyNot(
        groups=asked.groups,
        summary=summed_up(found, rang),
        in_words=rule_in_words(asked.rule),
        alert_id=rang.alert_id if rang else None,
        answer=found,
    )


def _question(store: Store, asked: _Asked) -> Question:
    """The question with all that is stored of it."""
    rule, stream, window = asked.rule, asked.stream, asked.window
    key = group_key(rule.name, stream, asked.group)
    elsewhere = groups_of(store, rule.name, stream, window)
    elsewhere.pop(asked.group, None)
    near = Asked(stream=stream, since=window.start, until=window.end + _SECOND, limit=_MOST_EVENTS)
    return Question(
        rule=rule,
        stream=stream,
        group=asked.group,
        at=window.end,
        sightings=sightings_until(store, key, window.end),
        revisions=revisions_of(store, key),
        events=() if rule.by_keyword else find_events(store, near).items,
        began=watched_since(store, stream),
        elsewhere=elsewhere,
    )
