"""The map and the timeline in a real browser."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.core.alert import AlertState
from services.core.event import Place
from services.core.ontology import Modality
from services.core.rule import Severity
from tests.dashboard.browser import Tab
from tests.dashboard.samples import NOON, alert, article, event, evidence
from tests.dashboard.serving import Desk, dashboard

SHUSHA = (Place(text="Shusha", name="Shusha", lat=39.76, lon=46.75, geo_precision=1, country="AZE"),)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    older = article(ident="older", published=NOON - timedelta(days=5)).ref
    shown = (
        article(),
        event(),
        event(event_id="event-2", location=SHUSHA, article_id="older", article=older),
        event(event_id="event-3", location=SHUSHA),
        event(event_id="called-for", location=SHUSHA, modality=Modality.CALLED_FOR),
        alert(
            severity=Severity.CRITICAL,
            evidence=(evidence(published=NOON - timedelta(hours=2)), evidence(start=900, event_id="event-3")),
        ),
        alert(alert_id="replayed", stream="seeds", state=AlertState.RESOLVED),
    )
    async with dashboard(*shown) as running:
        yield running


async def text(page: Tab, selector: str) -> str:
    return await page.evaluate(f"document.querySelector({selector!r}).textContent")


async def listed(page: Tab) -> list[str]:
    return await page.evaluate("[...document.querySelectorAll('#places li')].map((item) => item.textContent)")


async def test_places_are_drawn_and_listed_with_how_many_events_they_have(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map")
    await page.until("document.querySelectorAll('#places li').length === 2")
    assert await listed(page) == ["Shusha2", "Arakscritical1"]
    assert await page.evaluate("document.querySelectorAll('circle.spot[data-severity=critical]').length") == 1
    await page.until("document.querySelector('.land').getAttribute('d').length > 500000")
    # Both places are inside what is seen.
    box = await page.evaluate("document.querySelector('#map').getAttribute('viewBox').split(' ').map(Number)")
    assert box[0] < 46.75
    assert box[0] + box[2] > 46.9
    assert box[2] < 30


async def test_a_place_tells_its_events_and_is_kept_in_the_address(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map")
    await page.until("document.querySelectorAll('#places li').length === 2")
    await page.evaluate("document.querySelector('#places button').click()")
    assert await text(page, "#place-title") == "Shusha: 2 events"
    assert await page.evaluate("location.search") == "?at=Shusha"
    assert await page.evaluate("document.querySelectorAll('#told > li').length") == 2


async def test_what_is_only_called_for_is_shown_when_asked_for(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map?said=1")
    await page.until("document.querySelectorAll('#places li').length === 2")
    assert (await listed(page))[0] == "Shusha3"


async def test_days_can_be_chosen_by_date(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map?until=2026-03-10")
    await page.until("document.querySelectorAll('#places li').length === 1")
    assert await listed(page) == ["Shusha1"]
    await page.until("document.querySelectorAll('#days .bar').length === 2")
    assert await page.evaluate("document.querySelectorAll('#days .bar.out').length") == 1


async def test_days_can_be_chosen_by_drawing_across_them(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map")
    await page.until("document.querySelectorAll('#days .bar').length === 2")
    box = await page.evaluate(
        "(({x, y, width}) => [x, y, width])(document.querySelector('#days').getBoundingClientRect())"
    )
    for kind, part in (("mousePressed", 0.95), ("mouseMoved", 0.97), ("mouseReleased", 0.99)):
        place = {"x": box[0] + part * box[2], "y": box[1] + 30}
        await page.call("Input.dispatchMouseEvent", type=kind, button="left", buttons=1, clickCount=1, **place)
    assert await page.evaluate("location.search") == "?since=2026-03-14&until=2026-03-14"
    await page.until("document.querySelector('#places').textContent.includes('Shusha1')")


async def test_the_map_is_moved_by_keys(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map")
    await page.until("document.querySelectorAll('#places li').length === 2")
    await page.evaluate("document.querySelector('#map').focus()")
    before = await page.evaluate("document.querySelector('#map').getAttribute('viewBox').split(' ').map(Number)")
    for key in ("+", "ArrowRight"):
        await page.press(key)
    after = await page.evaluate("document.querySelector('#map').getAttribute('viewBox').split(' ').map(Number)")
    assert after[2] < before[2]
    assert after[0] > before[0]


async def test_an_empty_map_says_so(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/map?type=Riots")
    await page.until("document.querySelector('#words').textContent.startsWith('No event')")


async def test_the_timeline_draws_what_a_rule_counted_and_its_threshold(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/timeline")
    await page.until("document.querySelectorAll('.row').length === 1")
    assert await text(page, ".row figcaption") == "Border incidentArmenia – Iran"
    assert await page.evaluate("document.querySelectorAll('.row circle').length") == 2
    assert await page.evaluate("document.querySelectorAll('.row .threshold').length") == 1
    assert await page.evaluate("document.querySelectorAll('.episode[data-severity=critical]').length") == 1


async def test_a_replay_has_a_timeline_of_its_own(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/timeline?stream=seeds")
    await page.until("document.querySelectorAll('.row').length === 1")
    assert "replay seeds" in await text(page, ".row figcaption")


@pytest.mark.parametrize("path", ["/map", "/timeline"])
async def test_nothing_is_wider_than_a_small_phone(page: Tab, desk: Desk, path: str) -> None:
    await page.open(desk.url + path, width=320, height=700)
    await page.until("document.querySelector('#places li, .row circle')")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
