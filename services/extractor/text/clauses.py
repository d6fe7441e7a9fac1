"""Where the clauses of a sentence begin, from closed word lists; holds with and without a parse."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from services.extractor.text import tree
from services.extractor.text.closed import closed
from services.extractor.text.grammar import BE, HAVE, MODALS
from services.extractor.text.words import Words

_SUBORDINATORS = closed("clauses.subordinators")
_BEFORE = closed("clauses.before")
"""Open a clause of their own where it says what could not come: *before police could reach them*."""
_STOPS = frozenset([";", ":", "–"])
_OPENERS = _STOPS | _SUBORDINATORS | _BEFORE | {"and", "but", "or", ",", "with"}
_PAST = closed("clauses.past")


@lru_cache(maxsize=1)
def clause_starts(words: Words) -> tuple[int, ...]:
    """The indexes at which a clause begins, 0 always among them."""
    return tuple(sorted({0, *_starts(words), *main_clause(words)}))


def clause_of(starts: tuple[int, ...], size: int, i: int) -> tuple[int, int]:
    """Start and end of the clause that holds word ``i``; ``starts`` in order."""
    number = bisect_right(starts, i)
    return starts[number - 1], starts[number] if number < len(starts) else size


def _starts(words: Words) -> Iterator[int]:
    for word in [words[i] for i, form in enumerate(words.forms) if i and form in _OPENERS]:
        if (
            word.lower in _STOPS
            or (word.lower in _SUBORDINATORS and not _as_well(words, word.i))
            or (word.lower in {"and", "or"} and _new_verb(words, word.i + 1) and _has_verb(words, word.i))
            or word.lower == "but"
            or (word.lower in _BEFORE and not MODALS.isdisjoint(words.forms[word.i : word.i + 5]))
            or (word.lower == "," and _participle(words, word.i + 1))
            or (word.lower == "with" and _absolute(words, word.i + 1))
        ):
            yield word.i


def main_clause(words: Words) -> Iterator[int]:
    """*When the crowd did not move, they fired*: where the main clause begins behind one that opens the sentence."""
    if not words or words[0].lower not in _FRONTED:
        return
    for word in words[2:-1]:
        if word.lower == "," and _has_verb(words, word.i) and _new_verb(words, word.i + 1):
            yield word.i + 1
            return


def behind_front(words: Words) -> Iterator[int]:
    """*After a visit to the scene of the attack, the mayor said ...*: where the main clause begins behind a phrase."""
    root = next((word.i for word in words if word.dep == "ROOT"), None)
    if root is None or words[0].tag not in {"IN", "VBG", "VBN", "TO"}:
        return
    for k in tree.kids(words, root):
        start = min(tree.phrase(words, k)) if words[k].dep.startswith("nsubj") else 0
        if start and start < root and words[start - 1].text == ",":
            yield start


_FRONTED = frozenset({"when", "after", "as", "while", "because", "although", "though", "once", "since", "before"})


def finite(words: Words, i: int) -> bool:
    """Whether a word looks like a finite verb."""
    word = words[i]
    if word.tag:
        return word.tag in {"VBD", "VBZ", "VBP", "MD"}
    return word.lower in BE | HAVE | MODALS | _PAST or (word.lower.endswith("ed") and word.text.islower())


def _as_well(words: Words, i: int) -> bool:
    """*as well as*, *as of*: no clause begins there."""
    after = words[i + 1].lower if i + 1 < len(words) else ""
    return words[i].lower == "as" and (after in {"well", "of"} or words[i - 1].lower == "well")


def _has_verb(words: Words, end: int) -> bool:
    """Whether a finite verb stands before: if not, *and* only joins two subjects of the verb to come."""
    return any(finite(words, k) or (words[k].tag in {"VBN", "VBG"} and words[k].dep == "ROOT") for k in range(end))


def _new_verb(words: Words, i: int) -> bool:
    """After *and*: a verb (perhaps behind an adverb), or a subject with its verb close by."""
    return any(
        finite(words, k) and (k == i or words[k - 1].lower.endswith("ly") or _subject(words, i, k))
        for k in range(i, min(i + 6, len(words)))
    )


def _subject(words: Words, i: int, verb: int) -> bool:
    head = words[i].lower
    return (
        head in {"he", "she", "it", "they", "that", "the", "its", "his", "their"} or words[i].text[:1].isupper()
    ) and {",", "and"}.isdisjoint(words.forms[i:verb])


def _participle(words: Words, i: int) -> bool:
    return i < len(words) and words[i].lower.endswith("ing") and len(words[i].lower) > 5


def _absolute(words: Words, i: int) -> bool:
    """*with Azerbaijan saying ...*: with, a name, a gerund."""
    return any(words[k].lower.endswith("ing") and len(words[k].lower) > 5 for k in range(i + 1, min(i + 5, len(words))))
