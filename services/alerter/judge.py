"""From one sighting more, or some time passed, to the changes of alerts that must be published. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.alerter.counting import counts_over_time
from services.alerter.episodes import Episode, Phase, episodes, steps_of
from services.alerter.standing import Judged, Standing, standing
from services.alerter.state import History
from services.alerter.verdicts import explained, judged, verdicts
from services.core.alert import Alert, AlertState, Evidence
from services.core.article import LIVE
from services.core.rule import Rule
from services.core.sighting import Revision, Sighting, Verdict
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
        history = history.with_sighting(news)
    elif news:
        history = history.with_revision(news)
    stands = standing(history.sightings, rule, history.revised)
    lives, due = _lives(rule, history, stands, told=frozenset(history.told))
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
    if history.sightings and history.sightings[0].stream == LIVE:
        history = history.without_older_than(clock - rule.window - rule.lateness - (rule.cooldown or timedelta()))
    return history, (*gone, *changes), _verdict(rule, stands, news, clock) if isinstance(news, Sighting) else None


def phase_of(alert: Alert) -> str:
    """What identifies one phase of one alert."""
    return _phase(alert.alert_id, alert.state, alert.changed_at)


def _phase(ident: str, state: AlertState, changed_at: datetime) -> str:
    return f"{ident}|{state}|{changed_at.isoformat()}"


def digest_of(alert: Alert) -> str:
    """An id of everything the alert says."""
    return content_id("alert", alert.model_dump_json())


def _verdict(rule: Rule, stands: Standing, sighting: Sighting, clock: datetime) -> Verdict:
    if sighting.refused:
        found = next((one.verdict for one in stands.refused if one.sighting is sighting), None)
        return found or sighting.refused
    by, unit = stands.by, stands.by.of[rule.count].get(sighting.sighting_id)
    near = (s for s in stands.may_count if by.key(rule.count, s) == unit)
    same = [s for s in near if sighting.at - rule.window < s.at <= sighting.at]
    judged_ = verdicts(same, by, rule, until=clock)
    return next((one.verdict for one in judged_ if one.sighting is sighting), Verdict.OLDER_REVISION)


def lives_of(rule: Rule, history: History) -> tuple[tuple[Alert, ...], ...]:
    """Each episode of a group as the alerts of its phases, as of the history's clock.

    An episode that is already published keeps its id.
    """
    stands = standing(history.sightings, rule, history.revised)
    return tuple((*life.past, life.latest) for life in _lives(rule, history, stands)[0])


class _Life(NamedTuple):
    """One episode: its ``phases`` by name, as alerts those that are over and asked for, and the latest."""

    phases: tuple[str, ...]
    past: tuple[Alert, ...]
    latest: Alert


def _lives(
    rule: Rule, history: History, stands: Standing, *, told: frozenset[str] = frozenset()
) -> tuple[tuple[_Life, ...], datetime | None]:
    """The episodes without past phases that are ``told``, and when another one begins if nothing else happens."""
    clock = history.clock
    if clock is None or not history.sightings:
        return (), None
    changes = counts_over_time(stands.may_count, stands.by, rule=rule, clock=clock)
    found, due = episodes(steps_of(changes, rule), rule, clock)
    taken: set[str] = set()
    lives: list[_Life] = []
    for episode in found:
        ident = _inherited(episode, history.alerts, taken) or _new_id(rule, history.sightings[0], episode)
        taken.add(ident)
        names = tuple(_phase(ident, phase.state, phase.changed_at) for phase in episode)
        wanted = [phase for name, phase in zip(names, episode, strict=True) if phase is episode[-1] or name not in told]
        *past, latest = (
            _alert(rule, phase, judged(stands, rule=rule, phase=phase, clock=clock), ident=ident, history=history)
            for phase in wanted
        )
        lives.append(_Life(names, tuple(past), latest))
    return tuple(lives), due


def _new_id(rule: Rule, sighting: Sighting, episode: Episode) -> str:
    return content_id("alert", sighting.stream, rule.name, sighting.group, episode[0].started_at.isoformat())


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
    notes = [explained(phase, rule)]
    if len(found) > _MAX_EVIDENCE:
        notes.append(f"{len(found) - _MAX_EVIDENCE} more pieces of evidence are not shown")
    if history.dropped:
        notes.append(f"{history.dropped} older sightings were given up for room and are not counted")
    if history.edits_dropped:
        notes.append(f"edits of {history.edits_dropped} older articles were given up for room")
    return Alert(
        alert_id=ident,
        stream=history.sightings[0].stream,
        rule=rule.name,
        rule_version=rule.version,
        group=history.sightings[0].group,
        group_by=rule.group_by.value,
        country=_country(found),
        state=phase.state,
        severity=phase.severity,
        started_at=phase.started_at,
        changed_at=phase.changed_at,
        window=window_until(phase.counted_at, rule.window),
        counts=phase.counts.counts,
        threshold=rule.threshold,
        evidence=tuple(_evidence(j) for j in found if id(j) in shown),
        reason="; ".join(notes),
        labels=rule.labels,
        annotations=rule.annotations,
    )


def _country(found: Sequence[Judged]) -> str | None:
    """The country that all that counts lies in, if there is just one."""
    counted = (j.sighting.place for j in found if j.verdict is Verdict.COUNTED)
    countries = {place.country if place else None for place in counted}
    return next(iter(countries)) if len(countries) == 1 else None


def _evidence(found: Judged) -> Evidence:
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
