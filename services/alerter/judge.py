"""From one sighting more, or some time passed, to the changes of alerts that must be published. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.alerter.alerts import alert_of, digest_of, phase_name, phase_of
from services.alerter.case import Case
from services.alerter.episodes import Episode, Settled, episodes
from services.alerter.kinds import READINGS
from services.alerter.marks import Marks
from services.alerter.newest import alone, became
from services.alerter.standing import Judged, standing
from services.alerter.state import History
from services.core.alert import Alert, AlertState
from services.core.article import LIVE
from services.core.kinds import Kind
from services.core.rule import Count, Rule
from services.core.sighting import Revision, Sighting
from services.core.wire import content_id


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
) -> tuple[History, tuple[Alert, ...], Judged | None]:
    """As :func:`judge`, and what becomes of the sighting by what is known in the window that ends with it."""
    sighting = news if isinstance(news, Sighting) else None
    clock = max(clock, history.clock or clock, sighting.at if sighting else clock)
    if sighting:
        history = taken_in(rule, history, sighting)
    elif isinstance(news, Revision):
        history = history.with_revision(news)
    if _is_hushed(rule, history) and not history.crowded:
        return _judged_hushed(rule, history, sighting, clock)
    case = case_of(rule, history, clock)
    published = history.alerts
    history, changes = _told(case, history)
    gone = _gone(published, history.alerts, clock)
    history = _without_the_past(rule, history, clock)
    if history.crowded:
        # What the group looks like with fewer sightings is no news, but for phases that nobody has been told of.
        before, (fewer, _) = history, roomier(case, history)
        history, more = _told(case_of(rule, fewer, clock), fewer)
        changes = (*changes, *(alert for alert in more if phase_of(alert) not in before.told))
    return history, (*gone, *changes), became(case, sighting) if sighting else None


def _judged_hushed(
    rule: Rule, history: History, sighting: Sighting | None, clock: datetime
) -> tuple[History, tuple[Alert, ...], Judged | None]:
    """As :func:`judge_and_tell` where nothing can ring, as in most groups at most times: done is only what is asked."""
    found = None
    if sighting:
        found = alone(rule, history, sighting) or became(case_of(rule, history, clock), sighting)
    after = history.model_copy(update={"clock": clock, "alerts": (), "digests": (), "told": (), "due": None})
    return _without_the_past(rule, after, clock), _gone(history.alerts, (), clock), found


def _without_the_past(rule: Rule, history: History, clock: datetime) -> History:
    """The live stream's history without what can bear on nothing any more: it would be refused as late."""
    if history.stream != LIVE:
        return history
    horizon = clock - rule.window - rule.lateness - (rule.cooldown or timedelta())
    return history.without_older_than(horizon, rule.beyond, rule.memory)


def _told(case: Case, history: History) -> tuple[History, tuple[Alert, ...]]:
    """The history with what its case comes to, and what of that was not published yet."""
    lives, then = ((), None) if _is_hushed(case.rule, history) else _lives(case, history)
    changes = [alert for life in lives for alert in life.news]
    changes.sort(key=lambda alert: (alert.started_at, alert.changed_at))
    update = {
        "clock": case.clock,
        "alerts": tuple(life.latest for life in lives),
        "digests": tuple(life.digest for life in lives),
        "told": tuple(sorted(phase for life in lives for phase in life.phases)),
        "due": then.due if then else None,
    }
    return history.model_copy(update=update), tuple(changes)


def _is_hushed(rule: Rule, history: History) -> bool:
    """Whether there are too few sightings to ring, whatever they say."""
    if rule.kind is not Kind.THRESHOLD or rule.count is Count.CASUALTIES or history.settled:
        return False
    least = rule.threshold
    return len(history.sightings) < least or sum(not sighting.refused for sighting in history.sightings) < least


def roomier(case: Case, history: History) -> tuple[History, tuple[Alert, ...]]:
    """A history that is too full without its oldest sightings, and the alerts of what they led to, which is settled.

    That is settled whose windows they reach into, as far as there is anything later to go by.
    """
    fewer = history.roomier()
    reach = case.rule.window + case.rule.beyond
    until = min((fewer.floor or case.clock) + reach, max(sighting.at for sighting in history.sightings))
    if history.settled and history.settled.until >= until:
        return fewer, ()
    lives, then = _lives(replace(case, clock=until), _untold(history))
    return fewer.model_copy(update={"settled": then}), tuple(alert for life in lives for alert in life.news)


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
    return Case(rule, stands, clock, marks=marks, began=history.began, settled=history.settled)


def lives_of(rule: Rule, history: History) -> tuple[tuple[Alert, ...], ...]:
    """Each episode of a group as the alerts of its phases, as of the history's clock; not what is settled.

    An episode that is already published keeps its id.
    """
    if history.clock is None or _is_hushed(rule, history):
        return ()
    return tuple(life.news for life in _lives(case_of(rule, history, history.clock), _untold(history))[0])


def _untold(history: History) -> History:
    return history.model_copy(update={"digests": (), "told": ()})


class _Life(NamedTuple):
    """One episode: its ``phases`` by name, those that are ``news`` as alerts, and the latest as it is remembered."""

    phases: tuple[str, ...]
    news: tuple[Alert, ...]
    latest: Alert
    digest: str


def _lives(case: Case, history: History) -> tuple[tuple[_Life, ...], Settled]:
    """The episodes, and how things stand then.

    News are phases of which the history has not told, and the latest one if it says something new.
    """
    found, then = episodes(READINGS[case.rule.kind].steps(case), case.rule, case.clock, history.settled)
    known = dict(zip(history.digests, history.alerts, strict=False))
    told, taken = frozenset(history.told), set[str]()
    lives: list[_Life] = []
    for episode in found:
        if not _is_forgotten(episode, history):
            ident = _inherited(episode, history.alerts, taken) or _new_id(case.rule, history, episode)
            taken.add(ident)
            lives.append(_life(case, history, episode, ident=ident, told=told, known=known))
    return tuple(lives), then


def _life(
    case: Case, history: History, episode: Episode, *, ident: str, told: frozenset[str], known: Mapping[str, Alert]
) -> _Life:
    rule, evidence = case.rule, READINGS[case.rule.kind].evidence
    names = tuple(phase_name(ident, phase.state, phase.changed_at) for phase in episode)
    news = [
        alert_of(rule, phase, evidence(case, phase), ident=ident, history=history)
        for name, phase in zip(names[:-1], episode[:-1], strict=True)
        if name not in told
    ]
    found = evidence(case, episode[-1])
    digest = digest_of(rule, episode[-1], found, ident=ident, history=history)
    if digest in known:
        return _Life(names, tuple(news), known[digest], digest)
    latest = alert_of(rule, episode[-1], found, ident=ident, history=history)
    return _Life(names, (*news, latest), latest.model_copy(update={"evidence": ()}), digest)


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
