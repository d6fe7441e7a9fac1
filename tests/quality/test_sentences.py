"""Own sentences, a kind of error at a time: what each tells, and nothing besides."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.alerter.match import group_of, match
from services.core.article import new_article
from services.core.event import Event
from services.core.rule import GroupBy
from services.extractor.extract import events_in
from tests.quality.alert_gold import stream_rules
from tests.quality.devset import kinetic, police_killing
from tests.quality.gold import CURRENT
from tests.quality.pipeline import pipeline

Row = Mapping[str, Any]
_ROWS: Final[Mapping[str, list[Row]]] = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text("utf-8"))
_DAY: Final = datetime(2031, 6, 18, 20, tzinfo=UTC)


def _told(row: Row) -> list[Event]:
    """The happenings of now that a text tells, each once."""
    article = new_article(
        text=row["text"], title=row.get("title", ""), source="own", published=_DAY, fetched=_DAY, stream="own"
    )
    found = events_in(pipeline(), article)
    return [e for e in found if e.sub_event_type and e.modality in CURRENT and not e.duplicate_of]


def _seen(row: Row) -> list[tuple[str, str]]:
    """Which rules of the stream see something in a text, and in which group: once for each happening."""
    found = [(s.rule, s.group) for event in _told(row) for s in match(stream_rules(), event) if not s.refused]
    return [(rule, group) for rule, group in found if rule in row.get("of", (rule,)) and rule != "ceasefire-breach"]


def _ident(row: Row) -> str:
    return str(row.get("title") or row["text"])[:60]


@pytest.mark.parametrize("row", _ROWS["truces"], ids=_ident)
def test_a_truce_is_broken_where_force_is_told_of_and_nowhere_else(row: Row) -> None:
    broken = [event for event in _told(row) if event.ceasefire_violation]
    assert bool(broken) is row["broken"]
    if "country" in row:
        assert [group_of(GroupBy.COUNTRY, event, event.article) for event in broken if event.article] == [
            row["country"]
        ]


@pytest.mark.parametrize("row", _ROWS["deeds"], ids=_ident)
def test_a_deed_is_one_event_of_one_kind_however_often_its_text_names_it(row: Row) -> None:
    assert sorted(e.sub_event_type or "" for e in _told(row) if e.sub_event_type != "Other") == row["kinds"]


@pytest.mark.parametrize("row", _ROWS["rules"], ids=_ident)
def test_the_rules_of_the_stream_see_what_a_text_tells(row: Row) -> None:
    seen = [f"{rule} {group}" for rule, group in _seen(row)]
    assert sorted(set(seen)) == row["told"]
    once = [each for each in seen if not each.startswith("border-incident")]
    assert len(once) == len(set(once))


@pytest.mark.parametrize("row", _ROWS["law"], ids=_ident)
def test_who_died_by_the_hands_of_police_or_soldiers_is_told_as_theirs(row: Row) -> None:
    assert police_killing(tuple(_told(row))) is row["killed"]


@pytest.mark.parametrize("row", _ROWS["force"], ids=_ident)
def test_force_is_told_where_it_was_used_and_not_where_it_is_talked_of(row: Row) -> None:
    assert kinetic(tuple(_told(row))) is row["used"]


@pytest.mark.parametrize("row", _ROWS["silent"], ids=_ident)
def test_figures_of_speech_memories_courts_drills_and_denials_are_silent(row: Row) -> None:
    assert _seen(row) == []
