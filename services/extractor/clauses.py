"""Where the clauses of a sentence begin, from closed word lists; holds with and without a parse."""

from collections.abc import Iterator

from services.extractor.words import BE, HAVE, MODALS, Words

_SUBORDINATORS = frozenset(
    "after when while as because although though where which who whose whom amid amidst whereas following".split()
)
_STOPS = frozenset("; : –".split())
_SPEECH = frozenset("said says say added adds stressed told noted".split())
_PAST = frozenset(
    "said says told took shot hit fell broke left led held made went came began fought sought drove withdrew took rose "
    "struck threw set put lost met gave got ran became met sent hailed calls urges condemns".split()
)


def clause_starts(words: Words) -> tuple[int, ...]:
    """The indexes at which a clause begins, 0 always among them."""
    return (0, *_starts(words))


def clause_of(starts: tuple[int, ...], size: int, i: int) -> tuple[int, int]:
    """Start and end of the clause that holds word ``i``."""
    start = max(start for start in starts if start <= i)
    return start, min((other for other in starts if other > i), default=size)


def _starts(words: Words) -> Iterator[int]:
    for word in words[1:]:
        if word.lower in _STOPS or word.lower in _SUBORDINATORS:
            yield word.i
        elif word.lower in {"and", "but", "or"} and _new_verb(words, word.i + 1):
            yield word.i
        elif word.lower == "but":
            yield word.i
        elif word.lower == "," and _participle(words, word.i + 1):
            yield word.i
        elif word.lower == "with" and _absolute(words, word.i + 1):
            yield word.i


def finite(words: Words, i: int) -> bool:
    """Whether a word looks like a finite verb."""
    word = words[i]
    if word.tag:
        return word.tag in {"VBD", "VBZ", "VBP", "MD"}
    return word.lower in BE | HAVE | MODALS | _PAST or (word.lower.endswith("ed") and word.text.islower())


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
    ) and all(words[k].lower not in {",", "and"} for k in range(i, verb))


def _participle(words: Words, i: int) -> bool:
    return i < len(words) and words[i].lower.endswith("ing") and len(words[i].lower) > 5


def _absolute(words: Words, i: int) -> bool:
    """*with Azerbaijan saying ...*: with, a name, a gerund."""
    return any(words[k].lower.endswith("ing") and len(words[k].lower) > 5 for k in range(i + 1, min(i + 5, len(words))))
