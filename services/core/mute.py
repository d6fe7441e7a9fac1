"""Why an alert is not delivered: silences and inhibition, decided by whoever reads alerts. Pure.

Alerts of different groups are judged in different places, so none of these can know of the others. Here all alerts,
silences and rules are at hand, and the answer depends on them and the clock alone, not on who came first.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from services.core.alert import Alert
from services.core.inhibit import Inhibit
from services.core.matcher import all_fit
from services.core.silence import Silence, SilenceState
from services.core.wire import UtcTime, Value


class MutedBy(StrEnum):
    """What can keep an alert from being heard: people, a graver alert, or a channel that did not take it."""

    SILENCE = "silence"
    INHIBITION = "inhibition"
    CHANNEL = "channel"


class Mute(Value):
    """One thing that mutes an alert; ``ident`` is the silence's id, that of the other alert, or the channel's name."""

    kind: MutedBy
    ident: str
    reason: str


def facts_of(alert: Alert) -> Mapping[str, str]:
    """What matchers can ask of an alert. Our own facts win over labels of the same name."""
    return {
        **alert.labels,
        "rule": alert.rule,
        "group": alert.group,
        "group_by": alert.group_by,
        "country": alert.country or "",
        "stream": alert.stream,
        "severity": alert.severity.value,
        "alert_id": alert.alert_id,
    }


def muted_by(
    alert: Alert,
    others: Iterable[Alert],
    *,
    silences: Iterable[Silence],
    inhibits: Iterable[Inhibit],
    now: UtcTime,
) -> tuple[Mute, ...]:
    """Everything that mutes an alert at ``now``, in an order of its own; empty if it is to be heard.

    Args:
        alert: as it stands.
        others: all alerts as they stand; those that are over, and ``alert`` itself, mute nothing.
        silences: all silences.
        inhibits: the inhibitions of the rules file.
        now: the wall clock. Silences are made by people, so they follow it in every stream.
    """
    facts = facts_of(alert)
    mutes = [_by_silence(silence) for silence in silences if _silent(silence, facts, now)]
    mutes += [_by_alert(other) for inhibit in inhibits for other in _sources(inhibit, alert, facts, others)]
    return tuple(sorted(set(mutes), key=lambda mute: (mute.kind, mute.ident)))


def _silent(silence: Silence, facts: Mapping[str, str], now: UtcTime) -> bool:
    return silence.state(now) is SilenceState.ACTIVE and all_fit(silence.matchers, facts)


def _by_silence(silence: Silence) -> Mute:
    until = f"{silence.ends_at:%Y-%m-%d %H:%M} UTC"
    reason = f"silenced by {silence.author} until {until}: {silence.comment}"
    return Mute(kind=MutedBy.SILENCE, ident=silence.silence_id, reason=reason)


def _sources(inhibit: Inhibit, alert: Alert, facts: Mapping[str, str], others: Iterable[Alert]) -> list[Alert]:
    """The ringing alerts that mute this one by one inhibition."""
    if not all_fit(inhibit.target, facts):
        return []
    both = all_fit(inhibit.source, facts)
    return [other for other in others if _rings_over(other, alert) and _inhibits(inhibit, other, facts, both=both)]


def _rings_over(other: Alert, alert: Alert) -> bool:
    return other.state.active and other.stream == alert.stream and other.alert_id != alert.alert_id


def _inhibits(inhibit: Inhibit, other: Alert, facts: Mapping[str, str], *, both: bool) -> bool:
    theirs = facts_of(other)
    return (
        all_fit(inhibit.source, theirs)
        # Two alerts that fit both sides would mute each other, and nobody would hear of either.
        and not (both and all_fit(inhibit.target, theirs))
        and all(theirs.get(name, "") == facts.get(name, "") for name in inhibit.equal)
    )


def _by_alert(other: Alert) -> Mute:
    reason = f"{other.rule} of {other.group} rings ({other.severity})"
    return Mute(kind=MutedBy.INHIBITION, ident=other.alert_id, reason=reason)
