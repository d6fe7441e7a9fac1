"""How feeds are: in the API and on the page."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.core.feed_state import FeedState, Result
from services.dashboard.feeds_health import FeedHealth, health_of, in_words, shareable
from tests.dashboard.browser import Tab
from tests.dashboard.pictures import feeds
from tests.dashboard.samples import NOON
from tests.dashboard.serving import dashboard


def state(**facts: object) -> FeedState:
    return FeedState(source="a", url="https://me:secret@a.example/rss?x=1", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "health"),
    [
        ({}, "waiting"),
        ({"polled_at": NOON, "next_poll": NOON - timedelta(minutes=59)}, "well"),
        ({"polled_at": NOON, "next_poll": NOON - timedelta(minutes=61)}, "overdue"),
        ({"polled_at": NOON, "failures": 1, "result": Result.DNS}, "failing"),
        ({"polled_at": NOON, "failures": 1, "result": Result.GONE, "stopped": True}, "stopped"),
    ],
)
def test_a_feed_is_as_its_last_polls_were(facts: dict[str, object], health: str) -> None:
    assert health_of(state(**facts), NOON) is FeedHealth(health)


def test_every_result_has_words() -> None:
    assert all(in_words(state(result=result), NOON) for result in Result)


def test_passwords_and_what_was_seen_are_not_shown() -> None:
    told = shareable(state(seen="abc", moved_to="https://u:p@b.example/"))
    assert (told.url, told.moved_to, told.seen) == ("https://a.example/rss?x=1", "https://b.example/", "")


async def test_the_api_lists_feeds_page_by_page_and_by_health() -> None:
    async with dashboard(*feeds(datetime.now(UTC))) as desk, httpx.AsyncClient(base_url=f"{desk.url}/api/v1") as client:
        first = (await client.get("/feeds?limit=3")).json()
        rest = (await client.get("/feeds", params={"cursor": first["next"]})).json()
        names = [each["state"]["source"] for each in first["items"] + rest["items"]]
        assert names == ["border-wire", "hill-radio", "new-one", "old-gazette", "river-post"]
        assert rest["next"] is None
        failing = (await client.get("/feeds?health=failing")).json()["items"]
        assert [(each["state"]["source"], each["words"]) for each in failing] == [("border-wire", "takes too long")]


async def test_the_page_names_the_feeds_that_need_somebody_first(page: Tab) -> None:
    async with dashboard(*feeds(datetime.now(UTC))) as desk:
        await page.open(f"{desk.url}/feeds")
        await page.until("document.querySelectorAll('#feeds li').length === 5")
        names = await page.evaluate("[...document.querySelectorAll('#feeds h2')].map((each) => each.firstChild.data)")
        assert names == ["old-gazette", "border-wire", "new-one", "hill-radio", "river-post"]
        await page.open(f"{desk.url}/feeds?health=well")
        await page.until("document.querySelectorAll('#feeds li').length === 2")


async def test_a_page_without_feeds_says_so_and_a_lost_connection_too(page: Tab) -> None:
    async with dashboard() as desk:
        await page.open(f"{desk.url}/feeds")
        await page.until("document.querySelector('#empty-words').textContent.startsWith('No feed has been polled')")
        await page.until("document.querySelector('#connection').dataset.state === 'live'")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange')) && 0")
    await page.until("document.querySelector('#connection').textContent.startsWith('No connection since')")
    page.complaints.clear()  # the browser reports the broken connection as an error, rightly


async def test_keys_lead_to_the_pages_and_are_listed(page: Tab) -> None:
    async with dashboard(*feeds(datetime.now(UTC))) as desk:
        await page.open(f"{desk.url}/feeds")
        await page.until("document.querySelectorAll('#feeds li').length === 5")
        await page.press("j")
        assert await page.evaluate("document.activeElement.dataset.health") == "stopped"
        await page.press("?")
        await page.until("document.querySelector('#help').open")
        assert "next in the list" in await page.evaluate("document.querySelector('#help').textContent")
        await page.evaluate("document.querySelector('#help button').click()")
        for key in ("g", "r"):
            await page.press(key)
        await page.until("location.pathname === '/rules' && document.querySelector('#keys button')")
        await page.press("/")
        await page.until("location.pathname === '/events' && document.activeElement?.name === 'q'")
