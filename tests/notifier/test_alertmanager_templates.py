"""What `deploy/alertmanager` makes of an alert of ours: rendered by a real Alertmanager, and by its amtool."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from services.core.alert import Alert
from services.core.rule import Severity
from services.notifier.alertmanager import postable
from tests.dashboard.samples import alert, evidence
from tests.deploy.monitoring import ALERTMANAGER, read_yaml
from tests.deploy.tools import alertmanager, run_tool
from tests.notifier.receiver import Receiver, receiver

FOLDER = ALERTMANAGER.parent
EXAMPLE = FOLDER / "example.yml"
TITLE = "border-incident ARM-IRN · Araks · 2 incidents, 2 stories, 2 outlets"


def ringing(**changes: Any) -> Alert:
    return alert(started_at=datetime.now(UTC) - timedelta(minutes=5), changed_at=datetime.now(UTC), **changes)


@pytest.fixture
async def chat() -> AsyncIterator[Receiver]:
    async with receiver() as took:
        yield took


def config(folder: Path, chat: Receiver) -> Path:
    """The example with the chat on this machine, nobody else to tell, and no pauses."""
    given = read_yaml(EXAMPLE)
    del given["global"]
    given["templates"] = [str(FOLDER / "tocsin.tmpl")]
    for each in given["receivers"]:
        for key in ("email_configs", "pagerduty_configs"):
            each.pop(key, None)
        for slack in each.get("slack_configs", ()):
            del slack["api_url_file"]
            slack["api_url"] = chat.url
    given["route"]["routes"][0] |= {"group_wait": "0s", "group_interval": "1s"}
    path = folder / "alertmanager.yml"
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    return path


async def post(address: str, told: Alert) -> None:
    """As the notifier posts it; waits for the Alertmanager to be there."""
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            try:
                posts = postable([told], datetime.now(UTC))
                async with session.post(f"{address}/api/v2/alerts", json=posts, raise_for_status=True):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


async def messages(chat: Receiver, count: int) -> list[tuple[str, str, str]]:
    async with asyncio.timeout(20):
        while len(chat.accepted) < count:  # noqa: ASYNC110 -- asked from outside
            await asyncio.sleep(0.05)
    told = [json.loads(body)["attachments"][0] for _, body in chat.accepted]
    return [(each["title"], each["title_link"], each["text"]) for each in told]


async def test_a_chat_is_told_in_our_words_of_beginning_worsening_and_end(tmp_path: Path, chat: Receiver) -> None:
    with alertmanager(config(tmp_path, chat), tmp_path) as address:
        await post(address, ringing())
        [(title, link, text)] = await messages(chat, 1)
        assert (title, link) == (f"WARNING {TITLE}", evidence().url)
        assert text.splitlines() == [
            f"“{evidence().sentence}”",
            f"River Post · {evidence().url}",
            "2 incidents within 72h reached the threshold of 2",
        ]
        await post(address, ringing(state="escalated", severity=Severity.CRITICAL))
        assert (await messages(chat, 2))[1][0] == f"CRITICAL {TITLE}"
        await post(address, ringing(state="retracted", severity=Severity.CRITICAL))
        assert (await messages(chat, 3))[2][0] == f"RETRACTED {TITLE}"


def rendered(folder: Path, text: str, kind: str, **changes: Any) -> str:
    """A template over one alert, as amtool renders it."""
    post = postable([ringing(**changes.pop("alert", {}))], datetime.now(UTC))[0]
    status = changes.pop("status", "firing")
    data = folder / "data.json"
    facts = {"status": status, "labels": post["labels"], "annotations": {**post["annotations"], **changes}}
    data.write_text(json.dumps({"receiver": "x", "status": status, "alerts": [facts]}), encoding="utf-8")
    given = f"--template.glob={FOLDER / '*.tmpl'}", f"--template.text={text}", f"--template.type={kind}"
    told = run_tool("amtool", "template", "render", *given, f"--template.data={data}")
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_what_a_page_said_stays_text_in_a_mail(tmp_path: Path) -> None:
    mail = rendered(tmp_path, '{{ template "tocsin.html" . }}', "html", sentence="<script>", source="javascript:x()")
    assert "&lt;script&gt;" in mail
    assert 'href="#ZgotmplZ"' in mail
    assert f"<h3>WARNING {TITLE}</h3>" in mail


def test_an_alert_that_is_no_longer_told_of_is_not_said_to_be_resolved(tmp_path: Path) -> None:
    title = rendered(tmp_path, '{{ template "tocsin.title" . }}', "text", status="resolved")
    assert title.strip() == f"NO LONGER TOLD {TITLE}"


def test_an_alert_without_evidence_place_or_group_is_told_too(tmp_path: Path) -> None:
    bare = {"evidence": (), "group": ""}
    text = rendered(tmp_path, '{{ template "tocsin.title" . }}|{{ template "tocsin.text" . }}', "text", alert=bare)
    title, _, body = text.partition("|")
    assert title == "WARNING border-incident · 2 incidents, 2 stories, 2 outlets"
    assert body.strip() == "2 incidents within 72h reached the threshold of 2"


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"alert_id": "a", "severity": "critical"}, {"example": "duty,chat", "alertmanager": "news"}),
        ({"alert_id": "a", "severity": "info"}, {"example": "chat", "alertmanager": "news"}),
        ({"alertname": "TocsinServiceDown", "severity": "page"}, {"example": "operators", "alertmanager": "page"}),
        ({"alertname": "TocsinDeadLetters", "severity": "ticket"}, {"example": "operators", "alertmanager": "ticket"}),
    ],
)
def test_alerts_about_the_news_and_about_tocsin_go_different_ways(labels: dict[str, str], told: dict[str, str]) -> None:
    for name, receivers in told.items():
        asked = [f"{key}={value}" for key, value in labels.items()]
        found = run_tool("amtool", "config", "routes", "test", f"--config.file={FOLDER / name}.yml", *asked)
        assert found.stdout.strip() == receivers
