"""Where the parser takes the verb of a clause for a participle or a noun: *Rebels hacked to death 16 farmers*.

A participle or adjective between a noun and what can only be an object is the verb of that clause: nothing that
describes a noun takes an object of its own but names and dates (*a group called the Front*, *killed two days ago*).
"""

from collections.abc import Iterator

from services.extractor.reading.forms import PAST
from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.words import Word, Words

_NOUNS = frozenset({"NOUN", "PROPN"})
_SUBJECTS = _NOUNS | {"NUM"}
"""*a mob of 2,000 torched the depot*: also a number stands for who did it."""
_INSIDE = frozenset({"DET", "NUM", "ADJ", "NOUN", "PROPN"})
_DEPENDENT = frozenset({"amod", "acl", "compound", "nmod"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_FELLED = closed("tree.felled")
_SPEECH = closed("attribution.speech")
_OPENERS = closed("mended.openers")
_WHEN = closed("mended.when")
_NAMING = closed("mended.naming")
_HEADLINE = closed("mended.headline")
_HEADLINES = closed("mended.headlines")
_IN_HEADLINES = _HEADLINE | _HEADLINES
_BETWEEN = (("to", "death"), ("dead",), ("alive",), ("down",), ("up",), ("off",), ("out",), ("away",))


def mended(words: Words) -> Words:
    """The words of a sentence with its passives and objects put right, and the first verb that was taken for none."""
    return _with_verb(_plain(words))


def _plain(words: Words) -> Words:
    """*were slain*, taken for an adjective, and *gunned down two men*, where the object is taken for an adjunct."""
    if words.lowers.isdisjoint(_FELLED):
        return words
    made = [pair for word in words if word.dep in {"cop", "obl"} for pair in _mends(words, word)]
    return Words(dict(made).get(word.i, word) for word in words) if made else words


def _mends(words: Words, word: Word) -> Iterator[tuple[int, Word]]:
    verb = words[word.head]
    if word.dep == "cop" and verb.tag == "JJ" and verb.lower in _FELLED:
        yield verb.i, verb._replace(pos="VERB", tag="VBN")
        yield word.i, word._replace(dep="aux:pass")
        yield from (
            (k, words[k]._replace(dep="nsubj:pass")) for k in tree.kids(words, verb.i) if words[k].dep == "nsubj"
        )
    below = {words[k].dep for k in tree.kids(words, word.i)}
    bare = word.dep == "obl" and word.pos in _NOUNS and not below & {"case", "mark"} and word.lower not in _WHEN
    if bare and verb.i < word.i and verb.lower in _FELLED and tree.objects(words, verb.i) == ():
        yield verb.i, verb._replace(pos="VERB", tag="VBD")
        yield word.i, word._replace(dep="obj")


def _with_verb(words: Words) -> Words:
    """The words of a sentence with the first verb that was taken for something else raised to one."""
    for word in words[1:-1]:
        subject = words[word.i - 1].pos in _SUBJECTS or (word.i == 1 and words[0].pos == "ADJ")
        if subject and (word.dep in _DEPENDENT or word.lower in _IN_HEADLINES):
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
    at = _behind(words, verb)
    at += words.forms[at : at + 2] == ("at", "least")
    opens = at < len(words) and (words[at].lower in _OPENERS or words[at].tag in {"CD", "PRP$"})
    acts = any(words[k].dep == "nsubj" for k in tree.kids(words, verb))  # nothing that describes a noun has a subject
    return _head(words, at) if opens or (acts and at < len(words)) else None


def _behind(words: Words, verb: int) -> int:
    """Where what a verb does begins, behind its particle: *hacked to death*."""
    at = verb + 1
    return at + next((len(p) for p in _BETWEEN if words.forms[at : at + len(p)] == p), 0)


def _headline_object(words: Words, word: Word) -> int | None:
    """*Army retakes police compound*, *Katyusha lands in Zone*: no word before is a verb; itself if it needs none."""
    before = words[word.i - 1]
    plural = before.tag in {"NNS", "NNPS"} or before.lower.endswith(_PLURAL)
    if word.lower not in (_HEADLINES if plural else _HEADLINE) or any(w.tag in _FINITE for w in _clause(words, word)):
        return None
    at = _behind(words, word.i)
    hit = _head(words, at)
    placed = word.lower in _MOVES and at < len(words) and words[at].lower in _PLACED
    return word.i if hit is None and placed else hit


def _clause(words: Words, word: Word) -> Iterator[Word]:
    """The words of its clause up to a word: from the last mark or *as* before it."""
    opens = (k for k in range(word.i, 0, -1) if words[k - 1].lower in _OPENS)
    return iter(words[next(opens, 0) : word.i + 1])


_OPENS = frozenset({";", ":", "as", "while", "after", "\u2013", "\u2014", "-"})
_PLURAL = ("s", "men", "police", "people")
_PLACED = frozenset({"in", "into", "inside", "near", "at", "on", "from", "to", "outside", "against", "through"})
_MOVES = closed("mended.moves")
"""Verbs of headlines that need no object, and what stands behind them."""


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
    three = {subject, verb, hit}  # without an object, the verb stands for it
    top = next((i for i in (subject, hit, verb) if three.isdisjoint(tree.above(words, i))), verb)
    root = words[top].dep == "ROOT" or words[top].head in {top, -1}
    place = "ROOT" if root else "ccomp" if words[top].dep.startswith("nsubj") else words[top].dep
    placed = {
        subject: words[subject]._replace(dep="nsubj", head=verb),
        hit: words[hit]._replace(dep="obj", head=verb),
        verb: words[verb]._replace(pos="VERB", tag="VBD", dep=place, head=verb if root else words[top].head),
    }
    return Words(placed.get(word.i, word) for word in words)
