"""Uniform text and the way back to the text as given."""

from hypothesis import given
from hypothesis import strategies as st

from services.extractor.text.clean import clean


def test_plain_text_stays_as_it_is() -> None:
    assert clean("Plain text.\nTwo lines.").text == "Plain text.\nTwo lines."


def test_quotes_dashes_and_odd_spaces_become_plain_and_invisible_characters_go() -> None:
    assert clean("\ufeff“It’s”\u00a0here\u200b…").text == '"It\'s" here...'


@given(st.text(max_size=200))
def test_any_piece_of_uniform_text_has_offsets_in_the_given_text(text: str) -> None:
    made = clean(text)
    for start in range(0, len(made.text), 7):
        first, last = made.span(start, min(start + 5, len(made.text)))
        assert 0 <= first <= last <= len(text)


@given(st.text(alphabet="ab “”…\u200b\u00a0é", max_size=60))
def test_a_letter_is_found_again_where_it_was(text: str) -> None:
    made = clean(text)
    for i, letter in enumerate(made.text):
        if letter in "abé":
            assert text[made.origin(i)] == letter
