"""Every page, wide and narrow, light and dark, looked over by axe, which knows most rules of WCAG."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import product

from services.core.alert import AlertState
from services.core.ontology import Modality
from services.core.rule import Severity
from tests.dashboard.browser import Tab
from tests.dashboard.pictures import PAGES, Look, feeds, open_page, silence
from tests.dashboard.samples import NOON, alert, article, event, evidence
from tests.dashboard.serving import dashboard
from tests.dashboard.test_explain import sighting
from tests.dashboard.test_rules_page import RULES

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")

# What is folded away is not seen, but axe takes its place on the screen for real.
ASK = """axe.run({{exclude: [['details:not([open]) > :not(summary)']]}}, {{resultTypes: ['violations'], {only}}}).then(
    ({{violations}}) => violations.map((v) => [v.impact, v.id, v.nodes.map((node) => node.html).slice(0, 3)]))"""

LOOKS = {Look(1280, 900, dark=False): "", Look(360, 800, dark=True): "runOnly: ['color-contrast']"}
"""Of a page that was looked over once, colours are all that can differ."""

DENIED = {"modality": Modality.DENIED, "denied_by": ("the army",)}
SHOWN = (
    article(),
    *(event(event_id=f"event-{each}", modality=each) for each in Modality),
    event(),
    alert(evidence=(evidence(), evidence(start=900, verdict="wrong_modality", reason="denied", **DENIED))),
    alert(alert_id="grave", severity=Severity.CRITICAL, state=AlertState.ESCALATED),
    alert(alert_id="mild", severity=Severity.INFO, stream="seeds", changed_at=NOON + timedelta(hours=1)),
    alert(alert_id="over", state=AlertState.RETRACTED, labels={"team": "desk"}),
    sighting(),
)


async def test_axe_has_nothing_to_say_of_any_page(page: Tab) -> None:
    found = {}
    async with dashboard(*SHOWN, *feeds(datetime.now(UTC)), silence(datetime.now(UTC)), rules=RULES) as desk:
        for name, (look, only) in product(PAGES, LOOKS.items()):
            await open_page(page, desk, name, look)
            await page.evaluate("document.querySelector('details')?.setAttribute('open', '')")
            await page.evaluate(f"{AXE}; 0")
            if violations := await page.evaluate(ASK.format(only=only)):
                found[name, look.width] = violations
            assert await page.evaluate("document.documentElement.scrollWidth") <= look.width, name
    assert found == {}
