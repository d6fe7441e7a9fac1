"""Turns the treebanks' mention annotation into flat PERSON, PLACE and ORG tags, one IOB tag per word.

GUM brackets every mention, nested, common nouns included: `Entity=(6-person-...` opens, `6)` closes. A name here is a
mention whose head is a proper noun, cut to the run of capitalised words around that head, because Universal NER leaves
titles' common nouns, articles and relative clauses outside the span and GUM does not.
"""

import re
from collections.abc import Sequence
from itertools import accumulate

from conllu import Sentence, Word

GUM_TYPES = {"person": "PERSON", "place": "PLACE", "organization": "ORG"}
UNER_TYPES = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}
TITLES = """mr mrs ms dr doctor prof professor president justice judge minister senator congressman representative
general major colonel captain sergeant chief sir lord dame king queen prince princess emperor tsar pope cardinal bishop
imam sheikh ambassador secretary undersecretary governor mayor director chairman chairwoman premier chancellor count
duke"""
JOINERS = {
    "PERSON": frozenset(("-", "de", "del", "da", "la", "von", "van", "al", "bin", "ibn")),
    "PLACE": frozenset(("of", "the", "and", "&", "-", "de", "del", "la")),
    "ORG": frozenset(("of", "the", "and", "&", "-", "de", "for", "on", "in")),
}
HEAD_TAGS = {"PERSON": ("NNP",), "PLACE": ("NNP", "NNPS"), "ORG": ("NNP", "NNPS")}
NAMING = frozenset(("flat", "nmod:desc"))
_BRACKET = re.compile(r"\((\d+)-([a-z]+)[^()]*(\))?|(\d+)\)")

Span = tuple[int, int, str]


def uner_tags(sentence: Sentence, tagged: Sequence[tuple[str, str]]) -> list[str]:
    """Carries Universal NER's tags over by character, because a few sentences were tokenised anew since."""
    by_character: list[str] = []
    for form, tag in tagged:
        ours = tag if tag == "O" else f"{tag[:2]}{UNER_TYPES[tag[2:]]}"
        by_character += [ours, *[ours.replace("B-", "I-")] * (len(form) - 1)]
    ends = accumulate(len(word.form) for word in sentence.words)
    return [by_character[end - len(word.form)] for word, end in zip(sentence.words, ends, strict=True)]


def gum_tags(sentence: Sentence) -> list[str]:
    """Finds the names in one GUM sentence; where names nest, the outer one wins."""
    tags = ["O"] * len(sentence.words)
    for start, end, label in sorted(_names(sentence.words), key=lambda span: (span[0] - span[1], span[0])):
        if all(tag == "O" for tag in tags[start:end]):
            tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def mentions(words: Sequence[Word]) -> list[Span]:
    """Reads the brackets of one sentence: (start, end, GUM type), end exclusive."""
    opened: dict[str, list[tuple[int, str]]] = {}
    found = []
    for index, word in enumerate(words):
        for match in _BRACKET.finditer(word.entity):
            opens, kind, at_once, closes = match.groups()
            if opens:
                opened.setdefault(opens, []).append((index, kind))
            closes = opens if at_once else closes
            if closes and opened.get(closes):
                start, kind = opened[closes].pop()
                found.append((start, index + 1, kind))
    return found


def _names(words: Sequence[Word]) -> list[Span]:
    spans = mentions(words)
    names = []
    for span in spans:
        label = GUM_TYPES.get(span[2])
        head = _head(words, span)
        if label and words[head].xpos in HEAD_TAGS[label]:
            first, last = _name_around(words, head, (*_bounds(spans, span, head), label))
            if not all(is_title(word) for word in words[first:last]):
                names.append((first, last, label))
    return names


def _head(words: Sequence[Word], span: Span) -> int:
    """The word that governs the mention; in "team member Rodaba Noori" the name that hangs on it."""
    start, end, _ = span
    inside = range(start, end)
    head = next((i for i in inside if not start <= words[i].head < end or words[i].head == i), start)
    named = (i for i in inside if words[i].head == head and words[i].deprel in NAMING and words[i].xpos == "NNP")
    return head if _proper(words[head]) else next(named, head)


def _bounds(spans: Sequence[Span], span: Span, head: int) -> tuple[int, int]:
    """The part of a person's mention that holds no other mention ("[Korea]'s Kim", "Ambassador to [Spain] Kim")."""
    start, end, kind = span
    if kind == "person":
        start = max([start, *(s[1] for s in spans if start <= s[0] and s[1] <= head)])
        end = min([end, *(s[0] for s in spans if s[0] > head)])
    return start, end


def _name_around(words: Sequence[Word], head: int, bounds: Span) -> tuple[int, int]:
    """Grows from the head over proper nouns, and over joining words that have proper nouns on both sides."""
    first, last = head, head + 1
    while first > bounds[0] and _joins(words, first - 1, bounds):
        first -= 1
    while last < bounds[1] and _joins(words, last, bounds):
        last += 1
    while first < last - 1 and ((bounds[2] == "PERSON" and is_title(words[first])) or not _proper(words[first])):
        first += 1
    while last > first + 1 and not _proper(words[last - 1]):
        last -= 1
    return first, last


def _joins(words: Sequence[Word], index: int, bounds: Span) -> bool:
    if _proper(words[index]):
        return True
    near = range(max(index - 1, bounds[0]), min(index + 3, bounds[1]))
    proper = [i for i in near if _proper(words[i])]
    return words[index].form.lower() in JOINERS[bounds[2]] and any(i < index for i in proper) and max(proper) > index


def is_title(word: Word) -> bool:
    """Whether the word is a title or rank, which stands outside a name."""
    return word.form.lower().rstrip(".") in TITLES.split()


def _proper(word: Word) -> bool:
    return word.xpos in ("NNP", "NNPS")
