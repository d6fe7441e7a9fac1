"""Templates of the user's: what they may do, and what is said of those that are wrong."""

from pathlib import Path

import pytest

from services.core.errors import ConfigError
from services.notifier.request import webhook_request
from services.notifier.templates import load_texts
from tests.dashboard.samples import NOON, alert


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}.j2").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load_texts(folder)
    return [str(each).replace(str(folder), "") for each in raised.value.problems]


def test_a_template_makes_a_text_of_an_alert(tmp_path: Path) -> None:
    texts = load_texts(
        written(
            tmp_path,
            webhook_body='{"text": {{ (alert.rule ~ ": " ~ newest.outlet) | tojson }}}',
            apprise_title="{{ alert.state | upper }}",
            webhook_summary="{% for each in alerts %}{{ each.group }} {% endfor %}",
        )
    )
    body = texts["webhook"].body.of(alert())
    assert body == '{"text": "border-incident: River Post"}'
    assert texts["apprise"].title.of(alert()) == "FIRING"
    assert texts["apprise"].body.of(alert()) is None
    assert texts["webhook"].summary.of([alert(), alert(group="B")]) == "ARM-IRN B "
    assert webhook_request(alert(), secret="", now=NOON, text=body).headers["Content-Type"] == "application/json"
    assert webhook_request(alert(), secret="", now=NOON, text="so").headers["Content-Type"].startswith("text/plain")


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    found = problems(
        written(
            tmp_path,
            webhook_body="one\n{% if %}",
            webhook_summary="one\ntwo\n{{ alerts[0].rul }}",
            apprise_title="{{ alerts }}",
            apprise_summary="\n{{ nobody }}",
            pager_body="x",
        )
    )
    assert [each.partition(": ")[0] for each in found] == [
        "/apprise.summary.j2:2",
        "/apprise.title.j2:1",
        "/pager.body.j2",
        "/webhook.body.j2:2",
        "/webhook.summary.j2:3",
    ]
    assert "has no attribute 'rul'" in found[-1]
    assert problems(tmp_path / "none")[0].startswith("TOCSIN_NOTIFIER__TEMPLATES: no such folder")


def test_a_template_reaches_nothing_but_the_alert(tmp_path: Path) -> None:
    inside = "{{ alert.__class__.__mro__[1].__subclasses__() }}"
    assert "unsafe" in problems(written(tmp_path, webhook_body=inside))[0]


def test_a_template_that_fails_on_one_alert_gives_way_to_the_plain_text(tmp_path: Path) -> None:
    body = load_texts(written(tmp_path, webhook_body="{{ newest.outlet }}"))["webhook"].body
    assert body.of(alert()) == "River Post"
    assert body.of(alert(evidence=())) is None
