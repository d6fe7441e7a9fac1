"""Markup to plain text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.poller.markup import one_line, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.<br/>Three.", "One.\nTwo.\nThree."),
        ("<b>K</b>araman", "Karaman"),
        ("a &lt; b &amp;&amp; c &eacute; &#8220;d&#x201d; &nbsp;e", "a < b && c é “d” e"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("before<script>if (a<b) alert('x > y')</script>after", "beforeafter"),
        ("before<STYLE type='a'>p {}</Style >after", "beforeafter"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!doctype html><?php echo 1 ?>b", "ab"),
        ("<img alt=\"a > b\" src='x>y'>shown", "shown"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("unclosed <b", "unclosed <b"),
        ("unclosed <!-- comment > and more", "unclosed"),
        ("soft\u00adhyphen, \u202eturned\u202c, \ufeffmarked, nul\x00", "softhyphen, turned, marked, nul"),
        ("  many \t spaces \r\n\r\n\r\n\r\n and lines ", "many spaces\n\nand lines"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_a_title_stays_on_one_line() -> None:
    assert one_line("A <br> title\nof <i>two</i> lines") == "A title of two lines"


@given(st.text())
def test_any_text_becomes_text_without_control_characters(markup: str) -> None:
    text = plain_text(markup)
    text.encode()
    assert all(character == "\n" or character >= " " for character in text)


@given(
    st.lists(st.sampled_from(["<", ">", "/", "!--", "-->", "p", "script", '"', "'", "=", "&", "a", " ", ";", "amp"]))
)
def test_any_mixture_of_the_pieces_of_markup_is_read(pieces: list[str]) -> None:
    plain_text("".join(pieces))


@pytest.mark.parametrize(
    "unit", ["<", "<!--", "<a", "<a b='", '<a b="', "</", "<script>", "&", "&#", "<p>", "= ", "<![CDATA["]
)
@pytest.mark.parametrize("end", ["", ">"])
def test_time_is_linear_in_the_length(unit: str, end: str) -> None:
    started = time.process_time()
    plain_text(unit * (1_000_000 // len(unit)) + end)
    assert time.process_time() - started < 5
