"""Alerts as a person at a terminal sees them."""

import io
from typing import Any

import pytest
from rich.console import Console

from services.commands.show import alert_line, plain, show_alert, tell
from services.commands.terminal import shown_by
from services.core.alert import Alert
from services.core.errors import InputError
from tests.commands.samples import PIECE, alert

EVIL = "\x1b[2J\x07\x9b31m\u202e\rgone"


def console(*, terminal: bool = False, **more: Any) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, soft_wrap=True, highlight=False, width=80, **more)


def shown(one: Alert, *, update: bool = False, terminal: bool = False, **more: Any) -> str:
    out = console(terminal=terminal, **more)
    show_alert(out, one, update=update)
    return out.file.getvalue()  # type: ignore[attr-defined]


def test_an_alert_tells_rule_place_severity_and_the_sentence_that_did_it() -> None:
    assert shown(alert()) == (
        "FIRING clashes AAA · warning · 2020-10-01 12:00 UTC · test\n"
        "  2 independent incidents within 1d\n"
        "  • Shells hit the village [of] Northfort.\n"
        "    herald 2020-10-01, Northfort · said by the ministry\n"
    )


def test_without_a_terminal_there_are_no_escape_codes() -> None:
    assert "\x1b" not in shown(alert())
    assert "\x1b[" in shown(alert(), terminal=True, color_system="standard")
    assert "\x1b[33m" not in shown(alert(), terminal=True, no_color=True, color_system="standard")


def test_an_outlet_that_speaks_for_itself_is_said_to() -> None:
    bare = alert(evidence=[{**PIECE, "attribution": None, "place": None, "trigger": ""}])
    assert shown(bare).endswith("    herald 2020-10-01 · in its own voice\n")


@pytest.mark.parametrize("state", ["resolved", "retracted", "deescalated"])
def test_an_alert_that_does_not_rise_is_told_without_its_sentences(state: str) -> None:
    assert shown(alert(state=state)).count("\n") == 2


def test_more_evidence_for_what_is_known_is_told_in_short() -> None:
    assert shown(alert(), update=True).startswith("+ evidence clashes AAA")
    assert "•" not in shown(alert(), update=True)


def test_an_alert_is_shown_once_for_each_new_reason(capsys: pytest.CaptureFixture[str]) -> None:
    out = console()
    show = shown_by(out, as_json=False)
    for one in (alert(), alert(), alert(reason="3 incidents"), alert(state="resolved")):
        show(one)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert [text.count(word) for word in ("FIRING", "+ evidence", "RESOLVED")] == [1, 1, 1]
    show = shown_by(out, as_json=True)
    show(alert())
    show(alert())
    lines = capsys.readouterr().out.splitlines()
    assert [Alert.model_validate_json(line) for line in lines] == [alert(), alert()]


def test_nothing_in_an_article_steers_the_terminal() -> None:
    piece = {**PIECE, "sentence": f"Shells {EVIL}", "outlet": EVIL, "place": {"text": EVIL, "name": EVIL}}
    hostile = alert(evidence=[piece], group=EVIL, reason=EVIL, stream=EVIL)
    out = console()
    tell(out, InputError("x", EVIL))
    for text in (shown(hostile), alert_line(hostile), out.file.getvalue()):  # type: ignore[attr-defined]
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(text)
        assert "gone" in text


def test_markup_in_an_article_is_shown_as_it_is() -> None:
    assert "[bold]x[/bold] [/]" in shown(alert(reason="[bold]x[/bold] [/]", group="[red]"))


def test_plain_text_stays_as_it_is() -> None:
    assert plain("Ünïcode, 停火,\tline\nline") == "Ünïcode, 停火,\tline\nline"


def test_one_line_tells_one_change() -> None:
    assert alert_line(alert()) == (
        "2020-10-01 12:00  firing       warning   clashes AAA  (incidents 2, stories 1, outlets 1)"
    )
