"""What our own flags say: border incident, ceasefire violation, civilians as the target, the state of a ceasefire."""

from services.core.ontology import CeasefireState
from services.extractor.clauses import clause_of
from services.extractor.closed import closed
from services.extractor.name import Name
from services.extractor.positions import Parties
from services.extractor.read import Reading
from services.extractor.triggers import Find
from services.extractor.where import Ground
from services.extractor.words import Words

FORCE = closed("border.force")
_ONE_SIDED = FORCE - {"clash", "breach"}
_EDGE = closed("border.edge")
_LINES = (
    "line of contact",
    "line of control",
    "line of actual control",
    "contact line",
    "demarcation line",
    "boundary line",
    "buffer zone",
)


def at_border(reading: Reading, find: Find, parties: Parties, ground: Ground) -> str | None:
    """Why this use of force is a border incident, or None: words for a border, or a state on another's ground."""
    start, end = clause_of(reading.reach.starts, len(reading.words), find.start)
    clause = [word.lower for word in reading.words[start:end]]
    edge = next((word for word in clause if word in _EDGE), None)
    if edge:
        return f"border named: {edge!r}"
    line = next((line for line in _LINES if line in " ".join(clause)), None)
    if line:
        return f"line named: {line!r}"
    return (
        _abroad(parties, ground) if find.sense in _ONE_SIDED and not parties.reciprocal and not ground.holder else None
    )


def _abroad(parties: Parties, ground: Ground) -> str | None:
    """A state's forces using force on ground whose sovereign is another."""
    if ground.inherited:
        return None
    actors = {name.country for name in parties.actors if name.kind == "state" and name.country and name.sector != "CVL"}
    grounds = {place.country for place in ground.places if place.country}
    for actor in sorted(actors):
        for place in sorted(grounds - actors):
            return f"{actor} acts on the ground of {place}"
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


TRUCE = closed("border.truce")


def targets_civilians(targets: tuple[Name, ...], type_name: str) -> bool:
    """Civilians are the main or only target."""
    hit = [name for name in targets if name.kind in {"civ", "protester"}]
    return (bool(hit) and len(hit) * 2 >= len(targets)) or type_name in {
        "Sexual violence",
        "Abduction/forced disappearance",
    }
