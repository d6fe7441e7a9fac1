"""Every page, wide and narrow, light and dark, looked over by axe, which knows most rules of WCAG 2.2 AA."""

from datetime import UTC, datetime
from importlib.resources import files
from itertools import product

from tests.dashboard.browser import Tab
from tests.dashboard.pictures import PAGES, feeds, open_page, rules, seeds
from tests.dashboard.serving import dashboard

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
ASK = """axe.run({{resultTypes: ['violations'], {only}}}).then(({{violations}}) =>
    violations.map(({{impact, id, nodes}}) => [impact, id, nodes.map(({{html}}) => html).slice(0, 3)]))"""

LOOKS = {
    "wide and light": (1280, False, ""),
    "narrow and dark": (360, True, "runOnly: ['color-contrast']"),
}
"""Of a page that was looked over once, colours are all that can differ."""


async def test_axe_has_nothing_to_say_of_any_page(page: Tab) -> None:
    found = {}
    async with dashboard(*seeds(), *feeds(datetime.now(UTC)), rules=rules().rules) as desk:
        for name, (look, only) in product(PAGES, LOOKS.items()):
            await open_page(page, desk, name, look)
            await page.evaluate("document.querySelector('details')?.setAttribute('open', '')")
            await page.evaluate(f"{AXE}; 0")
            if violations := await page.evaluate(ASK.format(only=only)):
                found[name, look.width] = violations
            assert await page.evaluate("document.documentElement.scrollWidth") <= look.width, name
    assert found == {}
