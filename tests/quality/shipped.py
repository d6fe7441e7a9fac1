"""The shipped set: own short articles with what they tell, scored as pairs of article and sub-event type."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import yaml

from services.core.article import Article, new_article
from services.core.event import Event
from tests.quality.gold import CURRENT

FOLDER = Path(__file__).with_name("articles")
Extract = Callable[[Article], tuple[Event, ...]]


def articles() -> Iterator[tuple[str, dict[str, Any], Article]]:
    """Name, gold and article of each entry of ``articles/*.yaml``."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text()):
            published = datetime.combine(entry["published"], time(20), UTC)
            article = new_article(text=entry["text"], source="shipped", fetched=published, published=published)
            yield f"{path.stem}/{entry['id']}", entry, article


def shipped_scores(extract: Extract, say: Callable[[str], None]) -> dict[str, float]:
    """Recall of the types told, precision against all current events, share of calm articles without any, and flags."""
    counts: Counter[str] = Counter()
    for name, entry, article in articles():
        current = [e for e in extract(article) if e.modality in CURRENT and e.sub_event_type and not e.duplicate_of]
        _score(name, entry, current, counts=counts, say=say)
    return {
        "shipped R": counts["found"] / counts["gold"],
        "shipped P": counts["right"] / max(1, counts["told"]),
        "shipped country": counts["country"] / max(1, counts["found"]),
        "shipped flags": counts["flag right"] / max(1, counts["flags"]),
        "shipped calm": counts["quiet"] / counts["calm"],
    }


def _score(
    name: str, entry: dict[str, Any], current: list[Event], *, counts: Counter[str], say: Callable[[str], None]
) -> None:
    shown = [(e.sub_event_type, e.trigger.text, [p.country for p in e.location]) for e in current]
    if "events" not in entry:
        counts["calm"] += 1
        counts["quiet"] += not current
        if current:
            say(f"- {name} not calm: {shown}")
        return
    wanted = {kind for kind, _ in entry["events"]} | set(entry.get("also", ()))
    counts["told"] += len({e.sub_event_type for e in current})
    counts["right"] += len({e.sub_event_type for e in current} & wanted)
    for kind, country in entry["events"]:
        hits = [e for e in current if e.sub_event_type == kind]
        counts["gold"] += 1
        counts["found"] += bool(hits)
        counts["country"] += any(place.country == country for e in hits for place in e.location)
        if not any(place.country == country for e in hits for place in e.location):
            say(f"- {name} wants {kind} in {country}: {shown}")
    for flag, field in (("violation", "ceasefire_violation"), ("border", "border_incident")):
        counts["flags"] += 1
        right = any(getattr(e, field) for e in current) == bool(entry.get(flag))
        counts["flag right"] += right
        if not right:
            say(f"- {name} {flag} {entry.get(flag)}: {shown}")
