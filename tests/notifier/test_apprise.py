"""Apprise tells a real server of this machine."""

import json
import sys

import pytest

from services.core.alert import AlertState
from services.core.errors import ConfigError
from services.notifier.by_apprise import Apprise, apprise_channels, summary_text
from services.notifier.channels import Result
from services.notifier.templates import NO_TEXTS, load_texts
from tests.dashboard.samples import alert
from tests.notifier.receiver import Receiver, receiver
from tests.notifier.test_templates import Path, written


def channel(took: Receiver, path: Path | None = None) -> Apprise:
    (made,) = apprise_channels(took.url.replace("http:", "json:"), load_texts(path)["apprise"])
    return made


def posted(took: Receiver) -> list[tuple[str, str, str]]:
    bodies = [json.loads(body) for _, body in took.accepted]
    return [(each["title"], each["message"], each["type"]) for each in bodies]


async def test_an_alert_is_told_with_title_text_and_kind() -> None:
    async with receiver() as took:
        assert await channel(took).deliver(alert()) is Result.DELIVERED
        assert await channel(took).deliver(alert(state=AlertState.RESOLVED)) is Result.DELIVERED
        assert await channel(took).summarize([alert(), alert(group="B")]) is Result.DELIVERED
    first, second, third = posted(took)
    assert first[0] == "FIRING border-incident ARM-IRN (warning)"
    assert first[1].startswith("2 incidents within 72h reached the threshold of 2\nShells fell on two villages")
    assert (first[2], second[2]) == ("warning", "success")
    assert third[0] == "2 more changes of alerts"
    assert third[1].splitlines() == [f"FIRING border-incident {group} (warning)" for group in ("ARM-IRN", "B")]


async def test_templates_make_the_texts(tmp_path: Path) -> None:
    folder = written(tmp_path, apprise_title="{{ alert.rule }}!", apprise_body="{{ newest.url }}")
    async with receiver() as took:
        await channel(took, folder).deliver(alert())
    assert posted(took) == [("border-incident!", "https://news.example/river", "warning")]


async def test_a_service_that_fails_is_tried_again() -> None:
    async with receiver(500) as took:
        assert await channel(took).deliver(alert()) is Result.DELIVERED
        assert took.asked == 2


async def test_a_service_that_is_away_is_unreachable_after_a_while() -> None:
    def fails(**_: str) -> bool:
        return False

    assert await Apprise("apprise", fails, patience=0.2).deliver(alert()) is Result.UNREACHABLE


def test_each_url_is_a_channel_whose_name_keeps_its_secrets() -> None:
    made = apprise_channels("json://user:secret@127.0.0.1/a\njson://127.0.0.1/b json://127.0.0.1/b", NO_TEXTS)
    assert len({each.name for each in made}) == len(made) == 2
    assert all(each.name.startswith("apprise-json-") and "secret" not in each.name for each in made)
    assert apprise_channels(" ", NO_TEXTS) == ()


def test_a_url_that_apprise_does_not_know_is_named_by_its_place() -> None:
    with pytest.raises(ConfigError, match="URL 2 is none that Apprise knows") as raised:
        apprise_channels("json://127.0.0.1/ nonsense://secret", NO_TEXTS)
    assert "secret" not in str(raised.value)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert apprise_channels("", NO_TEXTS) == ()
    with pytest.raises(ConfigError, match=r"tocsin\[notify\]"):
        apprise_channels("json://127.0.0.1/", NO_TEXTS)


def test_a_long_summary_says_how_many_it_leaves_out() -> None:
    lines = summary_text([alert(alert_id=str(number)) for number in range(150)]).splitlines()
    assert (len(lines), lines[-1]) == (21, "and 130 more")
