"""How a search is worded for the store."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.dashboard.asked import Box, match_expression, parse_box


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("shelling", '"shelling"*'),
        ("shelling ", '"shelling"'),
        ("border vill", '"border" "vill"*'),
        ('"border village" shells', '"border village" "shells"*'),
        ('shells "border village"', '"shells" "border village"'),
        ("NOT this OR (that)", '"NOT" "this" "OR" "that"*'),
        ("Nagorno-Karabakh", '"Nagorno Karabakh"*'),
        ('an open " quote', '"an" "open" "quote"*'),
        ("*** --", None),
        ("", None),
    ],
)
def test_words_are_searched_for_and_nothing_typed_is_an_operator(typed: str, expression: str | None) -> None:
    assert match_expression(typed) == expression


@given(some.text())
def test_whatever_is_typed_is_a_valid_query(typed: str) -> None:
    expression = match_expression(typed)
    assert expression is None or expression.count('"') % 2 == 0


def test_a_box_is_west_south_east_north() -> None:
    assert parse_box("44,38,47.5,41") == Box(44, 38, 47.5, 41)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,x", "0,41,1,38", "200,0,201,1", "nan,0,1,1", "0,-91,1,1"])
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"bbox|could not convert"):
        parse_box(text)
