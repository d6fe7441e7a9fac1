"""Numbers in words and digits, with the qualifiers that news puts before them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from services.extractor.text.words import Words

_UNITS = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_VAGUE = {
    "dozens": 12,
    "scores": 40,
    "hundreds": 100,
    "thousands": 1000,
    "several": 3,
    "many": 10,
    "few": 3,
    "some": None,
    "others": None,
    "multiple": 3,
    "tens": 10,
    "couple": 2,
    "dozen": 12,
}
_QUALIFIERS = {
    "over": "over",
    "more": "over",
    "exceeding": "over",
    "exceeded": "over",
    "least": "at_least",
    "about": "approx",
    "some": "approx",
    "around": "approx",
    "nearly": "approx",
    "almost": "approx",
    "approximately": "approx",
    "roughly": "approx",
    "up": "approx",
}
_STARTS = {*_UNITS, *_TENS, *_VAGUE, "a", "an"}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


@dataclass(frozen=True, slots=True)
class Number:
    """A figure from word ``start`` to ``end`` (qualifier words included)."""

    start: int
    end: int
    value: int | None
    qualifier: str


@lru_cache(maxsize=8192)
def may_count(lower: str) -> bool:
    """Whether a number can start at a word, in lower case, at all."""
    return lower[0].isdigit() or lower.partition("-")[0] in _STARTS


def number_at(words: Words, i: int) -> Number | None:
    """The number that starts at word ``i``: ``3 thousand``, ``twenty-one``, ``1,200``, ``dozens``."""
    value, end = _plain(words, i)
    if value is None:
        lower = words[i].lower
        if lower in {"a", "an"} and i + 1 < len(words):
            return Number(i, i + 1, 1, "exact")
        return Number(i, i + 1, _VAGUE[lower], "vague") if lower in _VAGUE else None
    while end < len(words) and words[end].lower in _SCALES:
        value, end = value * _SCALES[words[end].lower], end + 1
    if end < len(words) and words[end].lower == "dozen":
        value, end = value * 12, end + 1
    return _qualified(words, i, end, value)


def _plain(words: Words, i: int) -> tuple[int | None, int]:
    text = words[i].lower
    if _DIGITS.fullmatch(text):
        return int(text.replace(",", "")), i + 1
    tens, _, unit = text.partition("-")
    if tens in _TENS and (not unit or unit in _UNITS):
        return _TENS[tens] + _UNITS.get(unit, 0), i + 1
    if text in _UNITS and text != "zero":
        return _UNITS[text], i + 1
    return None, i


def _qualified(words: Words, i: int, end: int, value: int) -> Number:
    start = i
    before = words[i - 1].lower if i else ""
    qualifier = _QUALIFIERS.get(before, "exact")
    if before == "than" and i > 1:
        qualifier, start = ("over" if words[i - 2].lower == "more" else "approx"), i - 2
    elif before in _QUALIFIERS:
        start = i - 2 if before == "least" else i - 1
    return Number(start, end, value, qualifier)
