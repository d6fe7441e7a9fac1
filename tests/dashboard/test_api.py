"""The API over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from services.core.alert import AlertState
from tests.dashboard.samples import NOON, alert, article, event
from tests.dashboard.serving import Desk, dashboard


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    shown = (
        alert(),
        alert(alert_id="alert-2", stream="seeds", rule="ceasefire-breach", state=AlertState.RESOLVED),
        event(),
        article(),
    )
    async with dashboard(*shown) as running:
        yield running


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=desk.url) as connected:
        yield connected


async def test_alerts_are_the_messages_of_the_topic(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/alerts")).json()
    assert [each["alert_id"] for each in answer["items"]] == ["alert-1", "alert-2"]
    assert answer["items"][0] == alert().model_dump(mode="json")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stream=seeds", ["alert-2"]),
        ("rule=border-incident", ["alert-1"]),
        ("state=active", ["alert-1"]),
        ("state=resolved", ["alert-2"]),
        ("limit=1", ["alert-1"]),
        ("stream=nowhere", []),
    ],
)
async def test_alerts_can_be_filtered(client: httpx.AsyncClient, query: str, found: list[str]) -> None:
    answer = (await client.get(f"/api/v1/alerts?{query}")).json()
    assert [each["alert_id"] for each in answer["items"]] == found


async def test_alerts_are_paged_through_without_gap_or_repeat_while_others_come_and_change(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    desk.take(*(alert(alert_id=f"a{n:02}", changed_at=NOON + timedelta(hours=n + 1)) for n in range(20)))
    seen: list[str] = []
    page = (await client.get("/api/v1/alerts?limit=7")).json()
    while page["next"]:
        seen += [each["alert_id"] for each in page["items"]]
        desk.take(alert(alert_id=f"new-{len(seen)}", changed_at=NOON + timedelta(days=9)))
        page = (await client.get("/api/v1/alerts", params={"limit": 7, "cursor": page["next"]})).json()
    seen += [each["alert_id"] for each in page["items"]]
    assert seen == [f"a{n:02}" for n in reversed(range(20))] + ["alert-1", "alert-2"]


async def test_events_can_be_filtered_by_type_and_article(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/events", params={"type": "Shelling/artillery/missile attack"})).json()
    assert answer["items"] == [event().model_dump(mode="json")]
    assert (await client.get("/api/v1/events?type=Battles")).json() == {"items": [], "next": None}
    assert len((await client.get("/api/v1/events?article=article-1")).json()["items"]) == 1


async def test_one_alert_is_found_by_its_id_and_a_missing_one_is_a_problem(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/alerts/alert-1")).json()["alert_id"] == "alert-1"
    missing = await client.get("/api/v1/alerts/nothing")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.json()["detail"] == "no alert of that id is known"


@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "limit=many", "state=ringing", "rule=" + "x" * 64])
async def test_a_query_that_makes_no_sense_is_a_problem_that_names_the_field(
    client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/api/v1/alerts?{query}")
    assert answer.status_code == 422
    assert query.split("=", maxsplit=1)[0] in " ".join(answer.json()["errors"])


async def test_the_openapi_document_tells_problems_by_their_media_type(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    answers = document["paths"]["/api/v1/alerts/{alert_id}"]["get"]["responses"]
    assert {status: list(answer.get("content", ())) for status, answer in answers.items()} == {
        "200": ["application/json"],
        "304": [],
        "401": ["application/problem+json"],
        "404": ["application/problem+json"],
        "422": ["application/problem+json"],
    }


async def test_a_wrong_method_is_answered_with_the_right_ones(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/alerts")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


async def test_every_answer_forbids_foreign_scripts_and_markup_from_strings(client: httpx.AsyncClient) -> None:
    for path in ("/", "/web/alerts.js", "/api/v1/alerts", "/api/v1/alerts/nothing", "/metrics", "/nowhere"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "require-trusted-types-for 'script'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path


async def test_health_says_what_is_missing(client: httpx.AsyncClient, desk: Desk) -> None:
    assert (await client.get("/readyz")).status_code == 200
    desk.health.waits_for("history")
    waiting = await client.get("/readyz")
    assert (waiting.status_code, waiting.json()["missing"]) == (503, ["history"])
    assert (await client.get("/healthz")).status_code == 200
    status = (await client.get("/api/v1/status")).json()
    assert (status["ready"], status["streams"], status["alerts"]) == (False, ["live", "seeds"], 2)


async def test_metrics_are_served_on_the_pages_port(client: httpx.AsyncClient) -> None:
    assert "tocsin_build_info" in (await client.get("/metrics")).text


class Listener:
    """One connection to the stream of changes, read event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self, kind: str) -> dict[str, str]:
        """The next event of this kind, with its id."""
        while True:
            block: dict[str, str] = {}
            while line := await asyncio.wait_for(anext(self._lines), 5):
                name, _, value = line.partition(": ")
                block[name] = value
            if block.get("event") == kind:
                return block


async def test_a_change_is_streamed_as_it_happens(client: httpx.AsyncClient, desk: Desk) -> None:
    async with client.stream("GET", "/api/v1/stream") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        listener = Listener(response)
        await listener.next("status")
        desk.take(alert(alert_id="new", changed_at=NOON))
        assert '"alert_id":"new"' in (await listener.next("alert"))["data"]


async def test_a_stream_goes_on_after_the_last_id_that_was_seen(client: httpx.AsyncClient, desk: Desk) -> None:
    async with client.stream("GET", "/api/v1/stream") as response:
        listener = Listener(response)
        await listener.next("status")
        desk.take(alert(alert_id="seen"))
        last = (await listener.next("alert"))["id"]
    desk.take(alert(alert_id="missed", reason="<b>not markup</b>\n\ndata: nor a line of the stream"))
    async with client.stream("GET", "/api/v1/stream", headers={"Last-Event-ID": last}) as response:
        assert '"alert_id":"missed"' in (await Listener(response).next("alert"))["data"]


async def test_a_stream_after_an_unknown_id_asks_for_a_fresh_start(client: httpx.AsyncClient, desk: Desk) -> None:
    async with client.stream("GET", "/api/v1/stream", headers={"Last-Event-ID": "before-7"}) as response:
        assert (await Listener(response).next("reset"))["id"] == desk.shown.changes.latest


async def test_a_stream_of_one_rule_brings_only_that(client: httpx.AsyncClient, desk: Desk) -> None:
    async with client.stream("GET", "/api/v1/stream?rule=ceasefire-breach") as response:
        listener = Listener(response)
        await listener.next("status")
        desk.take(alert(alert_id="other"))
        desk.take(alert(alert_id="wanted", rule="ceasefire-breach"))
        assert '"alert_id":"wanted"' in (await listener.next("alert"))["data"]
