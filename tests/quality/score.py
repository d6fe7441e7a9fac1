"""Scores the extractor on seed gold and devset: ``python -m tests.quality.score [--verbose]`` prints a table."""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from services.core.event import Event
from tests.quality.devset import SHARED, Extract, Say, Scores, devset_scores
from tests.quality.gold import Cluster, Mention, Seed, emitted, kind_of, ratio, same_date, seeds, sentence_of
from tests.quality.shipped import shipped_scores


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
                say(
                    f"- {seed.name} false {event.tier} {kind_of(event)} {event.modality} <{event.trigger.text}> "
                    f"{event.sentence.text[:130]!r}"
                )
    for index, cluster in enumerate(seed.clusters):
        _score_cluster(seed, cluster, hits.get(index), counts=counts, say=say)


def _match(seed: Seed, event: Event) -> int | None:
    """The cluster an event tells: same sentence, same type; nearest trigger where several fit."""
    sentence, kind = sentence_of(seed, event), kind_of(event)
    fits = [i for i, c in enumerate(seed.clusters) if sentence in c.sentences and kind in c.types]
    fits += [] if fits else [i for i, c in enumerate(seed.clusters) if sentence in c.sentences and _near(c, event)]
    return min(fits, key=lambda i: _distance(seed, seed.clusters[i], event, sentence)) if fits else None


def _near(cluster: Cluster, event: Event) -> bool:
    """A toll may also be told as the event it belongs to, where the gold codes it so."""
    return event.tier != "verbal" and any(
        m["tier"] == "casualty_toll" and m["sub_event_type"] == event.sub_event_type for m in cluster.mentions
    )


def _distance(seed: Seed, cluster: Cluster, event: Event, sentence: int) -> int:
    text = seed.article.text
    start, end = seed.spans[sentence]
    places = [
        text.find(t.split()[0], start, end) for m in cluster.mentions for t in m["triggers"] if t in text[start:end]
    ]
    exact = [
        abs(text.find(t, start, end) - event.trigger.start)
        for m in cluster.mentions
        for t in m["triggers"]
        if t in text[start:end]
    ]
    return min(exact or places or [9999])


def _score_cluster(seed: Seed, cluster: Cluster, event: Event | None, *, counts: Counter[str], say: Say) -> None:
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
            _score_slots(seed, cluster, event, counts=counts, say=say)


def _score_slots(seed: Seed, cluster: Cluster, event: Event, *, counts: Counter[str], say: Say) -> None:
    sentence = sentence_of(seed, event)
    here = [m for m in cluster.mentions if any(t in event.sentence.text for t in m["triggers"])] or list(
        cluster.mentions
    )
    for slot, right in _slots(here, cluster, event):
        if right is not None:
            counts[f"{slot} all"] += 1
            counts[f"{slot} right"] += right
            if right < 1:
                shown = f"{_shown(event, slot)} for {_wanted(here[0], slot)}"
                say(f"- {seed.name}.{sentence} {slot}: {shown} <{event.trigger.text}>")


def _slots(here: list[Mention], cluster: Cluster, event: Event) -> Iterable[tuple[str, float | None]]:
    yield "modality", float(any(m["modality"] == event.modality for m in here))
    yield "attribution", max(_attribution(m, event) for m in here)
    yield "actor", max(_parties(m["actor"], [a.id for a in event.actor]) for m in here)
    yield "target", max(_parties(m["target"], [t.id for t in event.target]) for m in here)
    names = {
        part.strip(")")
        for m in cluster.mentions
        for place in m["location"]
        for part in [place["name"], *place["name"].split(" (")]
    }
    if names:
        yield "place", float(any(_place(p.name, names) for p in event.location))
    dates = [same for m in here if (same := same_date(event, m)) is not None]
    yield "date", float(any(dates)) if dates else None
    figures = {
        (c["kind"], c["who"], c.get("count"), c["cumulative"])
        for m in here
        for c in m["casualties"]
        if c.get("count") is not None
    }
    # What a later sentence told is gold of that sentence, though the event carries it too.
    own = [c for c in event.casualties if c.text in event.sentence.text]
    mine = {(c.kind, c.who, c.count, c.cumulative) for c in own if c.count is not None}
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
    values = {
        "modality": event.modality,
        "attribution": event.attribution and event.attribution.who[0].id,
        "actor": [a.id for a in event.actor],
        "target": [t.id for t in event.target],
        "place": [p.name for p in event.location],
        "date": event.date and (str(event.date.value), event.date.time_precision),
        "casualties": [(c.kind, c.who, c.count, c.cumulative) for c in event.casualties],
    }
    return str(values[slot])


def _wanted(gold: Mention, slot: str) -> str:
    key = {"place": "location"}.get(slot, slot)
    value = gold[key]
    if slot in {"actor", "target"}:
        return str([m["id"] + ("~" if m.get("implicit") else "") for m in value])
    if slot == "casualties":
        return str([(c["kind"], c["who"], c.get("count"), c["cumulative"]) for c in value])
    return str({k: v for k, v in value.items() if k != "text"} if isinstance(value, dict) else value)


def all_scores(extract: Extract, say: Say) -> Scores:
    """Every score for which the data is present."""
    scores: Scores = dict(shipped_scores(extract, say))
    if (SHARED / "seeds" / "gold.json").exists():
        scores |= seed_scores(extract, SHARED / "seeds", say)
    if (SHARED / "devset").exists():
        scores |= devset_scores(extract, say)
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
