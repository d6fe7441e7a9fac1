"""Why an alert rang, and why none did: in the API and on the page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.core.alert import AlertState
from services.core.rule import Rule, parse_rules
from services.core.sighting import Sighting, Verdict
from services.dashboard.explain import belongs, considered, unmet, why_not
from tests.dashboard.browser import Tab
from tests.dashboard.samples import NOON, SENTENCE, alert, article, event, evidence
from tests.dashboard.serving import Desk, dashboard
from tests.dashboard.test_rules_page import RULES


def rule(**changed: Any) -> Rule:
    facts = RULES[0].model_dump(mode="json", exclude_defaults=True) | changed
    return parse_rules({"rules": [facts]}, "rules.yaml").rules[0]


def sighting(**changed: Any) -> Sighting:
    of = article(ident=changed.pop("ident", "article-1"), published=changed.pop("at", NOON)).ref
    facts: dict[str, Any] = {
        "sighting_id": "s1",
        "rule": "border-incident",
        "group": "ARM-IRN",
        "article": of,
        "event_id": "event-1",
        "sentence": event().sentence,
        "trigger": event().trigger,
        "modality": event().modality,
        "incident": "incident-1",
        "incident_basis": "Shelling · Araks · 2026-03-14",
    }
    return Sighting(**facts | changed)


def test_what_tells_of_the_same_thing_adds_nothing_and_what_is_refused_says_why() -> None:
    late = sighting(sighting_id="s3", refused=Verdict.LATE, because="came 9 days after its publication")
    found = considered(rule(), [late, sighting(sighting_id="s2"), sighting(at=NOON - timedelta(hours=1))])
    assert [(each.counts, each.reason) for each in found] == [
        (True, "a new incident: Shelling · Araks · 2026-03-14"),
        (False, "the same incident: Shelling · Araks · 2026-03-14"),
        (False, "came 9 days after its publication"),
    ]
    assert why_not(rule(), found, None) == (
        "3 sentences met the rule in that time, 2 of which did not add to the count: "
        "1 counted, and 2 incidents are needed."
    )


@pytest.mark.parametrize(("count", "most"), [("stories", 1), ("outlets", 1), ("sightings", 2)])
def test_each_way_of_counting_has_its_own_copies(count: str, most: int) -> None:
    other = sighting(sighting_id="s2", incident="incident-2", ident="article-2")
    assert sum(each.counts for each in considered(rule(count=count), [sighting(), other])) == most


def test_what_an_event_lacks_is_said_in_words() -> None:
    assert unmet(rule(), event()) == ["is in another country"]
    assert unmet(rule(when={"flags": ["ceasefire_violation"], "event_types": ["Battles"]}), event()) == [
        "is told as Shelling/artillery/missile attack",
        "is no ceasefire violation",
    ]
    assert unmet(rule(when={"event_types": ["Battles"], "min_confidence": 0.9}), event())[-1] == "is only 80% certain"


def test_an_event_belongs_to_the_groups_of_its_place() -> None:
    assert belongs(rule(), "ARM-IRN", event())
    assert not belongs(rule(), "ARM-AZE", event())
    assert belongs(rule(group_by="place"), "Araks", event())
    assert belongs(rule(group_by="outlet"), "River Post", event())
    assert belongs(rule(group_by="none"), "all", event())


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    other = event(event_id="event-2", border_incident=False)
    rang = alert(evidence=(evidence(), evidence(start=900, verdict=Verdict.LATE, reason="came late")))
    over = rang.model_copy(update={"state": AlertState.RESOLVED, "changed_at": NOON + timedelta(days=3)})
    async with dashboard(rang, over, sighting(), event(), other, article(), rules=RULES) as running:
        yield running


async def test_the_api_says_why_an_alert_rang(desk: Desk) -> None:
    async with httpx.AsyncClient(base_url=f"{desk.url}/api/v1") as client:
        told = (await client.get("/explain/alert-1")).json()
        assert [step["state"] for step in told["steps"]] == ["firing", "resolved"]
        assert [(sort["verdict"], len(sort["evidence"])) for sort in told["sorts"]] == [("counted", 1), ("late", 1)]
        assert "1 sentence counted" in told["summary"]
        assert told["rule"] is None  # the alert is of another version of the rule
        assert (await client.get("/explain/nothing")).status_code == 404


async def test_the_api_says_why_none_rang(desk: Desk) -> None:
    async with httpx.AsyncClient(base_url=f"{desk.url}/api/v1") as client:
        earlier = (NOON - timedelta(hours=3)).isoformat()
        told = (await client.get("/explain", params={"rule": "border-incident", "at": earlier})).json()
        assert (told["group"], told["summary"]) == (
            "ARM-IRN",
            "No sentence met the rule in that time; 2 incidents are needed.",
        )
        told = (await client.get("/explain?rule=border-incident")).json()
        assert (told["alert_id"], told["counted"]) == ("alert-1", 1)
        assert [(each["event"]["event_id"], each["reasons"][0]) for each in told["missed"]] == [
            ("event-2", "is no border incident")
        ]
        assert (await client.get("/explain?rule=nothing")).status_code == 404
        for strange in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            asked = {"rule": "border-incident", "at": strange, "group": "|%"}
            assert (await client.get("/explain", params=asked)).status_code == 200


async def test_the_page_says_why_in_words(page: Tab, desk: Desk) -> None:
    await page.open(f"{desk.url}/why?alert=alert-1")
    await page.until("!document.querySelector('#answer').hidden")
    told = await page.evaluate("document.querySelector('#answer').innerText")
    assert "Why Border incident for Armenia – Iran rang" in told
    assert "1 sentence came too long after their publication" in told
    await page.open(f"{desk.url}/why?rule=border-incident&at=2026-03-10T12:00:00Z")
    await page.until("document.querySelector('#title').textContent.includes('did not ring')")
    assert "group=ARM-IRN" in await page.evaluate("location.search")


async def test_a_sentence_is_shown_in_its_paragraph(page: Tab) -> None:
    before, after = "It was a quiet night until four. ", " Nobody was hurt."
    whole = article(text=f"First paragraph.\n{before}{SENTENCE}{after}\nLast paragraph.")
    start = whole.text.index(SENTENCE)
    rang = alert(evidence=(evidence(start=start, end=start + len(SENTENCE)),))
    async with dashboard(whole, rang) as desk:
        await page.open(desk.url)
        await page.until("document.querySelector('.rang')")
        assert (
            await page.evaluate("document.querySelector('.card blockquote').textContent") == before + SENTENCE + after
        )
        assert await page.evaluate("document.querySelector('.rang mark').textContent") == "Shells fell"
