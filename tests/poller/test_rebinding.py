"""Ways round the refusal of private addresses. Here 127.0.0.1 plays a public address and all others are private."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from services.core.feed_state import Result
from services.poller.answer import Answer, Failure
from services.poller.fetch import Fetcher, Limits, open_fetcher
from services.poller.lookup import Address
from tests.poller.server import Site, serving

BLOCKED = Failure(Result.BLOCKED, "leads to an address that is not public")


class Names:
    """A name server that gives the next of its answers to each question."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)

    def __call__(self, _host: str, _port: int, _family: socket.AddressFamily) -> list[Address]:
        return [(socket.AF_INET, address) for address in self.answers.pop(0)]


@asynccontextmanager
async def site_and_fetcher(names: Names) -> AsyncIterator[tuple[Site, Fetcher]]:
    async def handler(request: web.Request) -> web.Response:
        target = request.query.get("to")
        return web.Response(status=302, headers={"Location": target}) if target else web.Response(body=b"secret")

    limits = Limits(timedelta(seconds=2), 1000)
    async with (
        serving({"/": handler}) as site,
        open_fetcher(limits, "test", allowed=lambda address: address == "127.0.0.1", addresses=names) as fetcher,
    ):
        yield site, fetcher


async def test_a_redirect_to_a_private_address_is_refused() -> None:
    async with site_and_fetcher(Names()) as (site, fetcher):
        answer = await fetcher.fetch(site.url("/?to=http://127.0.0.2:1/"), {})
    assert answer == BLOCKED
    assert len(site.asked) == 1


async def test_a_name_that_turns_private_between_two_questions_is_refused() -> None:
    names = Names(("127.0.0.1",), ("127.0.0.2",))
    async with site_and_fetcher(names) as (site, fetcher):
        port = site.base.rpartition(":")[2]
        name = f"http://rebinding.example:{port}/"
        first, second = await fetcher.fetch(name, {}), await fetcher.fetch(name, {})
    assert isinstance(first, Answer)
    assert second == BLOCKED
    assert len(site.asked) == 1


async def test_of_several_addresses_only_the_public_ones_are_connected_to() -> None:
    async with site_and_fetcher(Names(("127.0.0.2", "127.0.0.1"), ("127.0.0.2", "127.0.0.3"))) as (site, fetcher):
        name = f"http://several.example:{site.base.rpartition(':')[2]}/"
        assert isinstance(await fetcher.fetch(name, {}), Answer)
        assert await fetcher.fetch(name, {}) == BLOCKED
