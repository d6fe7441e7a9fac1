"""``cardinality``: so many distinct outlets, places or actors in the window."""

from collections.abc import Iterator, Sequence

from services.alerter.case import Case, Reading
from services.alerter.episodes import Phase, Step
from services.alerter.standing import Judged
from services.alerter.terms import distinct, names, term_verdict
from services.alerter.verdicts import judged, moment_in_words
from services.core.baseline import Distinct
from services.core.kinds import Cardinality, Term
from services.core.rule import Rule
from services.core.window import format_duration

_MAX_TERMS = 100


def steps(case: Case) -> Iterator[Step]:
    """The number of distinct terms, whenever the window changes."""
    of = _of(case.rule)
    for change in case.changes():
        found = distinct(case.within(change.moment), of)
        kept = len(found) if change.tally == change.kept else len(distinct(case.within(change.moment, kept=True), of))
        baseline = Distinct(of=of, terms=found[:_MAX_TERMS]) if len(found) >= case.rule.threshold else None
        yield Step(change.moment, len(found), change.tally, change.entered, kept, baseline)


def evidence(case: Case, phase: Phase) -> Sequence[Judged]:
    """Everything in the episode's time; what names no term for the first time is told as such."""
    known: set[str] = set()
    of = _of(case.rule)
    return judged(case.stands, rule=case.rule, phase=phase, clock=case.clock, each=lambda s: term_verdict(s, of, known))


def reason(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase."""
    return (
        f"{phase.level} distinct {names(_of(rule), phase.level)} within {format_duration(rule.window)} "
        f"up to {moment_in_words(phase.counted_at)}, threshold {rule.threshold} ({phase.severity})"
    )


def _of(rule: Rule) -> Term:
    return (rule.cardinality or Cardinality()).of


CARDINALITY = Reading(steps, evidence, reason)
