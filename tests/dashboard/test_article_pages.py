"""The pages of events and articles in a real browser."""

from collections.abc import AsyncIterator

import pytest

from services.core.event import Mention, Span
from services.core.ontology import Modality
from tests.dashboard.browser import Tab
from tests.dashboard.samples import alert, article, event, evidence
from tests.dashboard.serving import Desk, dashboard

# A character outside the first 65,536 counts as one for the server and as two for the browser.
TEXT = "🚨🚨 <i>Shells</i> hit Araks. The ministry denied it.\nTalks go on."


def span(words: str) -> Span:
    return Span(text=words, start=TEXT.index(words), end=TEXT.index(words) + len(words))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    of = article(ident="a/ü 1", text=TEXT)
    hit = event(
        event_id="hit",
        article_id=of.id,
        article=of.ref,
        trigger=span("hit"),
        sentence=span("🚨🚨 <i>Shells</i> hit Araks."),
        denied_by=(Mention(text="The ministry", id="AAA-GOV"),),
    )
    denial = event(
        event_id="denial",
        article_id=of.id,
        article=of.ref,
        trigger=span("denied"),
        sentence=span("The ministry denied it."),
        modality=Modality.DENIED,
    )
    rests = alert(evidence=(evidence(article_id=of.id, event_id="hit"),))
    async with dashboard(of, hit, denial, rests) as running:
        yield running


async def text(page: Tab, selector: str) -> str:
    return await page.evaluate(f"document.querySelector({selector!r}).textContent")


async def test_an_article_shows_its_events_where_they_are_in_the_text(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/article?id=a%2F%C3%BC%201#event-hit")
    await page.until("!document.querySelector('#article').hidden")
    assert await text(page, "#text") == TEXT
    assert await text(page, "#text-hit") == "hit"
    assert await page.evaluate("document.querySelector('#text-denial mark').dataset.modality") == "denied"
    assert "denied by The ministry" in await text(page, "#event-hit")
    assert "Border incident Armenia – Iran: counted, a new incident" in await text(page, "#event-hit")
    assert await page.evaluate("document.querySelectorAll('#text i').length") == 0


async def test_an_article_that_is_not_known_is_said_so(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/article?id=nothing")
    await page.until("document.querySelector('#empty-words').textContent.includes('no article of that id is known')")
    page.complaints.clear()  # the browser reports the answer 404 as an error


async def test_events_are_searched_as_one_types_and_the_address_keeps_it(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/events")
    await page.until("document.querySelectorAll('#found > li').length === 2")
    await page.press("/")
    for key in "denied":
        await page.press(key)
    await page.until("document.querySelectorAll('#found > li').length === 1")
    assert await text(page, "#found mark") == "denied"
    assert await page.evaluate("location.search") == "?q=denied"


async def test_articles_are_searched_with_an_excerpt(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/events?in=articles&q=talks")
    await page.until("document.querySelectorAll('#found > li').length === 1")
    assert await text(page, "#found mark") == "Talks"
    assert "2 events" in await text(page, "#found > li")


async def test_a_search_that_finds_nothing_says_so(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/events?q=absent")
    await page.until("document.querySelector('#empty-words').textContent === 'Nothing fits this search.'")


@pytest.mark.parametrize("path", ["/events", "/article?id=a%2F%C3%BC%201"])
async def test_nothing_is_wider_than_a_small_phone(page: Tab, desk: Desk, path: str) -> None:
    await page.open(desk.url + path, width=320, height=700)
    await page.until("document.querySelector('#found > li, #text mark')")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
