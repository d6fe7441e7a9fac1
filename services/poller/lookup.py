"""Host names to addresses, on threads that nobody waits for when the process ends."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult

Address = tuple[socket.AddressFamily, str]

Addresses = Callable[[str, int, socket.AddressFamily], Sequence[Address]]
"""Gives the addresses of a host, or raises OSError; may take its time."""

_AT_ONCE = 16
"""More lookups than this wait for their turn: a resolver that hangs takes no more threads than that."""


class Lookup(AbstractResolver):
    """Resolves names on threads.

    The event loop's own lookups run on threads that a stopping process waits for, up to half a minute where no server
    answers them; these do not hold it up.
    """

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host, in the order in which the system prefers them.

        Raises:
            OSError: the name is not known, or no server answers.
        """
        async with self._turns:
            found = await _on_a_thread(lambda: self._addresses(host, port, family))
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for kind, address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


def system_addresses(host: str, port: int, family: socket.AddressFamily) -> Sequence[Address]:
    """The addresses as the system's resolver knows them.

    Raises:
        OSError: the name is not known, or no server answers.
    """
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
    return [(kind, str(address[0])) for kind, _, _, _, address in found]


async def _on_a_thread(ask: Callable[[], Sequence[Address]]) -> Sequence[Address]:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Sequence[Address] | OSError] = loop.create_future()

    def settle(found: Sequence[Address] | OSError) -> None:
        if not done.done():
            done.set_result(found)

    def run() -> None:
        found: Sequence[Address] | OSError
        try:
            found = ask()
        except OSError as error:
            found = error
        with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=run, name="lookup", daemon=True).start()
    found = await done
    if isinstance(found, OSError):
        raise found
    return found
