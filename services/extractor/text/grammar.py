"""Noun or verb, clause or attribute: by the tags where a tagger ran, else by the neighbours and closed word lists."""

from services.extractor.text.closed import closed
from services.extractor.text.words import Words

DETERMINERS = closed("words.determiners")
BE = closed("words.be")
HAVE = frozenset(["has", "have", "had", "having", "'ve"])
MODALS = closed("words.modals")
PREPOSITIONS = closed("words.prepositions")
CONJUNCTIONS = frozenset(["and", "or", "but", "nor"])
SUBJECTS = closed("words.subjects")
PRONOUNS = frozenset(["he", "she", "it", "they", "we", "i"])
"""Those that stand for who speaks or acts."""


def is_noun(words: Words, i: int) -> bool:
    """Whether a word that can be a noun or a verb is a noun here: by its tag, else by its neighbours."""
    word = words[i]
    if word.pos:
        if surely_noun(words, i):
            return True
        return word.pos not in {"VERB", "AUX"} or (word.tag == "VBG" and (word.dep in _NOMINAL or nominal(words, i)))
    if word.lower.endswith("ed"):
        return False
    return _noun_guess(words, i)


def surely_noun(words: Words, i: int) -> bool:
    """*Clashes between fans*, *break up sit-in*, *a colleague's killing*: a noun, whatever the tagger says."""
    word = words[i]
    if word.tag == "VBG":
        return i > 0 and words[i - 1].tag == "POS"
    return (not i and word.tag == "VBZ") or ("-" in word.lower and word.tag in {"VB", "VBP"})


_NOMINAL = frozenset({"nsubj", "nsubj:pass", "obj", "obl", "nmod", "compound", "obl:agent"})


def nominal(words: Words, i: int) -> bool:
    """*died in fighting near X*: a gerund behind a preposition, of nothing and nobody."""
    behind = i > 0 and words[i - 1].lower in _IN
    return behind and not any(words[k].dep in {"obj", "iobj", "ccomp", "xcomp"} for k in words.below.get(i, ()))


_IN = frozenset({"in", "during", "amid", "of", "from", "despite"})


def _noun_guess(words: Words, i: int) -> bool:
    word, before = words[i], words[i - 1].lower if i else ""
    after = words[i + 1].lower if i + 1 < len(words) else ""
    if before in MODALS or before in SUBJECTS or before == "to" or before in {"not", "n't"}:
        return before == "to" and _noun_after_to(words, i)
    if word.lower.endswith("ing"):
        return before not in BE and after not in DETERMINERS and not (before and before.endswith(("s", "ly")))
    if before in DETERMINERS or before in PREPOSITIONS or before in {"'s", "'"} or _adjective(before):
        return True
    if after in DETERMINERS or after in {"him", "them", "us", "me"} or before.endswith("ly"):
        return False
    return not _plural_subject(words, i)


def is_verb(words: Words, i: int) -> bool:
    """Whether a word that can be a noun or a verb is a verb here."""
    word = words[i]
    if word.pos:
        if surely_noun(words, i):
            return False
        if word.tag == "VBG" and word.dep == "amod" and (not i or words[i - 1].lower in DETERMINERS):
            return False  # *fumes from a burning warehouse*
        counted = i + 1 < len(words) and (words[i + 1].lower in _COUNTS or words[i + 1].lower.isdigit())
        if word.tag == "NNS" and counted and i and words[i - 1].pos in {"NOUN", "PROPN"}:
            return True
        mixed = word.tag in {"VBZ", "VBP"} or (word.tag in {"VBD", "VBN", "VBG"} and word.pos == "ADJ")
        return word.pos in {"VERB", "AUX"} or mixed
    if word.lower.endswith(("ed", "ing")):
        return word.lower.endswith("ed") or not is_noun(words, i)
    return not is_noun(words, i)


_COUNTS = frozenset({"dozens", "scores", "hundreds", "thousands", "at", "over", "more", "two", "three", "four", "five"})


def is_attribute(words: Words, i: int) -> bool:
    """Whether a participle only describes the noun behind it: *freed ground*, *newly taken areas*."""
    word = words[i]
    if i + 1 >= len(words) or not words[i + 1].text[:1].isalpha():
        return False
    if word.dep:
        subject = i and words[i - 1].pos in {"NOUN", "PROPN", "PRON"}
        named = words[i + 1].pos == "PROPN" and i and words[i - 1].pos in {"VERB", "ADP", "DET", "ADJ"}
        joined = word.tag == "VBD" and i and words[i - 1].lower == "and"  # *drove off and torched granaries*
        return bool(word.dep == "amod" and word.head > i and not subject and not joined) or bool(
            named and words[i - 1].lower not in BE | HAVE
        )
    before, after = words[i - 1].lower if i else "", words[i + 1].lower
    if i > 1 and words[i - 2].lower == "to" and after not in PREPOSITIONS:
        return True
    if after in PREPOSITIONS | DETERMINERS | CONJUNCTIONS | BE | HAVE or before in BE | HAVE | SUBJECTS:
        return False
    if before in PREPOSITIONS | DETERMINERS | {"'s", "newly", "recently", "adjacent"}:
        return True
    return not i and not words[i + 1].lower.isdigit() and words[i + 1].text[:1].isupper()


def _noun_after_to(words: Words, i: int) -> bool:
    """``to`` is a preposition when a noun of direction or response stands before it, as in *response to attack*."""
    return i > 1 and words[i - 2].lower in {"response", "due", "reaction", "end", "halt", "thanks", "according"}


def _adjective(word: str) -> bool:
    if word.endswith("ly"):
        return False
    return word.endswith(("al", "ive", "ous", "ful", "ic", "ary", "ent", "ble", "ish", "ian", "ese", "y", "eli", "aqi"))


def _plural_subject(words: Words, i: int) -> bool:
    """A bare form after a plural noun or a name is the verb of it: *Armenian forces attack villages*."""
    if not i or i + 1 >= len(words) or words[i + 1].lower in PREPOSITIONS | CONJUNCTIONS | BE | HAVE | {",", "."}:
        return False
    return words[i - 1].lower.endswith("s") or words[i - 1].text[:1].isupper()
