"""``tocsin backtest`` as a terminal sees it: alerts, what differs between two files of rules, or how right they are."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console

from services.commands.against import Change, differences, tally
from services.commands.gold import GoldAlert, Score, cells, faults, scores, total
from services.commands.outcome import Stored, outcome_of
from services.commands.rung import rungs
from services.commands.show import alert_line, plain, tell
from services.core.alert import Alert
from services.core.rule import Rules


@dataclass(frozen=True)
class Asked:
    """What a backtest is to tell: the rules' alerts, or them against ``old`` rules, or against a gold file."""

    rules: Rules
    old: Rules | None = None
    gold: tuple[GoldAlert, ...] | None = None


def backtest(asked: Asked, stored: Stored, *, as_json: bool, consoles: tuple[Console, Console]) -> bool:
    """Prints what was asked for; returns whether an article could not be processed."""
    output, errors = consoles
    outcome = outcome_of(asked.rules, stored)
    printed = list(_told(asked, stored, outcome.alerts))
    if as_json:
        sys.stdout.write("".join(f"{machine}\n" for machine, _ in printed if machine))
        sys.stdout.flush()
    else:
        for line in (line for _, line in printed if line):
            output.print(plain(line), markup=False)
        output.print(f"{outcome.articles} articles, {outcome.events} events, {outcome.sightings} sightings")
    for error in outcome.failed:
        tell(errors, error)
    return bool(outcome.failed)


_Line = tuple[str, str]
"""The same for machines and for people; empty for machines where they need no line of their own."""


def _told(asked: Asked, stored: Stored, alerts: tuple[Alert, ...]) -> Iterator[_Line]:
    if asked.old:
        yield from _differences(alerts, outcome_of(asked.old, stored).alerts)
    if asked.gold is not None:
        told = scores(asked.gold, list(rungs(alerts)), [rule.name for rule in asked.rules.rules])
        yield from _scores(told)
    if not asked.old and asked.gold is None:
        yield from ((alert.model_dump_json(), alert_line(alert)) for alert in alerts)


def _differences(new: Iterable[Alert], old: Iterable[Alert]) -> Iterator[_Line]:
    found = differences(list(rungs(old)), list(rungs(new)))
    for one in found:
        yield json.dumps(one.as_json(), ensure_ascii=False), "" if one.change is Change.SAME else one.line
    yield "", ", ".join(f"{change} {number}" for change, number in tally(found).items())


def _scores(told: dict[str, Score]) -> Iterator[_Line]:
    width = max(map(len, [*told, "rule"]))
    yield "", _row("rule", ("due", "precision", "recall", "severity", "lead, h"), width)
    for name, score in told.items():
        yield json.dumps(_as_json(name, score), ensure_ascii=False), _row(name, cells(score), width)
    yield json.dumps(_as_json(None, total(told))), _row("all", cells(total(told)), width)
    yield from (("", fault) for score in told.values() for fault in faults(score))


def _row(name: str, values: Iterable[str], width: int) -> str:
    return f"{name:<{width}}" + "".join(f"  {value:>9}" for value in values)


def _as_json(rule: str | None, score: Score) -> dict[str, object]:
    return {
        "kind": "score",
        "rule": rule,
        "due": score.due,
        "found": len(score.found),
        "right": len(score.right),
        "wrong": len(score.wrong),
        "right_severity": score.graded,
        "precision": score.precision,
        "recall": score.recall,
        "lead_hours": score.lead,
    }
