"""The forms of the pages: what is changed holds and is kept in the address, and Enter sends nothing."""

from datetime import UTC, datetime

import pytest

from tests.dashboard.browser import Tab
from tests.dashboard.pictures import feeds
from tests.dashboard.samples import alert, event
from tests.dashboard.serving import dashboard
from tests.dashboard.test_rules_page import RULES

PAGES = {
    "feeds": ("health", "failing", "feeds: 1"),
    "timeline": ("rule", "border-incident", "charts: 1"),
    "map": ("type", "Battles", "words: 1"),
    "why": ("rule", "drones", "title: 1"),
}


@pytest.mark.parametrize("name", PAGES)
async def test_what_is_chosen_holds_and_is_in_the_address(page: Tab, name: str) -> None:
    field, value, shown = PAGES[name]
    place, number = shown.split(": ")
    async with dashboard(alert(), event(), *feeds(datetime.now(UTC)), rules=RULES) as desk:
        await page.open(f"{desk.url}/{name}")
        await page.until(
            f"[...(document.querySelector('[name={field}]')?.options ?? [])].some((o) => o.value === '{value}')"
        )
        select = f"const each = document.querySelector('[name={field}]'); each.value = '{value}';"
        await page.evaluate(f"{{ {select} each.dispatchEvent(new Event('change', {{bubbles: true}})) }}")
        await page.until(f"new URLSearchParams(location.search).get('{field}') === '{value}'")
        await page.until(f"document.querySelector('#{place}').childNodes.length === {number}")
        await page.evaluate("document.querySelector('#filters').requestSubmit()")
        assert await page.evaluate("document.querySelector('#filters') && location.pathname") == f"/{name}"
