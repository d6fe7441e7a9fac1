"""Words of harm and of running totals, and whether a sentence has those without which it tells no figure."""

from collections.abc import Mapping, Sequence
from functools import cache

from services.extractor.text.closed import closed
from services.extractor.text.numbers import may_count
from services.extractor.text.tables import rows
from services.extractor.text.words import Words

COUNTED = frozenset({"toll", "tally", "casualties", "deaths"})
"""What is said to have risen to a number."""

_TOTAL = closed("casualties.total")
_CUMULATIVE = (
    "so far",
    "thus far",
    "since the",
    "since violence",
    "exceeded",
    "in all",
    "to date",
    "have died",
    "has claimed",
    "have claimed",
    "have cost",
    "has cost",
    "has now claimed",
    "have now claimed",
    "have now died",
    "has now killed",
    "have now been killed",
    "number of",
    "in the war",
    "during the war",
    "in the conflict",
)


@cache
def harms() -> Mapping[str, str]:
    """The kind of harm that each of these words tells of."""
    return {
        word: row["kind"] for row in rows("lexicon/harm.tsv", ("kind", "words")) for word in row["words"].split("|")
    }


def adds_up(words: Sequence[str]) -> bool:
    """Whether lower-case words around a number make it a running total."""
    text = " ".join(words)
    return not _TOTAL.isdisjoint(words) or any(cue in text for cue in _CUMULATIVE)


def may_hurt(words: Words) -> bool:
    """Whether a sentence has a word without which it tells no figure."""
    return not words.lowers.isdisjoint(_telling())


@cache
def _telling() -> frozenset[str]:
    return COUNTED | harms().keys() | {"number", "count"}


def may_total(words: Words) -> bool:
    """Whether a sentence has the words without which it tells no running total."""
    return may_hurt(words) and adds_up(words.forms)


def may_age(words: Words) -> bool:
    """Whether an age in a sentence may be a figure after all: *Amina, 71, died*, if the parse finds no name there."""
    ages = (words.forms[k] for k in range(1, len(words) - 1) if words[k - 1].text == "," == words[k + 1].text)
    return may_hurt(words) and any(map(may_count, ages))
