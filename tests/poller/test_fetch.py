"""Fetching from servers of every manner, on the loopback interface."""

import asyncio
import gzip
import time
from datetime import timedelta

import pytest
from aiohttp import web

from services.core.feed_state import Result
from services.poller.addresses import is_public
from services.poller.answer import Answer, Failure
from services.poller.fetch import Allowed, Limits, open_fetcher
from tests.poller.server import Site, always, raw_serving, serving

LIMITS = Limits(timeout=timedelta(seconds=30), max_body=100_000)


def anywhere(_: str) -> bool:
    return True


async def fetched(url: str, limits: Limits = LIMITS, allowed: Allowed = anywhere) -> Answer | Failure:
    """What a fetch ends in."""
    async with open_fetcher(limits, "Tocsin-Test/1 (+contact)", allowed=allowed) as fetcher:
        return await fetcher.fetch(url, {})


async def failed(url: str, limits: Limits = LIMITS, allowed: Allowed = anywhere) -> Failure:
    """Why a fetch fails."""
    answer = await fetched(url, limits, allowed)
    assert isinstance(answer, Failure), answer
    return answer


def to(location: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": location})


async def test_an_answer_carries_status_headers_and_body() -> None:
    async with serving({"/": always(b"hello", ETag='"1"')}) as site:
        answer = await fetched(site.url("/"))
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.headers["etag"], answer.moved_to) == (200, b"hello", '"1"', "")


async def test_the_poller_says_who_it_is_and_what_it_knows_and_nothing_more() -> None:
    async with (
        serving({"/": always(b"", Set_Cookie="a=b")}) as site,
        open_fetcher(LIMITS, "Tocsin-Test/1 (+contact)", allowed=anywhere) as fetcher,
    ):
        for _ in range(2):
            await fetcher.fetch(site.url("/"), {"If-None-Match": '"1"'})
    headers = site.asked[1].headers
    assert headers["User-Agent"] == "Tocsin-Test/1 (+contact)"
    assert headers["If-None-Match"] == '"1"'
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert not {"Cookie", "Referer", "Authorization"} & set(headers)


async def test_a_packed_body_is_unpacked() -> None:
    async with serving({"/": always(gzip.compress(b"hello"), Content_Encoding="gzip")}) as site:
        answer = await fetched(site.url("/"))
    assert isinstance(answer, Answer)
    assert answer.body == b"hello"


@pytest.mark.parametrize(
    ("statuses", "moved"), [((301, 308), True), ((302,), False), ((301, 302), False), ((307, 301), False)]
)
async def test_redirects_are_followed_and_only_wholly_permanent_ones_are_a_move(
    statuses: tuple[int, ...], moved: bool
) -> None:
    async def hop(request: web.Request) -> web.Response:
        number = int(request.path[1:])
        return to(f"/{number + 1}", statuses[number]) if number < len(statuses) else web.Response(body=b"there")

    async with serving({f"/{number}": hop for number in range(5)}) as site:
        answer = await fetched(site.url("/0"))
        there = site.url(f"/{len(statuses)}")
    assert isinstance(answer, Answer)
    assert (answer.body, answer.url, answer.moved_to) == (b"there", there, there if moved else "")


async def test_redirects_end_somewhere() -> None:
    async def circle(request: web.Request) -> web.Response:
        return to("/b" if request.path == "/a" else "/a")

    async def ever(request: web.Request) -> web.Response:
        return to(f"/ever?{len(request.query_string) * 'x'}x")

    async with serving({"/a": circle, "/b": circle, "/ever": ever}) as site:
        assert (await failed(site.url("/a"))).reason == "redirects in a circle"
        assert (await failed(site.url("/ever"))).reason == "more than 5 redirects"
        assert len(site.asked) == 2 + 6


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "data:,x",
        "http://",
        "//",
        "http://[",
        "http://a:b/",
    ],
)
async def test_redirects_to_other_than_web_addresses_are_refused(target: str) -> None:
    async def handler(_: web.Request) -> web.Response:
        return to(target)

    async with serving({"/": handler}) as site:
        assert (await failed(site.url("/"))).result is Result.REDIRECTS


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
async def test_private_addresses_are_refused_however_they_are_written(host: str) -> None:
    async with serving({"/": always(b"secret")}) as site:
        port = site.base.rpartition(":")[2]
        failure = await failed(f"http://{host}:{port}/", LIMITS, is_public)
    assert failure.result in (Result.BLOCKED, Result.CONNECTION, Result.BROKEN_ANSWER)
    assert site.asked == []


async def test_an_address_that_is_not_public_is_named_as_the_reason() -> None:
    failure = await failed("http://127.0.0.1:1/", LIMITS, is_public)
    assert failure == Failure(Result.BLOCKED, "leads to an address that is not public")


async def test_a_name_that_is_not_known_is_a_dns_failure() -> None:
    assert (await failed("http://feeds.invalid/")).result is Result.DNS


async def test_a_closed_port_is_a_connection_failure() -> None:
    async with serving({}) as site:
        url = site.url("/")
    assert (await failed(url)).result is Result.CONNECTION


async def test_a_server_without_tls_is_a_tls_failure() -> None:
    async with serving({}) as site:
        failure = await failed(site.url("/").replace("http:", "https:"))
    assert failure.result is Result.TLS


async def test_a_body_larger_than_allowed_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 50_000_000:
            await response.write(b"x" * 10_000)
            sent += 10_000
        return response

    async with serving({"/": endless}) as site:
        assert (await failed(site.url("/"))).result is Result.TOO_LARGE
    assert sent < 20_000_000


async def test_a_bomb_is_refused() -> None:
    bomb = gzip.compress(bytes(50_000_000), 9)
    async with serving(
        {"/": always(bomb, Content_Encoding="gzip"), "/br": always(bomb, Content_Encoding="br")}
    ) as site:
        assert (await failed(site.url("/"))).result is Result.TOO_LARGE
        assert (await failed(site.url("/br"))).result is Result.BROKEN_ANSWER


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "x" * 1000])
async def test_a_packing_that_was_not_asked_for_is_refused_and_named(coding: str) -> None:
    async with serving({"/": always(b"\x28\xb5\x2f\xfd" * 10, Content_Encoding=coding)}) as site:
        failure = await failed(site.url("/"))
    assert failure == Failure(Result.BROKEN_ANSWER, f"Content-Encoding {coding[:40]!r} was not asked for")


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(1200):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(1200):
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("talk", [drip, drip_headers, silence])
async def test_a_slow_server_is_left_when_the_time_is_over(talk: object) -> None:
    async with raw_serving(talk) as site:  # type: ignore[arg-type]
        started = time.monotonic()
        failure = await failed(site.url("/"), Limits(timedelta(seconds=1), 100_000))
    assert (failure.result, failure.reason) == (Result.TIMEOUT, "not done within 1 s")
    assert time.monotonic() - started < 30


async def test_the_time_is_for_all_redirects_together() -> None:
    async def late(request: web.Request) -> web.Response:
        await asyncio.sleep(0.4)
        return to(f"{request.path}x")

    async with serving({"/" + "x" * number: late for number in range(6)}) as site:
        failure = await failed(site.url("/"), Limits(timedelta(seconds=1), 100_000))
        assert len(site.asked) <= 3
    assert failure.result is Result.TIMEOUT


async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


async def header_flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        writer.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))
        await writer.drain()


async def long_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100_000):
        writer.write(b"y" * 1000)
        await writer.drain()


async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()


async def two_lengths(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")
    await writer.drain()


@pytest.mark.parametrize("talk", [nonsense, header_flood, long_header, cut_off, two_lengths])
async def test_a_server_that_breaks_the_protocol_is_a_failed_poll_and_nothing_more(talk: object) -> None:
    async with raw_serving(talk) as site:  # type: ignore[arg-type]
        failure = await failed(site.url("/"))
    assert failure.result in (Result.BROKEN_ANSWER, Result.CONNECTION)
    assert failure.reason
    assert len(failure.reason) <= 300


async def test_the_body_of_an_error_page_is_not_read() -> None:
    site: Site
    async with serving({"/": always(b"x" * 1_000_000, 404)}) as site:
        answer = await fetched(site.url("/"))
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (404, b"")
