"""From one sighting more, or some time passed, to the changes of alerts that must be published. Pure."""

from collections.abc import Sequence
from datetime import datetime

from services.alerter.episodes import Episode, Judged, Phase, episodes, explained, judged, standing, units, verdicts
from services.alerter.state import History
from services.core.alert import Alert, AlertState, Evidence
from services.core.article import LIVE
from services.core.rule import Rule
from services.core.sighting import Sighting, Verdict
from services.core.window import window_until
from services.core.wire import content_id

_MAX_EVIDENCE = 50
"""Pieces of evidence that an alert carries; what did not fit is stated in its reason."""


def judge(
    rule: Rule, history: History, sighting: Sighting | None, clock: datetime
) -> tuple[History, tuple[Alert, ...]]:
    """The history with ``sighting`` in it, judged as of ``clock``, and what must be published about that.

    Each phase of an episode is published once, also when it is already past by the clock; the latest phase again
    whenever its evidence changes. Applying it again with the same arguments changes nothing, so a record may be
    delivered twice; and where the alerts end does not depend on the order in which sightings came.
    """
    history = history.at(max(clock, sighting.at) if sighting else clock)
    clock = history.clock or clock
    if sighting:
        history = history.with_sighting(sighting)
    lives = lives_of(rule, history)
    current = tuple(life[-1] for life in lives)
    gone = _gone(history.alerts, current, clock)
    changes = [alert for life in lives for alert in life[:-1] if phase_of(alert) not in history.told]
    changes += [alert for alert in current if digest_of(alert) not in history.digests]
    changes.sort(key=lambda alert: (alert.started_at, alert.changed_at))
    history = history.model_copy(
        update={
            "alerts": tuple(alert.model_copy(update={"evidence": ()}) for alert in current),
            "digests": tuple(digest_of(alert) for alert in current),
            "told": tuple(sorted(phase_of(alert) for life in lives for alert in life)),
        }
    )
    if history.sightings and history.sightings[0].stream == LIVE:
        history = history.without_older_than(clock - rule.window - rule.lateness)
    return history, (*gone, *changes)


def phase_of(alert: Alert) -> str:
    """What identifies one phase of one alert."""
    return f"{alert.alert_id}|{alert.state}|{alert.changed_at.isoformat()}"


def digest_of(alert: Alert) -> str:
    """An id of everything the alert says."""
    return content_id("alert", alert.model_dump_json())


def verdict_on(rule: Rule, history: History, sighting: Sighting) -> Verdict:
    """What becomes of a sighting by what is known in the window that ends with it."""
    if sighting.refused:
        return sighting.refused
    may_count, _ = standing(s for s in history.sightings if sighting.at - rule.window < s.at <= sighting.at)
    found = verdicts(may_count, units(may_count), rule)
    return next((one.verdict for one in found if one.sighting == sighting), Verdict.OLDER_REVISION)


def lives_of(rule: Rule, history: History) -> tuple[tuple[Alert, ...], ...]:
    """Each episode of a group as the alerts of its phases, as of the history's clock.

    An episode that is already published keeps its id.
    """
    if history.clock is None or not history.sightings:
        return ()
    may_count, refused = standing(history.sightings)
    by = units(may_count)
    taken: set[str] = set()
    lives = []
    for episode in episodes(may_count, by, rule=rule, clock=history.clock):
        ident = _inherited(episode, history.alerts, taken) or _new_id(rule, history.sightings[0], episode)
        taken.add(ident)
        lives.append(
            tuple(
                _alert(
                    rule, phase, judged(may_count, refused, by, rule=rule, phase=phase), ident=ident, history=history
                )
                for phase in episode
            )
        )
    return tuple(lives)


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
    return Alert(
        alert_id=ident,
        stream=history.sightings[0].stream,
        rule=rule.name,
        rule_version=rule.version,
        group=history.sightings[0].group,
        state=phase.state,
        severity=phase.severity,
        started_at=phase.started_at,
        changed_at=phase.changed_at,
        window=window_until(phase.counted_at, rule.window),
        counts=phase.counts,
        threshold=rule.threshold,
        evidence=tuple(_evidence(j) for j in found if id(j) in shown),
        reason="; ".join(notes),
        labels=rule.labels,
        annotations=rule.annotations,
    )


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
