"""Where the alerts go wrong: article by article, what a rule should have seen in it and what it saw.

Run as ``python -m tests.quality.alert_errors [tuned|held]``. ``held`` is for reading after the fact, not for tuning.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.alerter.match import match, match_keywords
from services.core.article import Article
from services.core.event import Event
from services.core.rule import Rule, Rules
from services.core.sighting import Sighting
from services.extractor.extract import events_in
from tests.quality.alert_gold import HALVES, Half, expected, read_half, stream_rules
from tests.quality.pipeline import pipeline


@dataclass(frozen=True)
class Fault:
    """One rule and article that do not agree; ``sentences`` are what the rule saw, or refused, there."""

    article: Article
    rule: str
    kind: str
    want: tuple[str, ...]
    told: tuple[str, ...]
    sentences: tuple[str, ...]


def faults_in(half: Half, rules: Rules) -> Iterator[Fault]:
    """The faults of a half in the order of publication."""
    for article in half.newest():
        events = events_in(pipeline(), article)
        found = [*match_keywords(rules, article), *(s for event in events for s in match(rules, event))]
        for rule in rules.rules:
            mine = [s for s in found if s.rule == rule.name]
            if fault := _fault(half, rule, article, mine):
                yield fault if mine or fault.told else _with_events(fault, events)


def _fault(half: Half, rule: Rule, article: Article, mine: Iterable[Sighting]) -> Fault | None:
    wanted = list(expected(half, rule, article))
    counted = [s for s in mine if not s.refused]
    want, told = {group for group, _ in wanted}, {s.group for s in counted}
    shown = tuple(f"{s.group} {s.sub_event_type} {s.refused or ''} <{s.trigger.text}> {s.sentence.text}" for s in mine)
    if want == told:
        return None
    kind = "missed" if want - told and not told - want else "wrong" if not want - told else "elsewhere"
    return Fault(article, rule.name, kind, tuple(sorted(want)), tuple(sorted(told)), shown)


def _with_events(fault: Fault, events: Iterable[Event]) -> Fault:
    shown = tuple(
        f"[{e.sub_event_type or e.plover} {e.modality} {[p.name for p in e.location]} <{e.trigger.text}>]"
        for e in events
        if e.tier in ("kinetic", "strategic")
    )
    return Fault(fault.article, fault.rule, fault.kind, fault.want, fault.told, shown)


def report(half: Half, rules: Rules) -> Iterator[str]:
    """The faults as lines."""
    for fault in faults_in(half, rules):
        groups = f"want {fault.want} told {fault.told}"
        yield f"{fault.article.id} {fault.rule} {fault.kind}: {groups} | {fault.article.title}"
        yield from (f"    {sentence}" for sentence in fault.sentences)


if __name__ == "__main__":
    for name in sys.argv[1:] or HALVES:
        sys.stdout.write("\n".join([f"== {name}", *report(read_half(name), stream_rules())]) + "\n")
