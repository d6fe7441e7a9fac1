"""Bodies as they come over the wire: decompressed while they stream, and never larger than allowed."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

ACCEPTED = "gzip, deflate"
"""Content codings that are asked for; another one is refused, since nothing here would bound what it unpacks to."""

_GZIP, _RAW = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS


class TooLarge(Exception):  # noqa: N818 -- names what was found
    """The body is larger than allowed, packed or unpacked."""


class BadCoding(Exception):  # noqa: N818
    """The body is packed in a way that is not asked for, or is damaged."""


LARGE = 1_000_000
"""Bytes beyond which a body needs one of few permits, so that many servers together cannot fill the memory."""


async def unpacked(chunks: AsyncIterator[bytes], coding: str, limit: int, permits: asyncio.Semaphore) -> bytes:
    """The whole body.

    Args:
        chunks: the body as it arrives.
        coding: the header Content-Encoding.
        limit: most bytes, packed as well as unpacked.
        permits: a body of more than ``LARGE`` bytes waits for one of them in the middle, and holds it to its end.

    Raises:
        TooLarge: more than ``limit`` bytes; reading stops there.
        BadCoding: an unknown coding, or damaged data.
    """
    inflater = inflater_of(coding)
    packed, body = 0, bytearray()
    async with AsyncExitStack() as stack:
        permitted = False
        async for chunk in chunks:
            packed += len(chunk)
            body += inflater.feed(chunk, limit - len(body) + 1) if inflater else chunk
            if max(packed, len(body)) > limit:
                raise TooLarge(f"more than {limit} bytes")
            if len(body) > LARGE and not permitted:
                permitted = True
                await stack.enter_async_context(permits)
    if inflater and packed and not inflater.complete:
        raise BadCoding("damaged compression: cut off")
    return bytes(body)


def inflater_of(coding: str) -> "Inflater | None":
    """What unpacks this Content-Encoding; None where there is nothing to unpack.

    Raises:
        BadCoding: the coding is not one of those asked for.
    """
    name = coding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in ("gzip", "x-gzip", "deflate"):
        raise BadCoding(f"Content-Encoding {coding[:40]!r} was not asked for")
    return Inflater(gzip="gzip" in name)


class Inflater:
    """Unpacks gzip (also of several members) or deflate (with or without zlib's header), a bounded piece at a time."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream = zlib.decompressobj(_GZIP) if gzip else None

    @property
    def complete(self) -> bool:
        """Whether the packed data came to its end."""
        return self._stream is not None and self._stream.eof

    def feed(self, chunk: bytes, most: int) -> bytes:
        """What the chunk unpacks to, at most ``most`` bytes (one more than allowed shows that there are more)."""
        out = bytearray()
        try:
            while chunk and len(out) < most:
                out += self._started(chunk).decompress(chunk, most - len(out))
                chunk = self._rest()
        except zlib.error as error:
            raise BadCoding(f"damaged compression: {error}") from error
        return bytes(out)

    def _started(self, chunk: bytes) -> "zlib._Decompress":
        if self._stream is None:
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if chunk[0] & 0x0F == 8 else _RAW)
        return self._stream

    def _rest(self) -> bytes:
        """What is left of the chunk; behind one gzip member another may follow."""
        stream = self._stream
        if stream is None:
            return b""
        if not stream.eof:
            return stream.unconsumed_tail
        if not self._gzip or not stream.unused_data.startswith(b"\x1f\x8b"):
            return b""
        self._stream = zlib.decompressobj(_GZIP)
        return stream.unused_data
