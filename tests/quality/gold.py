"""The seed gold and its scoring rule: clusters of mentions, matched against emitted events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.core.article import Article, new_article
from services.core.event import Event

Mention = dict[str, Any]
CURRENT = frozenset({"asserted", "alleged"})


@dataclass(frozen=True)
class Cluster:
    """Mentions of one real event with the sentence each stands in; ``record`` is True, False or ``optional``."""

    tier: str
    record: Any
    mentions: tuple[Mention, ...]
    sentences: frozenset[int]
    types: frozenset[str]


@dataclass(frozen=True)
class Seed:
    """One gold article: its text, where each gold sentence stands, its clusters and traps."""

    name: str
    article: Article
    spans: tuple[tuple[int, int], ...]
    clusters: tuple[Cluster, ...]
    traps: tuple[tuple[int, str, str], ...] = field(default=())


def ratio(part: float, whole: float) -> float:
    """A share, 1 where there is nothing to share."""
    return part / whole if whole else 1.0


def seeds(folder: Path) -> Iterator[Seed]:
    """The gold articles of a folder with ``gold.json``."""
    for record in json.loads((folder / "gold.json").read_text())["seeds"]:
        text = (folder / record["file"]).read_text()
        published = datetime.fromisoformat(record["article_date"]).replace(hour=20, tzinfo=UTC)
        article = new_article(text=text, source=record["file"][:3], fetched=published, published=published)
        yield Seed(record["file"][:3], article, _spans(text, record["sentences"]), _clusters(record), _traps(record))


def _spans(text: str, sentences: list[Any]) -> tuple[tuple[int, int], ...]:
    spans, at = [], 0
    for sentence in sentences:
        start = text.find(sentence["text"].replace("\\u00a0", "\u00a0"), at)
        start = start if start >= 0 else at
        at = start + len(sentence["text"])
        spans.append((start, at))
    return tuple(spans)


def _clusters(record: Any) -> tuple[Cluster, ...]:
    groups: dict[str, list[tuple[int, Mention]]] = {}
    for sentence in record["sentences"]:
        for event in sentence["events"]:
            groups.setdefault(event.get("same_as", event["id"]), []).append((sentence["i"], event))
    return tuple(_cluster(members) for members in groups.values())


def _cluster(members: list[tuple[int, Mention]]) -> Cluster:
    events = tuple(event for _, event in members)
    records = [event["record"] for event in events]
    record = True if True in records else "optional" if "optional" in records else False
    return Cluster(events[-1]["tier"], record, events, frozenset(i for i, _ in members), _types(events))


def _types(events: tuple[Mention, ...]) -> frozenset[str]:
    found: set[str] = set()
    for event in events:
        if event["tier"] == "verbal":
            found |= {
                event["plover"].split("-")[0],
                *(other.split("-")[0] for other in event.get("plover_alternatives", ())),
            }
        elif event["tier"] == "casualty_toll":
            found.add("toll")
        else:
            found |= {event["sub_event_type"], *event.get("sub_event_alternatives", ())}
    return frozenset(found)


def _traps(record: Any) -> tuple[tuple[int, str, str], ...]:
    return tuple((s["i"], n["phrase"], n["naive_type"]) for s in record["sentences"] for n in s["negatives"])


def sentence_of(seed: Seed, event: Event) -> int:
    """The gold sentence that holds the event's trigger."""
    return next((i for i, (start, end) in enumerate(seed.spans) if start <= event.trigger.start < end), -1)


def kind_of(event: Event) -> str:
    """What the event is compared by: sub-event type, PLOVER category, or ``toll``."""
    if event.tier == "verbal":
        return event.plover or ""
    return "toll" if event.tier == "casualty_toll" else event.sub_event_type or ""


def emitted(event: Event) -> bool:
    """Whether the event is a record the monitor emits as current (verbal ones carry their own modality)."""
    if event.duplicate_of:
        return False
    return event.modality in CURRENT or (event.tier == "verbal" and event.modality != "background")


def same_date(event: Event, gold: Mention) -> bool | None:
    """Whether the dates agree as the gold's rule says; None where the gold has none."""
    want = gold.get("date")
    if not want or not want.get("value"):
        return None
    if event.date is None or event.date.value is None:
        return False
    first, last = _range(want)
    slack = timedelta(days=1 if want["time_precision"] == 2 else 0)
    mine = (event.date.start or event.date.value, event.date.end or event.date.value)
    if want["time_precision"] == 1:
        return event.date.value == first or (event.date.value == last and "/" not in want["value"])
    if want["time_precision"] == 2:
        return first - slack <= event.date.value <= last + slack
    return mine[0] <= last and first <= mine[1]


def _range(want: Mention) -> tuple[date, date]:
    values = want["value"].split("/")
    first = want.get("start") if want["time_precision"] == 2 and want.get("start") else values[0]
    last = want.get("end") if want["time_precision"] == 2 and want.get("end") else values[-1]
    return _day(first, last=False), _day(last, last=True)


def _day(text: str, *, last: bool) -> date:
    return date.fromisoformat(text) if len(text) > 4 else date(int(text), 12 if last else 1, 31 if last else 1)
