"""The API's answers on why an alert rang, and why none did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query

from services.core.alert import Alert
from services.core.rule import GroupBy, Rule
from services.core.sighting import Sighting, group_key
from services.core.window import Window, window_until
from services.dashboard.answers import ConsideredView, Missed, ProblemDetails, SortView, StepView, Why, WhyNot
from services.dashboard.asked import Asked
from services.dashboard.board import AlertFilter, alerts_of
from services.dashboard.explain import belongs, considered, ringing_at, rule_in_words, sorts, unmet, why, why_not
from services.dashboard.lookups import find_events, groups_of, newest_sighting, sightings_in
from services.dashboard.moment import Moment
from services.dashboard.shown import Shown
from services.runtime.rulesfile import InForce

_NOT_KNOWN: Final[dict[int | str, dict[str, Any]]] = {404: {"model": ProblemDetails, "description": "not known"}}
_MOST_EVENTS = 2_000
_MOST_MISSED = 25
_SECOND = timedelta(seconds=1)
_EARLIEST, _LATEST = datetime(1981, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)

RuleName = Annotated[str, Query(max_length=63, description="the rule, by its name")]
StreamName = Annotated[str, Query(max_length=200, description="live, or a replay's name")]
Group = Annotated[
    str | None, Query(max_length=200, description="the group, as alerts have it; unset: the one with most sentences")
]
At = Annotated[Moment | None, Query(description="when it should have rung; unset: at the newest sentence")]


def explain_routes(shown: Shown, in_force: InForce) -> APIRouter:
    """The routes under ``/api/v1``; ``in_force`` are the rules that hold."""
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
        asked = in_force.named(rule)
        if asked is None:
            raise HTTPException(404, "no rule of that name is in the rules file")
        return _why_not(shown, _question(shown, asked, stream, group=group, at=at))

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
class _Question:
    """What is asked: why the rule did not ring for this group at the end of this window."""

    rule: Rule
    stream: str
    group: str
    window: Window
    groups: Sequence[str]


def _question(shown: Shown, rule: Rule, stream: str, *, group: str | None, at: datetime | None) -> _Question:
    """What is asked, with what was left open filled in."""
    end = at or newest_sighting(shown.store, rule.name, stream) or shown.now()
    groups = groups_of(shown.store, rule.name, stream)
    likely = "all" if rule.group_by is GroupBy.NONE else next(iter(groups), "")
    window = window_until(min(max(end, _EARLIEST), _LATEST), rule.window)
    return _Question(rule, stream, likely if group is None else group, window, groups)


def _why_not(shown: Shown, asked: _Question) -> WhyNot:
    rule = asked.rule
    sightings = sightings_in(shown.store, group_key(rule.name, asked.stream, asked.group), asked.window)
    found = considered(rule, sightings)
    alerts = alerts_of(shown.board, AlertFilter(asked.stream, rule.name))
    rang = ringing_at([alert for alert in alerts if alert.group == asked.group], asked.window.end)
    near = [] if rule.by_keyword else _near(shown, asked, sightings)
    return WhyNot(
        rule=rule.name,
        stream=asked.stream,
        group=asked.group,
        groups=asked.groups,
        window=asked.window,
        threshold=rule.threshold,
        counted=sum(each.counts for each in found),
        summary=why_not(rule, found, rang),
        in_words=rule_in_words(rule),
        alert_id=rang.alert_id if rang else None,
        considered=[ConsideredView(sighting=c.sighting, counts=c.counts, reason=c.reason) for c in found],
        missed=near[:_MOST_MISSED],
        missed_in_all=len(near),
    )


def _near(shown: Shown, asked: _Question, sightings: Sequence[Sighting]) -> list[Missed]:
    """Events of the time and the group that did not meet the rule, those that miss the least of it first."""
    window, met = asked.window, {each.event_id for each in sightings}
    question = Asked(stream=asked.stream, since=window.start, until=window.end + _SECOND, limit=_MOST_EVENTS)
    missed = [
        Missed(event=event, reasons=reasons)
        for event in find_events(shown.store, question).items
        if event.event_id not in met and belongs(asked.rule, asked.group, event)
        if (reasons := unmet(asked.rule, event))
    ]
    return sorted(missed, key=lambda each: len(each.reasons))
