"""Fetching encrypted, from a server on the loopback interface with a certificate of its own."""

import shutil
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from services.core.feed_state import Result
from services.poller.answer import Answer, Failure
from services.poller.fetch import Limits, open_fetcher
from tests.poller.samples import item, rss
from tests.poller.server import Handler, always, serving

BODY = rss(item(1))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file with a key and a certificate for 127.0.0.1."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate")
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(pem), "-out", str(pem.with_suffix(".crt"))]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    pem.write_text(pem.read_text() + pem.with_suffix(".crt").read_text())
    return pem


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def fetched(url: str, trusted: Path | None) -> Answer | Failure:
    """What a fetch ends in for somebody who trusts this certificate."""
    tls = ssl.create_default_context(cafile=trusted) if trusted else None
    async with open_fetcher(Limits(timedelta(seconds=5), 100_000), "test", allowed=lambda _: True, tls=tls) as fetcher:
        return await fetcher.fetch(url, {})


def moved(url: str, status: int = 301) -> Handler:
    return always(status=status, Location=url)


async def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(certificate: Path) -> None:
    async with serving({"/": always(BODY)}, server_side(certificate)) as site:
        answer = await fetched(site.url("/"), None)
        assert site.asked == []
    assert isinstance(answer, Failure)
    assert answer.result is Result.TLS


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_move_from_https_to_http_is_followed_but_never_remembered(
    certificate: Path, status: int
) -> None:
    async with (
        serving({"/": always(BODY)}) as clear,
        serving({"/": moved(clear.url("/"), status)}, server_side(certificate)) as safe,
    ):
        answer = await fetched(safe.url("/"), certificate)
    assert isinstance(answer, Answer)
    assert (answer.body, answer.url, answer.moved_to) == (BODY, clear.url("/"), "")


async def test_a_move_that_only_passes_through_http_is_not_remembered_either(certificate: Path) -> None:
    async with (
        serving({"/new": always(BODY)}, server_side(certificate)) as safe,
        serving({"/": moved(safe.url("/new"))}) as clear,
        serving({"/": moved(clear.url("/"))}, server_side(certificate)) as first,
    ):
        answer = await fetched(first.url("/"), certificate)
    assert isinstance(answer, Answer)
    assert (answer.url, answer.moved_to) == (safe.url("/new"), "")


async def test_a_permanent_move_from_http_to_https_is_remembered(certificate: Path) -> None:
    async with (
        serving({"/": always(BODY)}, server_side(certificate)) as safe,
        serving({"/": moved(safe.url("/"))}) as clear,
    ):
        answer = await fetched(clear.url("/"), certificate)
    assert isinstance(answer, Answer)
    assert answer.moved_to == safe.url("/")
