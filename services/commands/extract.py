"""``tocsin extract``: events from text or JSON Lines on standard input, without Kafka."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from spacy.language import Language

from services.commands.articles import Found, Reading, from_line, from_text
from services.core.errors import InputError
from services.core.event import Event
from services.extractor.extract import events_in


def extract(
    nlp: Language, lines: Iterable[str], *, now: datetime, published: datetime | None
) -> Iterator[Event | InputError]:
    """The events of what comes in, article by article, and what could not be read, by line.

    Input whose first line with anything on it starts with a brace is JSON Lines, one article a line, and answered line
    by line; everything else is one article of plain text.
    """
    reading = Reading(stream="extract", now=now, published=published, dated=False)
    for found in _articles(iter(lines), reading):
        if isinstance(found, InputError):
            yield found
        else:
            yield from (event.model_copy(update={"article": None}) for event in events_in(nlp, found))


def _articles(lines: Iterator[str], reading: Reading) -> Iterator[Found]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if number == 1 and not line.lstrip("\ufeff").lstrip().startswith("{"):
            yield from_text("".join(chain([line], lines)), Path("standard input"), reading)
            return
        yield from_line(line.lstrip("\ufeff"), f"line {number}", reading)
