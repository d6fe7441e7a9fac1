"""The fresh articles as halves of a labelled stream; what ought to ring is a recount of their labels.

Run as ``python -m tests.quality.fresh_articles [SET...]``: scores, what was missed, what rang for nothing, and article
by article where labels and sightings differ.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from services.commands.gold import total
from services.core.article import Article, new_article
from services.core.rule import Rules
from tests.quality.alert_errors import report
from tests.quality.alert_gold import Half, recount, stream_rules
from tests.quality.alerts import faults_of, scores_of, table

_FOLDER = Path(__file__).with_name("fresh")
RETOLD: Final = "retold"
"""A set whose happenings are told by two or three outlets each, no two of them in one group: nothing is due."""

SETS: Final = tuple(sorted(path.name for path in _FOLDER.iterdir() if path.is_dir() and path.name != RETOLD))
"""The names of the other sets; each was written before anything was mended for it."""


def fresh_rules() -> Rules:
    """The rules of the stream that look at events; words and outlets were no matter here."""
    rules = stream_rules()
    return rules.model_copy(update={"rules": tuple(rule for rule in rules.rules if not rule.by_keyword)})


def fresh_half(name: str) -> Half:
    """All articles of a set with their labels and the alerts that follow from these."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((_FOLDER / name).glob("*.yaml"))]
    entries = [entry for file in files for entry in file["articles"]]
    half = Half(
        name=name,
        articles=tuple(_article(entry, name) for entry in entries),
        alerts=(),
        happenings={ident: told for file in files for ident, told in file["happenings"].items()},
        labels={entry["id"]: tuple(entry["told"]) for entry in entries},
        copies={},
        silent=(),
    )
    return replace(half, alerts=tuple(alert for rule in fresh_rules().rules for alert in recount(half, rule)))


def _article(entry: dict[str, Any], stream: str) -> Article:
    at = datetime.fromisoformat(entry["at"]).replace(tzinfo=UTC)
    outlet = entry.get("outlet", "")
    made = new_article(
        text=entry["text"],
        title=entry["title"],
        source=outlet or entry["id"],
        outlet=outlet,
        published=at,
        fetched=at,
        stream=stream,
    )
    return made.model_copy(update={"id": entry["id"]})


def _shown(name: str) -> Iterator[str]:
    half, rules = fresh_half(name), fresh_rules()
    scored = {name: scores_of(half, rules)}
    yield from (table(scored), *faults_of(scored), *report(half, rules), f"due: {total(scored[name]).due}")


if __name__ == "__main__":
    sys.stdout.write("\n".join(line for name in sys.argv[1:] or (*SETS, RETOLD) for line in _shown(name)) + "\n")
