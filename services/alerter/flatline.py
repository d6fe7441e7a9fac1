"""``flatline``: nothing has matched for a whole window, for two of them, ...

Silence begins with the last telling; for a rule that does not group also when watching begins, since a group must be
known before it can fall silent. It is measured in event time and ends with the next telling.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.alerter.case import Case, Reading
from services.alerter.counting import Tallied
from services.alerter.episodes import Phase, Step
from services.alerter.marks import Run
from services.alerter.standing import Judged
from services.alerter.verdicts import judged, moment_in_words
from services.core.baseline import Silence
from services.core.rule import Rule
from services.core.sighting import Sighting, Verdict
from services.core.window import format_duration

_ANYTHING = "*"


def marks(_rule: Rule, _sighting: Sighting) -> tuple[str, ...]:
    """That something matched."""
    return (_ANYTHING,)


def silences(case: Case) -> Iterator[tuple[Silence, datetime | None]]:
    """The stretches without a telling since watching began, with the moment at which each ended, if it has."""
    runs: tuple[Run, ...] = dict(case.marks.runs(case.rule.window)).get(_ANYTHING, ())
    starts = [run.start for run in runs]
    began = case.began if case.rule.watches_silence and not case.marks.floor else None
    found = [(Silence(since=began), next(iter(starts), None))] if began else []
    for run, end in zip(runs, [*starts, None][1:], strict=True):
        found.append((Silence(since=max(run.end, case.began or run.end), last_seen=run.end), end))
    return ((silence, end) for silence, end in found if end is None or end > silence.since)


def steps(case: Case) -> Iterator[Step]:
    """How many windows have passed since something matched, as often as that makes a difference."""
    for silence, end in silences(case):
        fired = False
        for level in sorted(set(case.rule.severities.values())):
            moment = silence.since + level * case.rule.window
            if moment <= case.clock and (end is None or moment < end):
                fired = True
                yield Step(moment, level, Tallied(), entered=True, baseline=silence)
        if fired and end is not None and end <= case.clock:
            yield Step(end, 0, Tallied())


def evidence(case: Case, phase: Phase) -> Sequence[Judged]:
    """What was told last before the silence; where there is none, all that keeps it from coming."""
    if phase.baseline is None:
        return judged(
            case.stands,
            rule=case.rule,
            phase=phase,
            clock=case.clock,
            each=lambda s: Judged(s, Verdict.COUNTED, "breaks the silence"),
        )
    last = phase.baseline.last_seen if isinstance(phase.baseline, Silence) else None
    found = [sighting for sighting in case.stands.may_count if sighting.at == last]
    return [Judged(sighting, Verdict.LAST_SEEN, "the last that came before the silence") for sighting in found]


def reason(phase: Phase, rule: Rule) -> str:
    """Why the episode is in this phase: since when nothing came."""
    silence = phase.baseline
    since = silence.since if isinstance(silence, Silence) else phase.started_at
    never = isinstance(silence, Silence) and silence.last_seen is None
    told = "nothing has matched since watching began" if never else "nothing has matched since the last"
    return (
        f"{told} at {moment_in_words(since)}, {format_duration(phase.level * rule.window)} up to "
        f"{moment_in_words(phase.counted_at)}, threshold {format_duration(rule.threshold * rule.window)} "
        f"({phase.severity})"
    )


FLATLINE = Reading(steps, evidence, reason, marks)
