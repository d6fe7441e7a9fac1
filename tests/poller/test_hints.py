"""What headers ask for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.poller.hints import fresh_for, retry_after
from tests.poller.samples import NOW


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": 'MAX-AGE = "600"', "age": "100"}, 500),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "max-age=0", "expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 0),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT", "date": "Mon, 02 Mar 2026 12:59:00 GMT"}, 60),
        ({"expires": "Mon, 02 Mar 2020 13:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
    ],
)
def test_freshness_is_read_from_caching_headers(headers: dict[str, str], seconds: int) -> None:
    assert fresh_for(headers, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 12:05:00 GMT", 300),
        ("Mon, 02 Mar 2020 12:05:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value: str, seconds: int) -> None:
    assert retry_after({"retry-after": value}, NOW) == timedelta(seconds=seconds)


@given(st.text(), st.text(), st.text())
def test_any_headers_give_a_wait_that_is_not_negative(control: str, expires: str, later: str) -> None:
    headers = {"cache-control": control, "expires": expires, "retry-after": later, "age": control}
    assert fresh_for(headers, NOW) >= timedelta()
    assert retry_after(headers, NOW) >= timedelta()
