"""Why an alert rang, and why none did, in words; what was judged is not judged here. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from services.core.alert import Alert, Evidence
from services.core.answer import Answer
from services.core.rule import GroupBy, Rule
from services.core.sighting import Verdict
from services.core.window import format_duration

MEANINGS: Final = {
    Verdict.COUNTED: "told something new and counted",
    Verdict.SAME_INCIDENT: "tell of an incident that is counted already",
    Verdict.DUPLICATE_STORY: "are copies of a story that is counted already",
    Verdict.SAME_OUTLET: "are by an outlet that is counted already",
    Verdict.LATE: "came too long after their publication",
    Verdict.WRONG_MODALITY: "do not tell it as something that happened",
    Verdict.UNPLACED: "do not tell where it was",
    Verdict.REPEATED_IN_ARTICLE: "repeat what their article told before",
    Verdict.OLDER_REVISION: "are from a text that its outlet has changed since",
}
"""What each verdict says of the sentences that got it."""


@dataclass(frozen=True)
class Sort:
    """The sentences of an alert that got one verdict."""

    verdict: Verdict
    meaning: str
    evidence: Sequence[Evidence]


def sorts(alert: Alert) -> list[Sort]:
    """What became of each sentence: those that counted first, each sort in the order of publication."""
    order = list(Verdict)
    ranked = sorted(alert.evidence, key=lambda each: (order.index(each.verdict), each.published))
    by_verdict = groupby(ranked, key=lambda each: each.verdict)
    return [Sort(verdict, meaning_of(verdict), tuple(found)) for verdict, found in by_verdict]


def meaning_of(verdict: Verdict) -> str:
    """What the verdict says of the sentences that got it, in words."""
    return MEANINGS.get(verdict, f"are set aside ({verdict.replace('_', ' ')})")


def rule_in_words(rule: Rule) -> str:
    """What the rule counts, and from when on it rings."""
    steps = ", ".join(f"{severity} from {count}" for severity, count in rule.severities.items())
    each = "" if rule.group_by is GroupBy.NONE else f", for each {rule.group_by} by itself"
    return f"It counts {rule.count} within {format_duration(rule.window)}{each}: {steps}."


def why(alert: Alert) -> str:
    """The sum of it in a few sentences."""
    counted = sum(each.verdict is Verdict.COUNTED for each in alert.evidence)
    others = len(alert.evidence) - counted
    aside = f" {others} more did not count." if others else ""
    reason = alert.reason.rstrip(".")
    sentences = f"{_many(counted, 'sentence')} counted, each for the reason beside it."
    return f"{reason[:1].upper()}{reason[1:]}. {sentences}{aside}"


def summed_up(found: Answer, rang: Alert | None) -> str:
    """How a group stood at a moment, in a few sentences.

    Args:
        found: the answer.
        rang: the alert that was published of that time, if one was.
    """
    if rang:
        return "It did ring at that time."
    if found.rang:
        return f"It ought to have rung: {found.reason}. Its alert may not be read yet."
    sentences = [found.reason, *found.notes]
    if found.nearest and found.nearest.level > found.level:
        nearest = f"{found.nearest.level}, on {found.nearest.at:%Y-%m-%d %H:%M} UTC"
        sentences.insert(1, f"the nearest it came before was {nearest}")
    return " ".join(f"{each[:1].upper()}{each[1:]}." for each in sentences)


def ringing_at(alerts: Sequence[Alert], at: datetime) -> Alert | None:
    """The alert that rang at this moment."""
    return next((a for a in alerts if a.started_at <= at and (a.state.active or at < a.changed_at)), None)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
