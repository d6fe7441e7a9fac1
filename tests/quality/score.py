"""Scores the extractor on the seed gold and the devset, and prints one table. ``python -m tests.quality.score [--verbose]``."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from services.core.article import Article, new_article
from services.core.event import Event
from services.core.ontology import EVENT_TYPE_OF
from tests.quality.gold import CURRENT, Cluster, Mention, Seed, emitted, kind_of, same_date, seeds, sentence_of

SHARED = Path(__file__).parents[3] / "shared"
Extract = Callable[[Article], tuple[Event, ...]]
Scores = dict[str, float]
Say = Callable[[str], None]


def ratio(part: float, whole: float) -> float:
    """A share, 1 where there is nothing to share."""
    return part / whole if whole else 1.0


def seed_scores(extract: Extract, folder: Path, say: Say) -> Scores:
    """Precision and recall per tier, slots on matched records, and traps emitted."""
    counts: Counter[str] = Counter()
    for seed in seeds(folder):
        _score_seed(seed, extract(seed.article), counts, say)
    scores: Scores = {}
    for tier in ("event", "verbal", "toll"):
        scores[f"seeds {tier} P"] = ratio(counts[f"{tier} right"], counts[f"{tier} emitted"])
        scores[f"seeds {tier} R"] = ratio(counts[f"{tier} found"], counts[f"{tier} gold"])
    for slot in ("modality", "attribution", "actor", "target", "place", "date", "casualties"):
        scores[f"seeds {slot}"] = ratio(counts[f"{slot} right"], counts[f"{slot} all"])
    scores["seeds traps"] = float(counts["traps"])
    return scores


def _tier(name: str) -> str:
    return {"verbal": "verbal", "casualty_toll": "toll"}.get(name, "event")


def _score_seed(seed: Seed, events: tuple[Event, ...], counts: Counter[str], say: Say) -> None:
    hits: dict[int, Event] = {}
    for event in events:
        index = _match(seed, event)
        if index is not None and (index not in hits or not emitted(hits[index])):
            hits[index] = event
        if emitted(event):
            tier = _tier(event.tier)
            good = index is not None and seed.clusters[index].record is not False
            counts[f"{tier} emitted"] += 1
            counts[f"{tier} right"] += good
            if not good:
                counts["traps"] += tier == "event"
                say(f"- {seed.name} false {event.tier} {kind_of(event)} {event.modality} <{event.trigger.text}> {event.sentence.text[:130]!r}")
    for index, cluster in enumerate(seed.clusters):
        _score_cluster(seed, cluster, hits.get(index), counts, say)


def _match(seed: Seed, event: Event) -> int | None:
    """The cluster an event tells: same sentence, same type; nearest trigger where several fit."""
    sentence, kind = sentence_of(seed, event), kind_of(event)
    fits = [i for i, c in enumerate(seed.clusters) if sentence in c.sentences and kind in c.types]
    fits += [] if fits else [i for i, c in enumerate(seed.clusters) if sentence in c.sentences and _near(c, event)]
    return min(fits, key=lambda i: _distance(seed, seed.clusters[i], event, sentence)) if fits else None


def _near(cluster: Cluster, event: Event) -> bool:
    """A toll may also be told as the event it belongs to, where the gold codes it so."""
    return event.tier != "verbal" and any(m["tier"] == "casualty_toll" and m["sub_event_type"] == event.sub_event_type for m in cluster.mentions)


def _distance(seed: Seed, cluster: Cluster, event: Event, sentence: int) -> int:
    text = seed.article.text
    start, end = seed.spans[sentence]
    places = [text.find(t.split()[0], start, end) for m in cluster.mentions for t in m["triggers"] if t in text[start:end]]
    exact = [abs(text.find(t, start, end) - event.trigger.start) for m in cluster.mentions for t in m["triggers"] if t in text[start:end]]
    return min(exact or places or [9999])


def _score_cluster(seed: Seed, cluster: Cluster, event: Event | None, counts: Counter[str], say: Say) -> None:
    tier = _tier(cluster.tier)
    if cluster.record is True:
        found = event is not None and emitted(event)
        counts[f"{tier} gold"] += 1
        counts[f"{tier} found"] += found
        if not found:
            m = cluster.mentions[0]
            was = f"was {event.modality} {event.duplicate_of or ''}" if event else "none"
            say(f"- {seed.name} missed {tier} {m['id']} {m['sub_event_type'] or m['plover']} {m['triggers']} ({was})")
        elif event:
            _score_slots(seed, cluster, event, counts, say)


def _score_slots(seed: Seed, cluster: Cluster, event: Event, counts: Counter[str], say: Say) -> None:
    sentence = sentence_of(seed, event)
    here = [m for m in cluster.mentions if any(t in event.sentence.text for t in m["triggers"])] or list(cluster.mentions)
    for slot, right in _slots(here, cluster, event):
        if right is not None:
            counts[f"{slot} all"] += 1
            counts[f"{slot} right"] += right
            if right < 1:
                say(f"- {seed.name}.{sentence} {slot}: {_shown(event, slot)} for {_wanted(here[0], slot)} <{event.trigger.text}>")


def _slots(here: list[Mention], cluster: Cluster, event: Event) -> Iterable[tuple[str, float | None]]:
    yield "modality", float(any(m["modality"] == event.modality for m in here))
    yield "attribution", max(_attribution(m, event) for m in here)
    yield "actor", max(_parties(m["actor"], [a.id for a in event.actor]) for m in here)
    yield "target", max(_parties(m["target"], [t.id for t in event.target]) for m in here)
    names = {part.strip(")") for m in cluster.mentions for place in m["location"] for part in [place["name"], *place["name"].split(" (")]}
    if names:
        yield "place", float(any(_place(p.name, names) for p in event.location))
    dates = [same for m in here if (same := same_date(event, m)) is not None]
    yield "date", float(any(dates)) if dates else None
    figures = {(c["kind"], c["who"], c.get("count"), c["cumulative"]) for m in here for c in m["casualties"] if c.get("count") is not None}
    mine = {(c.kind, c.who, c.count, c.cumulative) for c in event.casualties if c.count is not None}
    yield "casualties", ratio(len(figures & mine), len(figures | mine)) if figures | mine else None


def _place(mine: str, names: set[str]) -> bool:
    return any(mine in name or name in mine for name in names)


def _attribution(gold: Mention, event: Event) -> float:
    want = set(gold["attribution"]["id"].split("+")) if gold["attribution"] else set()
    mine = {m.id for m in event.attribution.who} if event.attribution else set()
    return float(want == mine or bool(want & mine))


def _parties(gold: list[Mention], mine: list[str]) -> float:
    """Share of ids that agree; an implicit party may be left out, a country alone counts half."""
    want = {i for m in gold if not m.get("implicit") for i in m["id"].split("+")}
    implicit = {i for m in gold if m.get("implicit") for i in m["id"].split("+")}
    left = [i for i in mine if i not in implicit]
    if not want and not left:
        return 1.0
    points = sum(1.0 if i in mine else 0.5 if any(i[:3] == o[:3] for o in mine) else 0.0 for i in want)
    return points / max(len(want), len([i for i in left if i in want or i[:3] not in {w[:3] for w in want}]) or 1, 1)


def _shown(event: Event, slot: str) -> str:
    values = {"modality": event.modality, "attribution": event.attribution and event.attribution.who[0].id, "actor": [a.id for a in event.actor],
              "target": [t.id for t in event.target], "place": [p.name for p in event.location], "date": event.date and (str(event.date.value), event.date.time_precision),
              "casualties": [(c.kind, c.who, c.count, c.cumulative) for c in event.casualties]}
    return str(values[slot])


def _wanted(gold: Mention, slot: str) -> str:
    key = {"place": "location"}.get(slot, slot)
    value = gold[key]
    if slot in {"actor", "target"}:
        return str([m["id"] + ("~" if m.get("implicit") else "") for m in value])
    if slot == "casualties":
        return str([(c["kind"], c["who"], c.get("count"), c["cumulative"]) for c in value])
    return str({k: v for k, v in value.items() if k != "text"} if isinstance(value, dict) else value)


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
    return {"acled weighted F1": sum(f1[t] * support[t] for t in f1) / total,
            "acled accuracy": sum(w == m for w, m in pairs if w in EVENT_TYPE_OF) / total}


def _f1(pairs: list[tuple[str, str]], label: str) -> float:
    right = sum(w == m == label for w, m in pairs)
    return 2 * right / max(1, sum(w == label for w, _ in pairs) + sum(m == label for _, m in pairs))


def binary_scores(name: str, file: str, gold: Callable[[Mention], bool], mine: Callable[[tuple[Event, ...]], bool], run: tuple[Extract, Say]) -> Scores:
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
    return {f"{name} P": ratio(right, right + counts[False, True]), f"{name} R": ratio(right, right + counts[True, False])}


def kinetic(events: tuple[Event, ...]) -> bool:
    """Whether any current kinetic event is told."""
    return any(e.tier == "kinetic" and e.modality in CURRENT for e in events)


def police_killing(events: tuple[Event, ...]) -> bool:
    """Whether any current killing has police or soldiers as its actor."""
    return any(e.modality in CURRENT and any(c.kind == "killed" for c in e.casualties)
               and any(a.id.endswith(("-COP", "-MIL")) for a in e.actor) for e in events)


def all_scores(extract: Extract, say: Say) -> Scores:
    """Every score for which the data is present."""
    scores: Scores = {}
    if (SHARED / "seeds" / "gold.json").exists():
        scores |= seed_scores(extract, SHARED / "seeds", say)
    if (SHARED / "devset").exists():
        run = (extract, say)
        scores |= acled_scores(extract, say)
        scores |= binary_scores("cameo", "cameo_sentences.jsonl", lambda r: r["gold"]["quad"] == "material_conflict", kinetic, run)
        scores |= binary_scores("police", "police_sentences.jsonl", lambda r: bool(r["gold"]["police_killed"]), police_killing, run)
        scores |= binary_scores("muc", "muc4_docs.jsonl", lambda r: not r["gold"].get("none"), kinetic, run)
    return scores


def table(scores: Scores) -> str:
    """The scores as lines of a table."""
    return "\n".join(f"| {name:24} | {value:6.3f} |" for name, value in scores.items())


if __name__ == "__main__":
    from services.extractor.extract import events_in
    from tests.quality.pipeline import pipeline

    nlp = pipeline()
    verbose = "--verbose" in sys.argv
    sys.stdout.write(table(all_scores(lambda a: events_in(nlp, a), lambda s: print(s) if verbose else None)) + "\n")  # noqa: T201
