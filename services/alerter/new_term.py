"""``new_term``: a place or an actor that was not seen for some time.

A term is new when it was told, had not been told for ``unseen`` before, and the stream was watched for at least that
long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.alerter.case import Case, Reading
from services.alerter.counting import Tallied
from services.alerter.episodes import Phase, Step
from services.alerter.standing import Judged
from services.alerter.terms import names, terms_of
from services.alerter.verdicts import judged, moment_in_words
from services.core.baseline import FirstSeen, NewTerms
from services.core.kinds import DAY, NewTerm
from services.core.rule import Rule
from services.core.sighting import Sighting, Verdict
from services.core.window import format_duration

_MAX_TERMS = 20


def marks(rule: Rule, sighting: Sighting) -> tuple[str, ...]:
    """The terms whose last telling is remembered."""
    return terms_of(sighting, _asked(rule).of)


def appearances(case: Case) -> tuple[FirstSeen, ...]:
    """Each time a term was new, the earliest first. None before watching has gone on for ``unseen``."""
    asked, since = _asked(case.rule), case.watched_since
    if since is None:
        return ()
    found = []
    for term, runs in case.marks.runs(asked.unseen):
        for before, run in zip((None, *runs), runs, strict=False):
            if since + asked.unseen <= run.start <= case.clock:
                found.append(FirstSeen(term=term, at=run.start, last_seen=before.end if before else None))
    return tuple(sorted(found, key=lambda one: (one.at, one.term)))


@dataclass(frozen=True)
class _Life:
    """A new term from when it counts to when its window has passed or all that named it was taken back."""

    seen: FirstSeen
    enters: datetime
    leaves: datetime
    taken_back: bool


def _lives(case: Case) -> list[_Life]:
    of, by = _asked(case.rule).of, case.stands.by
    lives = []
    for seen in appearances(case):
        passes = seen.at + case.rule.window
        named = [s for s in case.stands.may_count if seen.at <= s.at < passes and seen.term in terms_of(s, of)]
        if not any(s.at == seen.at for s in named):
            named = []  # its sighting was given up for room; it stands as it was told
        enters = min((by.start(s) for s in named), default=seen.at)
        ends = [end.moment if (end := by.end(s)) else passes for s in named]
        leaves = min(passes, max(ends, default=passes))
        if enters < leaves:
            lives.append(_Life(seen, enters, leaves, taken_back=leaves < passes))
    return lives


def steps(case: Case) -> Iterator[Step]:
    """The number of new terms in the window, whenever it changes."""
    lives, changes = _lives(case), list(case.changes())
    moments = sorted({moment for life in lives for moment in (life.enters, life.leaves) if moment <= case.clock})
    for moment in moments:
        within = [life for life in lives if life.enters <= moment < life.leaves]
        taken = sum(life.taken_back and life.leaves == moment for life in lives)
        yield Step(
            moment,
            len(within),
            next((change.tally for change in reversed(changes) if change.moment <= moment), Tallied()),
            any(life.enters == moment for life in lives),
            len(within) + taken,
            _baseline(case, [life.seen for life in within]),
        )


def _baseline(case: Case, within: Sequence[FirstSeen]) -> NewTerms:
    since = case.watched_since or case.clock
    return NewTerms(of=_asked(case.rule).of, since=since, terms=tuple(within[-_MAX_TERMS:]))


def evidence(case: Case, phase: Phase) -> Sequence[Judged]:
    """Everything in the episode's time: what named a new term, and what did not."""
    new = {(one.term, one.at) for one in appearances(case)}
    return judged(
        case.stands, rule=case.rule, phase=phase, clock=case.clock, each=lambda sighting: _judged(case, sighting, new)
    )


def _judged(case: Case, sighting: Sighting, new: set[tuple[str, datetime]]) -> Judged:
    asked = _asked(case.rule)
    terms = terms_of(sighting, asked.of)
    fresh = [term for term in terms if (term, sighting.at) in new]
    if fresh:
        return Judged(sighting, Verdict.COUNTED, f"new {names(asked.of, len(fresh))}: {', '.join(fresh)}")
    if why := unfilled(case, sighting.at):
        return Judged(sighting, Verdict.UNFILLED, why)
    known = f"{', '.join(terms)} was seen before" if terms else f"names no {names(asked.of, 1)}"
    return Judged(sighting, Verdict.SAME_TERM, known)


def unfilled(case: Case, moment: datetime) -> str | None:
    """Why nothing can be called new yet at ``moment``, or None when it can."""
    unseen = _asked(case.rule).unseen
    if case.watched_since is None:
        return "it is not known yet since when this stream is watched"
    watched = max(moment - case.watched_since, timedelta())
    if watched >= unseen:
        return None
    return f"nothing is new yet: watched for {watched.days}d of the {format_duration(unseen)} that it needs"


def reason(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase, with what is new and when it was seen before."""
    of, number = _asked(rule).of, phase.level
    terms = phase.baseline.terms if isinstance(phase.baseline, NewTerms) else ()
    told = ", ".join(_told(one) for one in terms)
    return (
        f"{number} {names(of, number)} not seen for {format_duration(_asked(rule).unseen)} within "
        f"{format_duration(rule.window)} up to {moment_in_words(phase.counted_at)}: {told}; "
        f"threshold {rule.threshold} ({phase.severity})"
    )


def _told(one: FirstSeen) -> str:
    before = f"last seen {moment_in_words(one.last_seen)}" if one.last_seen else "never seen before"
    return f"{one.term} ({before})"


def _asked(rule: Rule) -> NewTerm:
    return rule.new_term or NewTerm()


NEW_TERM = Reading(steps, evidence, reason, marks, bucket=DAY)
