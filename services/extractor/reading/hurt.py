"""Which of the words of harm beside a number is meant, and what it did."""

from services.extractor.reading.harm import harms
from services.extractor.text.grammar import BE
from services.extractor.text.words import Words


def harm_of(words: Words, before: tuple[int, int], after: tuple[int, int]) -> tuple[str, int] | None:
    """The nearest word of harm: the verb right before the number, then behind the noun, then farther before."""
    object_of = _right_before(words, before)
    if object_of is not None:
        return object_of
    for k in range(after[0], min(after[1], after[0] + 9)):
        if words[k].lower in {";", ".", "after", "when"}:
            break
        if words[k].lower in harms():
            if words[k].lower in _HELD and not _DIED.isdisjoint(words.forms[k + 1 : k + 4]):
                continue  # *13 prisoners died*
            return None if _natural(words, k) or _lost(words, k) else (_sense(words, k), k)
    hospital = _to_hospital(words, after)
    return ("wounded", hospital) if hospital is not None else _farther_before(words, before, after[0])


def _farther_before(words: Words, before: tuple[int, int], noun_end: int) -> tuple[str, int] | None:
    own = noun_end < len(words) and words[noun_end].lower in _PREDICATES
    for k in range(before[1] - 1, max(before[0] - 1, before[1] - 12), -1):
        if own and words[k].lower in _JOINS:
            return None
        if words[k].lower == "shot" and words[k + 1].lower == "down":
            return "destroyed", k
        if words[k].lower in harms() and (words[k].lower not in {"shot", "dead"} or words[k - 1].lower == "shot"):
            return _sense(words, k), k
    return None


def _to_hospital(words: Words, after: tuple[int, int]) -> int | None:
    """*four customers were taken to hospital*: where the word for it stands."""
    behind = words.forms[after[0] : min(after[1], after[0] + 7)]
    found = next((k for k, word in enumerate(behind) if word in _HOSPITAL), None)
    lie = found is not None and not BE.isdisjoint(behind[:found]) and "in" in behind[:found]
    return None if found is None or (_BROUGHT.isdisjoint(behind) and not lie) else after[0] + found


_HOSPITAL = frozenset({"hospital", "hospitals", "clinic", "infirmary"})
_BROUGHT = frozenset({"taken", "rushed", "brought", "carried", "flown", "driven", "admitted", "treated", "airlifted"})
_PREDICATES = frozenset({"was", "were"})
_JOINS = frozenset({"and", "while", "but", ";"})
"""*one was killed and four were questioned*: what is said of the four is none of what was said before."""


def _natural(words: Words, k: int) -> bool:
    """*died of a heart attack*: no harm that anybody did."""
    behind = {word.lower for word in words[k + 1 : k + 5]}
    return bool(behind & {"of", "from"}) and bool(behind & _ILLNESS)


def _lost(words: Words, k: int) -> bool:
    """*lost an eye*, *lost contact*: not a life."""
    return words[k].lower == "lost" and _LIVES.isdisjoint(words.forms[k + 1 : k + 4])


_HELD = frozenset({"prisoner", "prisoners", "captive", "captives", "hostages"})
_DIED = frozenset({"died", "dead", "killed", "slain", "executed", "shot", "wounded", "injured", "perished"})
_LIVES = frozenset({"life", "lives", "men", "fighters", "soldiers", "troops", "tanks", "vehicles"})
_ILLNESS = frozenset({"heart", "cancer", "illness", "natural", "disease", "cholera", "malaria", "stroke", "covid-19"})


def _right_before(words: Words, before: tuple[int, int]) -> tuple[str, int] | None:
    """*killed two and wounded nine*, *shot dead four miners*: the number is the verb's object."""
    k = before[1] - 1
    if k < before[0]:
        return None
    if words[k].lower == "dead":
        return ("killed", k) if words[k - 1].lower in _SHOOT else None
    if words[k].lower in _SHOOT or words[k].lower not in harms() or words[k].pos in {"NOUN", "ADJ", "PROPN"}:
        return None
    return _sense(words, k), k


_SHOOT = frozenset({"shot", "shoot", "shoots", "shooting", "gunned"})


def _sense(words: Words, k: int) -> str:
    kind = harms()[words[k].lower]
    if words[k].lower == "shot" and {w.lower for w in words[k + 1 : k + 3]} & {"wounded", "injured", "hurt"}:
        return "wounded"
    if words[k].lower == "wounded" and words[max(k - 1, 0)].lower == "those":
        return "killed_or_wounded"
    return kind


def does(words: Words, noun_end: int, at: int) -> bool:
    """*an officer shot a man*: who stands before the verb did the harm; not *a soldier was shot*."""
    between = {word.lower for word in words[noun_end:at]}
    verb = words[at].tag in {"VBD", "VBN", "NN"} and words[at].lower in _DEEDS
    return noun_end <= at and verb and not between & BE and not words[at].dep.startswith("acl")


_DEEDS = frozenset({"shot", "killed", "wounded", "injured", "arrested", "captured"})
