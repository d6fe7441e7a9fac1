"""Fixtures for the dashboard's tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.dashboard.browser import Tab, browser, tab


@pytest.fixture(scope="session")
def chromium_port() -> Iterator[int]:
    """One browser for all tests."""
    with browser() as port:
        yield port


@pytest.fixture
async def page(chromium_port: int) -> AsyncIterator[Tab]:
    """An empty page; whatever it complains of, or asks of another machine, fails the test."""
    async with tab(chromium_port) as opened:
        yield opened
        # A test's server may be gone before its page is; of one that answers this is never said.
        assert [each for each in opened.complaints if "net::ERR_CONNECTION_" not in each] == []
        assert all(url.startswith(("http://127.0.0.1:", "data:", "about:")) for url in opened.requested)
