"""What our own flags say of ceasefires and civilians: the state of a truce, and whether civilians are the target."""

from services.core.ontology import CeasefireState
from services.extractor.closed import closed
from services.extractor.name import Name
from services.extractor.triggers import Find
from services.extractor.words import Words


def state_of_ceasefire(words: Words, find: Find, effect: str) -> CeasefireState | None:
    """What the sentence says about a ceasefire, from the sense and the frame word over it."""
    text = {word.lower for word in words[find.start : find.end]}
    if find.sense == "breach":
        return CeasefireState.BREACHED
    if find.sense != "agreement" or not text & TRUCE:
        return None
    if effect in {"called_for", "hypothetical", "future"}:
        return CeasefireState.CALLED_FOR
    if effect in {"denied", "threatened"}:
        return CeasefireState.REJECTED
    if text & {"hold", "holds", "holding", "held", "observed", "observe", "respected"}:
        return CeasefireState.HOLDING
    return CeasefireState.DECLARED


TRUCE = closed("border.truce")


def targets_civilians(targets: tuple[Name, ...], type_name: str) -> bool:
    """Civilians are the main or only target."""
    hit = [name for name in targets if name.kind in {"civ", "protester"}]
    return (bool(hit) and len(hit) * 2 >= len(targets)) or type_name in {
        "Sexual violence",
        "Abduction/forced disappearance",
    }
