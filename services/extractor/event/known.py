"""What a sentence takes for known: *the five pupils kidnapped on Monday*, *the hostages*, *has killed thousands*."""

from services.core.ontology import Modality
from services.extractor.event.roles import GROUND
from services.extractor.reading.modality import stance
from services.extractor.reading.read import Reading
from services.extractor.reading.triggers import Find
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.grammar import PREPOSITIONS
from services.extractor.text.words import Words

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_HARM = frozenset({"kill", "attack", "abduct", "sexual"})
_RUIN = frozenset({"destroy", "loot"})
_FORCE = closed("border.force")
_SINGLE = frozenset({"you", "i"})
"""*I invaded only the kitchen*, *you kill your own people*: no report, whoever says it."""
_THE = frozenset({"the", "those", "these", "his", "her", "their", "its"})
_WEAK = 0.6
_MANY = 100


def known_before(reading: Reading, find: Find) -> str:
    """The words that take the deed for known already, or nothing."""
    general = _in_general(reading, find) if find.sense in _HARM | _BLOWS | _RUIN else ""
    general = general or (_described(reading.words, find) if find.verbal else "")
    top = tree.subject(reading.words, find.head) if find.verbal else None
    if not general and top is not None and reading.words[top].lower in _SINGLE and find.sense in _HARM | GROUND:
        return reading.words[top].lower
    if general or find.sense not in _HARM:
        return general
    named = "" if _by_the_law(reading, find) else _of_the_victims(reading.words, find)
    return named or _taken(reading.words, find) or _so_far(reading, find)


def _in_general(reading: Reading, find: Find) -> str:
    """*weakened by air strikes*, *each mine is blown up*: no one deed, and no day or place of its own."""
    words = reading.words
    if (
        find.sense == "attack"
        and not find.verbal
        and words[find.end - 1].tag == "NNS"
        and words.lowers & _FLIGHT
        and words.lowers & _BECAUSE
    ):
        return "flight"
    passive = words[find.head].tag == "VBN"  # *when thousands are killed*
    counted = any(figure.casualty.qualifier != "vague" or not passive for figure in reading.figures)
    if reading.dates or counted or _in_headlines(reading):
        return ""
    if find.verbal:
        return "habit" if find.sense != "abduct" and _habitual(words, find) else ""
    before = words[find.start - 1] if find.start else None
    bare = before is None or (before.pos not in {"DET", "NUM", "PROPN"} and before.lower not in _THE)
    plural = words[find.end - 1].tag == "NNS" and find.end - find.start <= _SHORT
    placed = any(name.site for name in reading.names) or _hurled(words, find)
    return "in general" if plural and bare and not placed and words[find.end - 1].dep not in _CORE else ""


def _described(words: Words, find: Find) -> str:
    """*no talks with men who planted bombs*: what kind of people are meant, whoever they are."""
    noun = find.head - 2
    if words[find.head].dep != "acl:relcl" or noun < 1 or words[find.head - 1].lower != "who":
        return ""
    bare = words[noun].tag == "NNS" and words[noun - 1].lower in PREPOSITIONS
    refused = any(word.tag == "MD" or word.lower in _NEVER for word in words[max(0, noun - _REFUSED) : noun])
    return words[noun].text if bare and refused else ""


_REFUSED = 6
_NEVER = frozenset({"no", "not", "n't", "never", "nothing"})


def _in_headlines(reading: Reading) -> bool:
    """A headline, or a sentence worded like one, with a place and without articles: *Men hurl grenade at post in X*."""
    words = reading.words
    if reading.sentence.kind == "headline" or words[-1].text.isalpha():
        return True
    placed = any(name.site for name in reading.names)
    return placed and len(words) >= _TELLING and words.lowers.isdisjoint(_ARTICLES)


_ARTICLES = frozenset({"the", "a", "an"})
_TELLING = 8


def _hurled(words: Words, find: Find) -> bool:
    """*lobbed mortar bombs onto the runway*: what was done with them was done once."""
    last = words[find.end - 1]
    return last.dep == "obj" and last.head >= 0 and words[last.head].lower in _HURLED


_HURLED = frozenset({"lobbed", "fired", "hurled", "threw", "launched", "dropped", "rained", "planted"})


_FLIGHT = frozenset({"fled", "displaced", "fleeing", "uprooted", "displacement"})
_BECAUSE = frozenset({"following", "after", "amid", "because", "due", "by", "from", "since"})
"""*4,300 people have fled following attacks*: what people flee is told by its days and places elsewhere."""
_BLOWS = frozenset({"shell", "air", "ied", "grenade", "suicide"})
_SHORT = 2
_CORE = frozenset({"nsubj", "ROOT"})


def _habitual(words: Words, find: Find) -> bool:
    """The simple present: *they kill whoever speaks*, *mines are blown up*; not *is being shelled*."""
    verb = words[find.head]
    if verb.tag in {"VBZ", "VBP"}:
        return verb.lower not in _ALIKE
    below = {words[k].lower for k in tree.kids(words, find.head) if words[k].dep in {"aux", "aux:pass"}}
    return verb.tag == "VBN" and bool(below & {"is", "are"}) and not below & {"being", "been", "has", "have", "had"}


_ALIKE = frozenset({"hit", "set", "beat", "cut", "put", "burst", "shut", "quit", "hurt", "split", "bid"})
"""Verbs whose past looks like their present: *howitzers hit the town* is news, whatever the tagger makes of it."""


def _of_the_victims(words: Words, find: Find) -> str:
    """*the four people killed on Friday*: which people are meant, not what was done to them."""
    word = words[find.head]
    noun = word.head
    between = set(words.forms[max(noun, 0) : find.head])
    relative = word.dep == "acl:relcl" and bool(between & {"who", "whom", "that"})
    finite = any(words[k].dep.startswith("aux") for k in tree.kids(words, find.head))
    participle = word.tag == "VBN" and word.dep == "acl" and word.lower != "died" and not finite
    if (noun > 0 and words[noun - 1].lower == "among") or (participle and not any(w.tag in _FINITE for w in words)):
        return ""  # *among those killed were two women*, *girl of the hills raped by soldiers*
    if not (relative or participle) or not 0 <= noun < find.head:
        return _reduced(words, find)
    if relative and _freed(words, find, noun):
        return " ".join(other.text for other in words[noun : find.head + 1])
    if relative and any(other.text == "," for other in words[noun + 1 : noun + 3]):
        return ""
    before = find.sense == "abduct" and "had" in between
    if relative and (before or words[noun].lower in {"those", "everyone", "all"}):
        return " ".join(other.text for other in words[noun : find.head + 1])
    the = noun if words[noun].lower == "those" else None
    first = words[noun].head if words[noun].lower == "others" else noun  # *the bride and 19 others who were abducted*
    over = words[first].head if tree.case(words, first) == "of" else first
    first = over if words[over].lower in _ENDS else first  # *the deaths of villagers killed in the raid*
    the = next((k for top in (noun, first) for k in tree.kids(words, top) if words[k].lower in _THE), the)
    return "" if the is None else " ".join(other.text for other in words[the : find.head + 1])


_ENDS = frozenset({"death", "deaths", "killing", "killings", "fate", "disappearance", "disappearances"})


def _by_the_law(reading: Reading, find: Find) -> bool:
    """*the boy shot dead by the police had thrown no stone*: whose deed it was is news however the victim is told."""
    if find.sense not in {"kill", "attack"}:
        return False
    law = [name for name in reading.names if name.sector in {"COP", "MIL"} and not name.country]
    forms = reading.words.forms
    by = any(0 < name.start - find.head <= _AGENT and "by" in forms[find.head : name.start] for name in law)
    return by or any(find.start <= name.start < find.end for name in law)


_AGENT = 5


def _freed(words: Words, find: Find, noun: int) -> bool:
    """*the two, who were seized on Monday, were handed over*: what is new is that they are back."""
    known = not (_THE | {","}).isdisjoint(words.forms[max(0, noun - _PHRASE) : noun + 2])
    return known and find.sense == "abduct" and not _FREED.isdisjoint(words.forms[find.head + 1 :])


_FREED = closed("known.freed")
_PHRASE = 6


def _reduced(words: Words, find: Find) -> str:
    """The same where the parse fails: *the five aid workers kidnapped near X*, without an object or auxiliary."""
    k = find.head
    if (
        find.sense == "attack"
        or words[k].lower in {"died", "fired"}
        or not find.verbal
        or not 0 < k < len(words) - 1
        or words[k + 1].lower not in _AFTER
    ):
        return ""
    start = k - 1
    while start and words[start].pos in {"NOUN", "NUM", "ADJ", "PROPN"} and words[start].lower not in _THE:
        start -= 1
    named = k - start > 1 and words[k - 1].pos in {"NOUN", "NUM"} and words[start].lower in _THE
    return " ".join(word.text for word in words[start : k + 1]) if named and words[k].lower.endswith("ed") else ""


def of_another(reading: Reading, find: Find) -> frozenset[int]:
    """The words for day and place of another deed, known already: *a march for the four killed on Friday in X*."""
    told = frozenset(
        k
        for other in reading.finds
        if other is not find and other.sense in _HARM and other.verbal and _of_the_victims(reading.words, other)
        for k in _circumstances(reading.words, other.head + 1)
    )
    return told | _answered(reading, find)


def _answered(reading: Reading, find: Find) -> frozenset[int]:
    """*shelled X in answer to a bombardment of Y on Friday*: the words for what a deed answers."""
    words = reading.words
    if words.lowers.isdisjoint(_ANSWERS):
        return frozenset()
    last = len(words) - 1
    at = (k for k in range(find.head + 1, last) if words[k].lower in _ANSWERS and words[k + 1].lower in {"to", "for"})
    first = next(at, last)
    return frozenset(range(first, next((k for k in range(first, last) if words[k].text in {",", ";"}), last)))


_ANSWERS = closed("known.answers")


def _circumstances(words: Words, start: int) -> range:
    """*on Friday in X*: the prepositions, days and names that follow each other from a word on."""
    k = start
    while k < len(words) and (words[k].lower in _AFTER or words[k].lower == "the" or _names_or_counts(words, k)):
        k += 1
    return range(start, k)


def _names_or_counts(words: Words, k: int) -> bool:
    return k > 0 and (words[k].text[:1].isupper() or words[k].text.isdigit())


_AFTER = frozenset(
    {"in", "near", "at", "by", "on", "from", "outside", "during", "last", "this", "yesterday", "earlier"}
)


def _taken(words: Words, find: Find) -> str:
    """*the hostages*, *the kidnappers*: people with a past."""
    if find.sense != "abduct" or find.verbal or find.trigger.strength > _WEAK or not find.start:
        return ""
    before = words[find.start - 1].lower
    captive = words[find.end - 1].lower in _CAPTIVES
    return f"{before} {words[find.end - 1].lower}" if before in _THE or captive else ""


_CAPTIVES = closed("known.captives")


def _so_far(reading: Reading, find: Find) -> str:
    """*has killed thousands of villagers*: a war's sum, without a day of its own."""
    words = reading.words
    before = set(words.forms[max(0, find.head - 3) : find.head])
    many = any(
        (figure.casualty.count or 0) >= _MANY and figure.casualty.qualifier == "vague"
        for figure in reading.figures
        if abs(figure.start - find.head) <= _NEAR
    )
    return "has, in all" if find.verbal and before & {"has", "have", "had"} and many and not reading.dates else ""


_NEAR = 6


def taken_before(reading: Reading, find: Find) -> str:
    """*the land that X has liberated*: a capture in a relative clause of the perfect only says which land is meant."""
    word = reading.words[find.head]
    perfect = not {"has", "have", "had"}.isdisjoint(reading.words.forms[max(0, find.head - 2) : find.head])
    other = any(o is not find and o.sense in _FORCE - GROUND and o.head < find.head for o in reading.finds)
    return "relative clause" if word.dep == "acl:relcl" and (perfect or other) and find.sense in GROUND else ""


def of_topic(reading: Reading, find: Find) -> str:
    """*to discuss the strike that killed twelve*: a relative clause is of no more than the deed that it is said of."""
    word, noun = reading.words[find.head], reading.words[find.start]
    if not find.verbal and tree.case(reading.words, find.start) in _DATING:
        dated = next((o for o in reading.finds if o.verbal and o.head == noun.head), None)
        return _known(reading, dated) if dated else ""  # *killed after the capture of X*
    if word.dep != "acl:relcl" or find.sense not in _FORCE:
        return ""
    before = (o for o in reversed(reading.finds) if not o.verbal and o.end <= find.start)
    deed = next((o for o in before if all(w.pos != "VERB" for w in reading.words[o.end : find.start])), None)
    return _known(reading, deed) if deed else ""


_DATING = frozenset({"after", "during"})


def _known(reading: Reading, deed: Find) -> str:
    view = stance(reading.reach, deed)
    return view.reasons[0] if view.modality is Modality.BACKGROUND and view.reasons else known_before(reading, deed)
