"""The feeds for other programs: what they hold, and that no text of an article breaks them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from services.core.alert import AlertState
from services.core.event import Place
from services.core.ontology import Modality
from services.dashboard.atom import atom_feed
from services.dashboard.board import Step
from services.dashboard.cap import cap_message
from services.dashboard.geojson import alert_features, event_features
from tests.dashboard.samples import NOON, alert, article, event, evidence
from tests.dashboard.serving import Desk, dashboard

ATOM = {"a": "http://www.w3.org/2005/Atom"}
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
LATER = NOON + timedelta(hours=3)


def atom(*alerts: object) -> Element:
    body = atom_feed(alerts, base="http://x", path="/feeds/alerts.atom", title="All", empty=NOON)  # type: ignore[arg-type]
    return fromstring(body)


def cap(*steps: tuple[AlertState, int], **changes: object) -> dict[str, str | None]:
    life = [Step(state, NOON + timedelta(hours=hours), alert().severity) for state, hours in steps]
    last = life[-1]
    facts = {"state": last.state, "changed_at": last.changed_at, "started_at": NOON, **changes}
    root = fromstring(cap_message(alert(**facts), life, sender="news.example", web="http://x/"))
    return {each.tag.rpartition("}")[2]: each.text for each in root.iter()}


def test_an_entry_keeps_its_id_while_its_alert_changes() -> None:
    before, after = atom(alert()), atom(alert(state=AlertState.RESOLVED, changed_at=LATER))
    assert before.findtext("a:entry/a:id", None, ATOM) == after.findtext("a:entry/a:id", None, ATOM)
    assert after.findtext("a:updated", None, ATOM) == "2026-03-14T15:00:00Z"
    assert "(resolved)" in str(after.findtext("a:entry/a:title", None, ATOM))


def test_text_that_xml_cannot_hold_does_not_break_a_feed() -> None:
    nasty = alert(
        evidence=(evidence(sentence="a\x00\x0b<b>&\ud800\ufffe]]>", url="javascript:alert(1)", title="\x1b"),)
    )
    content = str(atom(nasty).findtext("a:entry/a:content", None, ATOM))
    assert "a\ufffd\ufffd<b>&\ufffd\ufffd]]>" in content
    assert atom(nasty).find("a:entry/a:link[@rel='related']", ATOM) is None


def test_an_empty_feed_is_a_feed() -> None:
    assert atom().findtext("a:updated", None, ATOM) == "2026-03-14T12:00:00Z"


def test_the_first_firing_is_a_new_message() -> None:
    message = cap((AlertState.FIRING, 0))
    assert (message["msgType"], message["status"], message["severity"]) == ("Alert", "Actual", "Moderate")
    assert message["sent"] == "2026-03-14T12:00:00-00:00"
    assert message["circle"] == "39.1,46.9 25"
    assert "references" not in message


def test_later_messages_refer_to_all_before_them() -> None:
    message = cap((AlertState.FIRING, 0), (AlertState.ESCALATED, 1), (AlertState.RESOLVED, 9))
    assert message["msgType"] == "Cancel"
    assert str(message["references"]).split() == [
        "news.example,alert-1.firing.20260314T120000Z,2026-03-14T12:00:00-00:00",
        "news.example,alert-1.escalated.20260314T130000Z,2026-03-14T13:00:00-00:00",
    ]


def test_a_change_seen_alone_refers_to_the_firing_that_must_have_been_before() -> None:
    message = cap((AlertState.ESCALATED, 1))
    assert message["msgType"] == "Update"
    assert message["references"] == "news.example,alert-1.firing.20260314T120000Z,2026-03-14T12:00:00-00:00"


def test_a_replay_is_a_test_and_what_is_only_alleged_is_only_possible() -> None:
    message = cap((AlertState.FIRING, 0), stream="seeds", evidence=(evidence(modality=Modality.ALLEGED),))
    assert (message["status"], message["certainty"]) == ("Test", "Possible")


def test_events_without_a_known_place_are_not_on_the_map() -> None:
    nowhere = event(location=(Place(text="there", name="there"),))
    (feature,) = event_features([nowhere, event()])
    assert feature["geometry"] == {"type": "Point", "coordinates": (46.9, 39.1)}


def test_an_alert_is_at_the_places_of_what_counted() -> None:
    (feature,) = alert_features([alert(evidence=(evidence(), evidence(place=None)))])
    assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [(46.9, 39.1)]}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with dashboard(alert(), alert(alert_id="other", rule="ceasefire-breach"), event(), article()) as running:
        yield running


async def test_feeds_are_served_with_their_types_and_filters(desk: Desk) -> None:
    async with httpx.AsyncClient(base_url=desk.url) as client:
        feed = await client.get("/feeds/alerts.atom?rule=border-incident")
        assert feed.headers["content-type"].startswith("application/atom+xml")
        entries = fromstring(feed.content).findall("a:entry", ATOM)
        assert len(entries) == 1
        assert entries[0].find("a:link[@rel='alternate']", ATOM).get("href") == f"{desk.url}/#alert-alert-1"  # type: ignore[union-attr]
        enclosure = entries[0].find("a:link[@rel='enclosure']", ATOM)
        message = await client.get(enclosure.get("href"))  # type: ignore[union-attr, arg-type]
        assert fromstring(message.content).findtext("c:sender", None, CAP) == "127.0.0.1"
        assert (await client.get("/feeds/alerts/nothing/cap.xml")).status_code == 404
        events = (await client.get("/feeds/events.geojson?bbox=46,39,47,40")).json()
        assert [each["id"] for each in events["features"]] == ["event-1"]
        assert (await client.get("/feeds/events.geojson?bbox=0,0,1,1")).json()["features"] == []
        assert (await client.get("/feeds/events.geojson?bbox=everywhere")).status_code == 422
        assert len((await client.get("/feeds/alerts.geojson")).json()["features"]) == 2
