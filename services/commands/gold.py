"""Alerts against a gold file: which of those that ought to ring did, how much later, and what rang for nothing.

An alert is right when it is the first to overlap, in rule, group and time, with an alert of the gold; one that rings a
second time for the same episode is wrong, like one that rings for nothing. A gold alert is found when any alert
overlaps with it.
"""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from services.commands.rung import NEVER, Rung
from services.core.errors import ConfigError, Problem
from services.core.rule import Severity
from services.core.wire import UtcTime
from services.runtime.files import read_yaml


@checked(frozen=True, config=ConfigDict(extra="forbid", use_enum_values=True))
class GoldAlert:
    """An alert that ought to ring: when, of what severity (any if not given), and until when it lasts (None: it lasts).

    ``by`` are the ids of the articles by which the threshold is crossed; for people, nothing is compared with them.
    """

    rule: str
    group: str
    at: UtcTime
    by: tuple[str, ...] = ()
    severity: Severity | None = None
    resolved: UtcTime | None = None

    @property
    def until(self) -> datetime:
        """The end of its episode, far away where it lasts."""
        return self.resolved or NEVER


_ALERTS: TypeAdapter[tuple[GoldAlert, ...]] = TypeAdapter(tuple[GoldAlert, ...])


def read_gold(path: Path) -> tuple[GoldAlert, ...]:
    """The alerts under ``alerts`` of a gold file; what else is in it is for whoever made it.

    Raises:
        ConfigError: it cannot be read, or is no gold file; lists every problem.
    """
    return parse_gold(read_yaml(path), str(path))


def parse_gold(data: Any, place: str) -> tuple[GoldAlert, ...]:
    """The alerts in parsed YAML; ``place`` is what problems are told with."""
    if not isinstance(data, Mapping) or not isinstance(data.get("alerts"), list):
        raise ConfigError((Problem(place, "must be a mapping with a list of alerts under 'alerts'"),))
    try:
        return _ALERTS.validate_python(data["alerts"])
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise ConfigError(tuple(Problem(f"{place}: {_path(one['loc'])}", one["msg"]) for one in found)) from error


def _path(where: Sequence[int | str]) -> str:
    return "alerts" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)


@dataclass(frozen=True)
class Score:
    """What became of the gold alerts and of the alerts of one rule, or of several together."""

    found: tuple[tuple[GoldAlert, Rung], ...] = ()
    missed: tuple[GoldAlert, ...] = ()
    right: tuple[Rung, ...] = ()
    wrong: tuple[Rung, ...] = ()

    @property
    def due(self) -> int:
        """How many ought to ring."""
        return len(self.found) + len(self.missed)

    @property
    def precision(self) -> float:
        """The share of alerts that are right; 1 where none rang."""
        return _ratio(len(self.right), len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of gold alerts that were found; 1 where there are none."""
        return _ratio(len(self.found), self.due)

    @property
    def leads(self) -> list[float]:
        """Hours from the gold's moment to the alert, negative where it rang earlier; one for each right alert."""
        firsts = {id(rung): gold for gold, rung in reversed(self.found)}
        return [(rung.start - firsts[id(rung)].at).total_seconds() / 3600 for rung in self.right]

    @property
    def lead(self) -> float | None:
        """The median of the leads, None where nothing is right."""
        return statistics.median(self.leads) if self.right else None

    @property
    def graded(self) -> int:
        """How many gold alerts were found in their right severity."""
        return sum(gold.severity in (None, rung.severity) for gold, rung in self.found)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.found + other.found, self.missed + other.missed, self.right + other.right, self.wrong + other.wrong
        )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def compare(gold: Sequence[GoldAlert], told: Sequence[Rung]) -> Score:
    """The score of alerts of one rule."""
    found, missed = [], []
    for want in sorted(gold, key=lambda g: g.at):
        hit = next((r for r in told if r.group == want.group and r.start < want.until and want.at < r.until), None)
        missed += [] if hit else [want]
        found += [(want, hit)] if hit else []
    used = {id(hit) for _, hit in found}
    right = tuple(r for r in told if id(r) in used)
    return Score(tuple(found), tuple(missed), right, tuple(r for r in told if id(r) not in used))


def scores(gold: Sequence[GoldAlert], told: Sequence[Rung], rules: Iterable[str]) -> dict[str, Score]:
    """The score of each of these rules, and of those that the gold or the alerts name besides."""
    names = dict.fromkeys([*rules, *(want.rule for want in gold), *(rung.rule for rung in told)])
    return {name: compare([g for g in gold if g.rule == name], [r for r in told if r.rule == name]) for name in names}


def total(scored: Mapping[str, Score]) -> Score:
    """All rules together."""
    return sum(scored.values(), Score())


def cells(score: Score) -> tuple[str, str, str, str, str]:
    """How many were due, precision, recall, severity and lead in hours; a dash for what cannot be said."""
    return (
        str(score.due),
        f"{score.precision:.2f}" if score.right or score.wrong else "–",
        f"{score.recall:.2f}" if score.due else "–",
        f"{score.graded}/{len(score.found)}" if score.found else "–",
        "–" if score.lead is None else f"{score.lead:+.1f}",
    )


def faults(score: Score) -> Iterator[str]:
    """A line for each alert that was missed or ought not to have rung."""
    for want in score.missed:
        by = f" by {', '.join(want.by)}" if want.by else ""
        yield f"{want.rule} {want.group} missed: due {want.at:%Y-%m-%d %H:%M}{by}"
    for rung in score.wrong:
        yield f"{rung.rule} {rung.group} wrong: {rung.start:%Y-%m-%d %H:%M} by {', '.join(rung.articles)}"
