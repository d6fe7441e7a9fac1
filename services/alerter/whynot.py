"""Why a rule did or did not ring for a group at a moment: a pure function of what is known of the group."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from services.alerter import new_term, spike
from services.alerter.case import Case
from services.alerter.counting import Tallied
from services.alerter.episodes import Phase, Step, episodes
from services.alerter.flatline import silences
from services.alerter.judge import case_of, evidence_of, lives_of
from services.alerter.kinds import READINGS
from services.alerter.match import group_of, sides
from services.alerter.meets import Told
from services.alerter.state import History
from services.alerter.unmet import unmet
from services.alerter.verdicts import moment_in_words
from services.core.alert import Alert, AlertState, Counts, Evidence
from services.core.baseline import Baseline
from services.core.event import Event
from services.core.kinds import Kind
from services.core.rule import Rule, Severity
from services.core.sighting import Part
from services.core.window import Window, format_duration, window_until
from services.core.wire import UtcTime, Value

_MOST_PASSED_BY = 10
"""Events that the rule passed by which an answer shows: those that lacked least."""


class Nearest(Value):
    """The highest level that a group had up to a moment, and when it was first reached."""

    level: int
    at: UtcTime


class PassedBy(Value):
    """An event of the group and the window that the rule did not take, and what it lacked."""

    article_id: str
    outlet: str
    published: UtcTime
    sentence: str
    lacked: tuple[str, ...]


class Answer(Value):
    """How one group of a rule stood at a moment.

    ``alert`` is the one that rang then, or rang last before. ``level`` is what the window that ends ``at`` reaches and
    ``threshold`` where the rule rings; ``evidence`` what was seen in it with its verdicts, ``passed_by`` what the rule
    did not ask for, ``elsewhere`` how many sightings other groups had in the window.
    """

    rule: str
    rule_version: str
    group: str
    stream: str
    at: UtcTime
    rang: bool
    reason: str
    alert: Alert | None = None
    level: int
    threshold: int
    unit: str
    window: Window
    counts: Counts
    baseline: Baseline | None = None
    nearest: Nearest | None = None
    evidence: tuple[Evidence, ...] = ()
    passed_by: tuple[PassedBy, ...] = ()
    elsewhere: Mapping[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class _Level(NamedTuple):
    """Where a case stands: its latest step, the first of the highest, and until when a cooldown holds it back."""

    now: Step | None
    highest: Step | None
    due: datetime | None


def answer(
    rule: Rule,
    history: History,
    at: datetime,
    *,
    events: Iterable[Event] = (),
    elsewhere: Mapping[str, int] | None = None,
) -> Answer:
    """The answer from a history of what was published up to ``at``, and from all events of its stream."""
    case = case_of(rule, history, at)
    level = _level(case)
    alert = next(iter(sorted(_latest(rule, history), key=_rank)), None)
    rang = alert is not None and alert.state.active
    now = _silent_windows(case) if rule.kind is Kind.FLATLINE else (level.now.level if level.now else 0)
    within = window_until(at, rule.window)
    return Answer(
        rule=rule.name,
        rule_version=rule.version,
        group=history.group,
        stream=history.stream,
        at=at,
        rang=rang,
        reason=alert.reason if rang and alert else _why_not(rule, now, level),
        alert=alert,
        level=now,
        threshold=rule.threshold,
        unit=_unit(rule),
        window=within,
        counts=(level.now.counts if level.now else Tallied()).counts,
        baseline=level.now.baseline if level.now else None,
        nearest=Nearest(level=level.highest.level, at=level.highest.moment) if level.highest else None,
        evidence=tuple(evidence_of(one) for one in READINGS[rule.kind].evidence(case, _moment(at))),
        passed_by=passed_by(rule, events, group=history.group, within=within),
        elsewhere=elsewhere,
        notes=tuple(_notes(case, alert, history)),
    )


def _level(case: Case) -> _Level:
    steps = list(READINGS[case.rule.kind].steps(case))
    highest = max(steps, key=lambda step: step.level, default=None)
    return _Level(steps[-1] if steps else None, highest, episodes(steps, case.rule, case.clock).due)


def _latest(rule: Rule, history: History) -> list[Alert]:
    return [life[-1] for life in lives_of(rule, history)]


def _rank(alert: Alert) -> tuple[bool, float]:
    """Those that ring first, then the one that changed last."""
    return not alert.state.active, -alert.changed_at.timestamp()


def _moment(at: datetime) -> Phase:
    """A phase of one moment: what bears on it is what its window holds."""
    until = at + timedelta(microseconds=1)
    return Phase(AlertState.FIRING, Severity.INFO, at, at, at, Tallied(), 0, until=until)


def _silent_windows(case: Case) -> int:
    found = [silence for silence, end in silences(case) if end is None or end > case.clock]
    return int((case.clock - found[-1].since) / case.rule.window) if found else 0


def _unit(rule: Rule) -> str:
    """What the level counts."""
    match rule.kind:
        case Kind.SPIKE:
            return "times the factor over what was expected"
        case Kind.CARDINALITY | Kind.NEW_TERM:
            asked = rule.cardinality or rule.new_term
            return f"{'new ' if rule.kind is Kind.NEW_TERM else 'distinct '}{asked.of if asked else 'things'}"
        case Kind.FLATLINE:
            return "whole windows of silence"
        case Kind.SEQUENCE:
            return f"{rule.count} that followed what had to come first"
        case _:
            return f"independent {rule.count}"


def _why_not(rule: Rule, now: int, level: _Level) -> str:
    if now >= rule.threshold and level.due:
        return f"{now} of {rule.threshold} reached, but the cooldown keeps it quiet until {moment_in_words(level.due)}"
    return f"{now} of {rule.threshold} {_unit(rule)} within {format_duration(rule.window)}"


def _notes(case: Case, alert: Alert | None, history: History) -> Iterable[str]:
    at = case.clock
    looks = {Kind.SPIKE: spike.unfilled, Kind.NEW_TERM: new_term.unfilled}.get(case.rule.kind)
    if looks and (why := looks(case, at)):
        yield why
    if case.rule.spike and not (looks and looks(case, at)):
        yield f"nothing is compared below {case.rule.spike.min_count} {case.rule.count}"
    if case.rule.kind is Kind.SEQUENCE and not any(s.part is Part.FIRST for s in history.sightings):
        yield "what has to come first has not been told"
    if not history.sightings:
        yield "nothing that the rule asks for was told of this group"
    if late := sum(s.article.fetched > at for s in history.sightings):
        yield f"{late} of its sightings were fetched only after {moment_in_words(at)}, so were not known then"
    if history.dropped:
        yield f"{history.dropped} older sightings were given up for room and are not counted"
    if alert and not alert.state.active:
        until = moment_in_words(alert.changed_at)
        yield f"it rang from {moment_in_words(alert.started_at)} until {until}, when it was {alert.state}"


def passed_by(rule: Rule, events: Iterable[Event], *, group: str, within: Window) -> tuple[PassedBy, ...]:
    """The events of a group and window that the rule does not ask for; those that lack least come first."""
    if rule.by_keyword:
        return ()
    found = [_passed(rule, event) for event in events if _is_there(rule, event, group, within)]
    near = sorted((one for one in found if one), key=lambda one: (len(one.lacked), -one.published.timestamp()))
    return tuple(near[:_MOST_PASSED_BY])


def _is_there(rule: Rule, event: Event, group: str, within: Window) -> bool:
    article = event.article
    if article is None or not within.start < article.published <= within.end:
        return False
    return group_of(rule.group_by, event, article) == group


def _passed(rule: Rule, event: Event) -> PassedBy | None:
    if event.article is None:
        return None
    told = Told(event.article, texts=(event.sentence.text, event.article.title), event=event)
    lacks: Sequence[tuple[str, ...]] = [unmet(when, told) for _, when in sides(rule)]
    least = min(lacks, key=len)
    if not least:
        return None
    return PassedBy(
        article_id=event.article.id,
        outlet=event.article.outlet,
        published=event.article.published,
        sentence=event.sentence.text,
        lacked=least,
    )
