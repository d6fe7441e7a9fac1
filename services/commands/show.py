"""How alerts are shown to a person at a terminal."""

import re

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from services.core.alert import Alert, AlertState, Evidence
from services.core.sighting import Verdict

_COLOURS = {"info": "cyan", "warning": "yellow", "critical": "bold red"}

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters and changes of direction: with them an article could clear the screen or reorder the text."""


def plain(text: str) -> str:
    """The text with nothing in it that a terminal acts upon; line breaks and tabs stay."""
    return _STEERING.sub("\ufffd", text)


def tell(console: Console, error: object) -> None:
    """Prints an error; what it quotes from a file cannot steer the terminal."""
    console.print(f"error: {plain(str(error))}", style="red", markup=False)


def show_alert(console: Console, alert: Alert, *, update: bool = False) -> None:
    """Prints one change of an alert: state, rule, place, severity and counts, then the sentences that did it.

    ``update`` marks a record that only brings more evidence for a state already shown; it is told in one line.
    """
    colour = _COLOURS[alert.severity] if alert.state.active else "green"
    head = f"[{colour}]{'+ evidence' if update else alert.state.upper()}[/]"
    console.print(
        f"{head} [bold]{escape(alert.rule)}[/] {escape(plain(alert.group))} · {alert.severity} · "
        f"{alert.changed_at:%Y-%m-%d %H:%M} UTC · {escape(plain(alert.stream))}",
        highlight=False,
    )
    console.print(f"  {escape(plain(alert.reason))}", highlight=False)
    if alert.state in (AlertState.FIRING, AlertState.ESCALATED) and not update:
        for piece in alert.evidence:
            if piece.verdict is Verdict.COUNTED:
                console.print(evidence_line(piece))


def alert_line(alert: Alert) -> str:
    """One change of an alert in one line: when, what, where, and how much there was of it."""
    counts = ", ".join(f"{name} {getattr(alert.counts, name)}" for name in ("incidents", "stories", "outlets"))
    where = plain(f"{alert.rule} {alert.group}")
    return f"{alert.changed_at:%Y-%m-%d %H:%M}  {alert.state:<11}  {alert.severity:<8}  {where}  ({counts})"


def evidence_line(piece: Evidence) -> Text:
    """One piece of evidence: the sentence with what triggered it in bold, the outlet, the day, the place."""
    line = Text("  • ")
    sentence, trigger = plain(piece.sentence), plain(piece.trigger)
    before, hit, after = sentence.partition(trigger) if trigger else (sentence, "", "")
    line.append(" ".join(before.split()) + (" " if before[-1:].isspace() else ""))
    line.append(hit, style="bold underline")
    line.append((" " if after[:1].isspace() else "") + " ".join(after.split()))
    said = f"said by {', '.join(m.text for m in piece.attribution.who)}" if piece.attribution else "in its own voice"
    place = f", {piece.place.name}" if piece.place else ""
    line.append(plain(f"\n    {piece.outlet} {piece.published:%Y-%m-%d}{place} · {said}"), style="dim")
    return line
