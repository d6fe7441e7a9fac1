"""``tocsin extract``: events from text or JSON Lines on standard input, without Kafka."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from spacy.language import Language

from services.commands.articles import Found, Reading, from_line, from_text
from services.core.article import Article
from services.core.errors import InputError
from services.core.event import Event
from services.extractor.extract import events_in

_MARK = b"\xef\xbb\xbf"


def extract(
    nlp: Language, lines: Iterable[bytes], *, now: datetime, published: datetime | None
) -> Iterator[Event | InputError]:
    """The events of what comes in, article by article, and what could not be read, by line.

    Input whose first line with anything on it starts with a brace is JSON Lines, one article a line, and answered line
    by line; everything else is one article of plain text.
    """
    reading = Reading(stream="extract", now=now, published=published, dated=False)
    for place, found in _articles(iter(lines), reading):
        events = found if isinstance(found, InputError) else events_or_error(nlp, found, place)
        if isinstance(events, InputError):
            yield events
        else:
            yield from (event.model_copy(update={"article": None}) for event in events)


def events_or_error(nlp: Language, article: Article, place: str) -> tuple[Event, ...] | InputError:
    """The article's events; or that it cannot be processed: on the stream it would be a dead letter, no more."""
    try:
        return events_in(nlp, article)
    except Exception as error:
        return InputError(place, f"cannot be processed: {error!r}")


def _articles(lines: Iterator[bytes], reading: Reading) -> Iterator[tuple[str, Found]]:
    blank: list[bytes] = []
    for number, line in enumerate(lines, 1):
        start = line.removeprefix(_MARK).strip()
        if not start and len(blank) == number - 1:
            blank.append(line)
        elif len(blank) == number - 1 and not start.startswith(b"{"):
            yield "standard input", from_text(b"".join([*blank, line, *lines]), Path("standard input"), reading)
        elif start:
            yield f"line {number}", from_line(line, f"line {number}", reading)
