"""``threshold``: so many independent things in the window."""

from collections.abc import Iterator, Sequence

from services.alerter.case import Case, Reading
from services.alerter.episodes import Phase, Step, steps_of
from services.alerter.standing import Judged
from services.alerter.verdicts import explained, judged


def steps(case: Case) -> Iterator[Step]:
    """The count of what the rule counts, whenever the window changes."""
    return steps_of(case.changes(), case.rule)


def evidence(case: Case, phase: Phase) -> Sequence[Judged]:
    """Everything in the episode's time, what was refused among it."""
    return judged(case.stands, rule=case.rule, phase=phase, clock=case.clock)


THRESHOLD = Reading(steps, evidence, explained)
