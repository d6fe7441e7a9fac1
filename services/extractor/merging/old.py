"""What an article names again of a deed that it tells of as past: *Years after the blasts ... The attacks killed*."""

import re
from dataclasses import replace

from services.core.ontology import Modality
from services.extractor.event.told import CURRENT, Told, day_said, words_before
from services.extractor.merging.sequel import exact, points
from services.extractor.text.closed import closed

_FORCE = closed("border.force")
_GENERIC = frozenset({"attack", "kill", "clash", "ied", "destroy"})
_NEAR = 2
"""Sentences in which a noun with *the* means a deed told before, at most."""


def with_old(told: tuple[Told, ...]) -> tuple[Told, ...]:
    """The mentions; a noun of force with *the*, without a day of its own, is as past as the last deed it can mean."""
    out: list[Told] = []
    for item in told:
        meant = next((other for other in reversed(out) if _may_mean(item, other)), None) if _names(item) else None
        out.append(_aged(item) if meant and _is_old(meant) else item)
    return tuple(out)


def _names(item: Told) -> bool:
    event = item.event
    placed = not item.inherited and any(map(exact, points(event)))
    again = bool(_AGAIN.search(words_before(event))) if item.thing else item.definite
    return again and item.sense in _FORCE and event.modality in CURRENT and not day_said(event) and not placed


_AGAIN = re.compile(
    r"\b(?:the|this|these|those) (?:[\w-]+ ){0,2}(?:attack|bombing|blast|explosion|massacre|killing|strike|raid"
    r"|shooting|assault|riot|pogrom|ambush|siege)s?\b[^,;.]{0,50}$"
)
"""*The attacks on churches killed ...*: what did it is named as known."""


def _may_mean(item: Told, other: Told) -> bool:
    """Whether one word may stand for both; what happened now comes before what is past."""
    near = 0 < item.sentence - other.sentence <= _NEAR and other.sense in _FORCE
    alike = item.sense in _GENERIC or other.sense in _GENERIC or item.sense == other.sense
    return near and alike and other.event.modality in {*CURRENT, Modality.BACKGROUND}


def _is_old(item: Told) -> bool:
    """Whether it is told as past for its year, its anniversary, the years since: not as what is only talked about."""
    return item.event.modality is Modality.BACKGROUND and any(map(_YEARS.search, item.event.reasons))


_YEARS = re.compile(r"^background: .*(?:years?\b|decades?\b|annivers|centur|\b(?:19|20)\d\d)")


def _aged(item: Told) -> Told:
    reasons = (*item.event.reasons, "background: named again of what is told as past")
    return replace(item, event=item.event.model_copy(update={"modality": Modality.BACKGROUND, "reasons": reasons}))
