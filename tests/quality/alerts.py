"""How right the alerts are: the backtest of the labelled stream against the alerts that ought to ring.

What is right and what is found is as ``tocsin backtest --gold`` has it (``services/commands/gold.py``).

Run as ``python -m tests.quality.alerts``; ``--verbose`` lists what was missed and what rang for nothing, ``--readme``
writes the table into README.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from services.commands.backtest import backtest
from services.commands.gold import Score, cells, faults, scores, total
from services.commands.rung import rungs
from services.core.rule import Rules
from tests.quality.alert_gold import HALVES, Half, read_half, stream_rules
from tests.quality.pipeline import pipeline

README = Path(__file__).parents[2] / "README.md"


def scores_of(half: Half, rules: Rules) -> dict[str, Score]:
    """The score of each rule on one half."""
    outcome = backtest(rules, pipeline(), half.articles)
    assert not outcome.failed
    return scores(half.alerts, list(rungs(outcome.alerts)), [rule.name for rule in rules.rules])


def all_halves() -> dict[str, dict[str, Score]]:
    """The scores of both halves: half, rule, score."""
    rules = stream_rules()
    return {name: scores_of(read_half(name), rules) for name in HALVES}


def table(halves: dict[str, dict[str, Score]]) -> str:
    """The scores as a table in Markdown: for each half what ought to ring, precision, recall, lead time in hours."""
    head = "".join(f" {half}: due | precision | recall | severity | lead, h |" for half in halves)
    lines = [f"| rule |{head}", "|---|" + "---:|" * 5 * len(halves)]
    for rule in next(iter(halves.values())):
        lines += [f"| {rule} |" + "".join(_cells(scored[rule]) for scored in halves.values())]
    return "\n".join([*lines, "| **all** |" + "".join(_cells(total(scored)) for scored in halves.values())])


def _cells(score: Score) -> str:
    return f" {' | '.join(cells(score))} |"


def faults_of(halves: dict[str, dict[str, Score]]) -> Iterator[str]:
    """A line for each alert that was missed or ought not to have rung."""
    for half, scored in halves.items():
        yield from (f"- {half} {fault}" for score in scored.values() for fault in faults(score))


def in_readme(text: str, shown: str) -> str:
    """README with the table between its marks."""
    return re.sub(r"(<!-- alerts -->\n).*?(\n<!-- /alerts -->)", rf"\g<1>{shown}\g<2>", text, flags=re.DOTALL)


if __name__ == "__main__":
    measured = all_halves()
    if "--readme" in sys.argv:
        README.write_text(in_readme(README.read_text(encoding="utf-8"), table(measured)), encoding="utf-8")
    sys.stdout.write("\n".join([table(measured), *(faults_of(measured) if "--verbose" in sys.argv else ())]) + "\n")
