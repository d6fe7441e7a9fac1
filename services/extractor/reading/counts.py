"""The numbers of a sentence that may count people or things: no days, and of a part and its whole only the part."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from services.extractor.reading.harm import harms
from services.extractor.text.closed import closed
from services.extractor.text.numbers import Number, may_count, number_at
from services.extractor.text.words import Words

_MONTHS = closed("months")


def numbers_in(words: Words) -> Iterator[Number]:
    """The numbers in order; *31 of 38 drones* is one."""
    return _wholes(list(_singly(words)), words)


def _singly(words: Words) -> Iterator[Number]:
    done = 0
    for i in [i for i, form in enumerate(words.forms) if may_count(form)]:
        number = None if i < done or _dated(words, i) else number_at(words, i)
        if number and not _part(words, number):
            yield number
        if number:
            done = number.end


def _wholes(numbers: list[Number], words: Words) -> Iterator[Number]:
    """*31 of 38 drones*, *31 of the 38*: the first number, of what stands behind the second."""
    skipped: Number | None = None
    for number, after in zip_longest(numbers, numbers[1:]):
        if number is skipped:
            continue
        if after and number.qualifier != "vague" and words.forms[number.end : after.start] in _OF:
            skipped = after
            yield replace(number, end=after.end)
        else:
            yield number


_OF = {("of",), ("of", "the"), ("out", "of"), ("out", "of", "the")}


def _dated(words: Words, i: int) -> bool:
    """*killed on 30 May*, *on May 30*: a day, and no figure."""
    return any(0 <= k < len(words) and words[k].lower in _MONTHS and words[k].text != "may" for k in (i - 1, i + 1))


def _part(words: Words, number: Number) -> bool:
    """*five soldiers, two of them officers, were killed*: a part of the number before."""
    behind = words.forms[number.end : number.end + 2]
    parts = len(behind) == _PAIR and behind[0] == "of" and behind[1] in {"them", "whom"}
    if parts and not harms().keys().isdisjoint(words.forms[number.end + 2 : number.end + 4]):
        return False  # *shot five people, two of whom died*
    return parts and number.start > 0 and words[number.start - 1].lower == ","


_PAIR = 2
