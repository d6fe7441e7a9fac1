"""Lengths of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.core.window import LONGEST, Duration, format_duration, parse_duration, window_until
from tests.builders import NOON, at

SECONDS = st.integers(1, int(LONGEST.total_seconds()))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("72h", timedelta(hours=72)),
        ("30d", timedelta(days=30)),
        ("2w", timedelta(weeks=2)),
        ("1h30m", timedelta(minutes=90)),
        (" 1 D 12 h ", timedelta(hours=36)),
        ("3660d", LONGEST),
    ],
)
def test_lengths_are_read_as_people_write_them(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@given(SECONDS)
def test_what_is_written_is_read_as_the_same_length(seconds: int) -> None:
    assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "  ", "3", "h", "3 moons", "-1h", "1.5h", "1h x", "P1D", "1h,2m", "٣h"])
def test_what_is_no_length_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="not a length of time; write for example 90s"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["0s", "0d0h", "3661d", "999999999w", "9" * 40 + "s"])
def test_lengths_of_nothing_or_of_more_than_ten_years_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="longer than zero and at most 3660d"):
        parse_duration(text)


@given(st.text(alphabet="0123456789smhdw .-x", max_size=20))
def test_any_text_is_a_length_or_a_value_error(text: str) -> None:
    try:
        length = parse_duration(text)
    except ValueError:
        return
    assert timedelta() < length <= LONGEST


@pytest.mark.parametrize("value", [90, 1.5, True, None, ["72h"]])
def test_a_number_without_a_unit_is_not_taken_for_seconds(value: object) -> None:
    with pytest.raises(ValidationError, match="not a length of time"):
        TypeAdapter(Duration).validate_python(value)


@given(SECONDS)
def test_lengths_survive_json(seconds: int) -> None:
    adapter = TypeAdapter(Duration)
    length = timedelta(seconds=seconds)
    assert adapter.validate_json(adapter.dump_json(length)) == length


def test_a_window_ends_where_it_is_told_to() -> None:
    window = window_until(NOON, timedelta(hours=24))
    assert (window.start, window.end) == (at(-24), NOON)
