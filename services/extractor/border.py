"""What our own flags say: border incident, ceasefire violation, civilians as the target, the state of a ceasefire."""

from services.core.event import Place
from services.core.ontology import CeasefireState
from services.extractor.names import Name
from services.extractor.roles import Parties
from services.extractor.triggers import Find
from services.extractor.words import Words

FORCE = frozenset("clash breach attack kill capture recapture shell air suicide ied grenade chemical".split())
_EDGE = frozenset("border borders frontier cross-border borderline line-of-contact borderland".split())
_LINES = (
    ("line", "of", "contact"),
    ("line", "of", "control"),
    ("contact", "line"),
    ("demarcation", "line"),
    ("boundary", "line"),
)


def at_border(words: Words, span: tuple[int, int], parties: Parties, places: tuple[Place, ...]) -> str | None:
    """Why this use of force is a border incident, or None: words for a border, or an actor on another state's ground."""
    text = [word.lower for word in words[span[0] : span[1]]]
    for word in text:
        if word in _EDGE:
            return f"border named: {word!r}"
    for line in _LINES:
        if any(tuple(text[k : k + len(line)]) == line for k in range(len(text))):
            return f"line named: {' '.join(line)!r}"
    actors = {name.country for name in parties.actors if name.kind == "state" and name.country and name.sector != "CVL"}
    grounds = {place.country for place in places if place.country} | {
        name.country for name in parties.targets if name.country and name.sector == "CVL"
    }
    for actor in sorted(actors):
        for ground in sorted(grounds - actors):
            return f"{actor} acts on the ground of {ground}"
    return None


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


TRUCE = frozenset(
    "ceasefire ceasefires cease-fire cease-fires truce truces armistice lull cease cessation silence humanitarian".split()
)


def targets_civilians(targets: tuple[Name, ...], type_name: str) -> bool:
    """Civilians are the main or only target."""
    hit = [name for name in targets if name.kind in {"civ", "protester"}]
    return (
        bool(hit) and len(hit) * 2 >= len(targets) or type_name in {"Sexual violence", "Abduction/forced disappearance"}
    )
