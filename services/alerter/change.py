"""What a change of the rules does to a group that is already known. Pure."""

from datetime import datetime

from services.alerter.alerts import phase_of
from services.alerter.judge import taken_in
from services.alerter.state import History
from services.core.alert import Alert, AlertState
from services.core.rule import Rule
from services.core.sighting import Part, Revision, Sighting


def adopted(rule: Rule, history: History) -> History:
    """The history under a rule that it was not judged by before.

    What was found under another condition stays evidence until its window has passed: it cannot be matched again, and
    a rule that is improved while it rings must not fall silent. Only the first side of a sequence is nothing to another
    kind. What the rule's kind remembers is made anew from it.
    """
    if history.version == rule.version:
        return history
    kept = tuple(sighting for sighting in history.sightings if rule.sequence or sighting.part is not Part.FIRST)
    history = history.model_copy(update={"sightings": kept, "version": rule.version})
    return taken_in(rule, history, *kept)


def closed(history: History, clock: datetime) -> tuple[History, tuple[Alert, ...]]:
    """The history without a rule, and what must be published of it: nobody will end its alerts, so they end now.

    The evidence is kept: should the rule come back, its alerts go on under their ids.
    """
    ended = tuple(_ended(alert, clock) if alert.state.active else alert for alert in history.alerts)
    changes = tuple(after for before, after in zip(history.alerts, ended, strict=True) if before.state.active)
    digests = tuple(
        phase_of(after) if before.state.active else digest
        for before, after, digest in zip(history.alerts, ended, history.digests, strict=True)
    )
    told = tuple(sorted({*history.told, *map(phase_of, changes)}))
    update = {"alerts": ended, "digests": digests, "told": told, "due": None, "version": ""}
    return history.model_copy(update=update), changes


def set_aside(history: History, news: Sighting | Revision | None, clock: datetime) -> tuple[History, tuple[Alert, ...]]:
    """As :func:`closed`, and with news of the rule: another instance may have read a newer file a moment ago."""
    history, changes = closed(history, clock)
    if isinstance(news, Sighting):
        history = history.with_sightings([news]).roomier()
    elif news:
        history = history.with_revision(news)
    return history, changes


def _ended(alert: Alert, clock: datetime) -> Alert:
    reason = f"the rule {alert.rule} was taken out of the rules file"
    return alert.model_copy(
        update={"state": AlertState.RESOLVED, "changed_at": max(clock, alert.changed_at), "reason": reason}
    )
