"""The fresh articles as a half of a labelled stream; what ought to ring is a recount of their labels.

Run as ``python -m tests.quality.fresh_articles``: scores, what was missed, what rang for nothing, and article by
article where labels and sightings differ.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from services.commands.gold import total
from services.core.article import Article, new_article
from services.core.rule import Rules
from tests.quality.alert_errors import report
from tests.quality.alert_gold import Half, recount, stream_rules
from tests.quality.alerts import faults_of, scores_of, table

_FOLDER = Path(__file__).with_name("fresh")
NAME = "fresh"


def fresh_rules() -> Rules:
    """The rules of the stream that look at events; words and outlets were no matter here."""
    rules = stream_rules()
    return rules.model_copy(update={"rules": tuple(rule for rule in rules.rules if not rule.by_keyword)})


def fresh_half() -> Half:
    """All fresh articles with their labels and the alerts that follow from these."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.yaml"))]
    entries = [entry for file in files for entry in file["articles"]]
    half = Half(
        name=NAME,
        articles=tuple(_article(entry) for entry in entries),
        alerts=(),
        happenings={ident: told for file in files for ident, told in file["happenings"].items()},
        labels={entry["id"]: tuple(entry["told"]) for entry in entries},
        copies={},
        silent=(),
    )
    return replace(half, alerts=tuple(alert for rule in fresh_rules().rules for alert in recount(half, rule)))


def _article(entry: dict[str, Any]) -> Article:
    at = datetime.fromisoformat(entry["at"]).replace(tzinfo=UTC)
    made = new_article(
        text=entry["text"], title=entry["title"], source=entry["id"], published=at, fetched=at, stream=NAME
    )
    return made.model_copy(update={"id": entry["id"]})


if __name__ == "__main__":
    half, rules = fresh_half(), fresh_rules()
    scored = {NAME: scores_of(half, rules)}
    lines = [table(scored), *faults_of(scored), *report(half, rules), f"due: {total(scored[NAME]).due}"]
    sys.stdout.write("\n".join(lines) + "\n")
