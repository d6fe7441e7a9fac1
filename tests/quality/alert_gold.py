"""The labelled stream: what each article reports, the alerts that ought to ring, and a naive recount of the two.

The recount knows nothing of the alerter: it counts labelled happenings as a careful reader would by the rule's words,
each from its first report on until the window after that report has passed. Retellings and copies add nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from services.commands.articles import Reading, read_articles
from services.commands.gold import GoldAlert, parse_gold
from services.core.article import Article
from services.core.rule import Count, GroupBy, Rule, Rules
from services.runtime.files import load_rules

STREAM = Path(__file__).with_name("stream")
HALVES = ("tuned", "held")


@dataclass(frozen=True)
class Half:
    """One half of the stream: its articles in the order they were read, and everything labelled about them."""

    name: str
    articles: tuple[Article, ...]
    alerts: tuple[GoldAlert, ...]
    happenings: Mapping[str, Mapping[str, Any]]
    labels: Mapping[str, tuple[str, ...]]
    copies: Mapping[str, str]
    silent: tuple[Mapping[str, Any], ...]

    def newest(self) -> list[Article]:
        """The revision that stands of each article, by publication."""
        standing = {article.id: article for article in sorted(self.articles, key=lambda a: a.fetched)}
        return sorted(standing.values(), key=lambda a: (a.published, a.id))


def stream_rules() -> Rules:
    """The rules the gold was made for."""
    return load_rules(STREAM / "rules.yaml")


def read_half(name: str) -> Half:
    """A half as it lies in the repository; an article that cannot be read is an error."""
    folder = STREAM / name
    gold = yaml.safe_load((folder / "gold.yaml").read_text())
    found = tuple(read_articles(folder, Reading(stream=name, now=datetime.now(UTC))))
    articles = tuple(article for article in found if isinstance(article, Article))
    assert articles == found, [problem for problem in found if not isinstance(problem, Article)]
    return Half(
        name=name,
        articles=articles,
        alerts=parse_gold(gold, name),
        happenings=gold["happenings"],
        labels={ident: tuple(told) for ident, told in gold["articles"].items()},
        copies=gold["copies"],
        silent=tuple(gold["silent"]),
    )


@dataclass(frozen=True)
class _Unit:
    """One countable thing: from when, told first by which article."""

    at: datetime
    article: str


def recount(half: Half, rule: Rule) -> Iterator[GoldAlert]:
    """The alerts of a rule by a plain count of first reports."""
    for group, seen in sorted(_by_group(half, rule).items()):
        yield from _episodes(rule, group, seen, half.newest()[-1].published)


def _by_group(half: Half, rule: Rule) -> dict[str, list[_Unit]]:
    first: dict[tuple[str, str], list[_Unit]] = {}
    for article in half.newest():
        for group, key in expected(half, rule, article):
            reports = first.setdefault((group, key), [])
            if not reports or rule.by_keyword:
                reports.append(_Unit(article.published, article.id))
    groups: dict[str, dict[str, list[_Unit]]] = {}
    for (group, key), reports in first.items():
        groups.setdefault(group, {})[key] = reports
    return {group: _flat(keys, rule) for group, keys in groups.items()}


def _flat(keys: Mapping[str, list[_Unit]], rule: Rule) -> list[_Unit]:
    """First reports only; of a keyword, which is no happening, each one that comes after the last has left."""
    kept = []
    for reports in keys.values():
        last = None
        for report in reports:
            if last is None or report.at - last.at >= rule.window:
                kept.append(report)
                last = report
    return sorted(kept, key=lambda unit: (unit.at, unit.article))


def expected(half: Half, rule: Rule, article: Article) -> Iterator[tuple[str, str]]:
    """The group and the countable thing of everything in this article that the rule asks for."""
    if rule.by_keyword:
        words = f"{article.title} {article.text}".casefold()
        if any(phrase.casefold() in words for phrase in rule.when.phrases):
            story = half.copies.get(article.id, article.id)
            yield "all", article.outlet if rule.count is Count.OUTLETS else story
        return
    for ident in half.labels[article.id]:
        happening = half.happenings[ident]
        if _meets(rule, happening):
            yield str(happening["border" if rule.group_by is GroupBy.BORDER else "country"]), ident


def _meets(rule: Rule, happening: Mapping[str, Any]) -> bool:
    kinds, flags = rule.when.sub_event_types, set(rule.when.flags)
    return (not kinds or happening["kind"] in kinds) and flags <= set(happening.get("flags", ()))


def _episodes(rule: Rule, group: str, seen: list[_Unit], end: datetime) -> Iterator[GoldAlert]:
    moments = sorted({u.at for u in seen} | {u.at + rule.window for u in seen if u.at + rule.window <= end})
    begun, by, worst = None, (), 0
    for moment in moments:
        inside = [unit for unit in seen if unit.at <= moment < unit.at + rule.window]
        if len(inside) >= rule.threshold:
            begun, by = (begun, by) if begun else (moment, tuple(dict.fromkeys(u.article for u in inside)))
            worst = max(worst, len(inside))
        elif begun:
            yield GoldAlert(rule.name, group, begun, by, rule.severity_at(worst), moment)
            begun, worst = None, 0
    if begun:
        yield GoldAlert(rule.name, group, begun, by, rule.severity_at(worst), None)
