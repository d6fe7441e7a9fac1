"""Scores on labelled sentences and snippets of other people's sets, where they are present."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from services.core.article import Article, new_article
from services.core.event import Event
from services.core.ontology import EVENT_TYPE_OF
from tests.quality.gold import CURRENT, Mention, ratio

SHARED = Path(__file__).parents[3] / "shared"
Extract = Callable[[Article], tuple[Event, ...]]
Scores = dict[str, float]
Say = Callable[[str], None]


def _records(name: str) -> Iterable[Mention]:
    return map(json.loads, (SHARED / "devset" / name).read_text().splitlines())


def _article(text: str) -> Article:
    now = datetime.now(UTC)
    return new_article(text=text, source="devset", fetched=now)


def best_type(events: tuple[Event, ...]) -> str:
    """The sub-event type of the current event with the highest confidence, earliest trigger first."""
    current = [e for e in events if e.modality in CURRENT and not e.duplicate_of and e.sub_event_type]
    best = max(current, key=lambda e: (e.confidence, -e.trigger.start), default=None)
    return best.sub_event_type or "" if best else "none"


def acled_scores(extract: Extract, say: Say) -> Scores:
    """Weighted F1 over the 25 sub-event types."""
    pairs = []
    for record in _records("acled_snippets.jsonl"):
        want, mine = record["gold"]["acled_sub_event_type"], best_type(extract(_article(record["text"])))
        pairs.append((want, mine))
        if want != mine and not (want not in EVENT_TYPE_OF and mine == "none"):
            say(f"- acled {want} <- {mine} | {record['id']} {record['text'][:300]!r}")
    support = {t: sum(w == t for w, _ in pairs) for t in EVENT_TYPE_OF}
    total = sum(support.values())
    f1 = {t: _f1(pairs, t) for t in EVENT_TYPE_OF}
    for t in sorted(EVENT_TYPE_OF, key=lambda t: f1[t]):
        say(f"  {t:40} n={support[t]:3} F1={f1[t]:.2f}")
    return {
        "acled weighted F1": sum(f1[t] * support[t] for t in f1) / total,
        "acled accuracy": sum(w == m for w, m in pairs if w in EVENT_TYPE_OF) / total,
    }


def _f1(pairs: list[tuple[str, str]], label: str) -> float:
    right = sum(w == m == label for w, m in pairs)
    return 2 * right / max(1, sum(w == label for w, _ in pairs) + sum(m == label for _, m in pairs))


def binary_scores(
    name: str,
    file: str,
    gold: Callable[[Mention], bool],
    mine: Callable[[tuple[Event, ...]], bool],
    *,
    run: tuple[Extract, Say],
) -> Scores:
    """Precision and recall of a yes-or-no question over a devset file."""
    extract, say = run
    counts: Counter[tuple[bool, bool]] = Counter()
    for record in _records(file):
        events = extract(_article(record["text"]))
        answer = gold(record), mine(events)
        counts[answer] += 1
        if answer[0] != answer[1]:
            found = [(e.sub_event_type, e.modality.value, e.trigger.text) for e in events][:3]
            say(f"- {name} {'missed' if answer[0] else 'false'} {record['id']} {record['text'][:260]!r} {found}")
    right = counts[True, True]
    return {
        f"{name} P": ratio(right, right + counts[False, True]),
        f"{name} R": ratio(right, right + counts[True, False]),
    }


def kinetic(events: tuple[Event, ...]) -> bool:
    """Whether any current kinetic event is told."""
    return any(e.tier == "kinetic" and e.modality in CURRENT for e in events)


def police_killing(events: tuple[Event, ...]) -> bool:
    """Whether any current killing has police or soldiers as its actor."""
    return any(
        e.modality in CURRENT
        and any(c.kind == "killed" for c in e.casualties)
        and any(a.id.endswith(("-COP", "-MIL")) for a in e.actor)
        for e in events
    )


def devset_scores(extract: Extract, say: Say) -> Scores:
    """All scores on the devset."""
    run = (extract, say)
    conflict = ("cameo", "cameo_sentences.jsonl", lambda r: r["gold"]["quad"] == "material_conflict", kinetic)
    killed = ("police", "police_sentences.jsonl", lambda r: bool(r["gold"]["police_killed"]), police_killing)
    attacks = ("muc", "muc4_docs.jsonl", lambda r: not r["gold"].get("none"), kinetic)
    scores = acled_scores(extract, say)
    for question in (conflict, killed, attacks):
        scores |= binary_scores(*question, run=run)
    return scores
