"""Edits on the stream: whichever of an article's revisions and events is handled first, the groups hear of both."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.alerter.app import Alerter, Tables
from services.alerter.sent import SentTable
from services.core.alert import Alert
from services.core.article import Article
from services.core.event import Event
from services.core.rule import Rules
from services.core.topics import ALERTS, SIGHTINGS
from services.core.wire import decode, encode
from services.runtime.broker import Record
from tests.alerter.running import handled
from tests.builders import article, at, event, rule
from tests.fakes import MemoryBroker
from tests.runtime.stages import stage_on

FIRST = article("The two sides clashed at Northfort.", ident="x")
EDITED = article("Talks went on in Northfort.", ident="x", published=at(0), fetched=at(2))
OTHER = article("The two sides clashed elsewhere.", ident="y", published=at(1))


def event_of(of: Article, where: str) -> Event:
    return event(of, location=({"text": where, "name": where, "geo_precision": 1, "country": "AAA"},))


READ = [FIRST, EDITED, OTHER, event_of(FIRST, "Northfort"), event_of(OTHER, "Southfort")]


async def alerts_after(messages: Sequence[Article | Event], state_dir: Path) -> list[Alert]:
    """The newest record of each alert, once these records and a later article were handled in this order."""
    stage, broker = stage_on("127.0.0.1:9", "edits", state_dir), MemoryBroker()
    async with broker.producer() as producer:
        alerter = Alerter(stage, Rules(rules=(rule(),)), producer=producer, tables=Tables(history={}, sent={}))
        later = article("Nothing happened.", ident="z", published=at(3))
        for message in (*messages, later):
            handle = alerter.on_article if isinstance(message, Article) else alerter.on_event
            await handled(handle(Record("any", b"x", encode(message), partition=1)))
        for record in broker.records(stage.topics.of(SIGHTINGS)):
            await handled(alerter.on_sighting(record))
    alerts = [decode(Alert, record.value) for record in broker.records(stage.topics.of(ALERTS))]
    return list({alert.alert_id: alert for alert in alerts}.values())


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::7])
async def test_an_edit_that_drops_the_sentence_retracts_in_any_order(order: Sequence[int], tmp_path: Path) -> None:
    (alert,) = await alerts_after([READ[number] for number in order], tmp_path)
    assert (alert.state.value, alert.changed_at) == ("retracted", at(2))
    assert [piece.verdict.value for piece in alert.evidence] == ["older_revision", "counted"]


async def test_without_an_edit_it_goes_on_ringing_and_twice_is_once(tmp_path: Path) -> None:
    (alert,) = await alerts_after([message for message in READ * 2 if message is not EDITED], tmp_path)
    assert alert.state.value == "firing"


async def test_a_second_delivery_after_a_crash_tells_the_groups_again(tmp_path: Path) -> None:
    """The note is written before the sightings are sent: what was not sent comes again with the record."""
    (alert,) = await alerts_after([*READ, EDITED, event_of(FIRST, "Northfort")], tmp_path)
    assert alert.state.value == "retracted"


def test_the_articles_remembered_are_bounded_and_the_oldest_goes() -> None:
    kept: dict[bytes, bytes] = {}
    table = SentTable(kept, most=3)
    for number in range(5):
        table.note(article(f"Text {number}.", ident=f"a{number}").ref, (), partition=0)
    assert sorted(kept) == [b"test|a2", b"test|a3", b"test|a4"]
    again = SentTable(kept, most=3)
    again.note(article("New.", ident="b", published=at(5)).ref, (), partition=0)
    again.note(article("Else.", ident="c").ref, (), partition=1)
    assert sorted(kept) == [b"test|a3", b"test|a4", b"test|b", b"test|c"]
