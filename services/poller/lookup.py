"""Host names to addresses, on threads that nobody waits for when the process ends."""

import asyncio
import socket
import threading
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult

_AT_ONCE = 16
"""More lookups than this wait for their turn: a resolver that hangs takes no more threads than that."""


class Lookup(AbstractResolver):
    """The system's resolver.

    The event loop's own lookups run on threads that a stopping process waits for, up to half a minute where no server
    answers them; these do not hold it up.
    """

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host, in the order in which the system prefers them.

        Raises:
            OSError: the name is not known, or no server answers.
        """
        async with self._turns:
            found = await _on_a_thread(host, port, family)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for kind, address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


Address = tuple[socket.AddressFamily, str]


async def _on_a_thread(host: str, port: int, family: socket.AddressFamily) -> list[Address]:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[list[Address] | OSError] = loop.create_future()

    def settle(found: list[Address] | OSError) -> None:
        if not done.done():
            done.set_result(found)

    def ask() -> None:
        found = _addresses(host, port, family)
        with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=ask, name=f"lookup {host}"[:40], daemon=True).start()
    found = await done
    if isinstance(found, OSError):
        raise found
    return found


def _addresses(host: str, port: int, family: socket.AddressFamily) -> list[Address] | OSError:
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:
        return socket.gaierror(socket.EAI_NONAME, "not a host name")
    return [(kind, str(address[0])) for kind, _, _, _, address in found]
