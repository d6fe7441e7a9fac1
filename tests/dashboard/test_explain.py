"""Why an alert rang, and why none did: in the API and on the page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.alerter.match import match
from services.alerter.whynot import answer, answered_by
from services.commands.gathering import Gathering
from services.core.alert import AlertState
from services.core.answer import Answer, Question
from services.core.event import Mention
from services.core.rule import Rules
from services.core.sighting import Sighting, Verdict
from services.dashboard.explain import summed_up
from tests import builders
from tests.dashboard.browser import Tab
from tests.dashboard.samples import NOON, SENTENCE, alert, article, event, evidence
from tests.dashboard.serving import Desk, dashboard
from tests.dashboard.test_rules_page import RULES


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


def answered(*sightings: Sighting, hours: float) -> Answer:
    return answered_by(Question(builders.rule(), "test", "AAA", builders.at(hours), sightings=sightings))


def test_a_group_that_is_short_of_its_threshold_is_summed_up() -> None:
    found = answered(*(builders.sighting(at, f"incident {at}") for at in (0, 1, 30)), hours=40)
    assert summed_up(found, None) == (
        "1 of 2 independent incidents within 1d. The nearest it came before was 2, on 2020-10-01 13:00 UTC. "
        "It rang from 2020-10-01 13:00 UTC until 2020-10-02 12:00 UTC, when it was resolved."
    )


def test_an_alert_that_is_not_read_yet_is_not_said_to_have_stayed_away() -> None:
    found = answered(builders.sighting(0, "a"), builders.sighting(1, "b"), hours=3)
    assert summed_up(found, None).startswith("It ought to have rung: 2 independent incidents within 1d")
    assert summed_up(found, alert()) == "It did ring at that time."


async def test_the_api_judges_as_the_command_and_the_alerter_do() -> None:
    of = builders.rule(severities={"warning": 3})
    gathering, messages = Gathering(Rules(rules=(of,))), []
    first = builders.article("The armies clashed at Northfort at dawn.", published=builders.at(0), ident="a")
    edited = builders.article("Nothing happened at all.", published=builders.at(0), fetched=builders.at(2), ident="a")
    for article_of in (first, edited):
        gathering.take_article(article_of)
    articles = [builders.article(f"Clash {n} was told at Northfort.", published=builders.at(n)) for n in (1, 3, 30)]
    told = [builders.event(each) for each in (first, *articles)]
    told.append(builders.event(articles[0], event_type="Riots", sub_event_type="Mob violence"))
    for each in told:
        gathering.take_event(each)
        messages += [each, *match(gathering.rules, each)]
    history = gathering.history(of, "test", group="AAA", clock=builders.at(4))
    expected = answer(of, history, builders.at(4), events=told)
    assert (len(expected.evidence), len(expected.passed_by), len(history.revised)) == (3, 1, 1)
    async with dashboard(*messages, *history.revised, rules=[of]) as desk, httpx.AsyncClient() as client:
        query = {"rule": of.name, "group": "AAA", "stream": "test", "at": builders.at(4).isoformat()}
        found = (await client.get(f"{desk.url}/api/v1/explain", params=query)).json()
    assert Answer.model_validate(found["answer"]) == expected


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    other = event(event_id="event-2", border_incident=False, actor=(Mention(text="Armenia", id="ARM"),))
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
        assert told["answer"]["group"] == "ARM-IRN"
        assert told["summary"].startswith(
            "0 of 2 independent incidents within 3d. Nothing that the rule asks for was told"
        )
        told = (await client.get("/explain?rule=border-incident")).json()
        assert (told["alert_id"], told["answer"]["level"]) == ("alert-1", 1)
        missed = [(each["event_id"], each["lacked"]) for each in told["answer"]["passed_by"]]
        assert missed == [("event-2", ["countries asks for ARM, this is IRN", "it is no border incident"])]
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
