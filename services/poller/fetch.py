"""Fetches one URL as a stranger's server deserves: public addresses only, and bounds on time, size and redirects."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

import aiohttp

from services.core.feed_state import Result
from services.poller.addresses import is_public
from services.poller.answer import Answer, Failure
from services.poller.lookup import Addresses, Lookup, system_addresses
from services.poller.sources import feed_url
from services.poller.unpack import ACCEPTED, BadCoding, TooLarge, unpacked

MAX_REDIRECTS = 5

_MOVED = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
_ACCEPT += "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
_CHUNK = 65_536
_LARGE_BODIES = 8

_RESULTS: dict[type[Exception], Result] = {
    TooLarge: Result.TOO_LARGE,
    BadCoding: Result.BROKEN_ANSWER,
    aiohttp.ClientConnectorDNSError: Result.DNS,
    aiohttp.ClientSSLError: Result.TLS,
    aiohttp.ClientConnectorCertificateError: Result.TLS,
    aiohttp.ClientOSError: Result.CONNECTION,
    aiohttp.ServerDisconnectedError: Result.CONNECTION,
    aiohttp.ClientPayloadError: Result.CONNECTION,
}
"""What an exception of a fetch means; the first that fits, so the special stand before the general."""


class _BlockedAddressError(OSError):
    """A connection to an address that is not public; says no more, so that several sound alike."""

    def __init__(self) -> None:
        super().__init__("leads to an address that is not public")


@dataclass(frozen=True)
class Limits:
    """Bounds of one fetch: ``timeout`` in all, ``max_body`` in bytes, packed and unpacked."""

    timeout: timedelta
    max_body: int


Allowed = Callable[[str], bool]
"""Whether an IP address may be connected to."""


class Fetcher:
    """Fetches URLs; made by :func:`open_fetcher`."""

    def __init__(self, session: aiohttp.ClientSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits
        self._large = asyncio.Semaphore(_LARGE_BODIES)

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Answer | Failure:
        """The answer to a GET, with redirects followed, or why there is none. Raises nothing of its own."""
        try:
            async with asyncio.timeout(self._limits.timeout.total_seconds()):
                return await self._followed(url, headers)
        except Exception as error:  # whatever a stranger's server can cause is a failed poll and nothing more
            return _failure(error, self._limits)

    async def _followed(self, url: str, headers: Mapping[str, str]) -> Answer | Failure:
        visited = [url]
        permanent = True
        while True:
            answer, target = await self._once(visited[-1], headers)
            if not target:
                moved_to = visited[-1] if permanent and len(visited) > 1 else ""
                return Answer(answer.status, answer.url, answer.headers, answer.body, moved_to)
            target = urljoin(visited[-1], target).partition("#")[0]
            permanent = permanent and answer.status in _PERMANENT and _as_safe(target, visited[-1])
            problem = _redirect_problem(target, visited)
            if problem:
                return Failure(Result.REDIRECTS, problem, answer.status)
            visited.append(target)

    async def _once(self, url: str, headers: Mapping[str, str]) -> tuple[Answer, str]:
        """One answer and where it redirects to, if it does; the body of a redirect is not read."""
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            told = {name.lower(): value for name, value in response.headers.items()}
            if response.status in _MOVED and told.get("location"):
                return Answer(response.status, url, told), told["location"]
            body = b""
            if 200 <= response.status < 300:
                coding = told.get("content-encoding", "")
                body = await unpacked(response.content.iter_chunked(_CHUNK), coding, self._limits.max_body, self._large)
            return Answer(response.status, url, told, body), ""


@asynccontextmanager
async def open_fetcher(
    limits: Limits, user_agent: str, *, allowed: Allowed = is_public, addresses: Addresses = system_addresses
) -> AsyncIterator[Fetcher]:
    """A fetcher, closed at the end of the block. It keeps no cookies, no connections, and asks no proxy."""

    def gate(info: aiohttp.AddrInfoType) -> socket.socket:
        # The last step before a connection: it sees the very address that is connected to, whatever a name resolved
        # to before, so a name that changes its mind (DNS rebinding) or a redirect gains nothing.
        if not allowed(str(info[4][0])):
            raise _BlockedAddressError
        return socket.socket(info[0], info[1], info[2])

    connector = aiohttp.TCPConnector(
        limit=0,
        force_close=True,
        use_dns_cache=False,
        resolver=Lookup(addresses),
        socket_factory=gate,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
    ) as session:
        yield Fetcher(session, limits)


def _as_safe(target: str, url: str) -> bool:
    """Whether the target is not asked in the clear where the URL was encrypted: no such move is for good."""
    return target.startswith("https:") or not url.startswith("https:")


def _redirect_problem(target: str, visited: list[str]) -> str:
    try:
        feed_url(target)
    except ValueError as error:
        return f"redirected to {target[:100]!r}, which {error}"
    if target in visited:
        return "redirects in a circle"
    return f"more than {MAX_REDIRECTS} redirects" if len(visited) > MAX_REDIRECTS else ""


def _failure(error: Exception, limits: Limits) -> Failure:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, _BlockedAddressError):
        return Failure(Result.BLOCKED, str(cause))
    if isinstance(error, TimeoutError):
        return Failure(Result.TIMEOUT, f"not done within {limits.timeout.total_seconds():g} s")
    if isinstance(error, TooLarge | BadCoding):
        return Failure(_RESULTS[type(error)], str(error))
    result = next((result for kind, result in _RESULTS.items() if isinstance(error, kind)), Result.BROKEN_ANSWER)
    return Failure(result, f"{type(cause).__name__}: {cause}"[:300])
