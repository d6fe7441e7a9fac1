"""The words events are described with: ACLED's event and sub-event types, and what we add to them.

Type names are those of the Armed Conflict Location & Event Data codebook (https://acleddata.com); only the names and
their hierarchy are used.
"""

from enum import StrEnum
from typing import Final


class Tier(StrEnum):
    """What sort of thing an event is: force on the ground, context, words, or a running count of victims."""

    KINETIC = "kinetic"
    STRATEGIC = "strategic"
    VERBAL = "verbal"
    CASUALTY_TOLL = "casualty_toll"


class Modality(StrEnum):
    """How the sentence stands to what it tells. Only the first two are happenings of now."""

    ASSERTED = "asserted"
    ALLEGED = "alleged"
    DENIED = "denied"
    THREATENED = "threatened"
    CALLED_FOR = "called_for"
    FUTURE = "future"
    BACKGROUND = "background"
    HYPOTHETICAL = "hypothetical"


class CeasefireState(StrEnum):
    """What the sentence says about a ceasefire."""

    DECLARED = "declared"
    HOLDING = "holding"
    BREACHED = "breached"
    DENIED = "denied"
    RESTORED = "restored"
    CALLED_FOR = "called_for"
    REJECTED = "rejected"


SUB_EVENT_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "Battles": (
        "Government regains territory",
        "Non-state actor overtakes territory",
        "Armed clash",
    ),
    "Protests": (
        "Excessive force against protesters",
        "Protest with intervention",
        "Peaceful protest",
    ),
    "Riots": (
        "Violent demonstration",
        "Mob violence",
    ),
    "Explosions/Remote violence": (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    "Violence against civilians": (
        "Sexual violence",
        "Attack",
        "Abduction/forced disappearance",
    ),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}
"""ACLED's 6 event types with their 25 sub-event types, in ACLED's order of precedence."""

EVENT_TYPE_OF: Final[dict[str, str]] = {sub: event for event, subs in SUB_EVENT_TYPES.items() for sub in subs}

PLOVER_TYPES: Final[tuple[str, ...]] = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)
"""The 16 event types of PLOVER 2.0, from the most cooperative to the most violent (https://osf.io/preprints/socarxiv/rm5dw)."""
