"""Name servers that do not answer."""

import asyncio
import socket
import time
from collections.abc import Sequence
from datetime import timedelta

from services.core.feed_state import Result
from services.poller.answer import Answer, Failure
from services.poller.fetch import Limits, open_fetcher
from services.poller.lookup import Address


def hangs(_host: str, _port: int, _family: socket.AddressFamily) -> Sequence[Address]:
    time.sleep(4)
    raise OSError("no answer")


async def fetched(count: int) -> list[Answer | Failure]:
    limits = Limits(timedelta(seconds=0.5), 1000)
    async with open_fetcher(limits, "test", addresses=hangs) as fetcher:
        return await asyncio.gather(*(fetcher.fetch(f"http://f{number}.example/", {}) for number in range(count)))


def test_a_name_server_that_hangs_holds_up_neither_a_fetch_nor_the_end_of_the_process() -> None:
    started = time.monotonic()
    failures = asyncio.run(fetched(40))
    assert time.monotonic() - started < 3
    assert {failure.result for failure in failures if isinstance(failure, Failure)} == {Result.TIMEOUT}
