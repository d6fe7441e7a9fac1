"""Fetches one URL as a stranger's server deserves: public addresses only, and bounds on time, size and redirects."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
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


@dataclass
class Journey:
    """A question on its way through redirects: what was asked so far, and how many seconds are left for all of it."""

    headers: Mapping[str, str]
    visited: list[str]
    seconds: float
    permanent: bool = True

    @property
    def url(self) -> str:
        """Where the next step asks."""
        return self.visited[-1]


class Fetcher:
    """Fetches URLs; made by :func:`open_fetcher`."""

    def __init__(self, session: aiohttp.ClientSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits
        self._large = asyncio.Semaphore(_LARGE_BODIES)

    def journey(self, url: str, headers: Mapping[str, str]) -> Journey:
        """The way to what ``url`` leads to, for :meth:`step`; time between its steps is not counted."""
        return Journey(headers, [url], self._limits.timeout.total_seconds())

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Answer | Failure:
        """The answer to a GET, with redirects followed, or why there is none. Raises nothing of its own."""
        journey = self.journey(url, headers)
        while (answer := await self.step(journey)) is None:
            pass
        return answer

    async def step(self, journey: Journey) -> Answer | Failure | None:
        """The answer from where the journey has come to, or why there is none; None where it only leads on."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(max(journey.seconds, 0.0)):
                answer, target = await self._once(journey.url, journey.headers)
            journey.seconds -= loop.time() - started
            return _went_on(journey, answer.status, target) if target else _arrived(journey, answer)
        except Exception as error:  # whatever a stranger's server can cause is a failed poll and nothing more
            return _failure(error, self._limits)

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
    limits: Limits,
    user_agent: str,
    *,
    allowed: Allowed = is_public,
    addresses: Addresses = system_addresses,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Fetcher]:
    """A fetcher, closed at the end of the block. It keeps no cookies, no connections, and asks no proxy.

    Args:
        limits: bounds of one fetch.
        user_agent: what it calls itself.
        allowed: which addresses may be connected to.
        addresses: how names are resolved.
        tls: whose certificates are trusted; those the system trusts, if not given.
    """

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
        ssl=tls or True,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
    ) as session:
        yield Fetcher(session, limits)


def _arrived(journey: Journey, answer: Answer) -> Answer:
    moved = journey.permanent and len(journey.visited) > 1
    return replace(answer, moved_to=journey.url if moved else "")


def _went_on(journey: Journey, status: int, target: str) -> Failure | None:
    """Moves the journey on to a redirect's target, or says why not."""
    try:
        target = urljoin(journey.url, target).partition("#")[0]
    except ValueError as error:
        return Failure(Result.REDIRECTS, f"redirected to {target[:100]!r}: {error}", status)
    problem = _redirect_problem(target, journey.visited)
    if problem:
        return Failure(Result.REDIRECTS, problem, status)
    journey.permanent = journey.permanent and status in _PERMANENT and _as_safe(target, journey.url)
    journey.visited.append(target)
    return None


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
