"""Where the parser takes the verb of a clause for a participle or a noun: *Rebels hacked to death 16 farmers*.

A participle or adjective between a noun and what can only be an object is the verb of that clause: nothing that
describes a noun takes an object of its own but names and dates (*a group called the Front*, *killed two days ago*).
"""

from services.extractor.reading.forms import PAST
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.words import Word, Words

_NOUNS = frozenset({"NOUN", "PROPN"})
_INSIDE = frozenset({"DET", "NUM", "ADJ", "NOUN", "PROPN"})
_DEPENDENT = frozenset({"amod", "acl", "compound", "nmod"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_SPEECH = closed("attribution.speech")
_OPENERS = closed("mended.openers")
_WHEN = closed("mended.when")
_NAMING = closed("mended.naming")
_HEADLINE = closed("mended.headline")
_HEADLINES = closed("mended.headlines")
_BETWEEN = (("to", "death"), ("dead",), ("alive",), ("down",), ("up",), ("off",), ("out",), ("away",))


def mended(words: Words) -> Words:
    """The words of a sentence with the first verb that was taken for something else raised to one."""
    for word in words[1:-1]:
        if word.dep in _DEPENDENT and words[word.i - 1].pos in _NOUNS:
            end = _object(words, word.i) if _past(words, word) else _headline_object(words, word)
            if end is not None:
                raised = _raised(words, word.i, end)
                return raised if _rooted(raised, word.i) else words
    return words


def _rooted(words: Words, i: int) -> bool:
    """Whether the heads above a word end at a root, and do not lead back to one another."""
    for _ in words:
        if words[i].head in {i, -1}:
            return True
        i = words[i].head
    return False


def _past(words: Words, word: Word) -> bool:
    before = words[word.i - 1]
    form = word.tag in {"VBN", "VBD", "JJ"} and (word.lower.endswith("ed") or word.lower in PAST)
    said = words[max(before.head, 0)].lower in _SPEECH  # *men killed nine in an attack, the army said*
    taken = before.dep.startswith("nsubj") and before.head > word.i and not said  # *the men arrested ... were freed*
    return form and not taken and word.lower not in _NAMING and before.lower not in _WHEN


def _object(words: Words, verb: int) -> int | None:
    """The head noun of an object right behind a verb that begins as no other phrase does; None if there is none."""
    at = verb + 1
    for particle in _BETWEEN:
        if words.forms[at : at + len(particle)] == particle:
            at += len(particle)
            break
    at += words.forms[at : at + 2] == ("at", "least")
    opens = at < len(words) and (words[at].lower in _OPENERS or words[at].tag in {"CD", "PRP$"})
    acts = any(words[k].dep == "nsubj" for k in tree.kids(words, verb))  # nothing that describes a noun has a subject
    return _head(words, at) if opens or (acts and at < len(words)) else None


def _headline_object(words: Words, word: Word) -> int | None:
    """*Army retakes police compound*, *fighters wrest hilltop*: no word before is a verb."""
    plural = words[word.i - 1].tag in {"NNS", "NNPS"}
    if word.lower not in (_HEADLINES if plural else _HEADLINE) or any(w.tag in _FINITE for w in words[: word.i]):
        return None
    return _head(words, word.i + 1)


def _head(words: Words, at: int) -> int | None:
    """The last noun of the phrase that begins here, unless it tells a time or a measure."""
    end = at
    while end < len(words) and (words[end].pos in _INSIDE or words[end].lower in _OPENERS or words[end].tag == "PRP$"):
        end += 1
    last = end - 1
    noun = last >= at and words[last].pos in {*_NOUNS, "NUM"}
    return last if noun and _WHEN.isdisjoint(words.forms[at:end]) else None


def _raised(words: Words, verb: int, hit: int) -> Words:
    """The words with the verb above its subject and object, in the place of the one of them that was highest."""
    subject = next((k for k in tree.kids(words, verb) if words[k].dep.startswith("nsubj")), verb - 1)
    three = {subject, verb, hit}
    top = next((i for i in (subject, hit, verb) if three.isdisjoint(tree.above(words, i))), verb)
    root = words[top].dep == "ROOT" or words[top].head in {top, -1}
    place = "ROOT" if root else "ccomp" if words[top].dep.startswith("nsubj") else words[top].dep
    placed = {
        verb: words[verb]._replace(pos="VERB", tag="VBD", dep=place, head=verb if root else words[top].head),
        subject: words[subject]._replace(dep="nsubj", head=verb),
        hit: words[hit]._replace(dep="obj", head=verb),
    }
    return Words(placed.get(word.i, word) for word in words)
