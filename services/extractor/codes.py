"""From sense, parties and cues to ACLED, PLOVER and CAMEO: the crosswalk table applied."""

from services.extractor.clauses import clause_of
from services.extractor.gazetteer import Site
from services.extractor.lexicon import Coding, lexicon
from services.extractor.modality import Scopes
from services.extractor.roles import Parties
from services.extractor.triggers import Find
from services.extractor.words import Words

_TARGETS = (
    ("weapon", "weapon"),
    ("civ", "civilian"),
    ("soldier", "soldier"),
    ("rebel", "fighter"),
    ("equipment", "equipment"),
    ("place", "holding"),
    ("civ", "civilplace"),
)


def coding_of(find: Find, parties: Parties, cues: frozenset[str], reach: Scopes, sites: tuple[Site, ...]) -> Coding:
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


def actor_class(parties: Parties, sites: tuple[Site, ...]) -> str:
    """The class of the first actor; a state on ground of another's is foreign."""
    for name in parties.actors:
        if name.kind in {"state", "police"}:
            owners = {code for site in sites for code in site.countries}
            foreign = name.kind == "state" and owners and name.country and name.country not in owners
            return "foreign" if foreign else name.kind
        if name.kind in {"rebel", "protester", "mob", "civ"}:
            return "rebel" if name.kind == "rebel" else name.kind
    return "none"


def target_class(find: Find, parties: Parties, reach: Scopes) -> str:
    """What was hit or taken: by the words behind the trigger (before it in the passive), else by the target's class."""
    start, end = clause_of(reach.starts, len(reach.words), find.start)
    after = _word_class(reach.words, find.head + 1 if find.verbal else find.end, min(end, find.end + 7))
    if parties.targets:
        first = parties.targets[0]
        if first.start < find.start:
            after = _word_class(reach.words, first.start, min(first.end + 1, find.start))
        if after in {"", "place"} or first.kind in {"rebel", "protester", "mob"}:
            return {
                "state": "state",
                "police": "police",
                "rebel": "rebel",
                "civ": after or "civ",
                "protester": "protester",
                "mob": "mob",
                "country": "state",
            }.get(first.kind, after or "none")
    if not after:
        after = _word_class(reach.words, max(start, find.start - 6), find.start) if find.end >= end - 1 else ""
    return after or "none"


def _word_class(words: Words, start: int, end: int) -> str:
    classes = lexicon().classes
    for word in words[start:end]:
        for label, name in _TARGETS:
            if word.lower in classes[name]:
                return label
        if word.lower in {"by", "in", "after", "during", ",", "when"} and word.i > start:
            return ""
    return ""
