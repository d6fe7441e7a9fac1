"""Why a rule did or did not ring for a group at a moment: a pure function of what is known of the group."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.alerter import new_term, spike
from services.alerter.alerts import evidence_of, given_up
from services.alerter.case import Case
from services.alerter.counting import Tallied
from services.alerter.episodes import Phase, Step, episodes
from services.alerter.flatline import silences
from services.alerter.judge import case_of, lives_of
from services.alerter.kinds import READINGS
from services.alerter.match import group_of, sides
from services.alerter.meets import Told
from services.alerter.retold import retold
from services.alerter.state import History, new_history
from services.alerter.unmet import unmet
from services.alerter.verdicts import moment_in_words
from services.core.alert import Alert, AlertState
from services.core.answer import Answer, Nearest, PassedBy, Question
from services.core.event import Event
from services.core.kinds import Kind
from services.core.rule import Rule, Severity
from services.core.sighting import Part, group_key
from services.core.window import Window, format_duration, window_until

_MOST_PASSED_BY = 10
"""Events that the rule passed by which an answer shows: those that lacked least."""


class _Level(NamedTuple):
    """Where a case stands: its latest step, the first of the highest, and until when a cooldown holds it back."""

    now: Step | None
    highest: Step | None
    due: datetime | None


def answered_by(asked: Question) -> Answer:
    """The answer by what stands in the question."""
    history = new_history(group_key(asked.rule.name, asked.stream, asked.group))
    history = history.watched_since(asked.began).at(asked.at)
    for revision in asked.revisions:
        history = history.with_revision(revision)
    history, _ = retold(asked.rule, history, (each for each in asked.sightings if each.at <= asked.at))
    return answer(asked.rule, history, asked.at, events=asked.events, elsewhere=asked.elsewhere)


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
    passed = passed_by(rule, events, group=history.group, within=within)
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
        passed_by=passed[:_MOST_PASSED_BY],
        passed_by_in_all=len(passed),
        elsewhere=elsewhere or {},
        notes=tuple(_notes(case, alert, history)),
    )


def _level(case: Case) -> _Level:
    steps = list(READINGS[case.rule.kind].steps(case))
    highest = max(steps, key=lambda step: step.level, default=None)
    return _Level(steps[-1] if steps else None, highest, episodes(steps, case.rule, case.clock, case.settled).then.due)


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
    if history.floor and history.floor > at - case.rule.window - case.rule.beyond:
        yield given_up(history)
    if alert and not alert.state.active:
        until = moment_in_words(alert.changed_at)
        yield f"it rang from {moment_in_words(alert.started_at)} until {until}, when it was {alert.state}"


def passed_by(rule: Rule, events: Iterable[Event], *, group: str, within: Window) -> tuple[PassedBy, ...]:
    """The events of a group and window that the rule does not ask for; those that lack least come first."""
    if rule.by_keyword:
        return ()
    found = [_passed(rule, event) for event in events if _is_there(rule, event, group, within)]
    return tuple(sorted(filter(None, found), key=lambda one: (len(one.lacked), -one.published.timestamp())))


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
        url=event.article.url,
        title=event.article.title,
        outlet=event.article.outlet,
        published=event.article.published,
        event_id=event.event_id,
        sentence=event.sentence.text,
        trigger=event.trigger.text,
        modality=event.modality,
        lacked=least,
    )
