"""From one sighting more, or some time passed, to the changes of alerts that must be published. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.alerter.case import Case
from services.alerter.counting import Tallied
from services.alerter.episodes import Episode, Phase, episodes
from services.alerter.kinds import READINGS
from services.alerter.marks import Marks
from services.alerter.standing import Judged, Standing, standing
from services.alerter.state import History
from services.alerter.verdicts import ending, moment_in_words
from services.core.alert import Alert, AlertState, Evidence
from services.core.article import LIVE
from services.core.baseline import SpikeBaseline
from services.core.kinds import Kind
from services.core.rule import Rule, Severity
from services.core.sighting import Part, Revision, Sighting, Verdict
from services.core.window import window_until
from services.core.wire import content_id

_MAX_EVIDENCE = 50
"""Pieces of evidence that an alert carries; what did not fit is stated in its reason."""


def judge(
    rule: Rule, history: History, news: Sighting | Revision | None, clock: datetime
) -> tuple[History, tuple[Alert, ...]]:
    """The history with a sighting or revision more in it, judged as of ``clock``, and what must be published about it.

    Each phase of an episode is published once, also when it is already past by the clock; the latest phase again
    whenever its evidence changes. Applying it again with the same arguments changes nothing, so a record may be
    delivered twice; and where the alerts end does not depend on the order in which sightings came.
    """
    history, changes, _ = judge_and_tell(rule, history, news, clock)
    return history, changes


def judge_and_tell(
    rule: Rule, history: History, news: Sighting | Revision | None, clock: datetime
) -> tuple[History, tuple[Alert, ...], Verdict | None]:
    """As :func:`judge`, and what becomes of the sighting by what is known in the window that ends with it."""
    history = history.at(max(clock, news.at) if isinstance(news, Sighting) else clock)
    clock = history.clock or clock
    if isinstance(news, Sighting):
        history = taken_in(rule, history, news)
    elif news:
        history = history.with_revision(news)
    case = case_of(rule, history, clock)
    lives, due = _lives(case, history, told=frozenset(history.told))
    current = tuple(life.latest for life in lives)
    gone = _gone(history.alerts, current, clock)
    digests = tuple(map(digest_of, current))
    changes = [alert for life in lives for alert in life.past]
    changes += [alert for alert, digest in zip(current, digests, strict=True) if digest not in history.digests]
    changes.sort(key=lambda alert: (alert.started_at, alert.changed_at))
    history = history.model_copy(
        update={
            "alerts": tuple(alert.model_copy(update={"evidence": ()}) for alert in current),
            "digests": digests,
            "told": tuple(sorted(phase for life in lives for phase in life.phases)),
            "due": due,
        }
    )
    if history.stream == LIVE:
        # Whatever bears on what ended before would be refused as late.
        horizon = clock - rule.window - rule.lateness - (rule.cooldown or timedelta())
        history = history.without_older_than(horizon, rule.beyond, rule.memory)
    return history, (*gone, *changes), _verdict(case, news).verdict if isinstance(news, Sighting) else None


def taken_in(rule: Rule, history: History, *sightings: Sighting) -> History:
    """The history with ``sightings`` in it, and with what the rule's kind remembers of them for longer."""
    reading = READINGS[rule.kind]
    told = [(s.at, things) for s in sightings if not s.refused and (things := reading.marks(rule, s))]
    if told:
        history = history.with_told(rule.matching, reading.bucket, told)
    return history.with_sightings(sightings)


def case_of(rule: Rule, history: History, clock: datetime) -> Case:
    """What a rule's kind has before it when it judges the group as of ``clock``."""
    stands = standing(history.sightings, rule, history.revised)
    marks = history.marks if not history.marks.of or history.marks.of == rule.matching else Marks()
    return Case(rule, stands, clock, marks=marks, began=history.began)


def phase_of(alert: Alert) -> str:
    """What identifies one phase of one alert."""
    return _phase(alert.alert_id, alert.state, alert.changed_at)


def _phase(ident: str, state: AlertState, changed_at: datetime) -> str:
    return f"{ident}|{state}|{changed_at.isoformat()}"


def digest_of(alert: Alert) -> str:
    """An id of everything the alert says."""
    return content_id("alert", alert.model_dump_json())


def verdict_on(rule: Rule, history: History, sighting: Sighting) -> Judged:
    """What becomes of a sighting by what is known in the window that ends with it, and why."""
    return _verdict(case_of(rule, history, history.clock or sighting.at), sighting)


def _verdict(case: Case, sighting: Sighting) -> Judged:
    if sighting.refused:
        refused = (one for one in case.stands.refused if one.sighting.sighting_id == sighting.sighting_id)
        return next(refused, Judged(sighting, sighting.refused, sighting.because or ""))
    end = case.stands.by.ends.get(sighting.sighting_id)
    if end and end.moment <= case.clock:
        return Judged(sighting, end.verdict, end.reason)
    if sighting.part is Part.FIRST:
        return Judged(sighting, Verdict.FIRST, "came first; what follows it counts")
    at, until = sighting.at, sighting.at + timedelta(microseconds=1)
    moment = Phase(AlertState.FIRING, Severity.INFO, at, at, at, Tallied(), 0, until=until)
    found = READINGS[case.rule.kind].evidence(_alike(case, sighting), moment)
    same = (one for one in found if one.sighting.sighting_id == sighting.sighting_id)
    return next(same, Judged(sighting, Verdict.OLDER_REVISION, "given up for room"))


def _alike(case: Case, sighting: Sighting) -> Case:
    """The case with no more than bears on the sighting's verdict: where things are counted, tellings of its own."""
    if case.rule.kind not in (Kind.THRESHOLD, Kind.SPIKE):
        return case
    by, count = case.stands.by, case.rule.count
    unit = by.of[count].get(sighting.sighting_id)
    alike = tuple(s for s in case.stands.may_count if by.key(count, s) == unit)
    return replace(case, stands=Standing(alike, (), by))


def lives_of(rule: Rule, history: History) -> tuple[tuple[Alert, ...], ...]:
    """Each episode of a group as the alerts of its phases, as of the history's clock.

    An episode that is already published keeps its id.
    """
    lives = _lives(case_of(rule, history, history.clock), history)[0] if history.clock else ()
    return tuple((*life.past, life.latest) for life in lives)


class _Life(NamedTuple):
    """One episode: its ``phases`` by name, as alerts those that are over and asked for, and the latest."""

    phases: tuple[str, ...]
    past: tuple[Alert, ...]
    latest: Alert


def _lives(
    case: Case, history: History, *, told: frozenset[str] = frozenset()
) -> tuple[tuple[_Life, ...], datetime | None]:
    """The episodes without past phases that are ``told``, and when another one begins if nothing else happens."""
    reading = READINGS[case.rule.kind]
    found, due = episodes(reading.steps(case), case.rule, case.clock)
    taken: set[str] = set()
    lives: list[_Life] = []
    for episode in found:
        if _is_forgotten(episode, history):
            continue
        ident = _inherited(episode, history.alerts, taken) or _new_id(case.rule, history, episode)
        taken.add(ident)
        names = tuple(_phase(ident, phase.state, phase.changed_at) for phase in episode)
        wanted = [phase for name, phase in zip(names, episode, strict=True) if phase is episode[-1] or name not in told]
        *past, latest = (
            _alert(case.rule, phase, reading.evidence(case, phase), ident=ident, history=history) for phase in wanted
        )
        lives.append(_Life(names, tuple(past), latest))
    return tuple(lives), due


def _is_forgotten(episode: Episode, history: History) -> bool:
    """Whether the episode was over when the live stream gave up what had been published."""
    last = episode[-1]
    return history.forgotten is not None and not last.state.active and last.changed_at <= history.forgotten


def _new_id(rule: Rule, history: History, episode: Episode) -> str:
    return content_id("alert", history.stream, rule.name, history.group, episode[0].started_at.isoformat())


def _inherited(episode: Episode, published: Sequence[Alert], taken: set[str]) -> str | None:
    """The id of the published episode that this one is: the earliest that overlaps it.

    Evidence that comes late can move an episode's start; it is still the same episode to whoever was told of it.
    """
    first, last = episode[0], episode[-1]
    for alert in published:
        starts_before_its_end = alert.state.active or first.started_at < alert.changed_at
        ends_after_its_start = last.state.active or alert.started_at < last.changed_at
        if starts_before_its_end and ends_after_its_start and alert.alert_id not in taken:
            return alert.alert_id
    return None


def _gone(published: Sequence[Alert], current: Sequence[Alert], clock: datetime) -> tuple[Alert, ...]:
    """The published alerts whose episode is no more, as retracted: merged into another, or its evidence fell away."""
    standing_ids = {alert.alert_id for alert in current}
    return tuple(
        alert.model_copy(
            update={
                "state": AlertState.RETRACTED,
                "changed_at": clock,
                "reason": "other evidence joined this episode with another, or took its count below the threshold",
            }
        )
        for alert in published
        if alert.alert_id not in standing_ids
    )


def _alert(rule: Rule, phase: Phase, found: Sequence[Judged], *, ident: str, history: History) -> Alert:
    counted_first = sorted(found, key=lambda j: j.verdict is not Verdict.COUNTED)
    shown = set(map(id, counted_first[:_MAX_EVIDENCE]))
    notes = [READINGS[rule.kind].reason(phase, rule), *ending(phase)]
    if len(found) > _MAX_EVIDENCE:
        notes.append(f"{len(found) - _MAX_EVIDENCE} more pieces of evidence are not shown")
    if history.dropped:
        notes.append(f"{history.dropped} older sightings were given up for room and are not counted")
    if history.edits_dropped:
        notes.append(f"edits of {history.edits_dropped} older articles were given up for room")
    if history.marks.floor:
        notes.append(f"what came before {moment_in_words(history.marks.floor)} is remembered no more, for room")
    return Alert(
        alert_id=ident,
        stream=history.stream,
        rule=rule.name,
        rule_version=rule.version,
        group=history.group,
        group_by=rule.group_by.value,
        country=_country(found),
        state=phase.state,
        severity=phase.severity,
        started_at=phase.started_at,
        changed_at=phase.changed_at,
        window=window_until(phase.counted_at, rule.window),
        counts=phase.counts.counts,
        threshold=phase.baseline.needed if isinstance(phase.baseline, SpikeBaseline) else rule.threshold,
        baseline=phase.baseline,
        evidence=tuple(evidence_of(j) for j in found if id(j) in shown),
        reason="; ".join(notes),
        labels=rule.labels,
        annotations=rule.annotations,
    )


def _country(found: Sequence[Judged]) -> str | None:
    """The country that all that counts lies in, if there is just one."""
    counted = (j.sighting.place for j in found if j.verdict is Verdict.COUNTED)
    countries = {place.country if place else None for place in counted}
    return next(iter(countries)) if len(countries) == 1 else None


def evidence_of(found: Judged) -> Evidence:
    """One judged sighting as alerts show it."""
    sighting, article = found.sighting, found.sighting.article
    return Evidence(
        article_id=article.id,
        url=article.url,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        sentence=sighting.sentence.text,
        start=sighting.sentence.start,
        end=sighting.sentence.end,
        trigger=sighting.trigger.text,
        event_id=sighting.event_id,
        event_type=sighting.event_type,
        sub_event_type=sighting.sub_event_type,
        modality=sighting.modality,
        attribution=sighting.attribution,
        denied_by=sighting.denied_by,
        place=sighting.place,
        verdict=found.verdict,
        reason=found.reason,
    )
