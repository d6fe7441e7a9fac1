"""Bodies unpacked within bounds."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import pytest

from services.poller.unpack import LARGE, BadCoding, TooLarge, unpacked

TEXT = b"Shells fell near the village. " * 1000


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def whole(chunks: AsyncIterator[bytes], coding: str, limit: int, permits: int = 1) -> bytes:
    return await unpacked(chunks, coding, limit, asyncio.Semaphore(permits))


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT) + b"\0" * 20),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
async def test_a_body_comes_out_whole_however_it_was_cut(coding: str, body: bytes, size: int) -> None:
    assert await whole(pieces(body, size), coding, 100_000) == TEXT


async def test_several_gzip_members_are_one_body() -> None:
    body = gzip.compress(TEXT) + gzip.compress(b"!")
    assert await whole(pieces(body, 100_000), "gzip", 100_000) == TEXT + b"!"


@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
async def test_a_body_may_be_as_large_as_the_limit_and_no_larger(coding: str) -> None:
    body = {"": TEXT, "gzip": gzip.compress(TEXT), "deflate": zlib.compress(TEXT)}[coding]
    assert len(await whole(pieces(body, 100), coding, len(TEXT))) == len(TEXT)
    with pytest.raises(TooLarge):
        await whole(pieces(body, 100), coding, len(TEXT) - 1)


async def test_a_bomb_is_not_unpacked_further_than_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(200_000_000), 9), 9)
    inner = gzip.decompress(bomb)
    with pytest.raises(TooLarge):
        await whole(pieces(inner, 65_536), "gzip", 1_000_000)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "\u00e9"])
async def test_codings_that_were_not_asked_for_are_refused(coding: str) -> None:
    with pytest.raises(BadCoding, match="not asked for"):
        await whole(pieces(TEXT, 100), coding, 100_000)


@pytest.mark.parametrize(
    "body", [b"not packed at all", gzip.compress(TEXT)[:-20], gzip.compress(TEXT)[:30] + b"x" * 99]
)
async def test_damaged_data_is_refused(body: bytes) -> None:
    with pytest.raises(BadCoding, match="damaged"):
        await whole(pieces(body, 10), "gzip", 100_000)


async def test_a_large_body_waits_for_a_permit_and_a_small_one_does_not() -> None:
    large = pieces(bytes(LARGE + 10), 65_536)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await whole(large, "", 10_000_000, permits=0)
    assert await whole(pieces(TEXT, 100), "", 10_000_000, permits=0) == TEXT
    assert len(await whole(pieces(bytes(LARGE + 10), 65_536), "", 10_000_000)) == LARGE + 10
