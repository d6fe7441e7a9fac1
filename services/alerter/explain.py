"""Alerts and answers told to a person, line by line. Pure; what prints it makes the text harmless to a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from services.alerter.alerts import phase_of
from services.alerter.verdicts import moment_in_words
from services.core.alert import Alert, Counts, Evidence
from services.core.answer import Answer
from services.core.baseline import Baseline, Distinct, FirstSeen, NewTerms, Order, Silence, SpikeBaseline
from services.core.sighting import Verdict
from services.core.window import Window, format_duration

_SHOWN_TERMS: Final = 12


def life_of(records: Iterable[Alert]) -> tuple[Alert, ...]:
    """The phases of one alert in the order of its life, of each the record that was published last."""
    latest = {phase_of(alert): alert for alert in records}
    return tuple(sorted(latest.values(), key=lambda alert: alert.changed_at))


def told_of(life: Sequence[Alert]) -> Iterator[str]:
    """An alert, by its phases: what rang and when, its counts, and every piece of evidence with its verdict."""
    last = life[-1]
    yield f"{last.rule} {last.group} · {last.state} · {last.severity} · stream {last.stream}"
    yield f"  {last.reason}"
    yield f"  alert {last.alert_id}, rule version {last.rule_version}"
    yield "Life"
    for phase in life:
        yield f"  {moment_in_words(phase.changed_at)}  {phase.state:<11}  {phase.severity:<8}  {counted(phase.counts)}"
    yield from _measured(last.window, last.counts, last.threshold)
    yield from (f"  {line}" for line in against(last.baseline))
    yield from _evidence(last.evidence)


def answered(found: Answer) -> Iterator[str]:
    """Why a rule rang, or did not: its count and threshold, what counted, what was refused, what it passed by."""
    how = "rang" if found.rang else "did not ring"
    yield f"{found.rule} {found.group} {how} at {moment_in_words(found.at)} · stream {found.stream}"
    yield f"  {found.reason}"
    yield f"  rule version {found.rule_version}" + (f", alert {found.alert.alert_id}" if found.alert else "")
    yield from (f"  {note}" for note in found.notes)
    yield from _measured(found.window, found.counts, found.threshold, f"{found.level} {found.unit}")
    if found.nearest and found.nearest.level > found.level:
        yield f"  nearest    {found.nearest.level} of {found.threshold} at {moment_in_words(found.nearest.at)}"
    yield from (f"  {line}" for line in against(found.baseline))
    yield from _evidence(found.evidence)
    if found.passed_by:
        shown, there = len(found.passed_by), found.passed_by_in_all
        yield f"Not what the rule asks for ({shown if shown == there else f'{shown} of {there}'})"
    for one in found.passed_by:
        yield f"  {one.outlet} {one.published:%Y-%m-%d}: {_flat(one.sentence)}"
        yield f"    {'; '.join(one.lacked)}"
    if found.elsewhere:
        groups = ", ".join(f"{group} {number}" for group, number in found.elsewhere.items())
        yield f"Sightings of other groups in this window: {groups}"


def counted(counts: Counts) -> str:
    """Each way of counting, in one line."""
    named = counts.model_dump().items()
    return ", ".join(f"{name} {number}" for name, number in named if number or name != "casualties")


def against(baseline: Baseline | None) -> Iterator[str]:
    """What a count was compared with, a line or two; nothing for a plain threshold."""
    match baseline:
        case SpikeBaseline():
            yield (
                f"baseline   {baseline.expected:g} expected: the mean of {baseline.windows} windows at the same "
                f"{baseline.period} from {moment_in_words(baseline.since)} to {moment_in_words(baseline.until)}"
            )
            yield f"           {baseline.observed} observed, rings from {baseline.needed}"
        case Distinct():
            yield f"baseline   {baseline.of}: {_some(baseline.terms)}"
        case NewTerms():
            yield f"baseline   watched since {moment_in_words(baseline.since)}"
            yield f"           new {baseline.of}: {_some([_seen(term) for term in baseline.terms])}"
        case Silence():
            seen = f"last seen {moment_in_words(baseline.last_seen)}" if baseline.last_seen else "nothing ever seen"
            yield f"baseline   silent since {moment_in_words(baseline.since)}, {seen}"
        case Order():
            yield f"baseline   first {_some(baseline.first)}"
            yield f"           then, within {format_duration(baseline.within)}, {_some(baseline.then)}"


def _measured(window: Window, counts: Counts, threshold: int, level: str = "") -> Iterator[str]:
    yield "Measured"
    yield f"  window     after {moment_in_words(window.start)} up to {moment_in_words(window.end)}"
    yield f"  counts     {counted(counts)}"
    yield f"  level      {level}" if level else f"  threshold  {threshold}"
    if level:
        yield f"  threshold  {threshold}"


def _evidence(evidence: Sequence[Evidence]) -> Iterator[str]:
    rang = [piece for piece in evidence if piece.verdict is Verdict.COUNTED]
    others = [piece for piece in evidence if piece.verdict is not Verdict.COUNTED]
    for title, pieces in (("Counted", rang), ("Merged or refused", others)):
        if pieces:
            yield f"{title} ({len(pieces)})"
        for piece in pieces:
            yield from _piece(piece)


def _piece(piece: Evidence) -> Iterator[str]:
    said = f"said by {', '.join(m.text for m in piece.attribution.who)}" if piece.attribution else "in its own voice"
    kind = piece.sub_event_type or piece.event_type or "words"
    place = f" · {piece.place.name}" if piece.place else ""
    yield f"  {piece.outlet} {piece.published:%Y-%m-%d %H:%M}: {_flat(piece.sentence)}"
    yield f"    {piece.verdict.replace('_', ' ')}: {piece.reason}"
    yield f"    {kind}{place} · {piece.modality} · {said} · {piece.article_id} {piece.start}–{piece.end}"
    if piece.denied_by:
        yield f"    denied by {', '.join(piece.denied_by)}"


def _seen(term: FirstSeen) -> str:
    return f"{term.term} ({f'last seen {moment_in_words(term.last_seen)}' if term.last_seen else 'never before'})"


def _some(terms: Sequence[str]) -> str:
    more = f" and {len(terms) - _SHOWN_TERMS} more" if len(terms) > _SHOWN_TERMS else ""
    return ", ".join(terms[:_SHOWN_TERMS]) + more


def _flat(text: str) -> str:
    return " ".join(text.split())
