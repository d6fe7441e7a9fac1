"""What a mention takes over from those of its sentence that were folded into it: figures, parties, a border."""

from dataclasses import replace

from services.core.event import Event
from services.extractor.event.told import CURRENT, Told, at_border_of
from services.extractor.names.gazetteer import gazetteer


def _at_the_border(item: Told, folded: list[Told]) -> Told:
    """The mention with the border that only a part of it names: *fired over the line, killing two*."""
    other = next((other for other in folded if other.event.border_incident and other.event.modality in CURRENT), None)
    if other is None or item.event.border_incident:
        return item
    return replace(item, event=item.event.model_copy(update=at_border_of(item.event, other.event)))


def with_losses(item: Told, folded: list[Told]) -> Told:
    """The mention with the figures of what was folded into it; one without a number says no more beside one with it."""
    item = _at_the_border(item, folded)
    if not any(other.event.casualties for other in folded):
        return item
    told = [casualty for other in (item, *folded) for casualty in other.event.casualties]
    counted = {casualty.kind for casualty in told if casualty.count is not None}
    kept = (casualty for casualty in told if casualty.count is not None or casualty.kind not in counted)
    changes = {"casualties": tuple(dict.fromkeys(kept))} | _whose(item, folded)
    event: Event = item.event.model_copy(update=changes)
    return replace(item, event=event)


def _whose(item: Told, folded: list[Told]) -> dict[str, object]:
    """*an offensive in which the army killed nine*, *troops foiled a raid, killing four*: whose the killing was."""
    if item.event.actor:
        return {}
    lead = next((other.event for other in folded if other.event.actor), None)
    fended = lead is not None and item.event.outcome == "repelled" and item.event.target == lead.actor
    if item.event.target and not fended:
        return {}
    if lead is not None:
        return {"actor": lead.actor, "target": lead.target}
    fallen = (who for other in folded for who in other.event.target if item.sense == "clash" and _in_arms(who.id))
    return {"actor": tuple(dict.fromkeys(fallen))}


def _in_arms(ident: str) -> bool:
    """Whether an id is of a force or an armed group: those of it who fell in a clash fought in it."""
    group = "-" not in ident and ident not in gazetteer().country_names
    return group or ident.rpartition("-")[2] in {"MIL", "COP", "REB"}
