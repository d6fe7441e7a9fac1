"""Events out of text and JSON Lines, article by article; what cannot be read is told by line."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest
from spacy.language import Language

from services.commands.extract import events_or_error, extract
from services.core.errors import InputError
from services.core.event import Event
from services.extractor.text.pipeline import load_pipeline
from tests.builders import article
from tests.commands.stored import DAY, NOW, line

NEWS = "Shelling hit Stepanakert on Saturday."


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def out_of(nlp: Language, *lines: bytes | str) -> tuple[list[Event], list[str]]:
    given = [one if isinstance(one, bytes) else one.encode() for one in lines]
    found = list(extract(nlp, given, now=NOW, published=None))
    return [one for one in found if isinstance(one, Event)], [str(one) for one in found if isinstance(one, InputError)]


def test_a_line_is_answered_before_the_next_one_is_asked_for(nlp: Language) -> None:
    asked: list[str] = []

    def lines() -> Iterator[bytes]:
        for ident in ("first", "second"):
            asked.append(ident)
            yield line(id=ident, text=NEWS).encode()

    events = extract(nlp, lines(), now=NOW, published=None)
    first = next(events)
    assert isinstance(first, Event)
    assert (first.article_id, asked) == ("first", ["first"])


def test_bad_lines_are_told_by_number_and_the_rest_goes_on(nlp: Language) -> None:
    events, problems = out_of(nlp, line(id="a", text=NEWS), "{\n", "\n", b"\xff\n", "5\n", line(id="b", text=NEWS))
    assert {event.article_id for event in events} == {"a", "b"}
    assert [problem.split(": ")[0] for problem in problems] == ["line 2", "line 4", "line 5"]


def test_an_article_needs_no_publication_time(nlp: Language) -> None:
    events, problems = out_of(nlp, json.dumps({"id": "a", "text": NEWS}))
    assert (problems, events[0].article_id, events[0].article) == ([], "a", None)


@pytest.mark.parametrize(
    "published", ["2020-10-03", "2020-10-03T18:00:00", "2020-10-03T18:00:00+04:00", None, 1601730000]
)
def test_publication_times_are_taken_as_they_come(nlp: Language, published: object) -> None:
    events, problems = out_of(nlp, line(id="a", text=NEWS, published=published))
    assert (bool(events), problems) == (True, [])


def test_plain_text_is_one_article_and_offsets_are_into_it_as_it_was_given(nlp: Language) -> None:
    text = f"\n  \r\nA headline\r\n\r\n\u2028Tea. {NEWS}\n{{not json}}\n"
    events, problems = out_of(nlp, *text.encode().splitlines(keepends=True))
    assert problems == []
    assert events
    assert all(text[e.trigger.start : e.trigger.end] == e.trigger.text for e in events)
    assert all(text[e.sentence.start : e.sentence.end] == e.sentence.text for e in events)


def test_lines_may_follow_blank_lines_and_a_byte_order_mark(nlp: Language) -> None:
    events, problems = out_of(nlp, b"\n", b"\xef\xbb\xbf  \n", line(id="a", text=NEWS))
    assert (events[0].article_id, problems) == ("a", [])
    events, problems = out_of(nlp, b"\xef\xbb\xbf" + line(id="a", text=NEWS).encode())
    assert (events[0].article_id, problems) == ("a", [])


def test_plain_text_that_is_not_utf_8_is_told(nlp: Language) -> None:
    assert out_of(nlp, b"caf\xe9") == ([], ["standard input: is not UTF-8 at byte 3"])


@pytest.mark.parametrize("lines", [(), ("",), ("\n", "  \n")])
def test_nothing_in_gives_nothing_out(nlp: Language, lines: tuple[str, ...]) -> None:
    assert out_of(nlp, *lines) == ([], [])


def test_an_article_that_cannot_be_processed_is_told_and_no_more() -> None:
    broken = cast("Language", None)
    found = events_or_error(broken, article(NEWS, published=DAY + timedelta(days=4)), "line 7")
    assert isinstance(found, InputError)
    assert str(found).startswith("line 7: cannot be processed: ")


def test_the_events_of_an_article_are_those_of_the_stream_without_the_article(nlp: Language) -> None:
    (events, _), whole = out_of(nlp, line(id="a", text=NEWS)), events_or_error(nlp, article(NEWS, ident="a"), "x")
    assert not isinstance(whole, InputError)
    assert [event.trigger for event in events] == [event.trigger for event in whole]
