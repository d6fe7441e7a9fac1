"""Silences: in the API and on the page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.alerter.whynot import answered_by
from services.core.errors import BrokerError
from services.core.notified import Notified
from services.core.silence import Silence
from services.dashboard.api import dashboard_app
from services.dashboard.silence_routes import Silencing
from tests.dashboard.browser import Tab
from tests.dashboard.samples import NOON, alert
from tests.dashboard.serving import Desk, dashboard

NOW = datetime.now(UTC)


def wanted(**changed: Any) -> dict[str, Any]:
    ends = (NOW + timedelta(hours=2)).isoformat()
    return {"matchers": ["rule=border-incident"], "ends_at": ends, "author": "ada", "comment": "known", **changed}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with dashboard(alert(), alert(alert_id="other", rule="ceasefire-breach")) as running:
        yield running


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{desk.url}/api/v1") as connected:
        yield connected


async def test_a_silence_is_made_mutes_what_fits_it_and_is_ended(client: httpx.AsyncClient) -> None:
    made = await client.post("/silences", json=wanted())
    assert made.status_code == 201
    where = made.headers["location"].removeprefix("/api/v1")
    assert (await client.get(where)).json() == made.json()
    assert [each["state"] for each in (await client.get("/silences?state=active")).json()["items"]] == ["active"]
    (muted,) = (await client.get("/muted")).json()["items"]
    assert (muted["alert_id"], "silenced by ada" in muted["mutes"][0]["reason"]) == ("alert-1", True)
    assert (await client.delete(where)).json()["state"] == "expired"
    assert (await client.get("/muted")).json()["items"] == []
    assert [each["state"] for each in (await client.get("/silences")).json()["items"]] == ["expired"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"matchers": []}, "matchers"),
        ({"matchers": ["no matcher"]}, "is not a matcher"),
        ({"matchers": ["group=~("]}, "regular expression"),
        ({"ends_at": "2001-01-01T00:00:00Z"}, "must not end before it starts"),
        ({"comment": ""}, "comment"),
        ({"autor": "x"}, "autor"),
    ],
)
async def test_a_silence_that_makes_no_sense_is_refused_with_the_reason(
    client: httpx.AsyncClient, changed: dict[str, Any], told: str
) -> None:
    answer = await client.post("/silences", json=wanted(**changed))
    assert answer.status_code == 422
    assert told in " ".join(answer.json()["errors"])


async def test_silences_are_paged_through(client: httpx.AsyncClient) -> None:
    for number in range(5):
        await client.post("/silences", json=wanted(comment=str(number)))
    first = (await client.get("/silences?limit=3")).json()
    rest = (await client.get("/silences", params={"cursor": first["next"]})).json()
    assert len({each["silence"]["silence_id"] for each in first["items"] + rest["items"]}) == 5


async def test_the_page_of_another_site_cannot_silence_anything(desk: Desk, client: httpx.AsyncClient) -> None:
    for origin, status in ((desk.url, 201), ("http://elsewhere.example", 403), ("null", 403)):
        answer = await client.post("/silences", json=wanted(), headers={"Origin": origin})
        assert answer.status_code == status
    assert (await client.delete("/silences/nothing")).status_code == 404


async def test_a_silence_that_kafka_does_not_take_is_not_said_to_be_made(desk: Desk) -> None:
    async def refuse(_: Silence, __: datetime) -> None:
        raise BrokerError("gone")

    silencing = Silencing(refuse)
    app = dashboard_app(
        desk.shown, metrics=desk.metrics, health=desk.health, answering=answered_by, silencing=silencing
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.post("/api/v1/silences", json=wanted())).status_code == 503
        assert (await client.get("/api/v1/silences")).json()["items"] == []


def note(outcome: str, hours: int = 0, **changed: Any) -> Notified:
    told = {"channel": "apprise-mailto-1", "alert_id": "alert-1", "state": "firing", "changed_at": NOON, **changed}
    told["changed_at"] += timedelta(hours=hours)
    return Notified.model_validate({**told, "outcome": outcome})


async def test_a_channel_that_did_not_take_an_alert_is_named_until_it_takes_it(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    async def missed() -> list[tuple[str, str]]:
        items = (await client.get("/muted")).json()["items"]
        return [(mute["kind"], mute["reason"]) for each in items for mute in each["mutes"]]

    desk.take(note("given_up", 1), note("delivered"), note("refused", channel="webhook"), note("refused", alert_id="?"))
    assert await missed() == [
        ("channel", "apprise-mailto-1 did not answer for too long"),
        ("channel", "webhook refused it"),
    ]
    desk.take(note("delivered", 1), note("given_up"), note("delivered", 1, channel="webhook"))
    assert await missed() == []


async def test_the_page_says_which_channel_an_alert_did_not_reach(page: Tab, desk: Desk) -> None:
    desk.take(note("given_up"))
    await page.open(desk.url)
    await page.until(
        "document.querySelector('#alert-alert-1 .muted')?.textContent.startsWith('Not everywhere: apprise')"
    )


async def test_an_alert_is_silenced_and_heard_again_from_the_page(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/silences?matcher=rule%3Dborder-incident")
    await page.until("document.querySelector('#empty-words').textContent === 'There is no silence.'")
    await page.evaluate(
        "const f = document.querySelector('#new').elements; f.author.value = 'ada'; f.comment.value = 'x'; 0"
    )
    await page.evaluate("document.querySelector('#new button').click()")
    await page.until("document.querySelector('#silences [data-state=active]')")
    await page.open(desk.url)
    await page.until(
        "document.querySelector('#alert-alert-1 .muted').textContent.startsWith('Not sent: silenced by ada')"
    )
    assert await page.evaluate("document.querySelectorAll('.muted').length") == 1
    await page.open(f"{desk.url}/silences")
    await page.until("document.querySelector('#silences button')")
    await page.evaluate("document.querySelector('#silences button').click()")
    await page.until("document.querySelector('#silences [data-state=expired]')")
    await page.evaluate("localStorage.clear()")
