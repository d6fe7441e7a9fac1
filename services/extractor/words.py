"""The words of one sentence with what is known of each: place in the text, word class, parse. Guesses where no tagger ran."""

from dataclasses import dataclass

from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Word:
    """One token. ``start`` and ``end`` are offsets into the uniform text; ``head`` is an index into the sentence.

    ``pos`` is a universal part of speech or empty, ``dep`` a universal relation or empty, ``tag`` a Penn tag or empty.
    """

    i: int
    text: str
    lower: str
    start: int
    end: int
    pos: str = ""
    tag: str = ""
    dep: str = ""
    head: int = -1


Words = tuple[Word, ...]


def words_of(doc: Doc, offset: int = 0) -> Words:
    """The tokens of a parsed or merely tokenized sentence that starts at ``offset`` of the uniform text."""
    parsed = doc.has_annotation("DEP")
    made: list[Word] = []
    for token in doc:
        if token.is_space:
            continue
        start = offset + token.idx
        made.append(
            Word(
                len(made),
                token.text,
                token.lower_,
                start,
                start + len(token.text),
                token.pos_,
                token.tag_,
                token.dep_ if parsed else "",
                token.head.i if parsed else -1,
            )
        )
    return _renumbered(doc, tuple(made)) if parsed and len(made) != len(doc) else tuple(made)


def _renumbered(doc: Doc, made: Words) -> Words:
    """Heads counted without the white-space tokens."""
    place, count = {}, 0
    for token in doc:
        place[token.i] = min(count, len(made) - 1)
        count += not token.is_space
    return tuple(Word(w.i, w.text, w.lower, w.start, w.end, w.pos, w.tag, w.dep, place.get(w.head, w.i)) for w in made)


DETERMINERS = frozenset(
    "a an the this that these those some any no every each another both either all several many few most "
    "his her its their our my your".split()
)
BE = frozenset("is are was were be been being am 's 're".split())
HAVE = frozenset("has have had having 've".split())
MODALS = frozenset("will would can could may might shall should must 'll 'd ought".split())
PREPOSITIONS = frozenset(
    "of in on at by from to with for against into over under near between among amid during after before since "
    "along across around through outside inside towards toward within without via upon onto off despite behind "
    "beyond about above below including following".split()
)
CONJUNCTIONS = frozenset("and or but nor".split())
SUBJECTS = frozenset("he she it they we i you who which".split())


def is_noun(words: Words, i: int) -> bool:
    """Whether a word that can be a noun or a verb is a noun here: by its tag, else by its neighbours."""
    word = words[i]
    if word.pos:
        return word.pos in {"NOUN", "PROPN", "ADJ"} or (word.tag == "VBG" and word.dep in {"obl", "nmod", "compound"})
    before = words[i - 1].lower if i else ""
    after = words[i + 1].lower if i + 1 < len(words) else ""
    if before in MODALS or before in SUBJECTS or before == "to" or before in {"not", "n't"}:
        return before == "to" and _noun_after_to(words, i)
    if word.lower.endswith("ed"):
        return False
    if word.lower.endswith("ing"):
        return before not in BE and after not in DETERMINERS and not (before and before.endswith(("s", "ly")))
    if before in DETERMINERS or before in PREPOSITIONS or before in {"'s", "'"} or _adjective(before):
        return True
    if after in DETERMINERS or after in {"him", "them", "us", "me"}:
        return False
    return not _plural_subject(words, i)


def is_verb(words: Words, i: int) -> bool:
    """Whether a word that can be a noun or a verb is a verb here."""
    word = words[i]
    if word.pos:
        return word.pos in {"VERB", "AUX"} or word.tag in {"VBD", "VBN", "VBG"} and word.pos == "ADJ"
    if word.lower.endswith(("ed", "ing")):
        return word.lower.endswith("ed") or not is_noun(words, i)
    return not is_noun(words, i)


def is_attribute(words: Words, i: int) -> bool:
    """Whether a participle only describes the noun behind it: *freed ground*, *occupied Karabakh*, *newly captured areas*."""
    word = words[i]
    if i + 1 >= len(words) or not words[i + 1].text[:1].isalpha():
        return False
    if word.dep:
        return word.dep == "amod" and word.head > i
    before, after = words[i - 1].lower if i else "", words[i + 1].lower
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
