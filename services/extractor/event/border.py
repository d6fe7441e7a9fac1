"""What our own flags say of ceasefires and civilians: the state of a truce, and whether civilians are the target."""

import re
from functools import lru_cache

from services.core.ontology import CeasefireState
from services.extractor.names.name import Name
from services.extractor.reading.triggers import Cue, Find
from services.extractor.text.closed import closed
from services.extractor.text.words import Words


def state_of_ceasefire(words: Words, find: Find, cue: Cue | None) -> CeasefireState | None:
    """What the sentence says about a ceasefire, from the sense and the frame word over it."""
    effect = cue.frame.effect if cue else ""
    text = set(words.forms[find.start : find.end])
    if find.sense == "breach" or (find.sense in _FORCE and during_truce(words)):
        return CeasefireState.BREACHED
    if find.sense != "agreement" or not text & TRUCE:
        return None
    if effect in {"called_for", "hypothetical", "future"}:
        return CeasefireState.CALLED_FOR
    if cue and effect in {"denied", "threatened"}:
        denies = any(word.startswith(_DENIES) for word in words.forms[cue.start : cue.end])
        return CeasefireState.DENIED if denies else CeasefireState.REJECTED
    return _state_told(text)


def _state_told(words: set[str]) -> CeasefireState:
    if any(word.startswith(_ANEW) for word in words):
        return CeasefireState.RESTORED
    return CeasefireState.HOLDING if words & _HOLDS else CeasefireState.DECLARED


_HOLDS = frozenset({"hold", "holds", "holding", "held", "observed", "observe", "respected", "honoured", "honored"})
_DENIES = ("deny", "deni", "refut", "claim", "allegation", "report", "fals", "fake", "untrue", "baseless", "unfounded")
"""How words begin that say that there is no such truce; whoever says other words against one does not want it."""
_ANEW = ("restor", "reinstat", "reviv")
"""How words begin that say that a truce which had lapsed is in force again."""
TRUCE = closed("border.truce")
_FORCE = closed("border.force") - {"control"}
_DURING = re.compile(
    r"""\b(?:(?:hours?|days?|minutes?|nights?|weeks?)\ (?:into|after|since)
        |despite|in\ spite\ of|notwithstanding|in\ defiance\ of|ignoring|flouting|hours\ before|days\ before
        |although\ there\ (?:is|has\ been|was)|during\ (?:a|the|this)|(?:day|night|hours|week)\ of
        |first\ (?:[\w-]+\ ){0,6}since|not\ (?:kept\ to|respected|honou?red|observed|kept)
        |shatter(?:ed|ing)|contravention\ of)
    \ (?:[\w-]+\ ){0,6}?(?:ceasefire|cease-fire|truce|armistice|cessation\ of\ hostilities|moratorium
        |humanitarian\ pause|pause\ in\ (?:the\ )?fighting)\b(?:\ [\w-]+){0,4}""",
    re.VERBOSE,
)
"""Words that say that a truce was in force; with what stands behind it, which may say that it was over."""
_OVER = re.compile(r"\b(?:collaps|expir|laps|broke\b|broken|fell|ended|breakdown|talks|proposal|offer|call)")


@lru_cache(maxsize=1)
def during_truce(words: Words) -> bool:
    """*ten hours into the truce*, *despite the ceasefire*: what is told happened while a truce was in force."""
    text = " ".join(words.forms)
    found = _DURING.search(text) if any(word in text for word in _TRUCES) else None
    return found is not None and not _OVER.search(found.group())


_TRUCES = ("ceasefire", "cease-fire", "truce", "armistice", "cessation", "moratorium", "pause")
"""What it looks for ends in one of these words."""


def targets_civilians(targets: tuple[Name, ...], type_name: str) -> bool:
    """Civilians are the main or only target."""
    hit = [name for name in targets if name.kind in {"civ", "protester"}]
    return (bool(hit) and len(hit) * 2 >= len(targets)) or type_name in {
        "Sexual violence",
        "Abduction/forced disappearance",
    }
