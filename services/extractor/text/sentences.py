"""Uniform text cut into sentences, with page furniture, headings and captions told apart."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from services.extractor.text.closed import closed
from services.extractor.text.tables import rows

Kind = Literal["body", "headline", "heading", "noise"]

_END = re.compile(r"""[.!?]["')\]]*(?=\s+["'(\[]?[A-Z0-9])|[.!?]["')\]]*$""")
_SHORT = closed("sentences.short")
_ABBREVIATION = re.compile(rf"(?:\b(?:{'|'.join(map(re.escape, sorted(_SHORT)))})|(?<![A-Za-z])[A-Z])\.$")
_TAILS = frozenset(short[-2:] for short in _SHORT)
_CLOSED = re.compile(r"""[.!?:;,]["')\]]*\s*$""")
_MAX = 1200


class Sentence(NamedTuple):
    """A stretch of the uniform text. ``line`` counts paragraphs, so that a heading ends the reach of pronouns."""

    text: str
    start: int
    end: int
    kind: Kind
    line: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a uniform text in order."""
    blocks = list(_lines(text))
    return tuple(
        Sentence(text[start:end], start, end, kind, number)
        for number, (first, last) in enumerate(blocks)
        for kind in (_kind(text[first:last], number, len(blocks)),)
        for start, end in _pieces(text, first, last)
    )


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs: lines, with hard-wrapped ones joined."""
    start: int | None = None
    end = 0
    for line in re.finditer(r"[^\n]*(?:\n|$)", text):
        body = line.group().strip()
        if start is not None and not (body and _continues(text, (start, end), body)):
            yield start, end
            start = None
        if body:
            start = line.start() + len(line.group()) - len(line.group().lstrip()) if start is None else start
            end = line.start() + len(line.group().rstrip())


def _continues(text: str, before: tuple[int, int], line: str) -> bool:
    """A line goes on in the next when it was broken at full width, or in the middle of a clause.

    Only the end of what came before is looked at: a page of a hundred thousand wrapped lines stays linear.
    """
    start, end = before
    broken = text.rfind("\n", start, end)
    width = len(text[max(broken + 1, start) : end].strip())
    if _CLOSED.search(text[max(start, end - _TAIL) : end]):
        return 55 <= width <= 80 and broken >= 0 and line[:1].islower()
    return line[:1].islower() or (55 <= width <= 80 and len(line) <= 85)


_TAIL = 40
"""Characters that hold the full stop of a line and the quotes and brackets behind it."""


def _kind(line: str, number: int, total: int) -> Kind:
    if _noise().match(line):
        return "noise"
    if _CLOSED.search(line[-_TAIL:]) or total == 1:
        return "body"
    words = line.count(" ") + 1
    if number <= 1 and words >= 4:
        return "headline"
    return "heading" if words <= 9 else "body"


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{row['pattern']})" for row in rows("lexicon/noise.tsv", ("pattern",))), re.IGNORECASE
    )


def _pieces(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    for end in _ends(text, first, last):
        while start < end and text[start] in " \n":
            start += 1
        while end - start > _MAX:
            yield start, start + _MAX
            start += _MAX
        if start < end:
            yield start, end
        start = end


def _ends(text: str, first: int, last: int) -> Iterator[int]:
    opened = first
    for mark in _END.finditer(text, first, last):
        at, end = mark.span()
        if end < last and _abbreviates(text, opened, at):
            continue
        yield end
        opened = end
    if opened < last:
        yield last


def _abbreviates(text: str, opened: int, at: int) -> bool:
    """Whether the full stop at a place ends an abbreviation; most words are told by their last two letters."""
    if text[at - 2 : at] not in _TAILS and not text[at - 1].isupper():
        return False
    return _ABBREVIATION.search(text, max(opened, at - 12), at + 1) is not None
