"""How right the alerts are: the backtest of the labelled stream against the alerts that ought to ring.

An alert is right when it is the first to overlap, in rule, group and time, with an alert of the gold; one that rings a
second time for the same episode is wrong, like one that rings for nothing. A gold alert is found when any alert
overlaps with it.

Run as ``python -m tests.quality.alerts``; ``--verbose`` lists what was missed and what rang for nothing, ``--readme``
writes the table into README.
"""

import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from services.commands.backtest import backtest
from services.core.alert import Alert, AlertState
from services.core.rule import Rule, Rules
from tests.quality.alert_gold import HALVES, GoldAlert, Half, read_half, stream_rules
from tests.quality.gold import ratio
from tests.quality.pipeline import pipeline

README = Path(__file__).parents[2] / "README.md"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Rung:
    """One episode as the backtest tells it: all phases of one alert."""

    rule: str
    group: str
    start: datetime
    until: datetime
    severity: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """What became of the gold alerts and of the alerts of one rule, or of several together."""

    found: tuple[tuple[GoldAlert, Rung], ...] = ()
    missed: tuple[GoldAlert, ...] = ()
    right: tuple[Rung, ...] = ()
    wrong: tuple[Rung, ...] = field(default=())

    @property
    def precision(self) -> float:
        """The share of alerts that are right."""
        return ratio(len(self.right), len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of gold alerts that were found."""
        return ratio(len(self.found), len(self.found) + len(self.missed))

    @property
    def leads(self) -> list[float]:
        """Hours from the gold's moment to the alert, negative where it rang earlier; one for each right alert."""
        firsts = {id(rung): gold for gold, rung in reversed(self.found)}
        return [(rung.start - firsts[id(rung)].at).total_seconds() / 3600 for rung in self.right]

    @property
    def graded(self) -> int:
        """How many gold alerts were found in their right severity."""
        return sum(gold.severity == rung.severity for gold, rung in self.found)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.found + other.found, self.missed + other.missed, self.right + other.right, self.wrong + other.wrong
        )


def rungs(alerts: Sequence[Alert]) -> Iterator[Rung]:
    """The episodes in the phases that a backtest printed, the earliest first; the gravest severity of each."""
    lives: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda a: (a.started_at, a.changed_at)):
        lives.setdefault(alert.alert_id, []).append(alert)
    for life in lives.values():
        last = life[-1]
        evidence = {shown.article_id for alert in life for shown in alert.evidence if shown.verdict == "counted"}
        yield Rung(
            rule=last.rule,
            group=last.group,
            start=last.started_at,
            until=last.changed_at if last.state is AlertState.RESOLVED else _NEVER,
            severity=str(max((alert.severity for alert in life), key=["info", "warning", "critical"].index)),
            articles=tuple(sorted(evidence)),
        )


def compare(gold: Sequence[GoldAlert], rung: Sequence[Rung]) -> Score:
    """The score of alerts of one rule."""
    found, missed = [], []
    for want in sorted(gold, key=lambda g: g.at):
        hit = next((r for r in rung if r.group == want.group and r.start < want.until and want.at < r.until), None)
        missed += [] if hit else [want]
        found += [(want, hit)] if hit else []
    used = {id(hit) for _, hit in found}
    right = tuple(r for r in rung if id(r) in used)
    return Score(tuple(found), tuple(missed), right, tuple(r for r in rung if id(r) not in used))


def scores_of(half: Half, rules: Rules) -> dict[str, Score]:
    """The score of each rule on one half."""
    outcome = backtest(rules, pipeline(), half.articles)
    assert not outcome.failed
    told = list(rungs(outcome.alerts))
    return {rule.name: _of_rule(half, rule, told) for rule in rules.rules}


def _of_rule(half: Half, rule: Rule, told: Sequence[Rung]) -> Score:
    return compare([g for g in half.alerts if g.rule == rule.name], [r for r in told if r.rule == rule.name])


def total(scores: dict[str, Score]) -> Score:
    """All rules together."""
    return sum(scores.values(), Score())


def all_halves() -> dict[str, dict[str, Score]]:
    """The scores of both halves: half, rule, score."""
    rules = stream_rules()
    return {name: scores_of(read_half(name), rules) for name in HALVES}


def table(halves: dict[str, dict[str, Score]]) -> str:
    """The scores as a table in Markdown: for each half what ought to ring, precision, recall, lead time in hours."""
    head = "".join(f" {half}: due | precision | recall | severity | lead, h |" for half in halves)
    lines = [f"| rule |{head}", "|---|" + "---:|" * 5 * len(halves)]
    for rule in next(iter(halves.values())):
        lines += [f"| {rule} |" + "".join(_cells(scores[rule]) for scores in halves.values())]
    return "\n".join([*lines, "| **all** |" + "".join(_cells(total(scores)) for scores in halves.values())])


def _cells(score: Score) -> str:
    expected = len(score.found) + len(score.missed)
    precision = f"{score.precision:.2f}" if score.right or score.wrong else "–"
    recall = f"{score.recall:.2f}" if expected else "–"
    grade = f"{score.graded}/{len(score.found)}" if score.found else "–"
    lead = f"{statistics.median(score.leads):+.1f}" if score.right else "–"
    return f" {expected} | {precision} | {recall} | {grade} | {lead} |"


def faults(halves: dict[str, dict[str, Score]]) -> Iterator[str]:
    """A line for each alert that was missed or ought not to have rung."""
    for half, scores in halves.items():
        for rule, score in scores.items():
            for want in score.missed:
                yield f"- {half} {rule} {want.group} missed: due {want.at:%d %H:%M} by {', '.join(want.by)}"
            for rung in score.wrong:
                yield f"- {half} {rule} {rung.group} wrong: {rung.start:%d %H:%M} by {', '.join(rung.articles)}"


def in_readme(text: str, shown: str) -> str:
    """README with the table between its marks."""
    return re.sub(r"(<!-- alerts -->\n).*?(\n<!-- /alerts -->)", rf"\g<1>{shown}\g<2>", text, flags=re.DOTALL)


if __name__ == "__main__":
    measured = all_halves()
    if "--readme" in sys.argv:
        README.write_text(in_readme(README.read_text(encoding="utf-8"), table(measured)), encoding="utf-8")
    sys.stdout.write("\n".join([table(measured), *(faults(measured) if "--verbose" in sys.argv else ())]) + "\n")
