"""The page in a real browser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.core.alert import AlertState
from services.core.rule import Severity
from tests.dashboard.browser import Tab
from tests.dashboard.samples import SENTENCE, alert, article, evidence
from tests.dashboard.serving import Desk, dashboard

NOW = datetime.now(UTC)

ALERTS = (
    alert(alert_id="mild", changed_at=NOW),
    alert(
        alert_id="grave",
        severity=Severity.CRITICAL,
        state=AlertState.ESCALATED,
        evidence=(
            evidence(sentence="It <b>burns</b> <img src=x onerror=alert(1)> there.", trigger="burns"),
            evidence(url="javascript:alert(1)", published=NOW - timedelta(days=9000), modality="alleged"),
        ),
    ),
    alert(alert_id="over", state=AlertState.RESOLVED, stream="seeds", rule="ceasefire-breach", group="AZE"),
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with dashboard(*ALERTS, article()) as running:
        yield running


async def shown(page: Tab) -> list[str]:
    return await page.evaluate("[...document.querySelectorAll('.card')].map((card) => card.id.slice(6))")


async def text(page: Tab, selector: str) -> str:
    return await page.evaluate(f"document.querySelector({selector!r}).textContent")


async def test_alerts_are_listed_the_gravest_first_with_the_sentence_that_rang(page: Tab, desk: Desk) -> None:
    await page.open(desk.url)
    await page.until("document.querySelectorAll('.card').length === 3")
    assert await shown(page) == ["grave", "mild", "over"]
    assert await text(page, "#alert-mild blockquote") == SENTENCE
    assert await text(page, "#alert-mild mark") == "Shells fell"
    assert await text(page, "#alert-mild h3") == "Border incidentArmenia – Iran"
    assert await text(page, "#connection") == "Live"
    assert await page.evaluate("document.title") == "(2) Alerts · Tocsin"


async def test_no_text_of_an_article_becomes_markup_or_a_script(page: Tab, desk: Desk) -> None:
    await page.open(desk.url)
    await page.until("document.querySelector('#alert-grave')")
    assert await text(page, "#alert-grave blockquote") == "It <b>burns</b> <img src=x onerror=alert(1)> there."
    assert await page.evaluate("document.querySelectorAll('.card img, .card b').length") == 0
    assert await page.evaluate("document.querySelectorAll('[href^=\"javascript:\"]').length") == 0


async def test_a_new_alert_appears_by_itself_and_is_announced(page: Tab, desk: Desk) -> None:
    await page.open(desk.url)
    await page.until("document.querySelectorAll('.card').length === 3")
    desk.take(alert(alert_id="new", severity=Severity.CRITICAL, changed_at=NOW))
    await page.until("document.querySelector('#alert-new.fresh')")
    assert (await shown(page))[0] == "new"
    assert await text(page, "#announcer") == "critical alert, firing: Border incident Armenia – Iran"


async def test_an_alert_that_changes_keeps_its_evidence_open_and_moves_to_its_new_place(page: Tab, desk: Desk) -> None:
    await page.open(desk.url)
    await page.until("document.querySelector('#alert-mild')")
    await page.evaluate("document.querySelector('#alert-mild details').open = true")
    desk.take(alert(alert_id="mild", state=AlertState.RESOLVED, changed_at=NOW + timedelta(hours=1)))
    await page.until("document.querySelector('#over #alert-mild')")
    assert await page.evaluate("document.querySelector('#alert-mild details').open") is True


async def test_filters_are_kept_in_the_address(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/?stream=seeds")
    await page.until("document.querySelectorAll('.card').length === 1")
    assert await shown(page) == ["over"]
    await page.evaluate(
        "const state = document.querySelector('[name=state]'); state.value = 'active';"
        "state.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    assert await page.evaluate("location.search") == "?stream=seeds&state=active"
    assert await text(page, "#empty-words") == "No alert fits these filters."
    await page.evaluate("document.querySelector('#show-all').click()")
    assert len(await shown(page)) == 3
    await page.evaluate("history.back()")
    await page.until("document.querySelectorAll('.card').length === 0")


async def test_a_link_to_an_alert_opens_it_even_among_many_that_are_over(page: Tab) -> None:
    old = [alert(alert_id=f"a{n}", state=AlertState.RESOLVED, changed_at=NOW - timedelta(days=n)) for n in range(80)]
    async with dashboard(*old) as desk:
        await page.open(desk.url)
        await page.until("document.querySelectorAll('.card').length === 50")
        assert await text(page, "#more") == "Show 30 older alerts"
        await page.open(f"{desk.url}/?rule=another#alert-a79")
        await page.until("document.activeElement.id === 'alert-a79'")
        assert await page.evaluate("document.querySelector('#alert-a79 details').open") is True


async def test_the_alerts_can_be_walked_through_with_the_keyboard(page: Tab, desk: Desk) -> None:
    await page.open(desk.url)
    await page.until("document.querySelectorAll('.card').length === 3")
    for key in ("j", "j", "o"):
        await page.press(key)
    assert await page.evaluate("document.activeElement.id") == "alert-mild"
    assert await page.evaluate("document.querySelector('#alert-mild details').open") is True


async def test_who_asks_for_it_is_notified_of_what_begins_to_ring_and_of_nothing_else(page: Tab, desk: Desk) -> None:
    await page.call("Browser.grantPermissions", permissions=["notifications"])
    await page.open(desk.url)
    await page.until("document.querySelectorAll('.card').length === 3")
    await page.evaluate(
        "window.told = []; window.Notification = class extends EventTarget {"
        "constructor(title, { body }) { super(); told.push([title, body]); }"
        "static permission = 'granted'; static requestPermission = async () => 'granted'; }; 0"
    )
    desk.take(alert(alert_id="before"))
    await page.until("document.querySelector('#alert-before')")
    await page.evaluate("document.querySelector('#notify').click()")
    await page.until("document.querySelector('#notify').ariaPressed === 'true'")
    desk.take(alert(alert_id="after"), alert(alert_id="ended", state=AlertState.RESOLVED))
    await page.until("document.querySelector('#alert-ended')")
    assert await page.evaluate("told") == [["warning: Border incident Armenia – Iran", SENTENCE]]
    await page.evaluate("localStorage.clear()")


async def test_the_page_says_when_nothing_rings_and_when_it_still_reads(page: Tab) -> None:
    async with dashboard(article()) as desk:
        desk.health.waits_for("history")
        await page.open(desk.url)
        await page.until("document.querySelector('#empty-words').textContent.startsWith('Nothing rings')")
        assert "1 article" in await text(page, "#empty-words")
        await page.until("!document.querySelector('#notice').hidden")
        assert "Still reading" in await text(page, "#notice")


async def test_the_page_says_when_kafka_does_not_answer(page: Tab, desk: Desk) -> None:
    desk.health.waits_for("kafka")
    await page.open(desk.url)
    await page.until("document.querySelector('#notice').textContent.startsWith('Kafka does not answer')")


async def test_the_page_says_that_the_connection_is_lost_and_keeps_what_it_knew(page: Tab) -> None:
    async with dashboard(*ALERTS) as desk:
        await page.open(desk.url)
        await page.until("document.querySelectorAll('.card').length === 3")
    await page.until("document.querySelector('#connection').dataset.state === 'lost'")
    assert "may be out of date" in await text(page, "#notice")
    assert len(await shown(page)) == 3
    page.complaints.clear()  # the browser reports the broken connection as an error, rightly


@pytest.mark.parametrize("width", [320, 390, 768])
async def test_nothing_is_wider_than_a_phone(page: Tab, desk: Desk, width: int) -> None:
    await page.open(desk.url, width=width, height=800)
    await page.until("document.querySelectorAll('.card').length === 3")
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
