"""How alerts are shown to a person at a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from services.core.alert import Alert, AlertState, Evidence
from services.core.sighting import Verdict

_COLOURS = {"info": "cyan", "warning": "yellow", "critical": "bold red"}
_BULLET = {Verdict.COUNTED: "•"}


def show_alert(console: Console, alert: Alert, *, update: bool = False) -> None:
    """Prints one change of an alert: state, rule, place, severity and counts, then the sentences that did it.

    ``update`` marks a record that only brings more evidence for a state already shown; it is told in one line.
    """
    colour = _COLOURS[alert.severity] if alert.state.active else "green"
    head = f"[{colour}]{'+ evidence' if update else alert.state.upper()}[/]"
    console.print(
        f"{head} [bold]{escape(alert.rule)}[/] {escape(alert.group)} · {alert.severity} · "
        f"{alert.changed_at:%Y-%m-%d %H:%M} UTC · {escape(alert.stream)}",
        highlight=False,
    )
    if update:
        console.print(f"  {escape(alert.reason)}", highlight=False)
        return
    console.print(f"  {escape(alert.reason)}", highlight=False)
    if alert.state in (AlertState.FIRING, AlertState.ESCALATED):
        for piece in alert.evidence:
            if piece.verdict is Verdict.COUNTED:
                console.print(evidence_line(piece))


def evidence_line(piece: Evidence) -> Text:
    """One piece of evidence: the sentence with what triggered it in bold, the outlet, the day, the place."""
    line = Text("  • ")
    before, hit, after = piece.sentence.partition(piece.trigger) if piece.trigger else (piece.sentence, "", "")
    line.append(" ".join(before.split()) + (" " if before[-1:].isspace() else ""))
    line.append(hit, style="bold underline")
    line.append((" " if after[:1].isspace() else "") + " ".join(after.split()))
    who = ", ".join(mention.text for mention in piece.attribution.who) if piece.attribution else "its own voice"
    place = f", {piece.place.name}" if piece.place else ""
    line.append(f"\n    {piece.outlet} {piece.published:%Y-%m-%d}{place} · said by {who}", style="dim")
    return line
