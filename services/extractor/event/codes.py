"""From sense, parties and cues to ACLED, PLOVER and CAMEO: the crosswalk table applied."""

from collections.abc import Mapping
from functools import cache

from services.core.ontology import EVENT_TYPE_OF, Tier
from services.extractor.event.positions import Parties
from services.extractor.names.gazetteer import Site
from services.extractor.names.name import Name
from services.extractor.names.parties import OFFICES
from services.extractor.reading.lexicon import Coding, lexicon
from services.extractor.reading.modality import Scopes
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.clauses import clause_of
from services.extractor.text.closed import closed
from services.extractor.text.words import Words

_TARGETS = (
    ("civ", "civilcar"),
    ("base", "milsite"),
    ("weapon", "weapon"),
    ("protester", "protester"),
    ("soldier", "soldier"),
    ("rebel", "fighter"),
    ("equipment", "equipment"),
    ("place", "holding"),
    ("civ", "civilian"),
    ("civ", "civilplace"),
)
_KINDS = {"state": "state", "police": "police", "rebel": "rebel", "protester": "protester", "mob": "mob"}
_NP_ENDS = closed("codes.np_ends")
_GROUND = frozenset({"capture", "recapture", "control", "withdraw", "handover", "base", "overrun"})


def coding_of(find: Find, parties: Parties, cues: frozenset[str], reach: Scopes, *, sites: tuple[Site, ...]) -> Coding:
    """The first row of the crosswalk that fits; the last row of a sense always does."""
    actor = actor_class(parties, sites)
    target = target_class(find, parties, reach)
    return next(
        coding
        for coding in lexicon().codings[find.sense]
        if (not coding.actors or actor in coding.actors)
        and (not coding.targets or target in coding.targets)
        and coding.needs <= cues
        and not coding.bars & cues
    )


def tier_of(coding: Coding) -> Tier:
    """What ACLED calls strategic is context; homes burnt, goods and people carried off are force (PLOVER)."""
    context = EVENT_TYPE_OF[coding.sub_event_type] == "Strategic developments"
    led_away = coding.mode in {"arrest", "deport"}
    return Tier.STRATEGIC if context and coding.plover != "ASSAULT" and not led_away else Tier.KINETIC


def actor_class(parties: Parties, sites: tuple[Site, ...]) -> str:
    """The class of the first actor; a state on ground of another's is foreign, unless it helps the one whose it is.

    Whose a place is that no table lists is a guess, and makes nobody foreign.
    """
    owners = {code for site in sites if site.lat is not None for code in site.countries}
    if any(name.kind == "state" and name.country in owners for name in parties.actors):
        return "state"
    for name in parties.actors:
        if name.kind in {"state", "police"}:
            foreign = name.kind == "state" and owners and name.country
            return "foreign" if foreign else name.kind
        if name.kind in {"rebel", "protester", "mob", "civ"}:
            return name.kind
    return "none"


def target_class(find: Find, parties: Parties, reach: Scopes) -> str:
    """What was hit or taken: the head noun behind the trigger (before it in the passive), else the target's class."""
    words = reach.words
    marching = not _MARCHING.isdisjoint(words.forms[find.start : find.end])
    if marching and find.sense in {"kill", "attack"}:
        return "protester"
    hit = _hit_class(words, find, parties, reach)
    harmed = find.sense in {"kill", "attack"}
    if harmed and (_former(words, parties) or (hit == "state" and _governs(words, find, parties))):
        return "civ"
    return "place" if hit == "civ" and find.sense in _GROUND and _of_walls(words, find) else hit


def _former(words: Words, parties: Parties) -> bool:
    """*A former rebel was killed*: whoever bore arms once."""
    first = parties.targets[0] if parties.targets else None
    return first is not None and words[first.start - 1].lower in {"former", "ex", "retired"} and first.start > 0


def _governs(words: Words, find: Find, parties: Parties) -> bool:
    """*A party leader was shot dead*: no arms are borne in office; *opened fire on the president* is said of words."""
    first = parties.targets[0] if parties.targets else None
    done = find.sense == "kill" or (find.verbal and tree.is_passive(words, find.head))
    if not done or first is None or first.sector not in OFFICES:
        return False
    return _BANDS.isdisjoint(words.forms[first.end : first.end + _LED])


_BANDS = frozenset({"front", "army", "movement", "liberation", "brigade", "group", "militia", "faction"})
_LED = 8
"""*a leader of the People's Front*: who leads a band may bear arms; so many words behind the office name it."""


def _of_walls(words: Words, find: Find) -> bool:
    """*captured a school*: buildings are ground, whoever they are for."""
    hit = tree.objects(words, find.head) if find.verbal else ()
    return bool(hit) and all(words[k].lower in lexicon().classes["civilplace"] for k in hit)


def _hit_class(words: Words, find: Find, parties: Parties, reach: Scopes) -> str:
    if find.sense == "capture" and find.verbal and _person(words, find.head):
        return "civ"
    _, end = clause_of(reach.starts, len(words), find.start)
    below = tree.passive_subject(words, find.head) if find.verbal and tree.is_passive(words, find.head) else None
    if below is not None and below < find.start:
        noun = head_class(words, min(tree.phrase(words, below)), below + 1) or people(words, below)
    else:
        behind = not find.verbal or words[find.end - 1].lower in _ONTO  # *fired small arms at*
        start = find.end if behind else find.head + 1
        noun = _aged(words, start) or head_class(words, start, min(end, find.end + 9))
    first = parties.targets[0] if parties.targets else None
    if first and first.kind == "civ" and first.start > find.head:
        noun = head_class(words, find.head + 1, first.end) or noun if _of(words, find, first) else "civ"
    if first and first.start < find.start:
        noun = head_class(words, max(0, first.start - 2), min(first.end + 2, find.start)) or noun
    if first and first.kind in _KINDS and noun not in {"base", "place", "weapon", "equipment"}:
        return _KINDS[first.kind]
    if first and first.kind in {"state", "police"} and noun == "place" and find.sense not in _GROUND:
        return _KINDS[first.kind]
    if not noun and first and first.kind == "country" and words[first.start - 1].lower in _WHENCE:
        return head_class(words, max(0, first.start - 7), first.start) or "none"
    if not noun and first:
        return {"country": "state", "demonym": "state", "civ": "civ", "place": "place"}.get(first.kind, "none")
    return noun or "none"


_ONTO = frozenset({"at", "on", "into", "against", "towards", "toward"})


def _aged(words: Words, start: int) -> str:
    """*shot Ana Paz, 38, coordinator of the guard*: a person by name and age is what the noun says, else civil."""
    k = start
    while k < len(words) and words[k].pos == "PROPN":
        k += 1
    if k == start or k + 3 >= len(words) or (words[k].text, words[k + 2].text) != (",", ","):
        return ""
    if not words[k + 1].text.isdigit():
        return ""
    end = next((i for i in range(k + 3, min(k + 9, len(words))) if words[i].lower in {"of", ",", "in"}), k + 6)
    return head_class(words, k + 3, end) or "civ"


def people(words: Words, noun: int) -> str:
    """*Thirteen seminarians were seized*: a plural of people that no class lists, by its ending."""
    word = words[noun]
    plain = word.tag == "NNS" and word.text.islower() and word.lower.endswith(_ENDINGS)
    return "civ" if plain and any(words[k].tag == "CD" for k in tree.kids(words, noun)) else ""


_ENDINGS = ("ians", "ists", "ants", "ees", "ers", "ors", "men", "mates")


def _person(words: Words, verb: int) -> bool:
    """*since he was seized*, *a woman was seized*, *captured him*: somebody was taken, and no ground."""
    below = tree.passive_subject(words, verb)
    if below is not None and words[below].lower in lexicon().classes["civilian"]:
        return True
    if any(words[k].lower in {"who", "whom"} and words[k].dep != "nsubj" for k in tree.kids(words, verb)):
        return True
    if words[verb].dep == "acl:relcl" and words[words[verb].head].lower in lexicon().classes["civilian"]:
        return True
    hit = tree.befallen(words, verb)
    if any(words[k].lower in {"he", "she", "him", "her"} for k in hit):
        return True
    armed = lexicon().classes["fighter"] | _CAPTIVES
    return bool(hit) and all(words[k].lower in armed for k in hit)  # *seized two villages and nine soldiers* is ground


_CAPTIVES = closed("codes.captives")
"""Soldiers and others who are taken one by one; an army or forces are not."""
_WHENCE = frozenset({"from", "northern", "southern", "eastern", "western", "central"})
"""Words between people and the country they are of: *six workers from central Kenya*."""


def _of(words: Words, find: Find, name: Name) -> bool:
    """*seized the homes of villagers*: a party that only owns what was hit."""
    return not {"of", "on", "in", "at"}.isdisjoint(words.forms[find.end : name.start])


def head_class(words: Words, start: int, end: int) -> str:
    """The class of the last known noun of the first noun phrase, or of what follows its *of*."""
    found, classes = "", _classes()
    lowers = words.forms[start:end]
    if not _SHELTERED.isdisjoint(lowers) or not lexicon().classes["civilcraft"].isdisjoint(lowers):
        return "civ"
    for k, lower in enumerate(lowers):
        if lower in _ACROSS and not _OVER.isdisjoint(lowers[max(0, k - 3) : k]):
            continue
        if lower == "by" or (lower in _NP_ENDS and found):
            return found
        if lower in _MARCHING:
            return "protester"
        if lower in _SEATS and k and lowers[k - 1] == ",":
            return "place"
        if lower in {"of", ","} and not found:
            continue
        label = classes.get(lower, "civ" if lower.endswith("-year-old") else "")
        found = (
            "equipment"
            if label == "civ" and found == "soldier" and lower in lexicon().classes["civilcar"]
            else label or found
        )
    return found


_MARCHING = frozenset({"protesting", "demonstrating", "demanding", "chanting"})
"""*opened fire on protesting mill workers*."""
_SEATS = frozenset({"home", "seat", "hub", "gateway"})
"""*captured Xton, home of the old churches*: what a town is to others."""
_ACROSS = frozenset({"border", "frontier", "line"})
_OVER = frozenset({"across", "over"})
"""*opened fire from across the border on a post*: the border was not what was hit."""
_SHELTERED = frozenset({"cattle", "displaced", "refugee", "refugees", "idp", "idps", "orphans"})
"""Words of those whom a camp or convoy is for."""


@cache
def _classes() -> Mapping[str, str]:
    """What was hit, by the word for it; of a word in several classes the first."""
    classes = lexicon().classes
    return {word: label for label, name in reversed(_TARGETS) for word in classes[name]}
