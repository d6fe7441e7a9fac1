"""What becomes of the sighting that came last, by what is known in the window that ends with it. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from services.alerter.case import Case
from services.alerter.clusters import may_be_one
from services.alerter.counting import Tallied
from services.alerter.episodes import Phase
from services.alerter.kinds import READINGS
from services.alerter.standing import Judged, Standing, Units
from services.alerter.state import History
from services.alerter.verdicts import counted
from services.core.alert import AlertState
from services.core.kinds import Kind
from services.core.rule import Count, Rule, Severity
from services.core.sighting import Part, Sighting, Verdict


def alone(rule: Rule, history: History, sighting: Sighting) -> Judged | None:
    """That it counts, where it has nothing to do with any other of a group whose rule has a threshold; else None.

    The same as :func:`became` says of it, without putting the whole group in order. None says only that this has to be
    done: where something was denied or edited, or where it is like another.
    """
    if rule.kind is not Kind.THRESHOLD or sighting.refused or sighting.deniers or history.revised:
        return None
    others = [other for other in history.sightings if other.sighting_id != sighting.sighting_id]
    if any(other.refused or other.deniers or other.article.id == sighting.article.id for other in others):
        return None
    if len(others) == len(history.sightings) or not _is_apart(rule.count, sighting, others):
        return None
    return counted(Units({rule.count: {sighting.sighting_id: sighting.sighting_id}}), rule)(sighting)


def _is_apart(count: Count, sighting: Sighting, others: Iterable[Sighting]) -> bool:
    """Whether what it tells of is told by none of the others, which are of other articles."""
    match count:
        case Count.SIGHTINGS:
            return True
        case Count.OUTLETS:
            return all(other.article.outlet != sighting.article.outlet for other in others)
        case Count.STORIES:
            bands = set(sighting.article.fingerprint)
            return all(bands.isdisjoint(other.article.fingerprint) for other in others)
        case _:
            return not any(may_be_one(sighting, other) for other in others)


def became(case: Case, sighting: Sighting) -> Judged:
    """What became of it among all that stand."""
    if sighting.refused:
        refused = (one for one in case.stands.refused if one.sighting.sighting_id == sighting.sighting_id)
        return next(refused, Judged(sighting, sighting.refused, sighting.because or ""))
    end = case.stands.by.ends.get(sighting.sighting_id)
    if end and end.moment <= case.clock:
        return Judged(sighting, end.verdict, end.reason)
    if sighting.part is Part.FIRST:
        return Judged(sighting, Verdict.FIRST, "came first; what follows it counts")
    alike = _alike(case, sighting)
    if case.rule.kind is Kind.THRESHOLD and len(alike.stands.may_count) == 1:
        return counted(case.stands.by, case.rule)(sighting)
    at, until = sighting.at, sighting.at + timedelta(microseconds=1)
    moment = Phase(AlertState.FIRING, Severity.INFO, at, at, at, Tallied(), 0, until=until)
    found = READINGS[case.rule.kind].evidence(alike, moment)
    same = (one for one in found if one.sighting.sighting_id == sighting.sighting_id)
    return next(same, Judged(sighting, Verdict.OLDER_REVISION, "given up for room"))


def _alike(case: Case, sighting: Sighting) -> Case:
    """The case with no more than bears on the sighting's verdict: where things are counted, tellings of its own."""
    if case.rule.kind not in (Kind.THRESHOLD, Kind.SPIKE):
        return case
    by, count = case.stands.by, case.rule.count
    units = by.of[count]
    unit = units.get(sighting.sighting_id)
    alike = tuple(s for s in case.stands.may_count if units[s.sighting_id] == unit)
    return replace(case, stands=Standing(alike, (), by))
